"""The right side of the console: the tabs of the chosen server."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Tab, Tabs

from tui.services.server import Server
from widgets.gate import Gate

if TYPE_CHECKING:
    from tui.insight.phases import Boot
    from tui.services.failures import Failure
    from tui.services.services import Services

TABS = ("chat", "logs", "parameters")
TWO_COLUMNS = 200
"""From this many columns two tabs stand side by side."""
FRONT = {"chat": "#chat Prompt", "logs": "#logs CauseCard, #logs LogView"}
"""What takes the focus in a tab; the parameters know it themselves."""


def _warm() -> None:
    """Import what the next key may ask for, beside the event loop: the other tabs, the launch screen."""
    for module in ("tui.panes.logs", "tui.panes.parameters", "tui.screens.console_actions", "tui.screens.launch"):
        importlib.import_module(module)


def tab_names() -> dict[str, str]:
    """Name the tabs in the user's language."""
    return {"chat": _("Chat"), "logs": _("Logs"), "parameters": _("Parameters")}


class WorkArea(Vertical):
    """Shows one tab, or two side by side; a pane is made when it is first looked at and lives on."""

    server: reactive[Server | None] = reactive(None, repaint=False)
    """The chosen server."""
    boots: reactive[Mapping[tuple[str, str], Boot]] = reactive({}, repaint=False)
    """How the boots stand, by server."""
    failures: reactive[Mapping[tuple[str, str], Failure]] = reactive({}, repaint=False)
    """Why those failed that did, by server."""
    tab: reactive[str] = reactive("chat", init=False, repaint=False)
    """The tab in front."""
    two: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether a second tab stands beside it."""

    class Shown(Message):
        """Another tab came to the front."""

        def __init__(self, tab: str) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, services: Services, gate: Gate, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._services = services
        self._gate = gate
        self._wanted = False
        """Whether the tab in front is to have the focus as soon as it can."""
        self._mend = False
        self._makers: dict[str, Callable[[], Widget]] = {
            "chat": self._chat,
            "logs": self._logs,
            "parameters": self._parameters,
        }

    def compose(self) -> ComposeResult:
        """The tabs' names and, below them, their panes."""
        yield Tabs(*(Tab(Content(words), id=f"tab-{name}") for name, words in tab_names().items()))
        yield Horizontal(id="panes")

    async def on_mount(self) -> None:
        """Make the first pane."""
        self.query_one(Tabs).can_focus = False
        await self._show()
        threading.Thread(target=_warm, name="warm", daemon=True).start()

    def open(self, tab: str, mend: bool = False) -> None:
        """Bring a tab to the front ("" keeps the one that is) and give it the focus; keys wait until it has it.

        `mend` has the parameters take up the change that ends the server's warning.
        """
        self._gate.close()
        self._wanted, self._mend = True, mend
        if tab and tab != self.tab:
            self.query_one(Tabs).active = f"tab-{tab}"
            self.tab = tab  # which shows it, and then gives it the focus
        else:
            self._focus_pane()

    def leave(self) -> None:
        """The focus is wanted elsewhere."""
        self._wanted = self._mend = False

    def bring(self, tab: str) -> None:
        """Bring a tab to the front; the focus stays where it is."""
        self.query_one(Tabs).active = f"tab-{tab}"

    def step(self, by: int) -> None:
        """Show the tab beside this one; the focus stays where it is, or follows if that is hidden: keys wait until then."""
        self._gate.close()
        self.bring(TABS[(TABS.index(self.tab) + by) % len(TABS)])

    def toggle_two(self) -> None:
        """Put the log beside the chat, or take it away."""
        self.two = not self.two

    async def watch_tab(self) -> None:
        """Another tab."""
        await self._show()
        self.post_message(self.Shown(self.tab))

    async def watch_two(self) -> None:
        """One or two."""
        await self._show()

    def watch_server(self) -> None:
        """The panes follow the choice."""
        self._hand_down()

    def watch_failures(self) -> None:
        """The log's card follows the failure."""
        self._hand_down()

    def watch_boots(self) -> None:
        """The log's start-up bar follows the boot."""
        self._hand_down()

    @on(Tabs.TabActivated)
    def _activated(self, event: Tabs.TabActivated) -> None:
        event.stop()
        if event.tab.id:
            self.tab = event.tab.id.removeprefix("tab-")

    async def _show(self) -> None:
        if not self.query("#panes"):
            return  # not composed yet
        shown = {self.tab, "logs" if self.tab != "logs" else "chat"} if self.two else {self.tab}
        panes = self.query_one("#panes")
        for name in TABS:
            found = list(panes.query(f"#{name}"))
            if not found and name in shown:
                await panes.mount(self._makers[name](), before=self._place(name))
            elif found:
                found[0].display = name in shown
            for tab in self.query(f"#tab-{name}"):
                tab.set_class(name in shown and name != self.tab, "-beside")
        self._hand_down()
        self._leave_hidden()
        self._focus_pane()

    def _leave_hidden(self) -> None:
        """A pane that was hidden must not go on taking keys: the one in front takes them."""
        ancestors = self.screen.focused.ancestors if self.screen.focused is not None else []
        if any(not pane.display and pane in ancestors for pane in self.query("#panes > *")):
            self._wanted = True

    def on_resize(self) -> None:
        """Where two tabs have no room any more there is one."""
        if self.two and self.app.size.width < TWO_COLUMNS:
            self.two = False

    def _place(self, name: str) -> int:
        return sum(1 for child in self.query_one("#panes").children if child.id in TABS[: TABS.index(name)])

    def _hand_down(self) -> None:
        """A hidden pane follows too, except that a log nobody looks at is not read."""
        for pane in self.query("#panes > *"):
            self._give(pane)

    def _give(self, pane: Any) -> None:
        if not pane.display and pane.id == "logs":
            return
        pane.server = self.server
        if pane.id != "chat":
            pane.boot = self.boots.get(self.server.key) if self.server else None
        if pane.id == "logs":
            pane.failure = self.failures.get(self.server.key) if self.server else None

    def _focus_pane(self) -> None:
        """Give the pane in front the focus if it was asked for, and let the waiting keys go there."""
        if not any(pane.display for pane in self.query(f"#panes > #{self.tab}")):
            return  # it is on its way
        wanted, mend = self._wanted, self._mend
        self._wanted = self._mend = False
        if not wanted:
            self._gate.open()
        elif self.tab == "parameters":
            pane: Any = self.query_one("#parameters")  # its rows may come later: it lets the keys go
            if mend and self.server is not None:
                pane.mend(self.server.key)
            else:
                pane.focus_first()
        else:
            front = [one for one in self.query(FRONT[self.tab]) if one.display]
            # Where the prompt is hidden there is nobody to write to.
            self.screen.set_focus(front[0] if front else self.query("#chat Conversation").first())
            self._gate.open()

    # Each tab is imported when it is first looked at: a tab nobody opens costs nothing.

    def _chat(self) -> Widget:
        from tui.panes.chat import ChatPane

        return ChatPane(self._services.chat, self._services.history, id="chat")

    def _logs(self) -> Widget:
        from tui.panes.logs import LogsPane

        log_of = self._services.fleet.natives.log_of
        services = self._services
        return LogsPane(services.host, limit=services.places.log_bytes, log_of=log_of, tried=services.tried, id="logs")

    def _parameters(self) -> Widget:
        from tui.panes.parameters import ParametersPane

        services = self._services
        return ParametersPane(
            services.host, services.recreator, self._gate, services.catalogues, services.fits, id="parameters"
        )
