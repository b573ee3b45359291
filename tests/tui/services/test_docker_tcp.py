"""An engine behind TCP, bare and with certificates: a small relay stands before the machine's own."""

from __future__ import annotations

import contextlib
import select
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.own_daemon import until
from tui.services.docker_context import resolve
from tui.services.docker_engine import DockerEngine
from tui.services.errors import ServiceError

pytestmark = pytest.mark.docker


class Relay:
    """Listens on 127.0.0.1 and passes everything on to a Unix socket."""

    def __init__(self, path: str, context: ssl.SSLContext | None = None) -> None:
        self._path = path
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self._context is not None:
                client = self._context.wrap_socket(client, server_side=True)
            with client, socket.socket(socket.AF_UNIX) as engine:
                engine.connect(self._path)
                while True:
                    ready, _, _ = select.select([client, engine], [], [])
                    for one, other in ((client, engine), (engine, client)):
                        if one in ready:
                            data = one.recv(1 << 16)
                            if not data:
                                return
                            other.sendall(data)


def openssl(folder: Path, *arguments: str) -> None:
    """Run openssl there."""
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder with ca.pem, cert.pem, key.pem, server-cert.pem and server-key.pem."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "san").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-subj")
    openssl(tmp_path, *new, "/CN=ca", "-x509", "-days", "2", "-keyout", "ca-key.pem", "-out", "ca.pem")
    for name in ("", "server-"):
        openssl(tmp_path, *new, f"/CN={name}x", "-keyout", f"{name}key.pem", "-out", "request")
        signing = ("-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2", "-extfile", "san")
        openssl(tmp_path, "x509", "-req", "-in", "request", *signing, "-out", f"{name}cert.pem")
    return tmp_path


@pytest.fixture
def socket_path(docker_client: Any) -> str:
    """The path of the socket that the tests' engine listens on, wherever DOCKER_HOST or a context put it."""
    scheme, _, place = resolve(None, None).address.partition("://")
    if scheme != "unix":
        pytest.skip(f"the engine listens on {scheme}, not on a Unix socket")
    return place


async def check(engine: DockerEngine, name: str) -> None:
    """A call, a log and a closed stream of events."""
    assert any(row.name == name for row in await engine.containers())
    assert sum(len(batch.lines) for batch in engine.logs(name, tty=False, follow=False)) == 50_000
    events = engine.events()
    reader = threading.Thread(target=lambda: list(events), daemon=True)
    reader.start()
    until(lambda: events._stream._socket is not None, 5, "the connection")
    events.close()
    until(lambda: not reader.is_alive(), 0.1, "the end of the events")


async def test_an_engine_over_bare_tcp(socket_path: str, docker_client: Any, container: Callable[..., str]) -> None:
    name = container(["seq", "50000"])
    docker_client.wait(name)
    relay = Relay(socket_path)
    engine = DockerEngine(relay.address)
    await check(engine, name)
    engine.close()
    relay.close()


async def test_an_engine_over_tls_and_a_client_without_its_certificate(
    socket_path: str,
    docker_client: Any,
    container: Callable[..., str],
    certificates: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = container(["seq", "50000"])
    docker_client.wait(name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server-cert.pem", certificates / "server-key.pem")
    context.load_verify_locations(certificates / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    relay = Relay(socket_path, context)
    monkeypatch.setenv("DOCKER_HOST", relay.address)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates))
    engine = DockerEngine()
    await check(engine, name)
    engine.close()
    monkeypatch.delenv("DOCKER_TLS_VERIFY")
    monkeypatch.delenv("DOCKER_CERT_PATH")
    plain = DockerEngine()
    with pytest.raises(ServiceError) as caught:
        await plain.containers()
    assert caught.value.mend
    with pytest.raises(ServiceError):
        list(plain.events())
    plain.close()
    relay.close()


async def test_an_address_from_which_nothing_comes_back_does_not_hold_us() -> None:
    engine = DockerEngine("tcp://192.0.2.1:2375")
    start = time.monotonic()
    events = engine.events()

    def read() -> None:
        with contextlib.suppress(ServiceError):
            list(events)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with pytest.raises(ServiceError) as caught:
        await engine.info()
    assert time.monotonic() - start < 6
    assert caught.value.mend
    engine.close()
    until(lambda: not reader.is_alive(), 1, "the end of the events")
