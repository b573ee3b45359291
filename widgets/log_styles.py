"""The colours of a log, from the theme."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

from widgets.log_paint import Painter

_PARTS = ("text", "gutter", "debug", "info", "warning", "error", "divider", "fold", "match", "mark", "bar")
_GROUNDS = ("cursor", "grave", "chosen")

LOG_CLASSES = frozenset(f"log--{part}" for part in (*_PARTS, *_GROUNDS))
"""The component classes that a log's widget must have."""

LOG_CSS = """
LogCanvas {
    & > .log--text { color: $foreground; }
    & > .log--gutter { color: $foreground 70%; }
    & > .log--debug { color: $foreground 70%; }
    & > .log--info { color: $primary; }
    & > .log--warning { color: $warning; }
    & > .log--error { color: $error; }
    & > .log--divider { color: $foreground 70%; }
    & > .log--fold { color: $foreground 70%; }
    & > .log--match { background: $warning; color: $background; text-style: bold; }
    & > .log--mark { color: $accent; }
    & > .log--bar { color: $accent; }
    & > .log--cursor { background: $panel; }
    & > .log--grave { background: $error 22%; }
    & > .log--chosen { background: $primary 30%; }
}
"""


def painter_of(widget: Widget) -> Painter:
    """Make a painter with the styles that a widget has for `LOG_CLASSES`."""
    styles = {"ground": widget.rich_style}
    for part in _PARTS:
        full = widget.get_component_rich_style(f"log--{part}")
        ground = full.bgcolor if part == "match" else None
        styles[part] = Style(color=full.color, bgcolor=ground, bold=full.bold)
    for part in _GROUNDS:
        styles[part] = Style(bgcolor=widget.get_component_rich_style(f"log--{part}").bgcolor)
    return Painter(styles)
