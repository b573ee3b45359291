"""How things look: Textual widgets that know nothing of containers, models or files."""

from widgets import wide_wrap as wide_wrap
