"""The parameters pane alone, over an engine in memory."""

from __future__ import annotations

from pathlib import Path

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.fakes import FakeEngine
from tests.tui.waiting import shown, until
from tui.messages import CopyAsked, ServiceFailed
from tui.panes.parameters import ParametersPane
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Journal
from tui.services.recreate import Recreator
from tui.services.server import Server, State
from widgets.choice_list import ChoiceList
from widgets.form import Form
from widgets.gate import Gate

COMMAND = ("vllm", "serve", "/models/qwen", "--max-model-len", "4096", "--enforce-eager", "--seed", "7")


class ParametersApp(App[None]):
    """The pane alone, over an engine in memory."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.engine = FakeEngine()
        self.host = Host("this machine", "local", self.engine)
        self.pane = ParametersPane(self.host, Recreator(self.host, Journal(folder)), Gate(self))
        self.asked: list[ParametersPane.RecreateAsked] = []
        self.failed: list[ServiceError] = []
        self.copied: list[str] = []

    def on_copy_asked(self, event: CopyAsked) -> None:
        self.copied.append(event.text)

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_parameters_pane_recreate_asked(self, event: ParametersPane.RecreateAsked) -> None:
        self.asked.append(event)

    def on_service_failed(self, event: ServiceFailed) -> None:
        self.failed.append(event.error)

    def server(self, name: str, command: tuple[str, ...] = COMMAND, running: int = 0) -> Server:
        row = self.engine.add(name, command=command, port=8000)
        return Server("this machine", row.id, name, "container", State.READY, running=running, boot_seconds=48.0)


def current(app: ParametersApp) -> str | None:
    return app.pane.query_one(Form).current


async def open_length(app: ParametersApp, pilot: Pilot[None]) -> None:
    await until(lambda: "max-model-len" in shown(app))
    app.pane.focus_first()
    await pilot.press("ctrl+f")
    await until(lambda: isinstance(app.screen, ChoiceList))
    await pilot.press(*"max-m", "enter")
    await until(lambda: not isinstance(app.screen, ChoiceList) and current(app) == "--max-model-len")
