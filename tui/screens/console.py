"""The console: the servers at the left, everything about the chosen one at the right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.reactive import reactive

from tui.messages import CopyAsked, DemoAsked, ServiceFailed
from tui.panes.servers import WRITTEN_SECONDS, ServersPane
from tui.screens.console_keys import CONSOLE_KEYS
from tui.screens.console_side import Side
from tui.screens.console_view import ViewedScreen
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State

if TYPE_CHECKING:
    from tui.panes.chat import ChatPane
    from tui.panes.logs import LogsPane
    from tui.panes.parameters import ParametersPane
    from tui.screens.console_actions import Actions
    from tui.screens.console_work import WorkArea
    from tui.screens.under_way import UnderWay
    from tui.services.gpu import GpuView
    from tui.services.services import Services


ROWS_SECONDS = 0.5
"""How long the tabs wait for the rows."""


class ConsoleScreen(ViewedScreen):
    """One server at a time, everything about it."""

    MODE = "console"
    BINDINGS = CONSOLE_KEYS
    EARLY = ("chat.stop", "log.clear", "parameters.recreate", "parameters.find")

    fleet: reactive[FleetView] = reactive(FleetView(""), repaint=False)
    """The newest picture, bound by the app."""
    gpus: reactive[GpuView | None] = reactive(None, repaint=False)
    """The newest reading of the GPUs, bound by the app."""
    server: reactive[Server | None] = reactive(None, init=False, repaint=False)
    """The chosen server, as it is now."""
    answering: reactive[frozenset[tuple[str, str]]] = reactive(frozenset(), repaint=False)
    """Who is writing an answer."""

    def __init__(self, services: Services, *, offers_demo: bool = False) -> None:
        super().__init__(services.host_name)
        self.services = services
        self._offers_demo = offers_demo
        self._told: tuple[str, str] | None = None
        self._work: WorkArea | None = None
        self._tab_wanted: tuple[str, bool] | None = None

    def compose_body(self) -> ComposeResult:
        """Servers left; the tabs follow once the first frame stands."""
        with Horizontal(id="console"):
            servers = ServersPane(self._is_saved, read_only=self.services.read_only)
            servers.offers_demo = self._offers_demo
            servers.data_bind(ConsoleScreen.fleet, ConsoleScreen.answering)
            yield Side(servers, lambda: self.services.host.engine)

    @cached_property
    def _actions(self) -> Actions:
        """Nothing is done with a server before the first frame stands."""
        from tui.screens.console_actions import Actions

        return Actions(self, self.services, self._launched, self._started_anew, self._under_way_changed)

    def _is_saved(self, profile: str) -> bool:
        return self.services.store.has(profile)

    def on_mount(self) -> None:
        """The list has the focus."""
        self.query_one(ServersPane).focus_list()

    @on(ServersPane.Painted)
    def _painted(self) -> None:
        """The rows come first; the tabs follow them, or come alone when the engine lets us wait."""
        self.set_timer(ROWS_SECONDS, self._mount_work)

    def watch_fleet(self, fleet: FleetView) -> None:
        """Tell a change of the engine's state once; keep the chosen server fresh."""
        self.set_class(fleet.loaded and not (fleet.servers or fleet.others), "-empty")
        trouble = (fleet.trouble.title, fleet.trouble.detail) if fleet.trouble else None
        if trouble != self._told:
            self._told = trouble
            if fleet.trouble is not None and (fleet.servers or fleet.others):
                # With no rows the panel itself says it, in full.
                self.post_message(ServiceFailed(fleet.trouble))
        if self._work is not None:
            self._work.boots, self._work.failures = fleet.boots, fleet.failures
        elif fleet.loaded:
            self.call_later(self.set_timer, WRITTEN_SECONDS, self._mount_work)  # the fleet's task knows no app
        self.services.tried.see(fleet.servers)
        self.refresh_bindings()
        self._show_server()

    def watch_gpus(self, view: GpuView | None) -> None:
        """A new reading."""
        if self.is_mounted:
            self.query_one(Side).show_gpus(view)

    def watch_server(self, server: Server | None) -> None:
        """The fleet asks the chosen one more often."""
        self.services.fleet.choose(server.key if server else None)
        if self._work is not None:
            self._work.server = server
        self._show_server()

    def _show_server(self) -> None:
        if self.is_mounted:
            self.query_one(Side).show_server(self.server, self.fleet)

    @on(ServersPane.Chosen)
    def _chosen(self, event: ServersPane.Chosen) -> None:
        self.server = event.server

    @on(ServersPane.Asked)
    def _asked(self, event: ServersPane.Asked) -> None:
        show = {"open": "", "logs": "logs", "chat": "chat", "edit": "parameters", "mend": "parameters"}
        if event.action == "copy":
            self._copy(event.server)
        elif event.action == "demo":
            self.post_message(DemoAsked())
        elif event.action == "open" and event.server is not None and event.server.state is State.FAILED:
            self._open_tab("logs")  # why it failed is what one wants to know of it
        elif event.action in show:
            self._open_tab(show[event.action], event.action == "mend")
        elif event.marked:
            self._actions.ask_all(event.action, event.marked, self.query_one(ServersPane).action_unmark)
        else:
            self._actions.ask(event.action, event.server)

    # By name, not with @on: the panes are imported after the first frame.
    def on_chat_pane_answering(self, event: ChatPane.Answering) -> None:
        """Show beside a server that it is writing."""
        self.answering = self.answering | {event.server_key} if event.answering else self.answering - {event.server_key}

    def on_chat_pane_unanswered(self, event: ChatPane.Unanswered) -> None:
        """Find out whether a server that keeps a question waiting works at all."""
        self.services.fleet.unanswered(event.server_key)

    def on_parameters_pane_recreate_asked(self, event: ParametersPane.RecreateAsked) -> None:
        """Carry out what was shown and confirmed."""
        self._actions.recreate(event.plan, event.done)

    def on_logs_pane_fix_asked(self, event: LogsPane.FixAsked) -> None:
        """Carry out the way out of a failure that was chosen."""
        self._actions.fix(event.server, event.failure, event.fix)

    def _under_way_changed(self) -> None:
        can_end = {name for name, work in self.under_way.items() if work.call_off is not None}
        self.query_one(ServersPane).under_way = frozenset(can_end)

    @property
    def under_way(self) -> Mapping[str, UnderWay]:
        """What takes its time, by the name of the server."""
        return self._actions.under_way

    def action_back(self) -> None:
        """End the filter, or go back to the servers; a tab that was asked for and has not come takes no focus any more."""
        self._tab_wanted = None
        if self._work is not None:
            self._work.leave()
        self.query("#filter").remove()
        self.query_one(ServersPane).filter = ""
        self.show_list()

    def action_go_to(self) -> None:
        """Go to a server or a tab by name."""
        from tui.screens.console_lists import places
        from tui.screens.console_work import tab_names

        self.app.push_screen(places(self.fleet, tab_names(), self._list_place()), self._go_to)

    def _launched(self, name: str) -> None:
        """A new server is on its way: its row is chosen as soon as it is there, and its log shown."""
        self.query_one(ServersPane).choose(name)
        if self._work is not None:
            self._work.bring("logs")

    def _started_anew(self, name: str) -> None:
        """A recreated server boots: its log shows how far it is, unless the user has gone elsewhere meanwhile."""
        work = self._work
        if work is None or work.two or work.tab != "parameters" or self.server is None or self.server.name != name:
            return
        if work.query("#parameters:focus-within"):
            self._open_tab("logs")
        else:
            work.bring("logs")

    def _go_to(self, place: str | None) -> None:
        kind, _colon, name = (place or "").partition(":")
        if kind == "tab":
            self._open_tab(name)
        elif kind == "server":
            self.query_one(ServersPane).choose(name)

    def _copy(self, server: Server | None) -> None:
        from tui.screens.console_lists import copies

        def copied(text: str | None) -> None:
            if text is not None:
                self.post_message(CopyAsked(text, text))

        if server is not None:
            self.app.push_screen(copies(server, self._list_place()), copied)

    def _list_place(self) -> Region:
        """Where a list opens: over the servers."""
        side = self.query_one(ServersPane).region
        return Region(side.x + 2, side.y, max(20, min(44, side.width - 4)), 1)

    def action_next_server(self) -> None:
        """Choose the next server wherever the focus is."""
        self.query_one(ServersPane).choose_next()

    def action_two_tabs(self) -> None:
        """Chat beside log, where there is room."""
        from tui.screens.console_work import TWO_COLUMNS

        if self.size.width < TWO_COLUMNS:
            self.notify(
                _("Two tabs side by side need 200 columns; this terminal has {count}.").format(count=self.size.width),
                markup=False,
            )
            return
        if self._work is not None:
            self._work.toggle_two()

    def action_new(self) -> None:
        """Open the launch screen."""
        self._actions.ask("launch", self.server)

    def action_add_endpoint(self) -> None:
        """Ask for an address at which models are served."""
        self._actions.add_endpoint()

    def action_tab(self, by: int) -> None:
        """Show the tab beside this one."""
        if self._work is not None:
            self._work.step(by)

    def show_tab(self) -> None:
        """Give the tab in front the focus."""
        self._open_tab("")

    def _open_tab(self, tab: str, mend: bool = False) -> None:
        if self.has_class("-narrow"):
            self.show_side(False)  # it stands over the tabs
        if self._work is None:
            self._tab_wanted = tab, mend  # the tabs are on their way
            self.gate.close()
        else:
            self._work.open(tab, mend)

    async def _mount_work(self) -> None:
        if self._work is not None:
            return
        from tui.screens.console_work import WorkArea

        self._work = work = WorkArea(self.services, self.gate, id="work")
        work.boots, work.failures = self.fleet.boots, self.fleet.failures
        work.server = self.server
        side = self.query_one(Side)
        async with self.batch():
            await self.query_one("#console").mount(work)
            await side.grow()
        side.show_gpus(self.gpus)
        self._show_server()
        if self._tab_wanted is not None:
            tab, mend = self._tab_wanted
            self._tab_wanted = None
            work.open(tab, mend)
