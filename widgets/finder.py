"""A list to search in, with what is to be known about the marked entry below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.widgets import OptionList

from widgets.choice_list import ChoiceList
from widgets.form_lines import HangingLine, HangingText
from widgets.form_record import Option

WIDTH = 100
ROWS = 12
HELP_ROWS = 8
FRAME = 5
"""Lines that the border, the filter, the rule above the help and the screen's bottom line take."""


class Finder(ChoiceList):
    """A wide list in the middle of the screen; dismissed with the chosen value, or None.

    Args:
        options: What can be found: by label, by other names, by the words of its help.
        title: What is looked for.
        offer: Says what may be taken of a text that is no entry; None for nothing.
    """

    DEFAULT_CSS = """
    Finder { align: center middle; }
    Finder HangingText {
        height: auto;
        max-height: 8;
        padding: 0 1;
        border-top: solid $foreground 38%;
        color: $foreground;
    }
    """

    def __init__(
        self, options: Sequence[Option], *, title: str, offer: Callable[[str], Option | None] = lambda _typed: None
    ) -> None:
        super().__init__(tuple(options), "", Region(), title=title)
        self._offer = offer
        self._about = HangingText()

    def compose_box(self) -> ComposeResult:
        """The filter line, the list, and the help of the marked entry."""
        yield from super().compose_box()
        yield self._about

    def found(self, typed: str) -> list[Option]:
        """Give the entries that answer best to what was typed, and what may be taken besides."""
        rows = ranked(self._options, typed)
        offered = self._offer(typed) if typed else None
        if offered is not None and all(offered.value != row.shown for row in rows):
            rows = [*rows, offered] if rows else [offered]
        return rows

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._tell(event.option_index)

    def _fill(self, typed: str) -> None:
        super()._fill(typed)
        self._tell(self.query_one(OptionList).highlighted)

    def _tell(self, index: int | None) -> None:
        text = self._shown[index].help if index is not None and index < len(self._shown) else ""
        lines = [line for line in text.splitlines() if line.strip()]
        self._about.display = bool(lines)
        self._about.lines = tuple(
            HangingLine(Content.styled(line, "" if index else "bold"), indent=0) for index, line in enumerate(lines)
        )

    def _width(self) -> int:
        return max(40, min(WIDTH, self.app.size.width - 4))

    def _place(self) -> None:
        box = self.query_one(Vertical)
        box.styles.width = self._width()
        room = self.app.size.height - FRAME
        about = max(2, min(HELP_ROWS, room // 3))
        self._about.styles.max_height = about + 1
        self.query_one(OptionList).styles.max_height = max(3, min(ROWS, room - about))


def ranked(options: Sequence[Option], typed: str) -> list[Option]:
    """Give the options in which every typed word is found: whole names first, then beginnings, names, and help last."""
    words = typed.lower().split()
    if not words:
        return list(options)
    found = [(rank, option) for option in options if (rank := _rank(option, words)) is not None]
    return [option for _rank_, option in sorted(found, key=lambda pair: pair[0])]


def _rank(option: Option, words: Sequence[str]) -> int | None:
    names = [option.shown.lower(), *option.also.lower().split()]
    ranks = [_word_rank(word, names, f"{option.detail}\n{option.help}".lower()) for word in words]
    return None if None in ranks else max(rank for rank in ranks if rank is not None)


def _word_rank(word: str, names: Sequence[str], rest: str) -> int | None:
    plain = word.lstrip("-").replace("_", "-") or word
    if word in names or plain in names:
        return 0
    for rank, (name, start) in enumerate(((names[0], True), ("", True), (names[0], False)), 1):
        pool = [name] if name else names[1:]
        if any(one.startswith((word, plain)) if start else plain in one or word in one for one in pool):
            return rank
    if any(plain in one for one in names[1:]):
        return 4
    return 5 if plain in rest else None
