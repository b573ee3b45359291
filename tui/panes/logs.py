"""The Logs tab: the chosen server's log, and above it how its start goes."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from tui.insight.log_reader import LogReader, ReadLines
from tui.insight.phases import Boot
from tui.messages import CopyAsked, ServiceFailed
from tui.panes.log_cause import LogCause
from tui.panes.log_choice import Follower, LogOf, follower, no_log, silence
from tui.panes.log_file import meant, proposed_path, save
from tui.panes.log_follow import Span
from tui.services.errors import ServiceError
from tui.services.failures import Failure
from tui.services.host import Host
from tui.services.server import Server
from tui.services.state_words import phase_words
from tui.services.tried import Tried
from widgets.cause_card import CauseCard
from widgets.log_bar import LogBar
from widgets.log_box import LogBox, grouped
from widgets.log_chunk import LogLines
from widgets.log_saved import saved
from widgets.log_startup import StartupBar
from widgets.log_view import LogView

READY_SECONDS, READY_SECONDS_IN_FEW_ROWS = 30.0, 10.0
"""How long a start that is ready still stands above the log."""
CRAMPED = 22
"""Rows of the pane below which the card and the start-up bar together leave too little of the log."""
ROOMY = 30
"""Rows of the terminal from which it may stand there longer."""


class LogsPane(Vertical):
    """Shows the log of one server.

    Args:
        host: Where the server runs.
        limit: Bytes of the log to keep at most, about.
        log_of: Says where the log of a server without a container is.
        tried: Which fixes were tried before.
    """

    DEFAULT_CSS = """
    LogsPane {
        height: 1fr;
        & > StartupBar { display: none; }
        &.-booting > StartupBar { display: block; }
        &.-booting.-cramped.-explained > StartupBar { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "span", _("Since"), id="log.span", tooltip=_("Read the whole log, or only its end"), show=False),
    ]

    server: reactive[Server | None] = reactive(None, repaint=False)
    """Whose log is shown."""
    boot: reactive[Boot | None] = reactive(None, repaint=False)
    """Its start, while that is worth showing."""
    failure: reactive[Failure | None] = reactive(None, repaint=False)
    """Why it failed, while it has failed."""
    span: reactive[Span] = reactive(Span.ALL, init=False, repaint=False)
    """How much of the log is read."""

    class FixAsked(Message):
        """A way out of a failure was chosen."""

        def __init__(self, server: Server, failure: Failure, fix: int) -> None:
            super().__init__()
            self.server = server
            self.failure = failure
            self.fix = fix
            """Which of its fixes, counted from 0."""

    def __init__(
        self,
        host: Host,
        *,
        limit: int = 256_000_000,
        log_of: LogOf = lambda server: None,
        tried: Tried | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._host = host
        self._log_of = log_of
        self.box = LogBox(limit=limit)
        """The log in its frame; held, for what the follower says outlives the tree when the app ends."""
        self._startup = StartupBar()
        self._cause = LogCause(self, tried or Tried(), self._ask_fix)
        self._reader = LogReader()
        self._follower: Follower | None = None
        self._trouble = ""
        self._ending: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield self._cause.card
        yield self._startup
        yield self.box

    @property
    def view(self) -> LogView:
        """The log."""
        return self.box.view

    def on_mount(self) -> None:
        """Open the chosen server's log."""
        self._open()
        self.set_interval(1.0, self._look)
        self._cause.show(self.server, self.failure)

    def watch_server(self, old: Server | None, new: Server | None) -> None:
        """Open another server's log, or look again at the same."""
        if not self.is_mounted:
            return
        same = old is not None and new is not None and old.key == new.key
        # A row that stands for a name alone has no container yet, and so no log to go on with.
        follows = self._follower is not None and new is not None and new.kind == "container" and new.id != new.name
        if old is not None and new is not None and same and (old.id == new.id or follows):
            if self._follower is not None and (old.id, old.state) != (new.id, new.state):
                self._follower.poke()
            return
        self._open()

    def watch_failure(self) -> None:
        """Show why it failed, above the log; it goes as soon as it starts again."""
        self.set_class(self.failure is not None, "-explained")
        if self.is_mounted:
            self._cause.show(self.server, self.failure)

    def on_resize(self) -> None:
        """Where there are few rows the card is worth more than the start-up bar."""
        self.set_class(self.size.height < CRAMPED, "-cramped")

    @on(CauseCard.Asked)
    def _cause_asked(self, event: CauseCard.Asked) -> None:
        event.stop()
        self._cause.asked(event)

    def _ask_fix(self, server: Server, failure: Failure, fix: int) -> None:
        self.post_message(self.FixAsked(server, failure, fix))

    def watch_span(self) -> None:
        """Read the log anew, more or less of it."""
        if self.is_mounted:
            self._open()

    def watch_boot(self, boot: Boot | None) -> None:
        """Show how the start goes; one that is ready stays for a while, so that its end is seen."""
        if self._ending is not None:
            self._ending.stop()
            self._ending = None
        left = self._left(boot)
        self.set_class(boot is not None and left > 0, "-booting")
        if boot is not None and boot.ready_at is not None and left > 0:
            self._ending = self.set_timer(left, self._hide_startup)
        if boot is not None and self.is_mounted:
            phases = [
                StartupBar.Phase(phase_words(p.name), p.state, p.seconds, p.fraction, p.usual) for p in boot.phases
            ]
            self._startup.show(phases, boot.seconds, boot.last_good)

    def _left(self, boot: Boot | None) -> float:
        """Say for how many seconds a start is still worth its rows."""
        if boot is None or boot.ready_at is None:
            return math.inf
        kept = READY_SECONDS if self.app.size.height >= ROOMY else READY_SECONDS_IN_FEW_ROWS
        return min(kept, boot.ready_at + kept - time.time())

    def _hide_startup(self) -> None:
        self._ending = None
        self.remove_class("-booting")

    def go_to_line(self, number: int) -> None:
        """Bring the line with this number into view and choose it."""
        index = self.view.store.index_of(number)
        if index is not None:
            self.view.reveal(index)

    # what the follower says

    def lines_came(self, lines: Sequence[bytes], partial: bytes) -> None:
        """Show complete lines, and an unfinished last one."""
        read = _shown(self._reader.read(lines))
        self.view.add(read, _shown(self._reader.peek(partial)) if partial else None)

    def divided(self, text: str, stamp: str) -> None:
        """Show a divider."""
        self._reader.divide()
        self.view.divide(f"── {text} ──", stamp.encode())

    def told(self, text: str, more: str = "") -> None:
        """Show why nothing comes: in the title when there are lines, in their place when there are none."""
        self.box.trouble = text if self.view.store.last_number else ""
        self._trouble = str(ServiceError(text, mend=more))
        self._say_why_empty()

    def _look(self) -> None:
        self._say_why_empty()
        self._cause.again()

    def _say_why_empty(self) -> None:
        """Say why there is no line: what stands in the way, else for how long nothing was written."""
        if self._follower is not None and self.display:
            written = self.view.store.last_number or self.span is Span.MINUTES
            self.view.notice = self._trouble or ("" if written else silence(self.server, time.time()))

    # what the reader asks for

    def action_span(self) -> None:
        """Read more or less of the log."""
        spans = list(Span)
        self.span = spans[(spans.index(self.span) + 1) % len(spans)]

    @on(LogView.Copied)
    def _copied(self, event: LogView.Copied) -> None:
        event.stop()
        what = ngettext("{count} line of the log", "{count} lines of the log", event.lines)
        self.post_message(CopyAsked(event.text, what.format(count=grouped(event.lines))))

    @on(LogBar.Submitted)
    async def _save(self, event: LogBar.Submitted) -> None:
        event.stop()
        self.run_worker(self._save_to(event.text), group="save log", exclusive=True, exit_on_error=False)

    async def _save_to(self, path: str) -> None:
        chunks = self.view.store.snapshot()
        counted = _Counted(saved(chunks, self.view.only))
        try:
            place = await save(path, counted)
        except ServiceError as error:
            self.post_message(ServiceFailed(error))
            return
        text = ngettext("{count} line saved to {path}", "{count} lines saved to {path}", counted.lines)
        told = text.format(count=grouped(counted.lines), path=place)
        if place.name != meant(path).name:
            told += " · " + _("{name} was there already and is left as it was").format(name=meant(path).name)
        self.notify(told, markup=False)

    def _open(self) -> None:
        """Begin anew with the chosen server."""
        self.workers.cancel_group(self.view, "log")
        self._follower = None
        self._reader = LogReader()
        self.view.clear()
        server = self.server
        self.box.name_shown = server.name if server else ""
        self.box.span_shown = "" if self.span is Span.ALL else self.span.text
        self.box.trouble = self._trouble = ""
        self.view.notice = no_log(server, self._log_of)
        if server is None or self.view.notice:
            return
        self.box.save_as = proposed_path(server.name, time.strftime("%Y%m%d-%H%M%S"))
        self._follower = follower(server, self._host.engine, self._log_of, self.span, self)
        # The view's own worker: it ends with the view, before the rest of the tree is taken down.
        self.view.run_worker(self._follower.follow(), group="log", exclusive=True)


def _shown(read: ReadLines) -> LogLines:
    """Translate what was read into what the view shows."""
    return LogLines(read.texts, read.stamps, read.levels, read.starts, read.polls, read.passed, read.heads, read.counts)


class _Counted:
    """Blocks of lines that count themselves while they are written."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = blocks
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self.lines += block.count(b"\n")
            yield block
