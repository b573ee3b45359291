"""The list that a choice opens: a filter line over what matches."""

from __future__ import annotations

from gettext import gettext as _

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region
from textual.widgets import OptionList
from textual.widgets.option_list import Option as Row

from widgets.form_record import Edited, Entered, Option
from widgets.form_text import cut, fitted, padded
from widgets.key_bar import KeyBar
from widgets.overlay import Overlay, OverlayLine

MOST_ROWS = 12
FREE_WIDTH = 50
"""Cells of a list into which a value may be typed: a path needs them."""


class ChoiceList(Overlay[str | None]):
    """A list over the screen, at the field it belongs to; dismissed with the chosen value, or None.

    Args:
        options: What can be chosen.
        value: What is chosen now; the cursor starts there.
        anchor: Where the field stands on the screen.
        title: What is chosen.
        free: Whether what was typed may be taken as it is.
        words: How that is offered, with {text} in it.
        typed: What the filter starts with.
        hint: What may be typed where there is nothing to choose from.
    """

    DEFAULT_CSS = """
    ChoiceList { background: transparent; align: left top; }
    /* a ground of its own would stand out around the line of the border */
    ChoiceList > Vertical { background: $background; }
    ChoiceList OptionList {
        height: auto;
        max-height: 12;
        border: none;
        padding: 0;
        background: $surface;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-color: $foreground 38%;
    }
    ChoiceList OptionList > .option-list--option-highlighted {
        background: $panel;
        color: $foreground;
        text-style: bold;
    }
    """

    BINDINGS = [
        Binding("escape", "close", _("Back"), id="choice.close", tooltip=_("Leave the field as it is")),
        Binding("up", "step(-1)", _("Up"), show=False, id="choice.up", tooltip=_("The entry above")),
        Binding("down", "step(1)", _("Down"), show=False, id="choice.down", tooltip=_("The entry below")),
        Binding("pageup", "step(-10)", _("Page up"), show=False, id="choice.pageup", tooltip=_("Ten entries up")),
        Binding(
            "pagedown", "step(10)", _("Page down"), show=False, id="choice.pagedown", tooltip=_("Ten entries down")
        ),
    ]

    def __init__(
        self,
        options: tuple[Option, ...],
        value: str,
        anchor: Region,
        *,
        title: str = "",
        free: bool = False,
        words: str = "",
        typed: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(title)
        self._hint = hint
        self._words = words or _("use {text}")
        self._options = options
        self._value = value
        self._anchor = anchor
        self._free = free
        self._typed = typed
        self._shown: list[Option] = []

    def compose_box(self) -> ComposeResult:
        """The filter line and the list."""
        yield OverlayLine(self._typed, _("type, or choose") if self._free else _("type to filter"))
        yield OptionList(markup=False)

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The arrows move in the list, what is typed narrows it."""
        return (KeyBar.Key("↑↓", _("Choose"), ""), KeyBar.Key(_("letters"), _("Filter"), ""))

    def on_mount(self) -> None:
        """Fill the list and put it where the field is."""
        self._fill(self._typed)
        self._place()

    def on_resize(self) -> None:
        """Keep it on the screen."""
        self._place()

    def on_click(self, event: events.Click) -> None:
        """A click beside the list closes it."""
        if not self.query_one(Vertical).region.contains_point(event.screen_offset):
            self.dismiss(None)

    @on(Edited)
    def _filter(self, event: Edited) -> None:
        event.stop()
        self._fill(event.value.strip())

    @on(Entered)
    def _take(self, event: Entered) -> None:
        event.stop()
        index = self.query_one(OptionList).highlighted
        if index is not None and index < len(self._shown) and self._shown[index].choosable:
            self.dismiss(self._shown[index].value)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._shown[event.option_index].value)

    def on_key(self, event: events.Key) -> None:
        """Who types faster than the list opens loses no letter."""
        if event.is_printable and event.character and not isinstance(self.focused, OverlayLine):
            self.type(event.character)

    def type(self, text: str) -> None:
        """Add to the filter, before the list stands there too."""
        lines = self.query(OverlayLine)
        if lines:
            lines.first().insert_text_at_cursor(text)
        else:
            self._typed += text

    def action_close(self) -> None:
        """Leave the field as it is."""
        self.dismiss(None)

    def action_step(self, step: int) -> None:
        """Move the cursor of the list."""
        rows = self.query_one(OptionList)
        if rows.option_count:
            at = rows.highlighted or 0
            last = rows.option_count - 1
            beyond = at + step
            rows.highlighted = (
                (0 if at == last else last) if step in (1,) and beyond > last else max(0, min(last, beyond))
            )

    def _fill(self, typed: str) -> None:
        self._shown = self.found(typed)
        rows = self.query_one(OptionList)
        width = self._width() - 4
        rows.clear_options()
        rows.add_options([Row(_line(option, width), disabled=not option.choosable) for option in self._shown])
        if not self._shown:
            rows.add_option(Row(Content.styled(f" {self._nothing}", "$foreground 62%"), disabled=True))
        values = [option.value for option in self._shown]
        if self._shown:
            rows.highlighted = values.index(self._value) if not typed and self._value in values else 0

    def found(self, typed: str) -> list[Option]:
        """Give the rows for what was typed."""
        return matching(self._options, typed, self._words if self._free else "")

    @property
    def _nothing(self) -> str:
        if self._options or not self._free:
            return _("nothing matches")
        return _("nothing was found; type it: {what}").format(what=self._hint) if self._hint else _("type it here")

    def _width(self) -> int:
        widest = max(
            (cell_len(o.shown) + cell_len(o.detail) + (2 if o.detail else 0) for o in self._options), default=0
        )
        widest = max(widest + 5, cell_len(self.heading) + 6, FREE_WIDTH if self._free else 0)
        if not self._options:
            widest = max(widest, cell_len(self._nothing) + 5)
        return max(self._anchor.width, min(widest, self.app.size.width - 4))

    def _place(self) -> None:
        box = self.query_one(Vertical)
        width, screen = self._width(), self.app.size - (0, 1)  # the bottom line stays in sight
        height = min(MOST_ROWS, max(1, len(self._options) + self._free)) + 3
        below = screen.height - self._anchor.bottom
        above = self._anchor.y
        top = self._anchor.bottom if below >= height or below >= above else max(0, above - height)
        room = screen.height - top if top >= self._anchor.bottom else above
        self.query_one(OptionList).styles.max_height = max(1, min(MOST_ROWS, room - 3))
        box.styles.width = width
        box.styles.offset = (max(0, min(self._anchor.x - 1, screen.width - width)), top)


def matching(options: tuple[Option, ...], typed: str, free: str = "") -> list[Option]:
    """Give the options that hold every typed word, those that begin with it first, and the typed text where it may be taken."""
    words = typed.lower().split()
    found = [o for o in options if all(word in f"{o.value} {o.shown} {o.detail}".lower() for word in words)]
    found.sort(key=lambda option: not option.shown.lower().startswith(typed.lower()))
    if free and typed and all(option.value != typed for option in options):
        found.append(Option(typed, free.format(text=typed)))
    return found


def _line(option: Option, width: int) -> Content:
    if not option.detail:
        words = option.shown.removesuffix(option.value) if option.shown != option.value else ""
        return Content(f" {words}{fitted(option.shown.removeprefix(words), max(1, width - cell_len(words)))}")
    detail = cut(option.detail, max(4, width // 2, width - cell_len(option.shown) - 2))
    room = max(4, width - cell_len(detail) - 2)
    return Content.assemble(" " + padded(fitted(option.shown, room), room) + "  ", (detail, "$foreground 62%"))
