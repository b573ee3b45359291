"""The `openai` client: imported late and away from the event loop, one client for each address and key."""

from __future__ import annotations

import asyncio
import importlib
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tui.services.bearer import bearer
from tui.services.near import is_near

if TYPE_CHECKING:
    from openai import AsyncOpenAI

CONNECT_TIMEOUT = 3.0
"""Seconds until a server that takes no connection is given up."""

READ_TIMEOUT = 600.0
"""Seconds without a byte until an answer is given up: a long prompt may take minutes before its first token."""


class Clients:
    """The clients in use; the first one asked for waits for the import, which takes a second or two."""

    def __init__(self) -> None:
        self._ready: Future[None] | None = None
        self._clients: dict[tuple[str, str], AsyncOpenAI] = {}

    def warm(self) -> Future[None]:
        """Begin to import the client in a thread of its own; may be called again."""
        if self._ready is None:
            self._ready = Future()
            threading.Thread(target=_import, args=(self._ready,), name="openai import", daemon=True).start()
        return self._ready

    async def client(self, url: str, key: str | None) -> AsyncOpenAI:
        """The client of a server.

        Args:
            url: The server's address without `/v1`.
            key: Its API key, None when it has none.

        Raises:
            ServiceError: If no header can carry the key; it is not shown.
        """
        if key:
            bearer(key)
        await asyncio.wrap_future(self.warm())
        known = (url, key or "EMPTY")
        if known not in self._clients:
            self._clients[known] = _made(*known)
        return self._clients[known]

    async def close(self) -> None:
        """Close every connection."""
        clients = list(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.close()


def _import(ready: Future[None]) -> None:
    try:
        importlib.import_module("openai")
        importlib.import_module("anyio._backends._asyncio")
        _made("http://127.0.0.1", "EMPTY").chat.completions  # noqa: B018  imports what the first question needs
    except BaseException as error:
        ready.set_exception(error)
    else:
        ready.set_result(None)


def _made(url: str, key: str) -> AsyncOpenAI:
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

    timeout = Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)
    plain = url.startswith("http://")
    http = DefaultAsyncHttpxClient(
        trust_env=not is_near(url),
        timeout=timeout,
        follow_redirects=not plain,
        verify=not plain,  # building the TLS context costs 30 ms, and a plain address never uses it
    )
    base = url.rstrip("/")
    base = base if base.endswith("/v1") else f"{base}/v1"
    return AsyncOpenAI(base_url=base, api_key=key, http_client=http, max_retries=0, timeout=timeout)
