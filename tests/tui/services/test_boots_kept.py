"""A server that got ready leaves what it printed, once; nobody waits for it, and nothing of it can fail the app."""

from __future__ import annotations

from pathlib import Path

from profiles.fit.printed import Printed
from tests.fakes import FakeEngine
from tui.insight.phases import BootReader
from tui.services.boots_kept import BootsKept
from tui.services.fits import Fits
from tui.services.fleet_view import FleetView
from tui.services.history import History
from tui.services.host import Host
from tui.services.server import Server, State

LINES = (
    "vLLM API server version 0.32.0",
    "Starting to load model /models/m",
    "Model loading took 15.27 GiB memory and 5.1 seconds",
    "Available KV cache memory: 3.41 GiB",
    "GPU KV cache size: 24,832 tokens, Maximum concurrency for 16,384 tokens per request: 1.52x",
    "Graph capturing finished in 20 secs, took 0.61 GiB",
    "Application startup complete",
)
PRINTED = Printed(15.27, graphs_gib=0.61, kv_gib=3.41, kv_tokens=24_832, concurrency=1.52)


def read(*lines: str) -> BootReader:
    """Read a boot's log."""
    reader = BootReader(0.0)
    for at, line in enumerate(lines):
        reader.feed(float(at), line)
    return reader


def view(*lines: str, version: str | None = "0.32.0", kind: str = "container", id: str = "qwen") -> FleetView:
    """Give a picture with one server whose log says this."""
    server = Server("local", id, "qwen", kind, State.READY, version=version, path="org/m")
    return FleetView("local", (server,), boots={server.key: read(*lines).boot(10.0)})


def keeper(folder: Path, engine: FakeEngine | None = None) -> tuple[BootsKept, History]:
    """Give a keeper over a host in memory, and where it writes."""
    host, history = Host("local", "local", engine or FakeEngine()), History(folder / "llmtui.db")
    return BootsKept(host, Fits(host, lambda: None, lambda: history, {}), history), history


def test_a_boot_tells_what_was_printed_on_the_way() -> None:
    assert read(*LINES).boot(10.0).printed == PRINTED


def test_another_start_in_the_same_log_begins_anew() -> None:
    assert read(*LINES[:4], "vLLM API server version 0.32.0").boot(10.0).printed == Printed()


def test_a_server_that_got_ready_is_given_once(tmp_path: Path) -> None:
    boots, _history = keeper(tmp_path)
    (start,) = boots.fresh(view(*LINES))
    assert (start.server.name, start.printed, start.at) == ("qwen", PRINTED, 6.0)
    assert boots.fresh(view(*LINES)) == []
    assert len(boots.fresh(view(*LINES, id="recreated"))) == 1


def test_one_that_boots_still_or_says_nothing_is_not_given(tmp_path: Path) -> None:
    boots, _history = keeper(tmp_path)
    assert boots.fresh(view(*LINES[:-1])) == []
    assert boots.fresh(view(LINES[0], LINES[-1])) == []
    assert boots.fresh(view(*LINES, version=None)) == []


async def test_it_is_kept_with_what_it_was_launched_with(tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.add("qwen", port=8000)
    boots, history = keeper(tmp_path, engine)
    container = (await engine.containers())[0]
    (start,) = boots.fresh(view(*LINES, id=container.id))
    await boots.keep(start)
    model = await boots._fits.key(await boots._launched(start.server, await boots._fits.cards()))
    (kept,) = await history.boots(model)
    assert kept.printed == PRINTED and kept.at == 6.0
    assert kept.settings.version == "0.32.0" and kept.card.free_gib is None
    history.close()


async def test_a_process_is_kept_by_its_own_arguments(tmp_path: Path) -> None:
    boots, history = keeper(tmp_path)
    (start,) = boots.fresh(view(*LINES, kind="process"))
    await boots.keep(start)
    (kept,) = await history.boots("org/m")
    assert kept.settings.cpu  # no GPU is seen here
    history.close()


async def test_a_container_that_is_gone_by_then_fails_nobody(tmp_path: Path) -> None:
    boots, history = keeper(tmp_path)
    (start,) = boots.fresh(view(*LINES))
    await boots.keep(start)
    assert await history.boots("org/m") == []
    history.close()
