"""A long HTTP answer of an engine as raw bytes: read by one thread, closed from any other."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping

from tui.services.docker_connection import (
    RefusedError,
    connect,
    dechunked,
    is_chunked,
    receive_head,
    send,
)
from tui.services.docker_context import Endpoint

BLOCK = 1 << 18
"""Most bytes of one read."""
GATHER = 0.015
"""Seconds that a read waits for more: a busy log comes in hundreds of small writes, a slow one byte by byte."""
BUSY = 8192
"""Bytes in a millisecond that make a stream busy."""


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
        silence: Most seconds between two pieces of the answer; None for what may be silent for days.
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
        silence: float | None = None,
    ) -> None:
        self.server = ""
        """What the engine calls itself (`Docker/27.0.1 (linux)`, `Libpod/5.2.0`), known once it answered."""
        self._endpoint = endpoint
        self._path = path
        self._method = method
        self._headers = headers
        self._whole = whole
        self._patience = patience
        self._silence = silence
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
        connection = connect(endpoint, self._hold)
        if self._closed:
            return
        connection.settimeout(self._patience)
        send(connection, endpoint, f"{self._method} {self._path} HTTP/{'1.1' if self._whole else '1.0'}", headers)
        status, found, rest = receive_head(connection)
        self.server = found.get("server", "")
        if status >= 400:
            raise RefusedError(status, _all(connection, rest, is_chunked(found)))
        connection.settimeout(self._silence)
        blocks = _blocks(connection, rest)
        yield from dechunked(blocks) if is_chunked(found) else blocks

    def _hold(self, connection: socket.socket) -> None:
        self._socket = connection

    def _let_go(self) -> None:
        if (connection := self._socket) is not None:
            self._socket = None
            _shut(connection)
            connection.close()


def _shut(connection: socket.socket) -> None:
    """Wake whoever reads; on the plain socket, as TLS would want to say goodbye first."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _all(connection: socket.socket, rest: bytes, chunked: bool) -> bytes:
    """Read the short body of an error; it is cut at a megabyte."""
    blocks = _blocks(connection, rest)
    data = b""
    with contextlib.suppress(OSError):
        for block in dechunked(blocks) if chunked else blocks:
            data += block
            if len(data) > 1 << 20:
                break
    return data


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
