"""The tabs of the console: they know services and widgets."""
