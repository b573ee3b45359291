"""The prompt: where one writes to the model."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from widgets import typed_wrap
from widgets.answer_wrap import shown
from widgets.in_order import InOrder

typed_wrap.install()


class Prompt(InOrder, TextArea):
    """A text that grows with what is written, sent by enter."""

    DEFAULT_CSS = """
    Prompt {
        height: auto;
        min-height: 3;
        max-height: 12;
        padding: 0 1;
        border: round $foreground 38%;
        background: $background;
        color: $foreground;
        border-title-color: $foreground;
        border-subtitle-color: $foreground 62%;
        scrollbar-size-vertical: 1;

        &:focus {
            border: round $accent;
            border-title-color: $background;
            border-title-background: $accent;
            border-title-style: bold;
        }
        & .text-area--placeholder { color: $foreground 62%; }
        & .text-area--cursor-line { background: transparent; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", _("Send"), id="prompt.send", tooltip=_("Send the message")),
        Binding("ctrl+j", "new_line", _("New line"), id="prompt.new_line", tooltip=_("Begin a new line")),
    ]

    class Submitted(Message):
        """The message is to be sent."""

        def __init__(self, prompt: Prompt, text: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(
            id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", placeholder=_("Write a message…")
        )
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.earlier: Sequence[str] = ()
        """What was sent before, oldest first; `up` on an empty prompt recalls it."""
        self._recalled = 0
        self._subtitle = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave f7 to the screen; a text area would choose everything."""
        return action != "select_all" and super().check_action(action, parameters)

    def title(self, words: str) -> None:
        """Set the title: whom one writes to."""
        self.border_title = Content(f" {words} ") if words else None

    def subtitle(self, words: str) -> None:
        """Set the words at the lower edge; before them stands how many lines there are where not all are seen."""
        self._subtitle = words
        self._say_lines()

    def on_text_area_changed(self) -> None:
        """Say how many lines there are now."""
        self.call_after_refresh(self._say_lines)

    def on_resize(self) -> None:
        """More or fewer of them are seen."""
        self._say_lines()

    def _say_lines(self) -> None:
        count = self.document.line_count
        lines = ngettext("{count} line", "{count} lines", count).format(count=count)
        hidden = self.wrapped_document.height > max(self.content_size.height, 1)
        words = Content(" · ".join(part for part in (lines if hidden else "", self._subtitle) if part))
        if words.markup != (self.border_subtitle or ""):
            self.border_subtitle = words

    def room(self, height: int) -> None:
        """Say how high the place around is: the prompt takes ten lines or a third of the screen, and half of that place at most."""
        self.styles.max_height = 2 + max(1, min(10, self.app.size.height // 3 - 2, height // 2 - 2))
        self.styles.min_height = 5 if height >= 30 else 3

    def begin(self, text: str, earlier: Sequence[str]) -> None:
        """Put a text there, and what was sent before."""
        self.earlier = earlier
        self._recalled = 0
        self.text = text
        self.move_cursor(self.document.end)

    def typed_since(self, sent: str) -> str:
        """Give what was typed after that text was sent, by somebody faster than the screen."""
        return self.text.removeprefix(sent) if self.text != sent and self.text.startswith(sent) else ""

    def action_send(self) -> None:
        """Offer the text to be sent; whoever takes it clears the prompt."""
        if self.text.strip():
            self.post_message(self.Submitted(self, self.text))

    def action_new_line(self) -> None:
        """Begin a new line."""
        self._replace_via_keyboard("\n", *self.selection)

    def action_cursor_up(self, select: bool = False) -> None:
        """Recall what was sent before when there is nothing above to go to."""
        recalling = self._recalled and self.text == self.earlier[-self._recalled]
        if (
            not select
            and (not self.text or (recalling and self.cursor_at_first_line))
            and self._recalled < len(self.earlier)
        ):
            self._recalled = self._recalled + 1 if recalling else 1
            self._recall()
            return
        super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go back to later ones while recalling."""
        if not select and self._recalled and self.text == self.earlier[-self._recalled] and self.cursor_at_last_line:
            self._recalled -= 1
            self._recall()
            return
        super().action_cursor_down(select)

    async def _on_paste(self, event: events.Paste) -> None:
        """A paste keeps its lines, and brings no control characters."""
        event.prevent_default()
        event.stop()
        text = shown(event.text.replace("\r\n", "\n").replace("\r", "\n"))
        if result := self._replace_via_keyboard(text, *self.selection):
            self.move_cursor(result.end_location)

    def _recall(self) -> None:
        self.text = self.earlier[-self._recalled] if self._recalled else ""
        self.move_cursor(self.document.end)
