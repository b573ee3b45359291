"""Where the focus is in the parameters: in the form's first field, or on the pane itself while there is no form."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from widgets.form import Form
from widgets.gate import Gate

SOON_SECONDS = 0.05
"""How long rows may take to come before the focus looks for them again."""


class FormFocus:
    """Gives the pane's form the focus as soon as it has a field; keys wait until then.

    Args:
        pane: Has the focus meanwhile, and where there never is a form.
        form: Where it belongs.
        gate: Where keys wait.
        on_its_way: Says whether the values of a form that is not shown are being asked for.
    """

    def __init__(self, pane: Widget, form: Form, gate: Gate, on_its_way: Callable[[], bool]) -> None:
        self._pane = pane
        self._form = form
        self._gate = gate
        self._on_its_way = on_its_way

    def first(self) -> None:
        """Put the focus on the first field; as soon as there is one, unless it went elsewhere by then."""
        editor = next((one for one in self._form.query(".form-editor") if one.focusable), None)
        if editor is None or not self._form.display:
            self._words()
            return
        self._pane.screen.set_focus(editor)
        self._pane.can_focus = False
        self._gate.open()

    def follow(self, shown: bool) -> None:
        """Show the form or the words in its place; who was in the form stays in the pane."""
        focused = self._pane.screen.focused
        inside = focused is not None and self._form in focused.ancestors
        self._form.display = shown
        self._pane.can_focus = not shown or self._pane.has_focus
        if inside and not shown:
            self._words()  # another server's form is on its way, or there is none

    def again(self) -> None:
        """Look for the first field once more."""
        if self._pane.has_focus and self._form.display:
            self.first()

    def _words(self) -> None:
        self._pane.can_focus = True
        self._pane.screen.set_focus(self._pane)
        if self._form.display:
            self._gate.close()
            self._pane.set_timer(SOON_SECONDS, self.again)  # its rows are on their way
        elif self._on_its_way():
            self._gate.close()
        else:
            self._gate.open()
