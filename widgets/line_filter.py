"""The last thing done to every line before the terminal gets it: nothing raw from outside, and ASCII where asked."""

from __future__ import annotations

import re

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

_HOSTILE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_CLEANED = dict.fromkeys((*range(32), *range(127, 160))) | dict.fromkeys(range(0xD800, 0xE000), "�")


class ControlFilter(LineFilter):
    """Drops every C0 and C1 control character and every hyperlink; give it first in `App.get_line_filters`.

    Textual hands what a log line or a model says to the terminal as it is; a container could so write the user's clipboard
    or the window's title. Half characters (lone surrogates) become the replacement character, which has their width.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the same list where nothing is wrong, which is nearly always."""
        for text, style, control in segments:
            if control or (style is not None and style.link):
                break
            if not text.isprintable() and _HOSTILE.search(text):
                break
        else:
            return segments
        return [Segment(text.translate(_CLEANED), _unlinked(style)) for text, style, control in segments if not control]


def _unlinked(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None and style.link else style


_RANGES = {
    "-": "─━┄┅┈┉╌╍═‐‑‒–—―−╴╶╸╺╼╾▔▃",
    "|": "│┃┆┇┊┋╎╏║╵╷╹╻╽╿▏▎▍▌▐▕▉▊▋",
    "+": "┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬╭╮╯╰▅",
    "#": "█▓■▪▮◼",
    "=": "▒▄▀≡",
    ".": "░·⋅…‥∙▂",
    "_": "▁☐",
    "*": "●◉•★⬤✱◆▆",
    "o": "◐◑◒◓◍◔◕°",
    "O": "○◯◌◦☉",
    "x": "✖✗✘✕×╳☑☒",
    "v": "✔✓▼▾↓⌄⏷",
    "^": "▲▴↑⌃⏶",
    ">": "▶▸►→›»⟶⇒❯",
    "<": "◀◂◄←‹«⟵⇐❮≤",
    "!": "⚠",
    "~": "≈∼±",
    "%": "▇",
    "?": "�",
    "'": "‘’‚‛",
    '"': "“”",
}
_ASCII = {ord(glyph): plain for plain, glyphs in _RANGES.items() for glyph in glyphs} | {0xA0: " "}
_BRAILLE = {code: " .:"[min(2, (code - 0x2800).bit_count() // 2)] for code in range(0x2800, 0x2900)}
_EIGHTHS = dict(zip(map(ord, "▖▗▘▙▚▛▜▝▞▟"), "..'#%#\"'%#", strict=True))
_PLAIN = _ASCII | _BRAILLE | _EIGHTHS


class GlyphFilter(LineFilter):
    """Draws with ASCII: each line, block, arrow and mark becomes one character of the same width.

    Letters of any language stay as they are; only signs are replaced.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the line in ASCII signs."""
        return [
            segment if segment.text.isascii() else Segment(segment.text.translate(_PLAIN), segment.style)
            for segment in segments
        ]
