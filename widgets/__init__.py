"""How things look: Textual widgets that know nothing of containers, models or files."""
