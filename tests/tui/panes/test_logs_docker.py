"""The Logs tab over a real engine: restarts, terminals, very long lines, bytes that are no text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult

from tests.tui.waiting import until
from tui.panes.logs import LogsPane
from tui.services.docker_engine import DockerEngine
from tui.services.host import Host
from tui.services.server import Server, State

pytestmark = pytest.mark.docker

Run = Callable[..., str]


class PaneApp(App[None]):
    """A Logs tab on one container of a real engine."""

    def __init__(self, engine: DockerEngine, name: str) -> None:
        super().__init__()
        self._engine = engine
        self._name = name

    def compose(self) -> ComposeResult:
        pane = LogsPane(Host("here", "local", self._engine))
        pane.set_reactive(LogsPane.server, Server("here", "", self._name, "container", State.READY))
        yield pane

    @property
    def lines(self) -> list[bytes]:
        """The stored lines."""
        store = self.query_one(LogsPane).view.store
        return [store.at(at).text for at in range(store.first, store.end)]


def pane_of(engine: DockerEngine, name: str) -> PaneApp:
    return PaneApp(engine, name)


async def test_a_restart_is_divided_and_no_line_is_lost_or_doubled(docker_engine: DockerEngine, container: Run) -> None:
    name = container(["sh", "-c", "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo $$ line $i; done; sleep 600"])
    async with pane_of(docker_engine, name).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        await until(lambda: len(app.lines) >= 300)
        await docker_engine.restart(name, grace=0)
        await until(lambda: len(app.lines) >= 602, seconds=30)
        await pilot.pause(0.3)
        text = app.lines
        assert len(text) == 602
        assert text[300].startswith("── container".encode())
        assert text[301].startswith("── started again".encode())
        assert [line.split()[-1] for line in text[302:]] == [b"%d" % at for at in range(1, 301)]


async def test_the_exit_code_stands_below_the_last_line(docker_engine: DockerEngine, container: Run) -> None:
    name = container(["sh", "-c", "echo one; printf two; exit 3"])
    async with pane_of(docker_engine, name).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        await until(lambda: len(app.lines) == 3, seconds=20)
        assert app.lines == [b"one", b"two", "── container exited, code 3 ──".encode()]


async def test_a_terminals_progress_shows_its_newest_state(docker_engine: DockerEngine, container: Run) -> None:
    script = r"printf 'Load 10%%\r'; sleep .2; printf 'Load \033[32m60%%\033[0m\r'; sleep .2; printf 'Load 100%%\nready\n'; sleep 600"
    name = container(["sh", "-c", script], Tty=True)
    async with pane_of(docker_engine, name).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        await until(lambda: app.lines == [b"Load 100%", b"ready"], seconds=20)


@pytest.mark.parametrize("tty", [False, True])
async def test_a_line_of_a_megabyte_arrives_whole(docker_engine: DockerEngine, container: Run, tty: bool) -> None:
    script = "head -c 1000000 /dev/zero | tr '\\0' x; echo; printf 'bad \\377\\376 bytes\\n'; sleep 600"
    name = container(["sh", "-c", script], Tty=tty)
    async with pane_of(docker_engine, name).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        await until(lambda: len(app.lines) == 2 and app.lines[1].startswith(b"bad"), seconds=30)
        assert app.lines[0] == b"x" * 1_000_000
