"""A long HTTP answer of an engine as raw bytes: read by one thread, closed from any other."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from tui.services.docker_context import Endpoint

BLOCK = 1 << 18
"""Most bytes of one read."""
CONNECT = 5.0
"""Seconds to get a connection."""
GATHER = 0.015
"""Seconds that a read waits for more: a busy log comes in hundreds of small writes, a slow one byte by byte."""
BUSY = 8192
"""Bytes in a millisecond that make a stream busy."""


class RefusedError(Exception):
    """The engine answered with an error status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class BrokenError(ConnectionError):
    """The connection ended in the middle of an answer."""


class ByteStream:
    """One request, made when it is first read; its answer in blocks of bytes.

    With `whole`, the answer must end properly (HTTP/1.1, chunked), else `BrokenError` is raised: for a pull. Without, HTTP/1.0
    is spoken: the engine then writes the body bare, which spares us one chunk header a log line, and the end of the
    connection is the end of the body.

    Args:
        endpoint: Says where the engine listens; asked in the reading thread.
        path: Path and query.
        method: GET or POST.
        headers: Says further headers, in the reading thread; one in an environment of credential helpers may take its time.
        whole: Whether a missing end is an error.
        patience: Seconds until the answer must begin; None waits for ever.
    """

    def __init__(
        self,
        endpoint: Callable[[], Endpoint],
        path: str,
        *,
        method: str = "GET",
        headers: Callable[[], Mapping[str, str]] = dict,
        whole: bool = False,
        patience: float | None = 10.0,
    ) -> None:
        self.server = ""
        """What the engine calls itself (`Docker/27.0.1 (linux)`, `Libpod/5.2.0`), known once it answered."""
        self._endpoint = endpoint
        self._path = path
        self._method = method
        self._headers = headers
        self._whole = whole
        self._patience = patience
        self._closed = False
        self._socket: socket.socket | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            with contextlib.closing(self._opened()) as blocks:
                yield from blocks
        except (OSError, RefusedError):
            if not self._closed:
                raise
        finally:
            self._let_go()

    def close(self) -> None:
        """End the reading at once; the reading thread itself lets the connection go."""
        self._closed = True
        if (connection := self._socket) is not None:
            _shut(connection)

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        return self._closed

    def _opened(self) -> Generator[bytes, None, None]:
        if self._closed:
            return
        endpoint, headers = self._endpoint(), self._headers()
        connection = self._connect(endpoint)
        if self._closed:
            return
        connection.settimeout(self._patience)
        connection.sendall(self._request(endpoint, headers))
        status, found, rest = _head(connection)
        self.server = found.get("server", "")
        chunked = "chunked" in found.get("transfer-encoding", "").lower()
        if status >= 400:
            raise RefusedError(status, _message(_all(connection, rest, chunked)))
        connection.settimeout(None)
        blocks = _blocks(connection, rest)
        yield from _dechunked(blocks) if chunked else blocks

    def _connect(self, endpoint: Endpoint) -> socket.socket:
        if endpoint.scheme == "unix":
            connection = self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(CONNECT)
            connection.connect(endpoint.path)
            return connection
        connection = self._reach(endpoint)
        _keep_alive(connection)
        if endpoint.tls:
            context = _tls_context(endpoint.tls)
            connection = self._socket = context.wrap_socket(connection, server_hostname=endpoint.host)
        return connection

    def _reach(self, endpoint: Endpoint) -> socket.socket:
        """Try the host's addresses in turn; each socket is known before it connects, so that closing ends that too."""
        failure: OSError = OSError("no address")
        for family, kind, protocol, _name, address in socket.getaddrinfo(
            endpoint.host, endpoint.port, type=socket.SOCK_STREAM
        ):
            connection = self._socket = socket.socket(family, kind, protocol)
            connection.settimeout(CONNECT)
            try:
                connection.connect(address)
            except OSError as error:
                connection.close()
                failure = error
                if self._closed:
                    break
            else:
                return connection
        raise failure

    def _request(self, endpoint: Endpoint, headers: Mapping[str, str]) -> bytes:
        lines = [f"{self._method} {self._path} HTTP/{'1.1' if self._whole else '1.0'}"]
        lines += [f"Host: {endpoint.host or 'docker'}", "Connection: close", "Content-Length: 0", "User-Agent: llmtui"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def _let_go(self) -> None:
        if (connection := self._socket) is not None:
            self._socket = None
            _shut(connection)
            connection.close()


def _shut(connection: socket.socket) -> None:
    """Wake whoever reads; on the plain socket, as TLS would want to say goodbye first."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


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


def _head(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read status and headers; give also what of the body came with them."""
    data = b""
    while b"\r\n\r\n" not in data:
        got = connection.recv(65536)
        if not got or len(data) > 1 << 20:
            raise BrokenError("the engine hung up before it answered")
        data += got
    head, rest = data.split(b"\r\n\r\n", 1)
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        raise BrokenError(f"not an HTTP answer: {first[:80]}")
    pairs = (line.partition(":") for line in lines)
    return int(words[1]), {name.strip().lower(): value.strip() for name, _, value in pairs}, rest


def _all(connection: socket.socket, rest: bytes, chunked: bool) -> bytes:
    """Read the short body of an error; it is cut at a megabyte."""
    blocks = _blocks(connection, rest)
    data = b""
    with contextlib.suppress(OSError):
        for block in _dechunked(blocks) if chunked else blocks:
            data += block
            if len(data) > 1 << 20:
                break
    return data


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip()


def _blocks(connection: socket.socket, rest: bytes) -> Generator[bytes, None, None]:
    """Read blocks until the end; each waits for its first bytes, then gathers for a moment what follows."""
    if rest:
        yield rest
    room = memoryview(bytearray(BLOCK))
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    pending = getattr(connection, "pending", lambda: 0)
    while filled := connection.recv_into(room):
        until, pause = time.monotonic() + GATHER, 0.001
        got = 1
        while got and filled < BLOCK and time.monotonic() < until:
            time.sleep(pause)
            gained = 0
            while filled < BLOCK and (pending() or poll.poll(0)):
                got = connection.recv_into(room[filled:])
                if not got:
                    break
                filled += got
                gained += got
            pause = 0.001 if gained >= BUSY else pause * 2
        yield bytes(room[:filled])
        if not got:
            return


def _dechunked(blocks: Iterator[bytes]) -> Generator[bytes, None, None]:
    """Take HTTP's chunks apart.

    Raises:
        BrokenError: The last chunk never came.
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
                need, data = int(line.split(b";")[0], 16), after
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
