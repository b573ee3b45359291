"""One message of a conversation: a question, or an answer with its reasoning and its figures."""

from __future__ import annotations

import time
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from typing import Literal

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Static

from widgets.answer_markdown import MOST_RENDERED, AnswerMarkdown, sections
from widgets.answer_text import GrowingText, blank_lines
from widgets.answer_wrap import shown


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as it is shown."""

    role: Literal["you", "model"]
    name: str
    text: str = ""
    reasoning: str = ""
    thought: float | None = None
    """Seconds of reasoning."""
    thought_tokens: int | None = None
    figures: str = ""
    """The line under an answer, already in words."""
    note: str = ""
    """What went wrong, in words."""
    running: bool = False


class Fold(Static):
    """The first line of an answer: whose it is, and its reasoning, folded. A click or `z` unfolds it."""

    class Pressed(Message):
        """It was clicked."""

    def on_click(self, event: events.Click) -> None:
        """Say so."""
        event.stop()
        self.post_message(self.Pressed())


class Answer(Vertical):
    """A message with a coloured bar at its left."""

    DEFAULT_CSS = """
    Answer {
        height: auto;
        margin-bottom: 1;

        & > Fold {
            height: 1;
            text-wrap: nowrap;
            text-overflow: ellipsis;
            padding-left: 1;
            border-left: outer $success;
        }
        & > AnswerMarkdown { padding-left: 1; border-left: outer $success; }
        & > .thoughts { color: $foreground 62%; }
        & > .below { color: $foreground 62%; padding: 1 0 0 2; height: auto; }
        & > .below.failed { color: $error; }
    }
    Answer.-chosen > Fold { background: $panel; }
    Answer.you {
        & > Fold { border-left: outer $primary; }
        & > GrowingText > .growing-text--bar { color: $primary; }
    }
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)
    """Textual's own, without its second layout and paint of everything each time the size changed."""

    def __init__(self, entry: Entry) -> None:
        """Show an entry."""
        super().__init__(classes=entry.role)
        self.entry = entry
        self.unfolded = False
        self.chosen = False
        self._began = time.monotonic()
        self._head = Fold()
        self._thoughts: GrowingText | None = None
        self._below = Static(classes="below")
        self._below_drawn = 0.0
        self._put_there: dict[Static, Content] = {}
        self._plain: list[tuple[GrowingText, str]] = []
        """The parts that are plain text still, each with its Markdown; empty where it is to stay plain."""

    def compose(self) -> ComposeResult:
        """The head, the text, the figures: at once, so that one layout gives the height."""
        entry = self.entry
        whole = entry.running or entry.role == "you"
        yield self._head
        yield from self._parts([entry.text] if whole else sections(entry.text), cursor=entry.running)
        yield self._below
        self._draw()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing of its own."""
        return blank_lines(self, crop)

    def grow(self, entry: Entry) -> None:
        """Take in a later state of a running answer: text and reasoning only ever grew."""
        before, self.entry = self.entry, entry
        if self._plain and len(entry.text) > len(before.text):
            self._plain[-1][0].append(entry.text[len(before.text) :])
        if self._thoughts is not None and len(entry.reasoning) > len(before.reasoning):
            self._thoughts.append(entry.reasoning[len(before.reasoning) :])
        self._draw()

    async def finish(self, entry: Entry) -> None:
        """Take in the final state; from now on it is rendered when it is seen."""
        self.grow(entry)
        if not self._plain:
            return
        parts = sections(entry.text)
        if len(parts) == 1:
            self._plain = [(self._plain[0][0], entry.text)]
            self._plain[0][0].finish()
            self._plain[0][0].display = bool(entry.text)
        else:
            with self.app.batch_update():
                await self._plain[0][0].remove()
                await self.mount_all(self._parts(parts), before=self._below)

    def _parts(self, parts: list[str], cursor: bool = False) -> list[GrowingText]:
        """Plain texts of the parts of an answer."""
        texts = [
            GrowingText(part.strip("\n") if len(parts) > 1 else part.rstrip("\n"), cursor=cursor) for part in parts
        ]
        self._plain = list(zip(texts, parts, strict=True))
        texts[0].display = cursor or bool(parts[0])
        return texts

    async def render_seen(self, top: int, bottom: int) -> int | None:
        """Render one section between two rows of the screen as Markdown; say at which row it began, None if there was none."""
        if self.entry.role == "you" or self.entry.running:
            return None
        for place, (text, source) in enumerate(self._plain):
            seen = text.region
            if source and len(source) <= MOST_RENDERED and seen.y < bottom and seen.bottom > top:
                self._plain[place] = (text, "")
                await self._rendered(text, source)
                return seen.y
        return None

    async def _rendered(self, text: GrowingText, source: str) -> None:
        made = AnswerMarkdown(shown(source))
        with self.app.batch_update():
            made.display = False
            await self.mount(made, after=text)
            text.display = False
            made.display = True
        await text.remove()

    async def toggle(self) -> None:
        """Fold or unfold the reasoning."""
        if not self.entry.reasoning:
            return
        self.unfolded = not self.unfolded
        if self._thoughts is not None:
            await self._thoughts.remove()
            self._thoughts = None
        if self.unfolded:
            self._thoughts = GrowingText(self.entry.reasoning.rstrip("\n"), quoted=True, classes="thoughts")
            await self.mount(self._thoughts, after=self._head)
        self._draw()

    def choose(self, chosen: bool) -> None:
        """Mark it as the chosen one, or take the mark away."""
        self.chosen = chosen
        self.set_class(chosen, "-chosen")
        self._draw()

    async def on_fold_pressed(self, event: Fold.Pressed) -> None:
        """A click on the head folds."""
        event.stop()
        await self.toggle()

    def tick(self) -> None:
        """Let the seconds go on while an answer is awaited."""
        if self.entry.running:
            self._draw()

    def _draw(self) -> None:
        entry = self.entry
        colour = "$primary" if entry.role == "you" else "$success"
        words = shown(entry.name)
        name = Content.styled(f" {words} " if self.chosen else words, f"bold {colour}" + " reverse" * self.chosen)
        self._put(self._head, Content("  ").join([name, *self._status()]))
        self._draw_below()

    def _draw_below(self) -> None:
        """The figures change with every piece: twice a second is enough to read them."""
        entry, now = self.entry, time.monotonic()
        if entry.running and now - self._below_drawn < 0.5:
            return
        self._below_drawn = now
        lines = [line for line in (shown(entry.note), shown(entry.figures), self._unseen()) if line]
        self._put(self._below, Content("\n".join(lines)))
        if self._below.has_class("failed") != bool(entry.note):
            self._below.set_class(bool(entry.note), "failed")
        if self._below.display != bool(lines):
            self._below.display = bool(lines)

    def _put(self, place: Static, content: Content) -> None:
        """Put words where they are, with a new layout only when their number of lines changed."""
        before = self._put_there.get(place)
        if before is not None and before.is_same(content):
            return
        self._put_there[place] = content
        lines = 0 if before is None else before.plain.count("\n") + bool(before)
        place.update(content, layout=lines != content.plain.count("\n") + bool(content))

    def _status(self) -> list[Content]:
        entry = self.entry
        if entry.running and not entry.text:
            return [self._waiting()]
        parts: list[Content] = []
        if entry.reasoning:
            parts.append(Content.styled(self._fold_line(), "$foreground 62%"))
        if entry.running:
            parts.append(Content.styled(_("◐ answering"), "$warning"))
        return parts

    def _waiting(self) -> Content:
        seconds = time.monotonic() - self._began
        if not self.entry.reasoning:
            words = (
                _("◐ waiting for the first token") if seconds < 2 else _("◐ waiting {seconds} s for the first token")
            )
            return Content.styled(words.format(seconds=int(seconds)), "$warning")
        last = shown(self.entry.reasoning[-400:].rstrip().rpartition("\n")[2].strip())[-200:]
        words = _("◐ thinking {seconds:.0f} s").format(seconds=self.entry.thought or seconds)
        parts = [Content.styled(words, "$warning")]
        if last and not self.unfolded:
            parts.append(Content.styled(last, "$foreground 62%"))
        return Content("  ").join(parts)

    def _fold_line(self) -> str:
        mark = "▾" if self.unfolded else "▸"
        entry = self.entry
        parts = [_("thought") if entry.thought is None else _("thought {seconds:.1f} s").format(seconds=entry.thought)]
        if entry.thought_tokens:
            words = ngettext("{count} token", "{count} tokens", entry.thought_tokens)
            parts.append(words.format(count=entry.thought_tokens))
        return f"{mark} {' · '.join(parts)}"

    def _unseen(self) -> str:
        unseen = sum(text.unseen for text, _source in self._plain)
        if not unseen:
            return ""
        words = ngettext(
            "{count} more character is not drawn; y copies all",
            "{count} more characters are not drawn; y copies all",
            unseen,
        )
        return words.format(count=unseen)
