"""A short question to an engine: one GET, one JSON answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from socket import socket
from typing import Any

from tui.services.docker_connection import (
    BrokenError,
    RefusedError,
    connect,
    dechunked,
    is_chunked,
    receive_head,
    send,
)
from tui.services.docker_context import Endpoint


def ask(endpoint: Endpoint, path: str, seconds: float) -> Any:
    """Get the JSON that an engine has at this path.

    Raises:
        RefusedError: The engine answered with an error status.
        OSError: It cannot be reached, hung up, or was silent for `seconds`.
    """
    with connect(endpoint, seconds=seconds) as connection:
        connection.settimeout(seconds)
        send(connection, endpoint, f"GET {path} HTTP/1.1", {})
        status, headers, rest = receive_head(connection)
        blocks = _blocks(connection, rest)
        body = b"".join(dechunked(blocks) if is_chunked(headers) else blocks)
    if len(body) < int(headers.get("content-length", 0)):
        raise BrokenError("the answer broke off")
    if status >= 400:
        raise RefusedError(status, body)
    try:
        return json.loads(body)
    except ValueError:
        raise BrokenError(f"not an HTTP answer of an engine: {body[:80]!r}") from None


def _blocks(connection: socket, rest: bytes) -> Iterator[bytes]:
    yield rest
    while block := connection.recv(1 << 18):
        yield block
