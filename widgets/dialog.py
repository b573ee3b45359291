"""Dialogs over a screen: a question with two answers, a question for a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from textual import on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from widgets.form_lines import HangingLine, HangingText
from widgets.form_record import Edited, Entered
from widgets.form_text import cut
from widgets.key_bar import KeyBar
from widgets.keyed import Result
from widgets.keys import KeyRow
from widgets.overlay import Overlay, OverlayLine

WIDEST = 40
"""Cells of an answer's words; the name in a longer one is cut."""


class Reply(Widget, can_focus=True):
    """One of the answers of a dialog: words on a ground, with a bar and reversed where the focus is."""

    DEFAULT_CSS = """
    Reply { width: auto; height: 1; padding: 0 2 0 1; margin-left: 2; background: $panel; color: $foreground; pointer: pointer; }
    Reply:focus { background: $accent; color: $background; text-style: bold; }
    Reply.-danger { color: $error; }
    Reply.-danger:focus { background: $error; color: $background; }
    """

    BINDINGS = [
        Binding(
            "enter,space",
            "press",
            _("Choose"),
            id="dialog.press",
            tooltip=_(
                "Give the marked answer; where something ends or is lost, the mark is first on the one that changes nothing"
            ),
        )
    ]

    class Pressed(Message):
        """This answer was given."""

        def __init__(self, answer: Reply) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, label: str, key: str, *, id: str, danger: bool = False) -> None:
        super().__init__(id=id)
        self.label = cut(label, WIDEST)
        self._key = key
        self.set_class(danger, "-danger")

    def render(self) -> RenderResult:
        """Draw the words and their key."""
        return Content(f"{'▌' if self.has_focus else ' '}{self.label}  {self._key}")

    def on_focus(self) -> None:
        """Draw the bar."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the bar away."""
        self.refresh()

    def on_click(self) -> None:
        """Give the answer by mouse."""
        self.action_press()

    def action_press(self) -> None:
        """Give the answer."""
        self.post_message(self.Pressed(self))


class Dialog(Overlay[Result]):
    """The frame of every dialog: a panel in the middle, its title reversed on the accent border."""

    DEFAULT_CSS = """
    Dialog > Vertical { width: 76; padding: 1 2; }
    Dialog.-danger > Vertical { border: round $error; border-title-background: $error; }
    Dialog .dialog--body { height: auto; scrollbar-size-vertical: 1; }
    Dialog .dialog--answers { height: 1; margin-top: 1; align-horizontal: right; }
    """

    BINDINGS = [
        Binding("escape", "cancel", _("Back"), id="dialog.cancel", tooltip=_("Close and change nothing")),
        Binding(
            "left,up", "app.focus_previous", _("Before"), show=False, id="dialog.before", tooltip=_("The answer before")
        ),
        Binding("right,down", "app.focus_next", _("Next"), show=False, id="dialog.next", tooltip=_("The next answer")),
    ]

    def __init__(
        self,
        title: str,
        body: str | Sequence[str | HangingLine],
        confirm: str,
        *,
        danger: bool = False,
        refuse: str = "",
    ) -> None:
        super().__init__(title)
        lines = body.splitlines() if isinstance(body, str) else body
        self._body = tuple(
            line if isinstance(line, HangingLine) else HangingLine(Content(line), indent=0) for line in lines
        )
        self._confirm = confirm
        self._refuse = refuse or (_("Keep it") if danger else _("Cancel"))
        self._danger = danger
        self.set_class(danger, "-danger")

    def compose_box(self) -> ComposeResult:
        """The words, what the dialog asks, the answers."""
        confirm, refuse = self.KEYS
        with VerticalScroll(classes="dialog--body", can_focus=False):
            yield HangingText(self._body)
        yield from self.compose_question()
        with Horizontal(classes="dialog--answers"):
            yield Reply(self._refuse, refuse, id="cancel")
            yield Reply(self._confirm, confirm, id="confirm", danger=self._danger)

    KEYS = ("enter", "esc")
    """The keys shown on the confirming answer and on the other one."""

    def words(self, row: KeyRow) -> str:
        """Enter gives the answer that has the focus, and says which one."""
        if row.id == "dialog.press" and isinstance(self.focused, Reply):
            return self.focused.label
        return self._confirm if row.id == "overlay.enter" else row.words

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The arrows go from answer to answer."""
        return (KeyBar.Key("←→", _("Other answer"), ""),) if isinstance(self.focused, Reply) else ()

    def compose_question(self) -> ComposeResult:
        """What stands between the words and the answers; nothing by itself."""
        yield from ()

    def on_resize(self) -> None:
        """Leave room for the answers, however much there is to read."""
        frame = 9 + sum(1 for _line in self.query(OverlayLine)) * 3
        self.query_one(".dialog--body").styles.max_height = max(3, self.size.height - frame)

    @on(Reply.Pressed)
    def _answered(self, event: Reply.Pressed) -> None:
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
        danger: Harmful: the focus starts on the answer that changes nothing, and the colours say so.
        refuse: The other answer; by itself it says that nothing changes.
    """

    KEYS = ("y", "n")

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
    NameDialog OverlayLine { margin-top: 1; }
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
        yield OverlayLine(self._value)
        yield Static(classes="dialog--problem", markup=False)

    def on_mount(self) -> None:
        """Type at once; the name stands there selected."""
        editor = self.query_one(OverlayLine)
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
        name = self.query_one(OverlayLine).value.strip()
        if not self._tell(name):
            self.dismiss(name)
