"""Short questions and commands to an engine: a private pool, a client a thread, a limit in seconds for each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from gettext import gettext as _
from typing import Any, TypeVar

from tui.services.docker_context import Endpoint, resolve
from tui.services.docker_questions import ask
from tui.services.docker_records import version
from tui.services.docker_trouble import StrangeError, gate, hangs, is_answer
from tui.services.errors import ServiceError

Answer = TypeVar("Answer")

PATIENCE = 3.5
"""Seconds for a call."""
PING = 1.2
"""Seconds for the question whether the engine is alive at all."""
THREADS = 8


class Calls:
    """Puts blocking calls into a pool of our own, so that none can freeze the event loop or outlast its limit.

    Questions are asked plainly, commands are given through docker-py: its import takes a fifth of a second, which the
    first screen, that only asks, need not wait for.

    A thread that hangs cannot be ended, so the whole pool is left behind and a new one takes its place.

    Args:
        address: The engine's address, None to find it as the docker command does.
        context: The name of a docker context.
    """

    def __init__(self, address: str | None = None, context: str | None = None) -> None:
        self._asked_for = (address, context)
        self._endpoint: Endpoint | None = None
        self._answered = False
        self._version: str | None = None
        self._age = 0
        """Grows when every client must be made anew."""
        self._loaded = False
        self._closed = False
        self._mine = threading.local()
        self._pool = self._new_pool()

    async def ask(self, path: str, title: str, at_most: float = 0.0, *, parse: Callable[[Any], Answer]) -> Answer:
        """Read the JSON that the engine has at this path.

        Args:
            path: Path and query, without the API's version: the engine's own is meant.
            title: What is tried, for a refusal without words of ours.
            at_most: Seconds for an answer that may be slow; after `PATIENCE` it goes on only while the engine is alive.
            parse: Makes our record of it; what it cannot read has been said by no engine.

        Raises:
            ServiceError: The engine refused, cannot be reached or does not answer in time.
        """
        seconds = max(PATIENCE, at_most)
        return await self._bounded(lambda endpoint: _read(ask(endpoint, path, seconds), parse), title, at_most)

    async def run(self, work: Callable[[Any], Answer], title: str, at_most: float = 0.0) -> Answer:
        """Let `work` command a docker-py APIClient, in the pool; the rest is as for `ask`."""
        if not self._loaded:
            await asyncio.gather(self._import(), self.ask("/version", title, parse=version))
        seconds = max(PATIENCE, at_most)
        return await self._bounded(lambda endpoint: work(self._client(endpoint, seconds)), title, at_most)

    async def _bounded(self, work: Callable[[Endpoint], Answer], title: str, at_most: float) -> Answer:
        waiting = self._submit(work, title)
        limit = waited = PATIENCE + 0.25
        while True:
            await asyncio.wait({waiting}, timeout=limit)
            if waiting.cancelled():
                raise self._left() if self._closed else self._hangs()
            if waiting.done():
                return waiting.result()
            if waited >= at_most or not await self._alive():
                self._leave_pool()
                raise self._hangs()
            waited += limit

    def endpoint(self) -> Endpoint:
        """Say where the engine listens; reads files, so only in a thread. Once an engine answered it stays the same."""
        endpoint = self._endpoint
        if endpoint is None or not self._answered:
            endpoint = self._endpoint = resolve(*self._asked_for)
        return endpoint

    def close(self) -> None:
        """Take no more work; waits for nothing."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, work: Callable[[Endpoint], Answer], title: str) -> asyncio.Future[Answer]:
        if self._closed:
            raise self._left()
        waiting = asyncio.wrap_future(self._pool.submit(self._do, work, title))
        waiting.add_done_callback(_forget)
        return waiting

    def _do(self, work: Callable[[Endpoint], Answer], title: str) -> Answer:
        endpoint = self.endpoint()
        try:
            with gate(endpoint, title):
                answer = work(endpoint)
        except ServiceError as error:
            if not is_answer(error.__cause__):
                self._age += 1
                self._version = None
            raise
        self._answered = True
        return answer

    def _client(self, endpoint: Endpoint, seconds: float) -> Any:
        """Give this thread's client; the first one asks the engine for its version."""
        if getattr(self._mine, "age", None) != self._age:
            age = self._age
            self._mine.client = _new_client(endpoint, self._version)
            self._mine.age = age
            self._version = self._mine.client.api_version if age == self._age else None
        self._mine.client.timeout = seconds
        return self._mine.client

    async def _import(self) -> None:
        """Load docker-py in the pool, outside of every limit: it is slow on a busy machine, but never hangs."""
        if self._closed:
            raise self._left()
        waiting = asyncio.wrap_future(self._pool.submit(_load))
        await asyncio.wait({waiting})
        if waiting.cancelled():
            raise self._left() if self._closed else self._hangs()
        waiting.result()
        self._loaded = True

    async def _alive(self) -> bool:
        waiting = self._submit(lambda endpoint: ask(endpoint, "/version", PING), "")
        await asyncio.wait({waiting}, timeout=PING)
        return waiting.done() and not waiting.cancelled() and waiting.exception() is None

    def _hangs(self) -> ServiceError:
        return hangs(self._endpoint or Endpoint("", "", ""))

    def _left(self) -> ServiceError:
        return ServiceError(_("This engine was left"))

    def _leave_pool(self) -> None:
        if self._closed:
            return
        left, self._pool = self._pool, self._new_pool()
        self._age += 1
        left.shutdown(wait=False, cancel_futures=True)

    def _new_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="docker")


def _new_client(endpoint: Endpoint, version: str | None) -> Any:
    """Make a client that heeds no proxy and no certificates of the environment, as they override the context's own."""
    from docker import APIClient
    from docker.constants import DEFAULT_DOCKER_API_VERSION

    client: Any = APIClient(endpoint.address, version or DEFAULT_DOCKER_API_VERSION, 4, tls=endpoint.tls or False)
    client.trust_env = False
    if version is None:
        client._version = client._retrieve_server_version()
    return client


def _read(answer: Any, parse: Callable[[Any], Answer]) -> Answer:
    try:
        return parse(answer)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StrangeError(answer) from error


def _load() -> None:
    import docker  # noqa: F401


def _forget(waiting: asyncio.Future[Any]) -> None:
    """Take note of a late failure, so that nobody complains that nobody did."""
    if not waiting.cancelled():
        waiting.exception()
