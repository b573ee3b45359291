"""The panels beside the launch form: the command and the notes; below 140 columns they are tabs of one place."""

from __future__ import annotations

from gettext import gettext as _

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from widgets.form_lines import HangingLine, HangingText

DIVIDER = " │ "


class TextPanel(VerticalScroll, can_focus=True):
    """A bordered place for lines, which scroll; its title may hold further tabs."""

    DEFAULT_CSS = """
    TextPanel {
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        padding: 0 1;
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-color: $foreground 38%;
    }
    TextPanel:focus { border: round $accent; border-title-background: $accent; border-title-color: $background; }
    """

    BINDINGS = [
        Binding("tab", "leave(1)", _("Next panel"), show=False, id="panel.next", tooltip=_("Go on to the next panel")),
        Binding(
            "shift+tab",
            "leave(-1)",
            _("Panel before"),
            show=False,
            id="panel.before",
            tooltip=_("Go back to the panel before"),
        ),
    ]

    class Left(Message):
        """The focus goes on to the next panel (1), or to the one before (-1)."""

        def __init__(self, panel: TextPanel, step: int) -> None:
            super().__init__()
            self.panel = panel
            self.step = step

    class TitleClicked(Message):
        """The title was clicked, `at` cells from its start."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._text = HangingText()

    def compose(self) -> ComposeResult:
        """Only the text."""
        yield self._text

    def show(self, lines: tuple[HangingLine, ...]) -> None:
        """Show these lines."""
        self._text.lines = lines

    def action_leave(self, step: int) -> None:
        """Go on, or back."""
        self.post_message(self.Left(self, step))

    def on_click(self, event: events.Click) -> None:
        """A click on the upper border is a click on the title."""
        if event.screen_y == self.region.y:
            self.post_message(self.TitleClicked(event.screen_x - self.region.x - 2))


class SidePanels(Vertical):
    """Command over notes, or the one that was chosen where there is little room."""

    DEFAULT_CSS = """
    SidePanels.-tabs > TextPanel { display: none; }
    SidePanels.-tabs > TextPanel.-chosen { display: block; }
    """

    tabs: reactive[bool] = reactive(False)
    """Whether only one is shown, with the other's name in its title."""
    chosen: reactive[int] = reactive(0)
    """Which one, where only one is shown."""
    summary: reactive[str] = reactive("")
    """How much trouble the notes hold, for their title."""

    notes_name: reactive[str] = reactive("")
    """What the notes are called, where they are not just notes."""

    def __init__(self, notes: TextPanel, *, id: str) -> None:
        super().__init__(id=id)
        self.command = TextPanel(id="command")
        self.notes = notes

    def compose(self) -> ComposeResult:
        """The command first: it is looked at more often."""
        self.command.border_subtitle = Content(_("ctrl+y copy"))
        yield self.command
        yield self.notes

    def on_mount(self) -> None:
        """Write the titles."""
        self._title()

    def watch_tabs(self, tabs: bool) -> None:
        """Show both or one."""
        self.set_class(tabs, "-tabs")
        self._title()

    def watch_chosen(self) -> None:
        """Show the other one."""
        self._title()

    def watch_notes_name(self) -> None:
        """Write the titles anew."""
        self._title()

    def watch_summary(self) -> None:
        """Write the titles anew."""
        self._title()

    def step(self) -> None:
        """Show the other tab, keeping the focus in the place where it was."""
        had = self.command.has_focus or self.notes.has_focus
        self.chosen = 1 - self.chosen
        if had:
            (self.command, self.notes)[self.chosen].focus()

    def on_text_panel_title_clicked(self, event: TextPanel.TitleClicked) -> None:
        """Choose the tab whose name was clicked."""
        event.stop()
        if self.tabs:
            self.chosen = int(event.at > cell_len(self._names()[0]) + 1)

    def _names(self) -> tuple[str, str]:
        notes = self.notes_name or _("Notes")
        return _("Command · bash"), f"{notes}  {self.summary}" if self.summary else notes

    def _title(self) -> None:
        names, panels = self._names(), (self.command, self.notes)
        for index, panel in enumerate(panels):
            panel.set_class(index == self.chosen, "-chosen")
            if not self.tabs:
                panel.border_title = Content(f" {names[index]} ")
                continue
            first, second = (Content.styled(name, "" if i == index else "not bold") for i, name in enumerate(names))
            panel.border_title = Content.assemble(" ", first, DIVIDER, second, " ")
