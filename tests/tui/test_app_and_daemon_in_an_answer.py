"""The daemon dies in the middle of an answer, while its log is followed too; then it comes back, with or without the server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.by_hand import lay_out, serving
from tests.own_daemon import OwnDaemon, run_busybox
from tests.world import app_over, shows, text_of, until
from tui.app import LlmTui
from tui.services.chat_records import ChatMessage
from tui.services.docker_engine import DockerEngine
from tui.services.history import History
from widgets.log_box import LogBox

pytestmark = pytest.mark.docker

PORT = 8000
SLOW = {"FAKE_WORDS": "600", "FAKE_PAUSE": "0.05"}
"""Half a minute of answer: it never ends by itself in these tests."""


@dataclass
class Scene:
    """A server by hand in a daemon of the test, and the app that looks at it."""

    daemon: OwnDaemon
    app: LlmTui
    folder: Path
    toasts: list[tuple[str, str]] = field(default_factory=list)
    """Title and words of everything that the app told."""

    def record(self) -> dict[str, Any]:
        """What the daemon says of the server."""
        return dict(self.daemon.client().inspect_container("hand"))

    async def kept(self) -> list[ChatMessage]:
        """What the database holds of the conversation, read as another llmtui reads it."""
        history = History(self.folder / "llmtui.db")
        try:
            (summary,) = await history.conversations(("local", "hand"))
            return await history.messages(summary.id)
        finally:
            history.close()


@pytest.fixture
def scene(own_daemon: OwnDaemon, tmp_path: Path) -> Iterator[Scene]:
    """Everything but the container."""
    if (address := own_daemon.network.address) is None:
        pytest.skip("no network of its own for the daemon: `ip` is not installed, or may not make one")
    engine = DockerEngine(own_daemon.address)
    scene = Scene(own_daemon, app_over(engine, tmp_path, address=lambda: address), tmp_path)
    notify = scene.app.notify

    def noting(message: str, **how: Any) -> None:
        scene.toasts.append((how.get("title", ""), message))
        notify(message, **how)

    scene.app.notify = noting  # type: ignore[method-assign]
    yield scene
    engine.close()


@asynccontextmanager
async def answering(scene: Scene, published: bool) -> AsyncIterator[Pilot[None]]:
    """Chat and log side by side, an answer on its way."""
    parts = serving(lay_out(scene.folder), "smol", PORT, ("0.0.0.0", PORT) if published else None, **SLOW)
    run_busybox(scene.daemon.client(), "hand", **parts)
    async with scene.app.run_test(size=(220, 45), notifications=True) as pilot:
        await shows(pilot, "hand", "ready", "smol")
        await pilot.press("l", "f9", "escape", "c")
        await shows(pilot, "Write a message", "startup complete")
        await pilot.press(*"hello", "enter")
        await shows(pilot, "word5", "token 5")
        yield pilot


async def the_daemon_dies(scene: Scene, pilot: Pilot[None]) -> None:
    """It is told once, the rows are as last seen, and the keys work."""
    await asyncio.to_thread(scene.daemon.kill)
    await shows(pilot, "as last seen", "✖ Docker is not running")
    box = pilot.app.screen.query_one(LogBox)  # its title may stand below the toast
    await until(pilot, lambda _text: "Docker is not running" in str(box.border_title), "the log says so too")
    await pilot.press("f1")
    await shows(pilot, "Keys that work here", seconds=2)
    await pilot.press("escape")


async def the_daemon_returns(scene: Scene, pilot: Pilot[None]) -> None:
    await asyncio.to_thread(scene.daemon.start)
    await until(pilot, lambda text: "as last seen" not in text, "the rows are true again", 20)


async def the_server_returns(scene: Scene, pilot: Pilot[None]) -> None:
    """The row, the log and the chat go on with the new run.

    What a daemon does to its containers when it ends is a stop or a kill, by how far it came.
    """
    await until(pilot, lambda text: state(text) in {"stopped", "killed"}, "the row says that it ended", 10)
    assert scene.record()["State"]["Status"] == "exited"
    await asyncio.to_thread(scene.daemon.client().start, "hand")
    await until(pilot, lambda text: state(text) == "ready", "it is ready again", 10)
    await until(pilot, lambda text: log_after(text).count("startup complete") == 1, "the log goes on", 10)
    await pilot.press(*"again", "enter")
    await until(pilot, lambda text: len(re.findall(r"\bword2\b", text)) == 2, "another answer", 10)
    await pilot.press("escape")
    await shows(pilot, "· stopped")
    assert state(text_of(pilot.app)) in {"ready", "busy 1", "answering"}  # type: ignore[arg-type]


async def broke_off(scene: Scene, pilot: Pilot[None]) -> str:
    """The part of the answer that came stands there with a word on its end, and is in the database."""
    await shows(pilot, "The answer of hand broke off: ", "is kept; R asks again", "tokens · broke off")
    await until(pilot, lambda text: "◐ answering" not in text, "nothing answers any more")
    words = re.findall(r"\bword\d+\b", text_of(pilot.app))  # type: ignore[arg-type]
    assert words == [f"word{number}" for number in range(len(words))] and len(words) > 5
    async with asyncio.timeout(5):
        while (kept := await scene.kept())[-1].figures.finish != "broken":
            await asyncio.sleep(0.05)
    assert [message.role for message in kept] == ["user", "assistant"]
    assert kept[-1].text.split() == words and kept[-1].note.startswith("The answer of hand broke off")
    return str(kept[-1].text)


async def test_a_published_port_dies_with_the_daemon_and_what_came_of_the_answer_stays(scene: Scene) -> None:
    async with answering(scene, published=True) as pilot:
        await the_daemon_dies(scene, pilot)
        text = await broke_off(scene, pilot)
        await the_daemon_returns(scene, pilot)
        await the_server_returns(scene, pilot)
        assert [message.text for message in await scene.kept()][:2] == ["hello", text]
    assert [title for title, _words in scene.toasts] == ["Docker is not running"]


async def test_on_the_hosts_network_the_answer_goes_on_without_the_daemon_until_the_server_dies(scene: Scene) -> None:
    async with answering(scene, published=False) as pilot:
        process = scene.record()["State"]["Pid"]
        await the_daemon_dies(scene, pilot)
        come = len(re.findall(r"\bword\d+\b", text_of(pilot.app)))  # type: ignore[arg-type]
        await shows(pilot, f"word{come + 10}", "◐ answering", "as last seen")
        os.kill(process, signal.SIGKILL)
        await broke_off(scene, pilot)
        await the_daemon_returns(scene, pilot)
        await the_server_returns(scene, pilot)
    assert [title for title, _words in scene.toasts] == ["Docker is not running"]


async def test_a_container_that_is_gone_when_the_daemon_returns_says_so_in_its_row_and_its_talk_is_kept(
    scene: Scene,
) -> None:
    async with answering(scene, published=True) as pilot:
        record = scene.record()
        await the_daemon_dies(scene, pilot)
        os.kill(record["State"]["Pid"], signal.SIGKILL)
        shutil.rmtree(scene.daemon.folder / "data" / "containers" / record["Id"])
        text = await broke_off(scene, pilot)
        await the_daemon_returns(scene, pilot)
        await until(pilot, lambda shown: state(shown) == "gone", "the row says that it is gone", 10)
        await shows(pilot, "not by llmtui")
        assert (await scene.kept())[-1].text == text
    assert [title for title, _words in scene.toasts] == ["Docker is not running"]


def state(text: str) -> str:
    """The state in the server's row; empty when there is no row."""
    found = re.search(rf"│▌\S+ hand\s+(\S.*?)\s+{PORT}\s", text)
    return found[1] if found else ""


def log_after(text: str) -> str:
    """What stands below the divider of the new run; empty while there is none."""
    return text.rpartition("── started again")[2] if "── started again" in text else ""
