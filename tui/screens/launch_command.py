"""The command panel of the launch screen: what is launched, in the form that one wants to take along."""

from __future__ import annotations

from gettext import gettext as _

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from profiles.render import Form, Rendered
from tui.screens.launch_panels import DIVIDER, TextPanel
from widgets.form_lines import HangingLine

NAMES = {
    Form.BASH: "bash",
    Form.POWERSHELL: "PowerShell",
    Form.CMD: "cmd",
    Form.COMPOSE: "compose",
    Form.ARGV: "argv",
    Form.YAML: "YAML",
}
"""The forms in their order, as the panel calls them."""
FORMS = tuple(NAMES)
DIM = "$foreground 62%"


class CommandPanel(TextPanel):
    """The command, and along its lower border the forms that it can have."""

    DEFAULT_CSS = """
    CommandPanel { border-subtitle-align: left; }
    """

    BINDINGS = [
        Binding("left", "step(-1)", _("Form before"), show=False, id="command.before", tooltip=_("The form before it")),
        Binding("right", "step(1)", _("Next form"), show=False, id="command.next", tooltip=_("The next form")),
    ]

    form: reactive[Form] = reactive(Form.BASH)
    """The form that is shown."""

    class Changed(Message):
        """Another form is wanted."""

    def on_mount(self) -> None:
        """Write the forms' names."""
        self._names()

    def watch_form(self) -> None:
        """Mark the form, and ask for its text."""
        self._names()
        self.post_message(self.Changed())

    def show_command(self, done: Rendered) -> None:
        """Show a command, and below it what its form cannot carry."""
        lines = [HangingLine(Content(line), indent=6) for line in done.text.rstrip("\n").split("\n")]
        notes = [HangingLine(Content.styled(note, DIM), Content.styled("· ", DIM)) for note in done.notes]
        self.show((*lines, *((HangingLine(Content("")),) if notes else ()), *notes))

    def action_step(self, by: int) -> None:
        """Show the next form, or the one before."""
        self.form = FORMS[(FORMS.index(self.form) + by) % len(FORMS)]

    def on_click(self, event: events.Click) -> None:
        """A click on a form's name shows it."""
        if event.screen_y != self.region.bottom - 1:
            return
        end = self.region.x + 3
        for form, name in NAMES.items():
            start, end = end, end + cell_len(name)
            if start <= event.screen_x < end:
                self.form = form
            end += cell_len(DIVIDER)

    def _names(self) -> None:
        names = (
            Content.styled(name, "bold underline" if form is self.form else f"not bold {DIM}")
            for form, name in NAMES.items()
        )
        self.border_subtitle = Content.assemble(" ", Content(DIVIDER).join(names), " ")
