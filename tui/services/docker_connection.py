"""One HTTP request to an engine over a socket, and the beginning of its answer."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import Any

from tui.services.docker_context import Endpoint

CONNECT = 5.0
"""Seconds to get a connection."""
MOST_HEAD = 1 << 20
"""Bytes of headers that no engine needs."""


class RefusedError(Exception):
    """The engine answered with an error status; `body` is JSON with a `message`, unless something else answered."""

    def __init__(self, status: int, body: bytes) -> None:
        try:
            self.message, self.of_engine = str(json.loads(body)["message"]), True
        except (ValueError, KeyError, TypeError):
            self.message, self.of_engine = body.decode("utf-8", "replace").strip(), False
        super().__init__(self.message)
        self.status = status


class BrokenError(ConnectionError):
    """The connection ended in the middle of an answer."""


def connect(
    endpoint: Endpoint, hold: Callable[[socket.socket], None] = lambda _: None, seconds: float = CONNECT
) -> socket.socket:
    """Connect to an engine.

    Args:
        endpoint: Where it listens.
        hold: Told each socket before it connects, so that another thread can end even that.
        seconds: How long each try may take.
    """
    if endpoint.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        return _connected(connection, endpoint.path, hold, seconds)
    connection = _reach(endpoint, hold, seconds)
    _keep_alive(connection)
    if endpoint.tls:
        connection = _tls_context(endpoint.tls).wrap_socket(connection, server_hostname=endpoint.host)
        hold(connection)
    return connection


def _connected(
    connection: socket.socket, address: Any, hold: Callable[[socket.socket], None], seconds: float
) -> socket.socket:
    hold(connection)
    connection.settimeout(seconds)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _reach(endpoint: Endpoint, hold: Callable[[socket.socket], None], seconds: float) -> socket.socket:
    """Try the addresses of a host in turn."""
    failure: OSError = OSError("no address")
    found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _name, address in found:
        try:
            return _connected(socket.socket(family, kind, protocol), address, hold, seconds)
        except OSError as error:
            failure = error
    raise failure


def _keep_alive(connection: socket.socket) -> None:
    """Notice within half a minute that the other side of a quiet connection is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
        if (option := getattr(socket, name, None)) is not None:
            connection.setsockopt(socket.IPPROTO_TCP, option, value)


def _tls_context(tls: Any) -> ssl.SSLContext:
    """Build what docker-py's TLSConfig asks for."""
    context = ssl.create_default_context(cafile=tls.ca_cert if tls.verify and tls.ca_cert else None)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.cert:
        context.load_cert_chain(*tls.cert)
    return context


def send(connection: socket.socket, endpoint: Endpoint, start: str, headers: Mapping[str, str]) -> None:
    """Send a request without a body; `start` is its first line."""
    lines = [
        start,
        f"Host: {endpoint.host or 'docker'}",
        "Connection: close",
        "Content-Length: 0",
        "User-Agent: llmtui",
    ]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


def receive_head(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read status and headers (names in small letters); give also what of the body came with them."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = connection.recv(65536)
        if not got or len(data) > MOST_HEAD:
            raise BrokenError(
                "the engine hung up before it answered" if not data else f"not an HTTP answer: {data[:80]!r}"
            )
        data += got
    head, rest = data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise BrokenError(f"not an HTTP answer: {first[:80]}")
    pairs = (line.partition(":") for line in lines)
    return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}, rest


def is_chunked(headers: Mapping[str, str]) -> bool:
    """Say whether the body comes in HTTP's chunks."""
    return "chunked" in headers.get("transfer-encoding", "").lower()


def dechunked(blocks: Iterable[bytes]) -> Generator[bytes, None, None]:
    """Take HTTP's chunks apart.

    Raises:
        BrokenError: The last chunk never came, or what came is no chunk.
    """
    data, need = b"", -1
    for block in blocks:
        data += block
        bodies: list[bytes] = []
        while True:
            if need < 0:
                line, found, after = data.partition(b"\r\n")
                if not found:
                    break
                need, data = _chunk_size(line), after
                if need == 0:
                    if bodies:
                        yield b"".join(bodies)
                    return
            if len(data) < need + 2:
                break
            bodies.append(data[:need])
            data, need = data[need + 2 :], -1
        if bodies:
            yield b"".join(bodies)
    raise BrokenError("the answer broke off")


def _chunk_size(line: bytes) -> int:
    try:
        return int(line.split(b";")[0], 16)
    except ValueError:
        raise BrokenError(f"not an HTTP answer: chunk {line[:40]!r}") from None
