"""Dialogs over a screen: a question with two answers, a question for a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _
from typing import TypeVar

from textual import on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from widgets.form_editors import TextEditor
from widgets.form_lines import HangingLine, HangingText
from widgets.form_record import Edited, Entered

Result = TypeVar("Result")


class Answer(Widget, can_focus=True):
    """One of the answers of a dialog: words on a ground, reversed where the focus is."""

    DEFAULT_CSS = """
    Answer { width: auto; height: 1; padding: 0 2; margin-left: 2; background: $panel; color: $foreground; pointer: pointer; }
    Answer:focus { background: $accent; color: $background; text-style: bold; }
    Answer.-danger { color: $error; }
    Answer.-danger:focus { background: $error; color: $background; }
    """

    BINDINGS = [Binding("enter,space", "press", _("Choose"), id="dialog.press", tooltip=_("Give this answer"))]

    class Pressed(Message):
        """This answer was given."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, label: str, key: str, *, id: str, danger: bool = False) -> None:
        super().__init__(id=id)
        self._label = label
        self._key = key
        self.set_class(danger, "-danger")

    def render(self) -> RenderResult:
        """Draw the words and their key."""
        return Content(f"{self._label}  {self._key}")

    def on_click(self) -> None:
        """Give the answer by mouse."""
        self.action_press()

    def action_press(self) -> None:
        """Give the answer."""
        self.post_message(self.Pressed(self))


class Dialog(ModalScreen[Result]):
    """The frame of every dialog: a panel in the middle, its title reversed on the accent border."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 50%; }
    Dialog > Vertical {
        width: 76;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 1 2;
        background: $surface;
        border: round $accent;
        border-title-background: $accent;
        border-title-color: $background;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
    }
    Dialog.-danger > Vertical { border: round $error; border-title-background: $error; }
    Dialog .dialog--body { height: auto; scrollbar-size-vertical: 1; }
    Dialog .dialog--answers { height: 1; margin-top: 1; align-horizontal: right; }
    """

    BINDINGS = [
        Binding("escape", "cancel", _("Cancel"), id="dialog.cancel", tooltip=_("Close and change nothing")),
        Binding(
            "left,up", "app.focus_previous", _("Before"), show=False, id="dialog.before", tooltip=_("The answer before")
        ),
        Binding("right,down", "app.focus_next", _("Next"), show=False, id="dialog.next", tooltip=_("The next answer")),
    ]

    def __init__(
        self, title: str, body: str | Sequence[str | HangingLine], confirm: str, *, danger: bool = False
    ) -> None:
        super().__init__()
        self._heading = title
        lines = body.splitlines() if isinstance(body, str) else body
        self._body = tuple(
            line if isinstance(line, HangingLine) else HangingLine(Content(line), indent=0) for line in lines
        )
        self._confirm = confirm
        self._danger = danger
        self.set_class(danger, "-danger")

    def compose(self) -> ComposeResult:
        """The words, what the dialog asks, the answers."""
        with Vertical() as box:
            box.border_title = Content(f" {self._heading} ")
            with VerticalScroll(classes="dialog--body", can_focus=False):
                yield HangingText(self._body)
            yield from self.compose_question()
            with Horizontal(classes="dialog--answers"):
                yield Answer(_("Cancel"), "esc", id="cancel")
                yield Answer(self._confirm, self.CONFIRM_KEY, id="confirm", danger=self._danger)

    CONFIRM_KEY = "enter"
    """The key shown on the confirming answer."""

    def compose_question(self) -> ComposeResult:
        """What stands between the words and the answers; nothing by itself."""
        yield from ()

    def on_resize(self) -> None:
        """Leave room for the answers, however much there is to read."""
        frame = 8 + sum(1 for _editor in self.query(TextEditor)) * 3
        self.query_one(".dialog--body").styles.max_height = max(3, self.size.height - frame)

    @on(Answer.Pressed)
    def _answered(self, event: Answer.Pressed) -> None:
        event.stop()
        if event.answer.id == "confirm":
            self.action_confirm()
        else:
            self.action_cancel()

    def action_confirm(self) -> None:
        """Give the confirming answer."""

    def action_cancel(self) -> None:
        """Close and change nothing."""
        self.dismiss(None)


class ConfirmDialog(Dialog[bool]):
    """Asks before something is done; names the object and what ends with it. Dismissed with True or False.

    Args:
        title: What is to be done, with the object's name.
        body: What ends with it, line by line.
        confirm: The confirming answer, a verb.
        danger: Harmful: the focus starts on Cancel and the colours say so.
    """

    CONFIRM_KEY = "y"

    BINDINGS = [
        Binding("y", "confirm", _("Yes"), id="dialog.yes", tooltip=_("Do it")),
        Binding("n", "cancel", _("No"), id="dialog.no", tooltip=_("Close and change nothing")),
    ]

    def on_mount(self) -> None:
        """Start where enter does no harm."""
        self.query_one("#cancel" if self._danger else "#confirm").focus()

    def action_confirm(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)


class NameDialog(Dialog[str | None]):
    """Asks for a name and checks it while it is typed. Dismissed with the name, or None.

    Args:
        title: What the name is for.
        body: What happens with it.
        confirm: The confirming answer, a verb.
        value: The name it starts with.
        check: Says in one sentence what is wrong with a name, or nothing.
    """

    DEFAULT_CSS = """
    NameDialog TextEditor { margin-top: 1; }
    NameDialog .dialog--problem { height: 1; color: $error; }
    """

    def __init__(
        self, title: str, body: str | Sequence[str | HangingLine], confirm: str, value: str, check: Callable[[str], str]
    ) -> None:
        super().__init__(title, body, confirm)
        self._value = value
        self._check = check

    def compose_question(self) -> ComposeResult:
        """The line to type in, and what is wrong with it."""
        yield TextEditor(self._value)
        yield Static(classes="dialog--problem", markup=False)

    def on_mount(self) -> None:
        """Type at once; the name stands there selected."""
        editor = self.query_one(TextEditor)
        editor.focus()
        editor.action_select_all()
        self._tell(self._value)

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        event.stop()
        self._tell(event.value)

    @on(Entered)
    def _entered(self, event: Entered) -> None:
        event.stop()
        self.action_confirm()

    def _tell(self, name: str) -> str:
        problem = self._check(name.strip())
        self.query_one(".dialog--problem", Static).update(Content(f"✖ {problem}" if problem else ""))
        return problem

    def action_confirm(self) -> None:
        """Take the name when nothing is wrong with it."""
        name = self.query_one(TextEditor).value.strip()
        if not self._tell(name):
            self.dismiss(name)
