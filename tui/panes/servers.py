"""The panel at the left: every server and container, and the facts of the chosen one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from gettext import gettext as _

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widgets import Static

from tui.panes.server_details import details
from tui.panes.server_keys import FOR_ALL_MARKED, LOOKING, SERVER_KEYS
from tui.panes.server_kinds import offered
from tui.panes.server_rows import Rows
from tui.panes.server_words import border_words, nothing_words, ticks
from tui.services.fleet_view import FleetView
from tui.services.server import Server
from widgets.details import Details
from widgets.server_list import ServerList
from widgets.stacked import Stack

REST_SECONDS = 0.12
"""How long the cursor must rest on a row before the tabs show it."""
WRITTEN_SECONDS = 0.03
"""How long after its layout the first frame is on its way to the terminal."""


class ServersPane(Stack):
    """Shows the fleet, says which server is chosen and what is asked of it."""

    DEFAULT_CSS = """
    ServersPane {
        height: auto;
        border: round $foreground 38%;
        border-title-style: bold;
        border-title-color: $foreground 80%;
        border-subtitle-color: $foreground 62%;
        &:focus-within {
            border: round $accent;
            border-title-style: bold reverse;
            border-title-color: $accent;
        }
        & > #nothing { color: $foreground 80%; padding: 0 1; height: auto; }
    }
    """
    LEAST = 4
    BINDINGS = SERVER_KEYS

    fleet: reactive[FleetView] = reactive(FleetView(""), repaint=False)
    """The newest picture."""
    answering: reactive[frozenset[tuple[str, str]]] = reactive(frozenset(), repaint=False)
    """Servers that are writing an answer for us."""
    under_way: reactive[frozenset[str]] = reactive(frozenset(), repaint=False)
    """Names of the servers that are being launched or recreated: `u` calls it off."""
    usage: reactive[tuple[Details.Line, ...]] = reactive((), repaint=False)
    """What the chosen one's container uses."""
    show_others: reactive[bool | None] = reactive(None, repaint=False)
    """Whether other containers are shown; None shows them only while there is no server."""
    filter: reactive[str] = reactive("", repaint=False)
    """Only rows whose name holds this."""
    offers_demo = False
    """Whether it says how to see a demo, while there is no server."""

    class Painted(Message):
        """It stands on the screen for the first time: what takes longer may begin."""

    class Chosen(Message):
        """Another server or container was chosen; None when there is nothing."""

        def __init__(self, server: Server | None) -> None:
            super().__init__()
            self.server = server

    class Asked(Message):
        """The user wants something done with the chosen server."""

        def __init__(self, action: str, server: Server | None, marked: tuple[Server, ...] = ()) -> None:
            super().__init__()
            self.action = action
            self.server = server
            self.marked = marked
            """Who it is for instead, when something is marked."""

    def __init__(
        self, is_saved: Callable[[str], bool] = bool, *, read_only: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._is_saved = is_saved
        self.read_only = read_only
        self.border_title = _("Servers")
        self._rows = Rows()
        self._servers: dict[str, Server] = {}
        self._marked: frozenset[str] = frozenset()
        self._awaited: str | None = None
        self._painted = self._moved = False
        self._resting: Timer | None = None
        self._nothing: str | None = None

    def compose(self) -> ComposeResult:
        """A list and, below it, the details."""
        yield ServerList()
        yield Static(id="nothing")
        yield Details()

    def on_show(self) -> None:
        """The compositor says so when it has drawn it."""
        if not self._painted:
            self._painted = True
            # Shown is laid out, not written: that comes when the app's mounting ends, and Textual tells nobody.
            self.set_timer(WRITTEN_SECONDS, lambda: self.post_message(self.Painted()))

    def on_mount(self) -> None:
        """Ages tick."""
        self.set_interval(1.0, self._tick)

    @property
    def chosen(self) -> Server | None:
        """The server under the cursor."""
        cursor = self.query_one(ServerList).cursor
        return self._servers.get(cursor) if cursor else None

    @property
    def _marked_in_sight(self) -> tuple[Server, ...]:
        """Those that several wishes are for: nothing is done with what a filter hides."""
        return tuple(self._servers[row.key] for row in self.query_one(ServerList).rows if row.marked)

    def choose(self, name: str) -> None:
        """Put the cursor on a server; on one that is not there yet as soon as it is."""
        self._moved = True
        self._awaited = None if name in self._servers else name
        if name in self._servers:
            self.query_one(ServerList).cursor = name
            self._tell()

    def choose_next(self) -> None:
        """Go on to the next server, round and round."""
        names = [row.key for row in self.query_one(ServerList).rows if not row.heading]
        if names:
            here = names.index(self.query_one(ServerList).cursor or names[0])
            self.choose(names[(here + 1) % len(names)])

    def focus_list(self) -> None:
        """Give the list the focus."""
        self.query_one(ServerList).focus()

    def watch_fleet(self) -> None:
        """A new picture."""
        self._show()

    watch_answering = watch_filter = watch_fleet

    def watch_usage(self) -> None:
        """Only the details change."""
        if self.is_mounted:
            self._show_details()

    def watch_under_way(self) -> None:
        """The bottom line follows."""
        self.refresh_bindings()

    def watch_show_others(self) -> None:
        """More or fewer rows."""
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The bottom line names only what can be done with the chosen one."""
        if not self.is_mounted or action not in {"ask", "mark", "unmark"}:
            return action != "others" or bool(self.fleet.others)
        if action == "unmark":
            return bool(self._marked)
        wish, chosen = parameters[0] if parameters else action, self.chosen
        if self.read_only and wish not in LOOKING:
            return False
        demo = self.offers_demo and self.fleet.loaded and not self.fleet.servers
        if {"launch": True, "paste": True, "demo": demo}.get(
            str(wish), wish in FOR_ALL_MARKED and self._marked_in_sight
        ):
            return True
        if chosen is None or wish == "demo":
            return False
        return offered(str(wish), chosen, chosen.name in self.under_way)

    def action_ask(self, action: str) -> None:
        """Pass the wish on, with the server it is about."""
        self._moved = True
        self._tell()
        marked = self._marked_in_sight if action in FOR_ALL_MARKED else ()
        self.post_message(self.Asked(action, self.chosen, marked))

    def action_mark(self) -> None:
        """Mark the chosen one, or take its mark away."""
        if self.chosen is not None:
            self._moved = True
            self._mark(self._marked ^ {self.chosen.name})

    def action_unmark(self) -> None:
        """Take all marks away."""
        self._mark(frozenset())

    def action_others(self) -> None:
        """Show or hide the other containers."""
        self.show_others = not self._others_shown()

    @on(ServerList.Highlighted)
    def _highlighted(self, event: ServerList.Highlighted) -> None:
        event.stop()
        if event.by_user:
            self._moved = True
            self._awaited = None
        self._show_details()  # who runs through the list looks at the list: the tabs follow when he comes to rest
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST_SECONDS, self._tell)

    @on(ServerList.Opened)
    def _opened(self, event: ServerList.Opened) -> None:
        event.stop()
        self.action_ask("open")

    def _mark(self, names: frozenset[str]) -> None:
        self._marked = names
        self._show()
        self.refresh_bindings()

    def _others_shown(self) -> bool:
        return not self.fleet.servers if self.show_others is None else self.show_others

    def _show(self) -> None:
        if not self.is_mounted:
            return
        now, before = time.time(), self.chosen
        shown = [server for server in self.fleet.servers if self.filter in server.name]
        rows = [self._rows.server(server, server.key in self.answering, now) for server in shown]
        self._servers = {server.name: server for server in self.fleet.servers}
        if self._others_shown():
            others = [one for one in self.fleet.others if self.filter in one.name]
            if others and rows:
                rows.append(ServerList.Row("others", "", _("other containers"), "", heading=True))
            for container in others:
                row, server = self._rows.container(self.fleet, container, now)
                rows.append(row)
                self._servers[server.name] = server
        self._rows.keep({row.key for row in rows})
        self._marked &= self._servers.keys()
        (server_list := self.query_one(ServerList)).show(
            [replace(row, marked=True) if row.key in self._marked else row for row in rows]
        )
        # Whoever works in a tab has chosen the server that it shows.
        self._moved = self._moved or self.screen.focused not in {None, server_list}
        if not self._moved and rows:
            server_list.cursor = rows[0].key  # until the user chooses, the first row is the chosen one
        self._say_nothing("" if rows else nothing_words(self.fleet, self.filter, self.offers_demo))
        self._title(len(rows))
        if self.chosen != before and before is not None and before.name not in self._servers:
            # Renamed, or recreated perhaps: when the name comes back, so does the choice.
            self._awaited = next((one.name for one in shown if one.id == before.id), before.name)
        if self._awaited in self._servers:
            self.choose(self._awaited)
        elif self.chosen != before:
            self._tell()
        else:
            self._show_details()

    def _say_nothing(self, words: str) -> None:
        """Say why there are no rows; what stays as it is costs no new layout."""
        if words == self._nothing:
            return
        nothing, self._nothing = self.query_one("#nothing", Static), words
        nothing.display = bool(words)
        nothing.update(Content(words))
        self.query_one(ServerList).styles.max_height = 1 if words else None
        self.refresh_bindings()

    def _title(self, count: int) -> None:
        words = Content(border_words(self.fleet, count, len(self._marked_in_sight), self.filter))
        if words.markup != self.border_subtitle:  # it is painted with the whole panel
            self.border_subtitle = words

    def _show_details(self) -> None:
        chosen, now = self.chosen, time.time()
        failure = self.fleet.failures.get(chosen.key) if chosen else None
        self.query_one(Details).show(details(chosen, now, self._is_saved, self.usage, failure) if chosen else ())

    def _tell(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._show_details()
        self.post_message(self.Chosen(self.chosen))
        self.refresh_bindings()

    def _tick(self) -> None:
        if ticks(self.fleet, time.time()):
            self._show()
