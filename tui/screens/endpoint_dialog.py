"""The question for an address at which models are served."""

from __future__ import annotations

from gettext import gettext as _

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.services.endpoints import Endpoint, base_url, problem
from widgets.dialog import Dialog
from widgets.form_record import Edited, Entered
from widgets.overlay import OverlayLine

FIELDS = ("name", "url", "key_env")


class EndpointDialog(Dialog[Endpoint | None]):
    """Asks for a name, an address and the variable that holds its key. Dismissed with the endpoint, or None.

    Args:
        taken: Names that other servers have.
    """

    DEFAULT_CSS = """
    EndpointDialog .dialog--problem { height: auto; max-height: 2; color: $error; margin-top: 1; }
    EndpointDialog .endpoint--label { height: 1; margin-top: 1; }
    """

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        body = _("Any server that speaks the OpenAI API. It is watched by /v1/models and can be talked to.")
        super().__init__(_("Add an endpoint"), [body], _("Add"))
        self._taken = taken
        self._touched = False

    def compose_question(self) -> ComposeResult:
        """A line for each, and what is wrong with them."""
        labels = (_("Name"), _("Address"), _("Environment variable with its key, if it wants one"))
        hints = ("my-server", "http://10.0.0.5:8000/v1", "MY_SERVER_KEY")
        for field, label, hint in zip(FIELDS, labels, hints, strict=True):
            yield Static(label, classes="endpoint--label", markup=False)
            line = OverlayLine("", hint)
            line.id = field
            yield line
        yield Static(classes="dialog--problem", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one("#name", OverlayLine).focus()

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        if self._touched:
            self._tell()

    @on(Entered)
    def _entered(self, event: Entered) -> None:
        """Enter goes on to the next line, and from the last one it adds."""
        event.stop()
        at = FIELDS.index(self.focused.id) if self.focused is not None and self.focused.id in FIELDS else len(FIELDS)
        if at + 1 < len(FIELDS):
            self.query_one(f"#{FIELDS[at + 1]}", OverlayLine).focus()
        else:
            self.action_confirm()

    def _tell(self) -> str:
        words = problem(*self._values(), self._taken)
        self.query_one(".dialog--problem", Static).update(Content(f"✖ {words}" if words else ""))
        return words

    def _values(self) -> tuple[str, str, str]:
        name, url, key = (self.query_one(f"#{field}", OverlayLine).value.strip() for field in FIELDS)
        return name, url, key

    def action_confirm(self) -> None:
        """Take what was typed when nothing is wrong with it."""
        self._touched = True
        if not self._tell():
            name, url, key = self._values()
            self.dismiss(Endpoint(name, base_url(url), key))
