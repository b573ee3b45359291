"""How the model is to answer: system prompt, temperature, top-p, longest answer, thinking."""

from __future__ import annotations

from gettext import gettext as _
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static, Switch, TextArea

from tui.services.chat_records import ChatSettings
from widgets.key_bar import KeyBar
from widgets.overlay import Overlay


class ChatSettingsScreen(Overlay[ChatSettings | None]):
    """Gives the settings as they are to be, None when nothing is to change."""

    DEFAULT_CSS = """
    ChatSettingsScreen > Vertical { width: 88; max-width: 94%; max-height: 94%; padding: 1 2 0 2; overflow-y: auto; }
    ChatSettingsScreen {
        & .row { height: 1; margin-bottom: 1; }
        & .row.tall { height: 5; }
        & Label { width: 16; }
        & .hint { color: $foreground 62%; margin-left: 2; width: 1fr; height: 1; }
        & Input { width: 12; padding: 0 1; background: $background; }
        & Input:focus { background: $accent 25%; }
        & TextArea { height: 5; border: none; padding: 0 1; background: $background; width: 1fr; }
        & TextArea:focus { background: $accent 25%; }
        & TextArea > .text-area--placeholder { color: $foreground 62%; }
        & Switch { height: 1; border: none; padding: 0; background: $background; }
        & Switch:focus { background: $accent 25%; }
        & .problem { color: $error; height: auto; }
        & .buttons { height: 1; align-horizontal: right; margin-bottom: 1; }
        & Button { min-width: 12; margin-left: 2; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "dismiss(None)", _("Back"), id="chat_settings.back", tooltip=_("Leave the settings as they were")
        ),
        Binding(
            "ctrl+s",
            "save",
            _("Use"),
            id="chat_settings.save",
            tooltip=_("Use these settings from the next message on"),
        ),
    ]

    def __init__(self, name: str, settings: ChatSettings) -> None:
        """Show settings to be changed."""
        super().__init__(_("Chat settings · {name}").format(name=name))
        self._system = TextArea(settings.system, soft_wrap=True, tab_behavior="focus", placeholder=_("None"))
        self._temperature = Input(_text(settings.temperature), type="number", placeholder=_("server's"), compact=True)
        self._top_p = Input(_text(settings.top_p), type="number", placeholder=_("server's"), compact=True)
        self._max_tokens = Input(_text(settings.max_tokens), type="integer", placeholder=_("server's"), compact=True)
        self._thinking = Switch(settings.thinking, animate=False)
        self._thinks = Static(_thinks(settings.thinking), classes="hint")
        self._problem = Static(classes="problem")

    def compose_box(self) -> ComposeResult:
        """One row for each setting."""
        self._system.cursor_blink = False
        yield Horizontal(Label(Content(_("System prompt"))), self._system, classes="row tall")
        yield _row(_("Temperature"), self._temperature, _("0 to 2; 0 takes the likeliest word"))
        yield _row(_("Top-p"), self._top_p, _("above 0, at most 1"))
        yield _row(_("Max tokens"), self._max_tokens, _("the longest answer, thoughts included"))
        yield Horizontal(Label(Content(_("Thinking"))), self._thinking, self._thinks, classes="row")
        yield self._problem
        yield Horizontal(
            Button(_("Use  ctrl+s"), variant="primary", id="use", compact=True),
            Button(_("Back  esc"), id="back", compact=True),
            classes="buttons",
        )

    def hints(self) -> tuple[KeyBar.Key, ...]:
        """The fields are gone through."""
        return (KeyBar.Key("tab", _("Next field"), ""),)

    def on_mount(self) -> None:
        """Begin at the temperature, which is what one changes most."""
        for field in (self._temperature, self._top_p, self._max_tokens):
            field.cursor_blink = False
        self._temperature.focus()

    @on(Switch.Changed)
    def _turned(self, event: Switch.Changed) -> None:
        self._thinks.update(_thinks(event.value))

    @on(Input.Submitted)
    @on(Button.Pressed, "#use")
    def action_save(self) -> None:
        """Use the settings when they are possible."""
        try:
            settings = self._read()
        except ValueError as error:
            self._problem.update(Content(str(error)))
            return
        self.dismiss(settings)

    @on(Button.Pressed, "#back")
    def _leave(self) -> None:
        self.dismiss(None)

    def _read(self) -> ChatSettings:
        temperature = _number(self._temperature.value, 0, 2, _("Temperature lies between 0 and 2"))
        top_p = _number(self._top_p.value, 0, 1, _("Top-p lies above 0 and is at most 1"))
        if top_p == 0:
            raise ValueError(_("Top-p lies above 0 and is at most 1"))
        most = _number(self._max_tokens.value, 1, 10_000_000, _("Max tokens is a whole number from 1 on"))
        return ChatSettings(
            self._system.text, temperature, top_p, None if most is None else int(most), self._thinking.value
        )


def _row(label: str, field: Widget, hint: str) -> Horizontal:
    return Horizontal(Label(Content(label)), field, Static(Content(hint), classes="hint"), classes="row")


def _thinks(on: bool) -> Content:
    """Say what the switch says, and what it does."""
    said = Content.styled(_("on") if on else _("off"), "bold $foreground")
    return Content.assemble(said, " · ", _("off asks the model not to think"))


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _number(text: str, least: float, most: float, problem: str) -> float | None:
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(problem) from None
    if not least <= value <= most:
        raise ValueError(problem)
    return value
