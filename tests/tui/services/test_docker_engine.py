"""The engine class against a real engine."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.own_daemon import until
from tui.services.docker_engine import DockerEngine
from tui.services.docker_logs import LogSource
from tui.services.docker_sources import EventSource
from tui.services.engine import Engine, Event
from tui.services.errors import ServiceError

pytestmark = pytest.mark.docker

Run = Callable[..., str]


def texts(engine: Engine, name: str, *, tty: bool = False, follow: bool = False) -> list[bytes]:
    """Give a container's whole log without timestamps."""
    return [line[31:] for batch in engine.logs(name, tty=tty, follow=follow) for line in batch.lines]


def connected(source: LogSource | EventSource) -> bool:
    """Whether its reader waits for what the engine says."""
    return source._stream._socket is not None


def ended(client: Any, name: str) -> str:
    """Wait for a container's end."""
    client.wait(name)
    return name


def test_building_an_engine_imports_and_connects_nothing() -> None:
    code = "import sys; from tui.services.docker_engine import DockerEngine; DockerEngine('tcp://192.0.2.1:1').close()"
    code += "; sys.exit(any(name in sys.modules for name in ('docker', 'requests', 'httpx2')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_the_engine_says_who_it_is(docker_engine: DockerEngine) -> None:
    info = await docker_engine.info()
    assert info.version
    assert "runc" in info.runtimes or info.product == "Podman"
    assert info.memory > 1 << 30


async def test_a_container_from_create_to_remove(docker_engine: DockerEngine, busybox: str, container: Run) -> None:
    name = container(["true"])
    await docker_engine.remove(name, force=True)
    body = {"Image": busybox, "Cmd": ["sleep", "100"], "Labels": {"a": "b"}, "HostConfig": {"NetworkMode": "none"}}
    identity = await docker_engine.create(name, body)
    await docker_engine.start(name)
    row = next(row for row in await docker_engine.containers() if row.id == identity)
    assert (row.name, row.state, row.labels, row.command) == (name, "running", {"a": "b"}, "sleep 100")
    assert [line for _pid, line in await docker_engine.top(name)] == ["sleep 100"]
    await docker_engine.set_restart_policy(name, "on-failure", 3)
    policy = (await docker_engine.inspect(name))["HostConfig"]["RestartPolicy"]
    assert policy == {"Name": "on-failure", "MaximumRetryCount": 3}
    await docker_engine.rename(name, name + "-b")
    await docker_engine.rename(name + "-b", name)
    await docker_engine.restart(name, grace=0)
    await docker_engine.kill(name)
    await docker_engine.stop(name, grace=0)
    await docker_engine.remove(name)
    with pytest.raises(ServiceError, match="not there any more"):
        await docker_engine.inspect(name)


async def test_refusals_come_in_plain_words(docker_engine: DockerEngine, busybox: str, container: Run) -> None:
    name = container(["sleep", "100"])
    with pytest.raises(ServiceError, match=f"The name {name} is in use"):
        await docker_engine.create(name, {"Image": busybox, "Cmd": ["true"]})
    with pytest.raises(ServiceError, match="The image is not on this machine"):
        await docker_engine.create(name + "-x", {"Image": "llmtui-test/none:1", "Cmd": ["true"]})
    with pytest.raises(ServiceError, match="Stop it first"):
        await docker_engine.remove(name)
    with pytest.raises(ServiceError, match="There is no network llmtui-none"):
        await docker_engine.connect("llmtui-none", name, {})
    assert await docker_engine.image("llmtui-test/none:1") is None
    found = await docker_engine.image(busybox)
    assert found is not None
    assert found.config


async def test_a_port_that_is_taken_is_named(docker_engine: DockerEngine, busybox: str, container: Run) -> None:
    def host(port: str) -> dict[str, Any]:
        return {"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": port}]}, "NetworkMode": "bridge"}

    first = container(["sleep", "100"], ExposedPorts={"80/tcp": {}}, HostConfig=host(""))
    port = (await docker_engine.inspect(first))["NetworkSettings"]["Ports"]["80/tcp"][0]["HostPort"]
    second = container(["true"])
    await docker_engine.remove(second, force=True)
    body = {"Image": busybox, "Cmd": ["true"], "ExposedPorts": {"80/tcp": {}}, "HostConfig": host(port)}
    await docker_engine.create(second, body)
    with pytest.raises(ServiceError, match=f"The port .*{port} is taken"):
        await docker_engine.start(second)


def test_events_tell_what_happens_and_since_when(
    docker_engine: DockerEngine, docker_client: Any, container: Run
) -> None:
    before = time.time()
    source = docker_engine.events(since=before)
    seen: list[Event] = []
    reader = threading.Thread(target=lambda: seen.extend(source), daemon=True)
    reader.start()
    name = container(["false"])
    ended(docker_client, name)
    late = docker_engine.events(since=before)
    actions = []
    for event in late:
        if event.name == name:
            actions.append((event.action, event.attributes.get("exitCode")))
            if event.action == "die":
                break
    assert actions == [("create", None), ("start", None), ("die", "1")]
    source.close()
    until(lambda: not reader.is_alive(), 2, "the end of the events")
    assert [event.action for event in seen if event.name == name][:2] == ["create", "start"]
    late.close()


def test_a_log_has_every_line_in_order(docker_engine: DockerEngine, docker_client: Any, container: Run) -> None:
    name = ended(docker_client, container(["seq", "20000"]))
    assert texts(docker_engine, name) == [str(number).encode() for number in range(1, 20001)]
    tail = [line for batch in docker_engine.logs(name, tty=False, tail=3, follow=False) for line in batch.lines]
    assert [line[31:] for line in tail] == [b"19998", b"19999", b"20000"]


@pytest.mark.parametrize(("tty", "driver"), [(False, "json-file"), (True, "json-file"), (False, "local")])
def test_odd_bytes_and_a_line_of_a_megabyte(
    docker_engine: DockerEngine, docker_client: Any, container: Run, tty: bool, driver: str
) -> None:
    script = (
        r"printf '\344\275\240\345\245\275 \377\376\n\n'; head -c 1048576 /dev/zero | tr '\0' x; echo end; printf half"
    )
    name = ended(docker_client, container(["sh", "-c", script], Tty=tty, HostConfig={"LogConfig": {"Type": driver}}))
    invalid = b"\xff\xfe" if driver == "local" else "\ufffd\ufffd".encode()
    lines = texts(docker_engine, name, tty=tty)
    assert [line if len(line) < 99 else len(line) for line in lines] == [
        "你好 ".encode() + invalid,
        b"",
        1048576 + 3,
        b"half",
    ]
    assert set(lines[2]) == set(b"xend")


def test_bytes_that_come_one_by_one_come_together(docker_engine: DockerEngine, container: Run) -> None:
    script = "for i in 1 2 3 4 5 6 7 8 9; do printf $i; usleep 1000; done; echo; sleep 100"
    name = container(["sh", "-c", script], Tty=True)
    source = docker_engine.logs(name, tty=True)
    line = next(batch.lines[0] for batch in source if batch.lines)
    source.close()
    assert line[31:] == b"123456789"


def test_closing_ends_a_blocked_reader_at_once(docker_engine: DockerEngine, container: Run) -> None:
    name = container(["sleep", "100"])
    for source in (docker_engine.logs(name, tty=False), docker_engine.events()):
        items: list[Any] = []
        reader = threading.Thread(target=lambda source=source, items=items: items.extend(source), daemon=True)
        reader.start()
        until(lambda source=source: connected(source), 5, "the connection")
        start = time.monotonic()
        source.close()
        reader.join(2)
        assert time.monotonic() - start < 0.1
        assert source.closed
        assert not reader.is_alive()


def test_the_log_of_nothing_says_so(docker_engine: DockerEngine) -> None:
    with pytest.raises(ServiceError, match="not there any more"):
        list(docker_engine.logs("llmtui-none", tty=False))


def test_a_large_log_is_read_with_little_work(docker_engine: DockerEngine, docker_client: Any, container: Run) -> None:
    line = (
        "INFO 11-24 08:29:52 [loggers.py:257] Engine 000: Avg prompt throughput: 0.0 tokens/s, Running: 1 reqs, Waiting"
    )
    script = f'BEGIN{{for(i=0;i<100000;i++) print "{line}"}}'
    name = ended(docker_client, container(["awk", script]))
    start = time.thread_time()
    assert sum(len(batch.lines) for batch in docker_engine.logs(name, tty=False, follow=False)) == 100_000
    assert time.thread_time() - start < 1.0


async def test_closing_the_engine_ends_every_stream_and_takes_no_more_work(
    docker_engine: DockerEngine, container: Run
) -> None:
    name = container(["sleep", "100"])
    sources = [docker_engine.logs(name, tty=False), docker_engine.events()]
    readers = [threading.Thread(target=list, args=(source,), daemon=True) for source in sources]
    for reader in readers:
        reader.start()
    until(lambda: all(map(connected, sources)), 5, "the connections")
    start = time.monotonic()
    docker_engine.close()
    until(lambda: not any(reader.is_alive() for reader in readers), 0.2, "the end of the readers")
    assert time.monotonic() - start < 0.2
    for call in (docker_engine.containers(), docker_engine.start(name)):
        with pytest.raises(ServiceError, match="left"):
            await call


async def test_the_whole_answer_of_the_engine_comes_through_unchanged(
    docker_engine: DockerEngine, docker_client: Any, container: Run
) -> None:
    name = container(["sleep", "100"], Labels={"a": "ü [/x] \x1b]0;x\x07"})
    assert await docker_engine.inspect(name) == docker_client.inspect_container(name)
    rows = {row.id for row in await docker_engine.containers()}
    assert (await docker_engine.inspect(name))["Id"] in rows
