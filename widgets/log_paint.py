"""Paints the rows of log lines: gutter, level, message, matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from gettext import ngettext

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.log_chunk import DIVIDER, LogLine
from widgets.log_pattern import Pattern
from widgets.log_text import drawn, harmless
from widgets.log_wrap import spans_of

LEVELS = ("     ", "DEBUG", "INFO ", "WARN ", "ERROR", "FATAL")
_LEVEL_STYLES = ("text", "debug", "info", "warning", "error", "error")

NO_TIME, TIME, FULL_TIME = 0, 1, 2
"""How much of the time a line shows."""

_TIME_WIDTH = (0, 9, 24)


@dataclass(frozen=True, slots=True)
class Fold:
    """What stands behind the first line of a fold."""

    open: bool
    frames: int

    @property
    def text(self) -> str:
        """The hint in words."""
        glyph = "▾" if self.open else "▸"
        return f"   {glyph} " + ngettext("{count} frame", "{count} frames", self.frames).format(count=self.frames)


@dataclass(frozen=True, slots=True)
class Look:
    """How one line is to be drawn."""

    cursor: bool = False
    chosen: bool = False
    marked: bool = False
    whole: bool = False
    """Its head as it was written."""
    fold: Fold | None = None
    match: Pattern | None = None

    def matching(self, pattern: Pattern) -> Look:
        """Give the same with matches highlighted."""
        return replace(self, match=pattern)

    def among_chosen(self) -> Look:
        """Give the same as one of several chosen lines."""
        return replace(self, chosen=True)


@dataclass(frozen=True, slots=True)
class Gutter:
    """How wide the parts left of the message are."""

    digits: int = 4
    time: int = TIME

    @property
    def width(self) -> int:
        """Cells of the whole gutter."""
        return 1 + self.digits + 1 + _TIME_WIDTH[self.time] + 6


@lru_cache(maxsize=512)
def clock(stamp: bytes, time: int) -> str:
    """Give an engine's timestamp as local time; empty when it is none."""
    if time == NO_TIME:
        return ""
    try:
        moment = datetime.fromisoformat(stamp.decode("ascii", "replace")).astimezone()
    except ValueError:
        return " " * (_TIME_WIDTH[time] - 1)
    if time == TIME:
        return moment.strftime("%H:%M:%S")
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"


def message_of(line: LogLine, whole: bool) -> str:
    """Give what is drawn of a line right of the gutter."""
    return drawn(line.text[0 if whole else line.start :])


class Painter:
    """Paints rows with a theme's styles.

    Args:
        styles: ground, text, gutter, debug, info, warning, error, divider, fold, match, mark, bar, cursor, grave, chosen.
    """

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self._styles = styles

    def notice(self, text: str, row: int, width: int) -> Strip:
        """Paint one row of a sentence that stands where no line is; a blank row outside it."""
        spans = spans_of(harmless(text), max(8, width - 4)) if text else []
        ground = self._styles["ground"]
        if not 0 <= row < len(spans):
            return Strip.blank(width, ground)
        part = harmless(text)[slice(*spans[row])]
        return Strip([Segment("  " + part, ground + self._styles["gutter"])]).crop_extend(0, width, ground)

    def fitted(self, strip: Strip, width: int, ground: Style) -> Strip:
        """Fill a row with its ground; one that goes on beyond the right edge ends with a mark."""
        # Blanks between two words may stand beyond the edge: nothing that is read is cut.
        if strip.cell_length <= width or cell_len(strip.text.rstrip()) <= width:
            return strip.crop_extend(0, width, ground)
        return Strip.join([strip.crop(0, width - 1), Strip([Segment("…", ground + self._styles["gutter"])])])

    def row(self, line: LogLine, row: int, width: int | None, gutter: Gutter, look: Look) -> Strip:
        """Paint one row of a line; `width` is what its message was wrapped at, None when it is not wrapped."""
        text = message_of(line, look.whole)
        spans = spans_of(text, width) if width else [(0, len(text))]
        span = spans[row] if row < len(spans) else (0, 0)
        ground = self.ground(line, look)
        segments = self._gutter(line, row == 0, gutter, look)
        if line.kind & DIVIDER:
            segments.append(Segment(text[slice(*span)], ground + self._styles["divider"]))
        else:
            segments += self._message(text, span, look.match, ground + self._styles["text"])
        if look.fold is not None and row == len(spans) - 1:
            segments.append(Segment(look.fold.text, ground + self._styles["fold"]))
        return Strip(segments)

    def ground(self, line: LogLine, look: Look) -> Style:
        """Give the style that fills the row behind a line's text."""
        style = self._styles["ground"]
        if look.cursor:
            style += self._styles["grave" if line.level >= 4 else "cursor"]
        if look.chosen:
            style += self._styles["chosen"]
        return style

    def _gutter(self, line: LogLine, first: bool, gutter: Gutter, look: Look) -> list[Segment]:
        ground, level = self.ground(line, look), self._styles[_LEVEL_STYLES[line.level]]
        if look.marked and first:
            segments = [Segment("◆", ground + self._styles["mark"])]
        else:
            bar = "▌" if look.cursor or look.chosen else " "
            segments = [Segment(bar, ground + (level if line.level >= 4 else self._styles["bar"]))]
        if not first:
            return [*segments, Segment(" " * (gutter.width - 1), ground)]
        number = f"{line.number or '':>{gutter.digits}} "
        time = clock(line.stamp, gutter.time) + " " if gutter.time else ""
        segments.append(Segment(number + time, ground + self._styles["gutter"]))
        named = look.match is not None and not look.whole and look.match.is_level(line.level)
        word = Segment(LEVELS[line.level], ground + (self._styles["match"] if named else level))
        return [*segments, word, Segment(" ", ground)]

    def _message(self, text: str, span: tuple[int, int], match: Pattern | None, style: Style) -> list[Segment]:
        at, end = span
        if match is None:
            return [Segment(text[at:end], style)]
        segments: list[Segment] = []
        for begin, stop in match.spans(text):
            first, last = max(begin, at), min(stop, end)
            if first < last:
                segments.append(Segment(text[at:first], style))
                segments.append(Segment(text[first:last], style + self._styles["match"]))
                at = last
        return [*segments, Segment(text[at:end], style)]


def plain(line: LogLine) -> str:
    """Give a line as text for a clipboard: whole, harmless, without the engine's timestamp."""
    return harmless(line.text.decode("utf-8", "replace"))
