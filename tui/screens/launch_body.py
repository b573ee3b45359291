"""What the launch screen looks like: the form, whether it fits, the command, the notes."""

from __future__ import annotations

from gettext import gettext as _

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Region

from tui.screens.launch_command import NAMES, CommandPanel
from tui.screens.launch_fit import FitPanel, field_notes, offers
from tui.screens.launch_fit import title as fit_title
from tui.screens.launch_form import PROFILE
from tui.screens.launch_notes import change_words, note_lines, summary
from tui.screens.launch_notes_panel import NotesPanel
from tui.screens.launch_panels import SidePanels, TextPanel
from tui.screens.launch_state import LaunchState
from widgets.form import Form

WIDE = 140
"""From this many columns the other panels stand beside the form."""
HIGH = 34
"""From this many lines they get more room below it."""
FRAME = 2
"""Lines of the terminal that are not the body's: the one at the top and the one at the bottom."""


class LaunchBody(Container):
    """The form at the left, fit, command and notes at the right, or below it as tabs."""

    DEFAULT_CSS = """
    LaunchBody { layout: horizontal; height: 1fr; padding: 0 1; }
    LaunchBody > #form-panel {
        width: 3fr;
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        padding: 0 1;
    }
    LaunchBody > #form-panel:focus-within {
        border: round $accent;
        border-title-background: $accent;
        border-title-color: $background;
    }
    LaunchBody > SidePanels { width: 2fr; margin-left: 1; }
    LaunchBody #fit { height: auto; max-height: 45%; }
    LaunchBody #command { height: 3fr; }
    LaunchBody #notes { height: 2fr; }
    LaunchBody.-narrow { layout: vertical; padding: 0; }
    LaunchBody.-narrow > #form-panel { width: 1fr; height: 1fr; }
    LaunchBody.-narrow > SidePanels { width: 1fr; height: 7; margin: 0; }
    LaunchBody.-narrow.-high > SidePanels { height: 14; }
    LaunchBody.-narrow #fit { height: 1fr; max-height: 100%; }
    LaunchBody.-narrow #command, LaunchBody.-narrow #notes { height: 1fr; }
    """

    def __init__(self, state: LaunchState) -> None:
        super().__init__()
        self._state = state
        self._form = Form(state.groups(), id="form")
        self._panel = Vertical(self._form, id="form-panel")
        self._fit = FitPanel(id="fit")
        self._command = CommandPanel(id="command")
        self._notes = NotesPanel(id="notes")
        self._side = SidePanels((self._fit, self._command, self._notes), id="launch-side")
        self._offers: dict[str, str] = {}

    @property
    def form(self) -> Form:
        """The form."""
        return self._form

    @property
    def marked(self) -> int | None:
        """Which note is marked, where the notes have the focus."""
        return self._notes.chosen if self._notes.has_focus else None

    @property
    def offered(self) -> tuple[str, str] | None:
        """The field that has the focus and the value for it that would fit; None where there is none."""
        here = self._form.current or ""
        return (here, self._offers[here]) if here in self._offers else None

    @property
    def tabbed(self) -> bool:
        """Whether fit, command and notes are tabs of one place."""
        return self._side.tabs

    @property
    def list_place(self) -> Region:
        """Where a list that belongs to the whole form opens."""
        place = self._panel.content_region
        return Region(place.x + 1, place.y, min(60, place.width), 0)

    def compose(self) -> ComposeResult:
        """The form and the panels."""
        yield self._panel
        yield self._side

    def on_mount(self) -> None:
        """Show the first state, laid out as there is room; begin at the top."""
        self._lay_out()
        self.show(self._state)
        self._form.go(PROFILE)

    @on(TextPanel.Left)
    def _left(self, event: TextPanel.Left) -> None:
        """Back in the form one is where one was."""
        event.stop()
        panels = [panel for panel in self._side.panels if panel.display]
        at = panels.index(event.panel) + event.step
        if 0 <= at < len(panels):
            panels[at].focus()
        else:
            self._form.resume()

    def on_resize(self) -> None:
        """Below 140 columns fit, command and notes become tabs under the form."""
        self._lay_out()
        self.screen.refresh_bindings()

    def _lay_out(self) -> None:
        """By the terminal's size, which is known before the first frame."""
        narrow = self.app.size.width < WIDE
        self.set_class(narrow, "-narrow")
        self.set_class(self.app.size.height - FRAME >= HIGH, "-high")
        self._side.tabs = narrow

    def show(self, state: LaunchState) -> None:
        """Show another state."""
        self._state = state
        given = state.remarks()
        found = state.reckoned()
        self._offers = offers(found)
        self._form.groups = state.groups(field_notes(found))
        self._fit.show_fit(found, state.ground, state.cards, low=self._side.tabs)
        self._show_command()
        self._notes.show_notes(note_lines(given, state.under_way), len(given))
        notes = _("Notes from the paste") if state.pasted is not None else _("Notes")
        trouble = f"  {much}" if (much := summary(given)) else ""
        self._side.names = (fit_title(found, state.cards), _command_title(self._command), Content(notes + trouble))
        self._panel.border_title = Content(f" {_title(state)} ")
        words = [
            _("/ any of {count} flags").format(count=len(state.catalogue.flags)),
            _("ctrl+s save"),
            _("ctrl+l launch"),
        ]
        if state.draft.changed_fields:
            words.insert(0, change_words(state.draft.changed_fields))
        if state.launching:
            words = [_("looking once more …")]
        self._panel.border_subtitle = Content(" · ".join(words))

    @property
    def command(self) -> str:
        """The command in the form that is shown."""
        return self._state.rendered(self._command.form).text

    def another_form(self) -> None:
        """Show the command in the next form."""
        self._command.action_step(1)
        self._side.choose(self._command)

    @on(CommandPanel.Changed)
    def _show_command(self) -> None:
        self._command.show_command(self._state.rendered(self._command.form))
        self._side.rename(self._command, _command_title(self._command))

    def step(self) -> None:
        """Show the next of fit, command and notes."""
        self._side.step()


def _title(state: LaunchState) -> str:
    if state.pasted is not None:
        return _("New server · from a pasted command")
    if not state.origin:
        return _("New server")
    words = _("New server · from container {name}") if state.from_container else _("New server · from profile {name}")
    return words.format(name=state.origin)


def _command_title(panel: CommandPanel) -> Content:
    return Content(f"{_('Command')} · {NAMES[panel.form]}")
