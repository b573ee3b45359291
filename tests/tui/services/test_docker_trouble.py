"""Every way in which an engine cannot be reached, in plain words with what to do next."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tui.services import docker_trouble
from tui.services.docker_context import other_sockets, resolve
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError
from tui.services.wsl import in_wsl


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no docker config of the machine's own."""
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / ".docker"))
    (tmp_path / ".docker").mkdir()


async def failure(engine: DockerEngine) -> ServiceError:
    """Ask an engine that cannot answer, by a call and by a stream: both say the same."""
    with pytest.raises(ServiceError) as call:
        await engine.info()
    with pytest.raises(ServiceError) as stream:
        list(engine.events())
    engine.close()
    assert call.value.title == stream.value.title
    return call.value


def make_context(folder: Path, name: str, host: str) -> None:
    """Write a docker context as `docker context create` does."""
    import hashlib

    place = folder / ".docker/contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
    place.mkdir(parents=True)
    endpoints = {"docker": {"Host": host, "SkipTLSVerify": False}}
    (place / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoints}))


async def test_no_socket_and_nobody_sent_us_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    error = await failure(DockerEngine(f"unix://{tmp_path}/none.sock"))
    assert error.title == "Docker is not running"
    assert "start" in error.mend.lower()


async def test_no_docker_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    error = await failure(DockerEngine(f"unix://{tmp_path}/none.sock"))
    assert error.title == "Docker is not installed here"


async def test_docker_desktop_that_is_not_joined_to_this_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shim = tmp_path / "docker"
    shim.write_text("#!/bin/sh\necho \"The command 'docker' could not be found in this WSL 2 distro.\"\n")
    monkeypatch.setattr(shutil, "which", lambda name: str(shim))
    monkeypatch.setattr(docker_trouble, "in_wsl", lambda: True)
    error = await failure(DockerEngine(f"unix://{tmp_path}/none.sock"))
    assert "WSL" in error.title
    assert "WSL integration" in error.mend


def test_wsl_is_known_by_its_kernel(tmp_path: Path) -> None:
    version = tmp_path / "version"
    version.write_text("Linux version 5.15.167.4-microsoft-standard-WSL2")
    assert in_wsl(version)
    assert not in_wsl(tmp_path / "none")


async def test_an_engine_at_another_usual_place_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "docker.sock"))
        assert other_sockets() == [f"unix://{tmp_path}/docker.sock"]
        error = await failure(DockerEngine(f"unix://{tmp_path}/none.sock"))
    assert f"export DOCKER_HOST=unix://{tmp_path}/docker.sock" in error.mend


async def test_a_socket_that_nobody_listens_to(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "d.sock"))
    error = await failure(DockerEngine(f"unix://{tmp_path}/d.sock"))
    assert error.title == "Docker is not running"


async def test_podmans_socket_is_called_by_its_name(tmp_path: Path) -> None:
    error = await failure(DockerEngine(f"unix://{tmp_path}/podman/podman.sock"))
    assert "Podman" in error.title
    assert "podman.socket" in error.mend


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming nobody needs root")
def test_a_socket_that_we_may_not_use(tmp_path: Path) -> None:
    folder = Path(f"/tmp/llmtui-{os.getpid()}")
    folder.mkdir(mode=0o755)
    place = folder / "d.sock"
    script = (
        "import asyncio, docker, grp, os\n"
        "from tui.services.docker_engine import DockerEngine\n"
        "from tui.services.errors import ServiceError\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        f"engine = DockerEngine('unix://{place}')\n"
        "try: asyncio.run(engine.info())\n"
        "except ServiceError as error: print(error.title, error.detail, error.mend, sep='|', flush=True)\n"
        "os._exit(0)\n"
    )
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen()
            place.chmod(0o660)
            os.chown(place, 0, 20)
            done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    finally:
        place.unlink(missing_ok=True)
        folder.rmdir()
    title, detail, mend = done.stdout.strip().split("|")
    assert title == "You may not use Docker"
    assert "dialout" in detail
    assert "usermod -aG dialout" in mend


async def test_the_variable_that_points_to_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert "DOCKER_HOST" in (await failure(DockerEngine())).mend
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    error = await failure(DockerEngine())
    assert error.title == "No engine answers at tcp://127.0.0.1:9"
    assert "DOCKER_HOST" in error.mend


async def test_an_address_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "gpu1")
    error = await failure(DockerEngine())
    assert "gpu1" in error.title
    assert "DOCKER_HOST" in error.detail


async def test_a_context_that_does_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "gone"}')
    error = await failure(DockerEngine())
    assert error.title == "There is no docker context “gone”"
    assert "docker context use default" in error.mend
    monkeypatch.setenv("DOCKER_CONTEXT", "lost")
    error = await failure(DockerEngine())
    assert error.title == "There is no docker context “lost”"
    assert "DOCKER_CONTEXT" in error.mend


async def test_a_context_that_points_to_nothing_and_a_broken_one(tmp_path: Path) -> None:
    make_context(tmp_path, "box", f"unix://{tmp_path}/none.sock")
    assert "“box”" in (await failure(DockerEngine(context="box"))).mend
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "box"}')
    assert "“box”" in (await failure(DockerEngine())).mend
    next(iter((tmp_path / ".docker/contexts/meta").iterdir())).joinpath("meta.json").write_text("{")
    assert (await failure(DockerEngine())).title == "The docker context “box” cannot be read"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("unix://var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("gpu1:2375", "tcp://gpu1:2375"),
        ("tcp://gpu1", "tcp://gpu1:2375"),
        (" tcp://[::1]:1/ ", "tcp://[::1]:1"),
        ("http://gpu1:9", "tcp://gpu1:9"),
    ],
)
def test_addresses_are_written_out(written: str, meant: str) -> None:
    assert resolve(written, None, {}).address == meant


@pytest.mark.parametrize(
    "written", ["gpu1", "tcp://", "tcp://a:b", "tcp://a:99999", "ftp://a:1", "unix://", "tcp://a:1/x"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ServiceError, match="is no address of an engine"):
        resolve(written, None, {})


def test_the_order_is_that_of_the_docker_command(tmp_path: Path) -> None:
    make_context(tmp_path, "box", "tcp://box:2375")
    make_context(tmp_path, "other", "tcp://other:2375")
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "other"}')
    both = {"DOCKER_HOST": "tcp://host:2375", "DOCKER_CONTEXT": "box"}
    assert resolve("tcp://a:1", None, both).address == "tcp://a:1"
    assert resolve(None, "other", both).address == "tcp://other:2375"
    assert resolve(None, None, both).context == "DOCKER_HOST"
    assert resolve(None, None, {"DOCKER_CONTEXT": "box"}).address == "tcp://box:2375"
    assert resolve(None, None, {}).address == "tcp://other:2375"
    assert resolve(None, None, {"DOCKER_CONTEXT": "default"}).address == "unix:///var/run/docker.sock"


async def test_a_context_over_ssh_or_for_windows_says_that_it_is_none_of_ours(tmp_path: Path) -> None:
    make_context(tmp_path, "far", "ssh://gpu2")
    assert "ssh://" in (await failure(DockerEngine(context="far"))).title
    make_context(tmp_path, "desktop-linux", "npipe:////./pipe/dockerDesktopLinuxEngine")
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "desktop-linux"}')
    error = await failure(DockerEngine())
    assert "npipe://" in error.title
    assert "docker context use default" in error.mend


@pytest.fixture
def web_server() -> Iterator[str]:
    """Something that answers HTTP and is no engine."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()
            self.wfile.write(b'{"detail": "Not Found"}')

        def log_message(self, *_arguments: Any) -> None:
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"tcp://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_something_else_answers_there(web_server: str) -> None:
    error = await failure(DockerEngine(web_server))
    assert error.title == f"What answers at {web_server} is no Docker engine"


async def test_tls_asked_of_a_server_without_it(
    web_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cert", "key", "ca"):
        (tmp_path / f"{name}.pem").write_text("no certificate")
    monkeypatch.setenv("DOCKER_HOST", web_server)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    engine = DockerEngine()
    with pytest.raises(ServiceError, match=r"secure connection|certificates") as caught:
        await engine.info()
    assert "DOCKER_CERT_PATH" in caught.value.mend
    with pytest.raises(ServiceError, match=r"secure connection|certificates"):
        list(engine.events())
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path / "none"))
    assert "DOCKER_CERT_PATH" in (await failure(DockerEngine())).mend
    engine.close()
