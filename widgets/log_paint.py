"""Paints the rows of log lines: gutter, level, message, matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from gettext import ngettext

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets.log_pattern import Pattern
from widgets.log_store import DIVIDER, LogLine
from widgets.log_text import drawn, harmless, spans_of

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


def paint(line: LogLine, row: int, width: int | None, gutter: Gutter, look: Look, styles: Mapping[str, Style]) -> Strip:
    """Paint one row of a line.

    Args:
        line: The line.
        row: Which of its rows.
        width: Cells that its message was wrapped at; None when it is not wrapped.
        gutter: The gutter.
        look: How it is to be drawn.
        styles: gutter, text, debug, info, warning, error, divider, fold, match, mark, cursor, grave, chosen.
    """
    text = message_of(line, look.whole)
    spans = spans_of(text, width) if width else [(0, len(text))]
    start, end = spans[min(row, len(spans) - 1)]
    ground = _ground(line, look, styles)
    segments = _gutter(line, row == 0, gutter, look, styles, ground)
    if line.kind & DIVIDER:
        segments.append(Segment(text[start:end], ground + styles["divider"]))
    else:
        segments += _message(text, start, end, look, ground + styles["text"], styles)
    if look.fold is not None and row == len(spans) - 1:
        segments.append(Segment(look.fold.text, ground + styles["fold"]))
    return Strip(segments).apply_style(Style()) if not segments else Strip(segments)


def ground_of(line: LogLine, look: Look, styles: Mapping[str, Style]) -> Style:
    """Give the style that fills the row behind a line's text."""
    return _ground(line, look, styles)


def _ground(line: LogLine, look: Look, styles: Mapping[str, Style]) -> Style:
    style = styles["ground"]
    if look.cursor:
        style += styles["grave" if line.level >= 4 else "cursor"]
    if look.chosen:
        style += styles["chosen"]
    return style


def _gutter(
    line: LogLine, first: bool, gutter: Gutter, look: Look, styles: Mapping[str, Style], ground: Style
) -> list[Segment]:
    bar = "▌" if look.cursor or look.chosen else "◆" if look.marked and first else " "
    if look.cursor and look.marked and first:
        bar = "◆"
    edge = styles["mark"] if bar == "◆" else styles[_LEVEL_STYLES[line.level]] if line.level >= 4 else styles["bar"]
    segments = [Segment(bar, ground + edge)]
    if not first:
        segments.append(Segment(" " * (gutter.width - 1), ground))
        return segments
    number = f"{line.number or '':>{gutter.digits}} "
    time = clock(line.stamp, gutter.time) + " " if gutter.time else ""
    segments.append(Segment(number + time, ground + styles["gutter"]))
    segments.append(Segment(LEVELS[line.level] + " ", ground + styles[_LEVEL_STYLES[line.level]]))
    return segments


def _message(
    text: str, start: int, end: int, look: Look, style: Style, styles: Mapping[str, Style]
) -> list[Segment]:
    if look.match is None:
        return [Segment(text[start:end], style)]
    segments: list[Segment] = []
    at = start
    for begin, stop in look.match.spans(text):
        begin, stop = max(begin, at), min(stop, end)  # noqa: PLW2901  a match may begin on the row above
        if begin >= stop:
            continue
        segments.append(Segment(text[at:begin], style))
        segments.append(Segment(text[begin:stop], style + styles["match"]))
        at = stop
    segments.append(Segment(text[at:end], style))
    return segments


def plain(line: LogLine) -> str:
    """Give a line as text for a clipboard: whole, harmless, without the engine's timestamp."""
    return harmless(line.text.decode("utf-8", "replace"))
