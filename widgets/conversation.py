"""A conversation: messages one below the other, followed while the reader is at the end."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import Static

from widgets.answer import Answer, Entry
from widgets.answer_text import blank_lines
from widgets.calm_bar import CalmBar
from widgets.conversation_keys import CONVERSATION_KEYS

MOUNTED = 24
"""Messages that stand on the screen at first; earlier ones come when the reader scrolls to them."""


class Conversation(VerticalScroll):
    """The messages of one conversation."""

    DEFAULT_CSS = """
    Conversation {
        height: 1fr;
        scrollbar-size-vertical: 1;
        background: $background;
        border: blank;
        border-title-color: $background;
        border-title-background: $accent;
        border-title-style: bold;
        &:focus { border: round $accent; }

        /* unseen, and as high as the view: Textual's anchor would push what is shorter down to the end */
        & > .floor { position: absolute; width: 1; height: 100%; visibility: hidden; }
        & .empty { color: $foreground 62%; padding: 1 2; display: none; }
        &.-empty .empty { display: block; }
    }
    /* where rows are few, only the title's */
    .-short Conversation { border: none; border-top: blank; }
    .-short Conversation:focus { border: none; border-top: round $accent; }
    """

    BINDINGS: ClassVar[list[BindingType]] = list(CONVERSATION_KEYS)

    class Wanted(Message):
        """The reader wants something done with the conversation."""

        def __init__(
            self, what: Literal["write", "edit", "retry", "copy", "snippet"], place: int | None = None
        ) -> None:
            super().__init__()
            self.what = what
            self.place = place
            """The chosen message, from 0; None when none is chosen."""

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    """Textual's own, without its second layout and paint of everything each time the size changed."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id, can_focus=True)
        self._entries: list[Entry] = []
        self._first = 0
        self._chosen: int | None = None
        self._empty = Static(classes="empty")
        self._floor = Static(classes="floor")
        self._busy = False
        self._looking: Timer | None = None

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """Textual's own way to make it, with another bar."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = CalmBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    def compose(self) -> ComposeResult:
        """The words that stand there while there is no message."""
        yield self._floor
        yield self._empty

    def on_mount(self) -> None:
        """Follow the end, and render what is seen."""
        self.set_class(True, "-empty")
        self.anchor()
        self._looking = self.set_interval(0.15, self._look, pause=True)
        self.set_interval(1.0, self._tick)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """See what came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._see()

    def on_focus(self) -> None:
        """Say that it has the focus: nothing else shows it while no message is chosen."""
        self.border_title = Content(f" {_('Conversation')} ")

    def on_blur(self) -> None:
        """Be quiet again."""
        self.border_title = None

    def on_resize(self) -> None:
        """See what came into view."""
        self._see()

    def on_show(self) -> None:
        """See what came into view."""
        self._see()

    def _see(self) -> None:
        """Look as soon as it is laid out, and again until nothing is left to render: at rest no timer runs."""
        if self._looking is not None:
            self.call_after_refresh(self._looking.resume)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing of its own but the frame of the focus."""
        return super().render_lines(crop) if self.has_focus else blank_lines(self, crop)

    def say_when_empty(self, words: str) -> None:
        """Set the words that stand there while there is no message."""
        self._empty.update(Content(words))

    async def show(self, entries: Sequence[Entry]) -> None:
        """Show another conversation, from its end."""
        self._entries = list(entries)
        self._chosen = None
        self._first = max(0, len(entries) - MOUNTED)
        with self.app.batch_update():
            await self.query_children(Answer).remove()
            await self.mount_all([Answer(entry) for entry in self._entries[self._first :]])
        self.set_class(not entries, "-empty")
        self.anchor()
        self._see()

    async def add(self, entry: Entry) -> None:
        """Add a message at the end and go there."""
        self._mark(None)
        self._entries.append(entry)
        self.remove_class("-empty")
        await self.mount(Answer(entry))
        self.anchor()

    async def cut(self, length: int) -> None:
        """Take away every message from a place on."""
        answers = list(self.query_children(Answer))[max(0, length - self._first) :]
        del self._entries[length:]
        if self._chosen is not None and self._chosen >= length:
            self._chosen = None
        for answer in answers:
            await answer.remove()
        self.set_class(not self._entries, "-empty")

    async def update_last(self, entry: Entry) -> None:
        """Show a later state of the last message, running or finished."""
        answers = self.query_children(Answer)
        if not self._entries or not answers:
            return
        self._entries[-1] = entry
        if entry.running:
            answers.last().grow(entry)
        else:
            await answers.last().finish(entry)
            self._see()

    def action_want(self, what: Literal["write", "edit", "retry", "copy", "snippet"]) -> None:
        """Say what is wanted."""
        self.post_message(self.Wanted(what, self._chosen))

    async def action_choose(self, step: int) -> None:
        """Choose the message above or below; one that is higher than the view is read to its end first."""
        chosen = self._answer(self._chosen)
        if chosen is None or not self._near(chosen):
            await self._choose(self._lowest())
        elif (chosen.region.y < self.region.y) if step < 0 else (chosen.region.bottom > self.region.bottom):
            self.scroll_relative(y=3 * step, animate=False)
        elif self._chosen == len(self._entries) - 1 and step > 0:
            self._mark(None)
            self.action_scroll_end()
        else:
            await self._choose(max(0, (self._chosen or 0) + step))

    async def action_first_message(self) -> None:
        """Go to the first message, which may have to be brought first."""
        while self._first:
            await self._earlier()
        self.scroll_home(animate=False)

    async def action_fold(self) -> None:
        """Fold or unfold the reasoning of the lowest answer in view."""
        for answer in reversed(self.query_children(Answer)):
            if answer.entry.reasoning and answer.region.y < self.region.bottom:
                await answer.toggle()
                return

    async def _look(self) -> None:
        """Render what came into view, one section at a time, and bring earlier messages when the reader is at the top."""
        if self._busy:
            return
        self._busy = True
        try:
            if self._first and self.scroll_y <= 2:
                await self._earlier()
            for answer in reversed(self.query_children(Answer)):
                if self._near(answer) and await self._render_section(answer):
                    return
            if self._looking is not None and not (self._first and self.scroll_y <= 2):
                self._looking.pause()
        finally:
            self._busy = False

    async def _choose(self, place: int | None) -> None:
        while place is not None and place < self._first:
            await self._earlier()
        self._mark(place)
        if (answer := self._answer(place)) is not None:
            self.scroll_to_widget(answer, animate=False, top=answer.region.height > self.region.height)

    def _mark(self, place: int | None) -> None:
        for one, chosen in ((self._chosen, False), (place, True)):
            if (answer := self._answer(one)) is not None:
                answer.choose(chosen)
        self._chosen = place

    def _answer(self, place: int | None) -> Answer | None:
        answers = self.query_children(Answer)
        return answers[place - self._first] if place is not None and self._first <= place < len(self._entries) else None

    def _lowest(self) -> int | None:
        """The lowest message in view."""
        answers = list(self.query_children(Answer))
        seen = [place for place, answer in enumerate(answers, self._first) if self._near(answer)]
        return seen[-1] if seen else None

    def _near(self, answer: Answer) -> bool:
        return answer.region.y < self.region.bottom and answer.region.bottom > self.region.y

    async def _render_section(self, answer: Answer) -> bool:
        """Render a section of an answer; what the reader sees below it stays where it is."""
        height = self.virtual_size.height
        section = await answer.render_seen(self.region.y, self.region.bottom)
        if section is not None and section < self.region.y:
            self._keep_place(height)
        return section is not None

    async def _earlier(self) -> None:
        start = max(0, self._first - MOUNTED)
        earlier = [Answer(entry) for entry in self._entries[start : self._first]]
        height = self.virtual_size.height
        with self.app.batch_update():
            await self.mount_all(earlier, before=self.query_children(Answer).first())
        self._first = start
        self._keep_place(height)

    def _keep_place(self, height: int) -> None:
        """Scroll by what was added above the reader, once it is laid out."""
        if self.is_anchored and not self._anchor_released:
            return
        self.call_after_refresh(lambda: self.scroll_relative(y=self.virtual_size.height - height, animate=False))

    def _tick(self) -> None:
        if self._entries and self._entries[-1].running:
            self.query_children(Answer).last().tick()
