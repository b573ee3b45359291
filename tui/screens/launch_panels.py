"""The panels beside the launch form: the command and the notes; below 140 columns they are tabs of one place."""

from __future__ import annotations

from collections.abc import Sequence
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
    """Panels below each other, or the one that was chosen where there is little room.

    Args:
        panels: From the top down; the one called `command` and the one called `notes` are among them.
    """

    DEFAULT_CSS = """
    SidePanels.-tabs > TextPanel { display: none; }
    SidePanels.-tabs > TextPanel.-chosen { display: block; }
    """

    tabs: reactive[bool] = reactive(False)
    """Whether only one is shown, with the others' names in its title."""
    chosen: reactive[int] = reactive(0)
    """Which one, where only one is shown."""
    names: reactive[tuple[Content, ...]] = reactive(())
    """What the panels are called, from the top down."""

    def __init__(self, panels: Sequence[TextPanel], *, id: str) -> None:
        super().__init__(id=id)
        self.panels = tuple(panels)

    def compose(self) -> ComposeResult:
        """The panels."""
        yield from self.panels

    def on_mount(self) -> None:
        """Write the titles."""
        self._title()

    def watch_tabs(self, tabs: bool) -> None:
        """Show all or one."""
        self.set_class(tabs, "-tabs")
        self._title()

    def watch_chosen(self) -> None:
        """Show another one."""
        self._title()

    def watch_names(self) -> None:
        """Write the titles anew."""
        self._title()

    def step(self, by: int = 1) -> None:
        """Show the next tab, keeping the focus in the place where it was."""
        had = any(panel.has_focus for panel in self.panels)
        self.chosen = (self.chosen + by) % len(self.panels)
        if had:
            self.panels[self.chosen].focus()

    def choose(self, panel: TextPanel) -> None:
        """Show this panel where only one is shown."""
        self.chosen = self.panels.index(panel)

    def rename(self, panel: TextPanel, name: Content) -> None:
        """Call a panel something else."""
        self.names = tuple(name if one is panel else old for one, old in zip(self.panels, self.names, strict=False))

    def on_text_panel_title_clicked(self, event: TextPanel.TitleClicked) -> None:
        """Choose the tab whose name was clicked."""
        event.stop()
        if not self.tabs:
            return
        end = 1
        for index, name in enumerate(self.names):
            end += name.cell_length + cell_len(DIVIDER)
            if event.at < end:
                self.chosen = index
                return

    def _title(self) -> None:
        names = [Content(name.plain) for name in self.names]  # a colour of their own is not read on that of the focus
        for index, (panel, name) in enumerate(zip(self.panels, names, strict=False)):
            panel.set_class(index == self.chosen, "-chosen")
            if not self.tabs:
                panel.border_title = Content.assemble(" ", name, " ")
                continue
            tabs = (one if at == index else one.stylize("not bold") for at, one in enumerate(names))
            panel.border_title = Content.assemble(" ", Content(DIVIDER).join(tabs), " ")
