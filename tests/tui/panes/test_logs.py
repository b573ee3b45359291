"""The Logs tab over an engine in memory: restarts, recreates, an engine that dies, and what it says when there is no log."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.message import Message

from tests.fake_records import time_text
from tests.fakes import FakeEngine
from tests.tui.waiting import until
from tui.insight.phases import Boot, BootPhase
from tui.messages import CopyAsked, ServiceFailed
from tui.panes import log_follow, logs
from tui.panes.logs import LogsPane
from tui.services.host import Host
from tui.services.server import Server, State
from widgets.log_startup import StartupBar


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again sooner than a person would notice."""
    monkeypatch.setattr(log_follow, "GLANCE", 0.05)
    monkeypatch.setattr(log_follow, "PATIENCE", (0.05, 0.1))


class PaneApp(App[None]):
    """A Logs tab alone on the screen."""

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__()
        self.engine = engine
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield LogsPane(Host("here", "local", self.engine))

    @property
    def pane(self) -> LogsPane:
        return self.query_one(LogsPane)

    def choose(self, name: str) -> None:
        record = self.engine.record(name)
        self.pane.server = Server("here", record["Id"], name, "container", State.READY)

    def on_copy_asked(self, message: CopyAsked) -> None:
        self.heard.append(message)

    def on_service_failed(self, message: ServiceFailed) -> None:
        self.heard.append(message)

    @property
    def text(self) -> str:
        """The messages of all stored lines."""
        store = self.pane.view.store
        return "\n".join(store.at(at).text.decode() for at in range(store.first, store.end))


def engine_with(name: str = "smol", **more: object) -> FakeEngine:
    engine = FakeEngine()
    engine.add(name, **more)  # type: ignore[arg-type]
    return engine


async def test_it_shows_what_was_written_and_what_comes() -> None:
    engine = engine_with()
    engine.feed("smol", b"one\ntwo\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one\ntwo")
        engine.feed("smol", b"three\n")
        await until(lambda: app.text == "one\ntwo\nthree")
        assert "smol" in (app.pane.box.border_title or "")


async def test_the_end_of_the_container_and_its_next_start_are_divided_and_nothing_comes_twice() -> None:
    engine = engine_with()
    engine.feed("smol", b"one\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one")
        engine.exit("smol", 1)
        await until(lambda: "container exited, code 1" in app.text)
        await engine.start("smol")
        engine.feed("smol", b"two\n")
        await until(lambda: app.text.endswith("two"))
        one, ended, started, two = app.text.splitlines()
        assert (one, ended, two) == ("one", "── container exited, code 1 ──", "two")
        assert started.startswith("── started again ")


async def test_a_quick_restart_shows_both_dividers() -> None:
    engine = engine_with()
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        engine.feed("smol", b"one\n")
        app.choose("smol")
        await until(lambda: app.text == "one")
        await engine.restart("smol")
        engine.feed("smol", b"two\n")
        await until(lambda: app.text.endswith("two"))
        assert app.text.splitlines()[1] == "── container ended ──"
        assert "started again" in app.text.splitlines()[2]


async def test_a_recreated_container_goes_on_below_a_divider() -> None:
    engine = engine_with()
    engine.feed("smol", b"old\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "old")
        await engine.remove("smol", force=True)
        engine.add("smol")
        engine.feed("smol", b"new\n")
        app.choose("smol")
        await until(lambda: app.text.endswith("new"))
        assert app.text.startswith("old\n")
        assert "recreated" in app.text


async def test_a_dead_engine_is_told_in_one_sentence_and_reading_goes_on_when_it_returns() -> None:
    engine = engine_with()
    engine.feed("smol", b"one\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one")
        engine.dead = True
        await until(lambda: "Docker does not answer" in (app.pane.box.border_title or ""))
        engine.dead = False
        engine.feed("smol", b"two\n")
        await until(lambda: app.text == "one\ntwo")
        await until(lambda: "Docker" not in (app.pane.box.border_title or ""))


async def test_another_server_closes_the_stream_and_starts_anew() -> None:
    engine = engine_with()
    engine.add("other")
    engine.feed("smol", b"one\n")
    engine.feed("other", b"else\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one")
        app.choose("other")
        await until(lambda: app.text == "else")
        assert engine.sources[0].closed
        await app.pane.remove()
        await until(lambda: all(source.closed for source in engine.sources))


async def test_a_new_state_of_the_same_server_reads_nothing_again() -> None:
    engine = engine_with()
    engine.feed("smol", b"one\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one")
        assert app.pane.server is not None
        app.pane.server = dataclasses.replace(app.pane.server, state=State.BUSY, running=3)
        await pilot.pause(0.2)
        assert [call[0] for call in engine.asked].count("logs") == 1


@pytest.mark.parametrize(
    ("presses", "tail", "since"), [(0, None, False), (1, 1000, False), (2, None, True), (3, None, True)]
)
async def test_how_much_is_read_can_be_chosen(presses: int, tail: int | None, since: bool) -> None:
    engine = engine_with()
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        app.pane.view.focus()
        await pilot.press(*["s"] * presses)
        await until(lambda: engine.asked and engine.asked[-1][0] == "logs")
        _, _, _, asked_tail, asked_since, follow = engine.asked[-1]
        assert (asked_tail, asked_since is not None, follow) == (tail, since, True)


async def test_without_a_server_it_says_what_to_do() -> None:
    async with PaneApp(FakeEngine()).run_test() as pilot:
        assert "No server is chosen" in pilot.app.query_one(LogsPane).view.notice


async def test_a_container_that_never_started_is_told() -> None:
    engine = engine_with(state="created")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: "never started" in app.pane.view.notice)
        await engine.start("smol")
        engine.feed("smol", b"now\n")
        await until(lambda: app.text == "now")


async def test_a_container_without_a_log_is_told() -> None:
    engine = engine_with(body={"HostConfig": {"LogConfig": {"Type": "none"}}})
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: "keeps no log" in app.pane.view.notice)


async def test_a_server_that_is_no_container_is_told() -> None:
    async with PaneApp(FakeEngine()).run_test() as pilot:
        pane = pilot.app.query_one(LogsPane)
        pane.server = Server("here", "", "far", "endpoint", State.READY)
        await until(lambda: "known by its address alone" in pane.view.notice)


async def test_polling_lines_are_counted_not_shown() -> None:
    engine = engine_with()
    poll = b'INFO:     127.0.0.1:1 - "GET /metrics HTTP/1.1" 200 OK\n'
    engine.feed("smol", poll * 128 + b"text\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: "128 polling lines hidden" in (app.pane.box.border_subtitle or ""))
        assert app.pane.view.index.total == 1


async def test_copying_names_what_is_copied() -> None:
    engine = engine_with()
    engine.feed("smol", b"one\ntwo\n")
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one\ntwo")
        app.pane.view.focus()
        app.pane.view.sync()
        await pilot.press("y")
        await until(lambda: bool(app.heard))
        assert isinstance(copy := app.heard[0], CopyAsked)
        assert (copy.text, copy.what) == ("one\ntwo", "2 lines of the log")


async def test_the_log_is_saved_whole_with_its_timestamps(tmp_path: Path) -> None:
    engine = engine_with()
    engine.feed("smol", "one\n中文\n".encode())
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text == "one\n中文")
        app.pane.view.focus()
        app.pane.box.save_as = str(tmp_path / "log.txt")
        await pilot.press("ctrl+s", "enter")
        await until((tmp_path / "log.txt").exists)
        saved = (tmp_path / "log.txt").read_text().splitlines()
        assert [line.split(" ", 1)[1] for line in saved] == ["one", "中文"]
        assert all(line.startswith("20") for line in saved)
        assert [entry.name for entry in tmp_path.iterdir()] == ["log.txt"]


async def test_a_place_that_cannot_be_written_is_told() -> None:
    engine = engine_with()
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        app.pane.view.focus()
        app.pane.box.save_as = "/nowhere/at/all.log"
        await pilot.press("ctrl+s", "enter")
        await until(lambda: any(isinstance(message, ServiceFailed) for message in app.heard))


async def test_a_boot_stands_above_the_log() -> None:
    async with PaneApp(FakeEngine()).run_test() as pilot:
        pane = pilot.app.query_one(LogsPane)
        bar = pane.query_one(StartupBar)
        assert not bar.display
        phases = (
            BootPhase("config", "done", 2.1),
            BootPhase("weights", "running", 3.0, 0.41),
            BootPhase("server", "waiting"),
        )
        pane.boot = Boot(phases, 12.0, last_good=48.0)
        await until(lambda: bar.display and "weights 41 %" in str(bar.render()))
        assert "the last good one took 48 s" in (bar.border_subtitle or "")
        pane.boot = None
        await until(lambda: not bar.display)


def finished(ago: float) -> Boot:
    return Boot((BootPhase("weights", "done", 44.6),), 44.6, ready=True, ready_at=time.time() - ago)


async def test_a_start_that_is_ready_is_seen_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    async with PaneApp(FakeEngine()).run_test(size=(120, 40)) as pilot:
        pane = pilot.app.query_one(LogsPane)
        bar = pane.query_one(StartupBar)
        pane.boot = Boot((BootPhase("weights", "running", 44.0),), 44.0)
        await until(lambda: bar.display)
        pane.boot = finished(0.1)
        await pilot.pause()
        assert bar.display
        assert bar.border_subtitle == "ready in 45 s"
        monkeypatch.setattr(logs, "READY_SECONDS", 0.4)
        pane.boot = finished(0.05)
        await until(lambda: not bar.display)


async def test_a_start_that_was_ready_long_ago_takes_no_rows() -> None:
    async with PaneApp(FakeEngine()).run_test(size=(120, 40)) as pilot:
        pane = pilot.app.query_one(LogsPane)
        pane.boot = finished(logs.READY_SECONDS + 1)
        await pilot.pause()
        assert not pane.query_one(StartupBar).display


async def test_where_there_are_few_rows_a_ready_start_goes_sooner() -> None:
    async with PaneApp(FakeEngine()).run_test(size=(80, 24)) as pilot:
        pane = pilot.app.query_one(LogsPane)
        pane.boot = finished(logs.READY_SECONDS_IN_FEW_ROWS + 1)
        await pilot.pause()
        assert not pane.query_one(StartupBar).display
        pane.boot = finished(0)
        await pilot.pause()
        assert pane.query_one(StartupBar).display


async def test_nothing_is_read_any_more_when_the_tree_is_taken_down() -> None:
    app = PaneApp(engine_with("one"))
    async with app.run_test():
        app.choose("one")
        app.engine.feed("one", b"before\n")
        await until(lambda: "before" in app.text)
        await app.pane.box.remove()  # as when the app ends: the children go first
        app.engine.feed("one", b"after\n")
        app.engine.exit("one", 0)
        await until(lambda: not any(worker.group == "log" and not worker.is_finished for worker in app.workers))
        assert app.text == "before"


async def test_a_log_opened_after_a_restart_shows_where_the_run_began() -> None:
    engine = engine_with()
    began = time.time() - 60
    engine.feed("smol", b"one\ntwo\n", when=began - 60)
    engine.feed("smol", b"three\n", when=began + 1)
    engine.record("smol")["State"]["StartedAt"] = time_text(began)
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: app.text.endswith("three"))
        one, two, started, three = app.text.splitlines()
        assert (one, two, three) == ("one", "two", "three")
        assert started.startswith("── started again ")
        engine.feed("smol", b"four\n")
        await until(lambda: app.text.endswith("four"))
        assert app.text.count("started again") == 1


async def test_an_empty_log_of_one_that_runs_says_for_how_long_nothing_was_written() -> None:
    engine = engine_with()
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        server = Server(
            "here", engine.record("smol")["Id"], "smol", "container", State.STARTING, since=time.time() - 12
        )
        app.pane.server = server
        await until(lambda: app.pane.view.notice.startswith("smol has printed nothing yet (started 1"))
        engine.feed("smol", b"one\n")
        await until(lambda: app.text == "one" and app.pane.view.notice == "")


async def test_what_is_made_under_the_name_of_one_that_was_removed_is_not_told_to_be_gone() -> None:
    engine = engine_with()
    async with PaneApp(engine).run_test() as pilot:
        app: PaneApp = pilot.app  # type: ignore[assignment]
        app.choose("smol")
        await until(lambda: "smol" in str(app.pane.box.border_title))
        await engine.remove("smol", force=True)
        await until(lambda: "no container smol" in app.pane.view.notice)
        app.pane.server = Server("here", "smol", "smol", "container", State.CREATED, action="creating")
        await until(lambda: app.pane.view.notice.startswith("It has no container yet"))
