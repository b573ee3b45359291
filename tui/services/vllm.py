"""Asking a vLLM server over HTTP: is it there, which model, how busy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.insight.stall import Outcome
from tui.insight.vitals_scrape import Scrape
from tui.services.bearer import bearer
from tui.services.errors import ServiceError
from tui.services.near import is_near

if TYPE_CHECKING:
    import httpx2

CONNECT_SECONDS = 1.5
READ_SECONDS = 4.0
WHOLE_SECONDS = 6.0
"""Most seconds that one question may take, however the answer drips."""
MOST_BYTES = 4 << 20
"""An answer that is longer is none: no vLLM says that much."""
FORBIDDEN = frozenset({401, 403})
MARK = "llmtui"
"""What the access lines of our own POSTs say, so that the log can hide them as it hides our GETs."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server says of itself once it answers."""

    model: str | None = None
    root: str | None = None
    context_length: int | None = None
    version: str | None = None
    models: tuple[str, ...] | None = None
    """All the names it answers to; None when it does not let us see them (the key is not known)."""


class VllmClient:
    """Short questions to any number of servers; a server that does not answer is None, never an exception."""

    def __init__(self) -> None:
        self._clients: dict[bool, httpx2.AsyncClient] = {}
        """One for what is near, and one that goes through the environment's proxy for what is far."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="httpx2")
        self._opening = asyncio.Lock()

    async def healthy(self, url: str, key: str | None = None) -> bool:
        """Whether /health answers 200."""
        return await self._get(url, "/health", key) is not None

    async def identity(self, url: str, key: str | None = None) -> Identity | None:
        """Ask for the model and the version; None when neither answers."""
        (status, text), version = await asyncio.gather(
            self._ask(url, "/v1/models", key), self._get(url, "/version", key)
        )
        models, said = _parsed(text if status == 200 else None), _parsed(version)
        if models is None and said is None and status not in FORBIDDEN:
            return None
        entries = _models(models)
        entry = entries[0] if entries else {}
        length = entry.get("max_model_len")
        return Identity(
            model=_text(entry.get("id")),
            root=_text(entry.get("root")),
            context_length=length if isinstance(length, int) else None,
            version=_text(said.get("version")) if isinstance(said, dict) else None,
            models=None if status in FORBIDDEN else tuple(name for one in entries if (name := _text(one.get("id")))),
        )

    async def scrape(self, url: str, key: str | None, clock: Callable[[], float]) -> Scrape | None:
        """Read /metrics; None when it does not answer."""
        text = await self._get(url, "/metrics", key)
        return None if text is None else Scrape.read(text, clock())

    async def works(
        self, url: str, key: str | None, model: str, task: str, patience: float, *, rank: int | None = None
    ) -> Outcome:
        """Ask for one token, of one engine or of any, and say what became of it."""
        from tui.services.answer import FaultyError, TooLateError, one_token

        try:
            await one_token(url, model, task, key, patience, mark=MARK, rank=rank)
        except TooLateError:
            return Outcome.LATE
        except FaultyError:
            return Outcome.FAULTY
        except ServiceError:
            return Outcome.UNSURE
        return Outcome.ANSWERED

    async def close(self) -> None:
        """Let go of the connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            await client.aclose()

    async def _get(self, url: str, path: str, key: str | None) -> str | None:
        status, text = await self._ask(url, path, key)
        return text if status == 200 else None

    async def _ask(self, url: str, path: str, key: str | None) -> tuple[int, str]:
        """Give the status and the body; (0, "") when there is no answer that makes sense."""
        client = await self._open(is_near(url))
        import httpx2

        body = bytearray()
        try:
            headers = {"Authorization": bearer(key)} if key else {}
            async with asyncio.timeout(WHOLE_SECONDS), client.stream("GET", url + path, headers=headers) as answer:
                async for block in answer.aiter_bytes():
                    body += block
                    if len(body) > MOST_BYTES:
                        return 0, ""
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, ServiceError):
            return 0, ""
        return answer.status_code, body.decode("utf-8", "replace")

    async def _open(self, near: bool) -> httpx2.AsyncClient:
        async with self._opening:
            if near not in self._clients:
                # The import alone takes longer than a frame: not on the event loop.
                made = await asyncio.get_running_loop().run_in_executor(self._pool, _make_client, near)
                self._clients[near] = made
            return self._clients[near]


def _make_client(near: bool) -> httpx2.AsyncClient:
    import httpx2

    return httpx2.AsyncClient(trust_env=not near, timeout=httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS))


def _parsed(text: str | None) -> Any:
    import json

    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return None


def _models(models: Any) -> list[dict[str, Any]]:
    data = models.get("data") if isinstance(models, dict) else None
    return [entry for entry in data if isinstance(entry, dict)] if isinstance(data, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
