"""How well what stands on a screen can be read: WCAG 2 contrast of every cell that the app drew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.app import App
from textual.color import Color
from textual.filter import ANSIToTruecolor, DimFilter

TEXT = 4.5
PARTS = 3.0
"""What is no text but must be seen: the border of the focus, the edge of a field."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of cells with one style."""

    text: str
    front: Color
    back: Color
    x: int
    y: int

    @property
    def contrast(self) -> float:
        """From 1 (the same) to 21 (black on white)."""
        return contrast(self.front, self.back)

    def __str__(self) -> str:
        return f"{self.contrast:4.2f} {self.front.hex} on {self.back.hex} at {self.x},{self.y}: {self.text.strip()!r}"


def contrast(one: Color, other: Color) -> float:
    """WCAG 2: (lighter + 0.05) / (darker + 0.05)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Color) -> float:
    """WCAG 2: relative luminance of an sRGB colour."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.r / 255, colour.g / 255, colour.b / 255)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pieces(app: App[None]) -> Iterator[Piece]:
    """Give what the screens show, as it leaves the app: dimmed, reversed, with every colour resolved."""
    ground = app.screen.background_colors[1]
    veiled = app.screen.is_modal
    lit = [child.region for child in app.screen.children]
    dim, true = DimFilter(), ANSIToTruecolor(DEFAULT_TERMINAL_THEME)
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        x = 0
        for segment in dim.apply(true.apply(list(strip), ground), ground):
            # What lies under the veil of a dialog is not to be read now.
            if not veiled or any(region.contains(x, y) for region in lit):
                yield _piece(segment, ground, x, y)
            x += segment.cell_length


def is_line(text: str) -> bool:
    """Whether this is lines, blocks and bars only: a frame or a picture, nothing to read."""
    return all("─" <= sign <= "▟" or sign.isspace() for sign in text)


def _piece(segment: Segment, ground: Color, x: int, y: int) -> Piece:
    style = segment.style or Style()
    front = Color.from_rich_color(style.color) if style.color else Color(255, 255, 255)
    back = Color.from_rich_color(style.bgcolor) if style.bgcolor else ground
    return Piece(segment.text, *((back, front) if style.reverse else (front, back)), x, y)
