"""The one proof that a server works: it answers one token, from the model that was expected."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from tui.services.bearer import bearer
from tui.services.errors import ServiceError
from tui.services.near import is_near

if TYPE_CHECKING:
    import httpx2

Ask = Callable[[str, str, str, str | None, float], Awaitable[str]]
"""`(url, model, task, api_key, timeout) -> the name that answered`; see `one_token`."""

GENERATE = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/pooling")
EMBED = ("/v1/embeddings", "/pooling", "/v1/chat/completions")
NO_TEMPLATE = ("chat template", "chat_template")
MOST_BYTES = 4_000_000
"""No honest answer of one token is bigger."""
_imports = ThreadPoolExecutor(1, thread_name_prefix="answer")


class NotYetError(ServiceError):
    """It does not answer now, but may later: not listening, too slow, or busy."""


class TooLateError(NotYetError):
    """It took the question and gave no answer in time."""


class FaultyError(ServiceError):
    """It answers with an error of its own: nobody can use it."""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    record: Any
    text: str


async def one_token(
    url: str,
    model: str,
    task: str = "generate",
    api_key: str | None = None,
    timeout: float = 60,  # noqa: ASYNC109
    *,
    mark: str | None = None,
    rank: int | None = None,
) -> str:
    """Ask for one token of an answer, or for one embedding.

    Args:
        url: The server, without /v1.
        model: The name that must answer; empty takes the first that the server has.
        task: generate or embed: which road is tried first.
        api_key: Sent as a bearer token; None sends none.
        timeout: Seconds for the whole question.
        mark: What its access line says of who asked (`?by=…`), so that a log can hide it.
        rank: Which engine of a data-parallel server shall answer, counted from 0; None leaves it to the server. Versions that
            do not know the header `X-data-parallel-rank` choose themselves.

    Returns:
        The name of the model that answered.

    Raises:
        NotYetError: Nobody listens, no answer within `timeout`, or the server says it is overloaded.
        ServiceError: It answers, but not as expected (another model, an error of its own), or the key cannot be sent.
    """
    # The import takes longer than a frame: not on the event loop.
    client = await asyncio.get_running_loop().run_in_executor(_imports, _open, url, api_key, timeout, mark, rank)
    import httpx2

    try:
        async with client, asyncio.timeout(timeout):
            return await _answer(client, model or await _first_model(client), task)
    except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise _meant(error, url, timeout) from error


def _meant(error: Exception, url: str, timeout: float) -> ServiceError:
    import httpx2

    if isinstance(error, TimeoutError | httpx2.ReadTimeout):
        return TooLateError(_("{url} gives no answer").format(url=url), _("waited {n:.0f} s").format(n=timeout))
    if isinstance(error, httpx2.TimeoutException):
        return NotYetError(_("{url} gives no answer").format(url=url), str(error))
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return ServiceError(_("{url} is no address of a server").format(url=url), str(error))
    return NotYetError(_("Nobody answers at {url}").format(url=url), str(error))


def _open(
    url: str, api_key: str | None, timeout: float, mark: str | None, rank: int | None = None
) -> httpx2.AsyncClient:
    import httpx2

    headers = {"Authorization": bearer(api_key)} if api_key else {}
    if rank is not None:
        headers["X-data-parallel-rank"] = str(rank)
    limits = httpx2.Timeout(timeout, connect=min(3.0, timeout))
    near = is_near(url)
    return httpx2.AsyncClient(
        base_url=url,
        headers=headers,
        params={"by": mark} if mark else None,
        timeout=limits,
        trust_env=not near,
        # Reading the certificates takes a tenth of a second, for nothing where none is shown.
        verify=not (near and url.startswith("http:")),
    )


async def _answer(client: httpx2.AsyncClient, model: str, task: str) -> str:
    reply = _Reply(0, None, "")
    for path in EMBED if task == "embed" else GENERATE:
        reply = await _post(client, path, _question(path, model))
        if reply.status == 200:
            return await _checked(client, model, path, reply.record)
        if not (_no_such_route(reply) or _no_template(reply)):
            break
    raise _refusal(str(client.base_url).rstrip("/"), model, reply)


def _question(path: str, model: str) -> dict[str, Any]:
    if path == "/v1/chat/completions":
        return {"model": model, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1, "temperature": 0}
    if path == "/v1/completions":
        return {"model": model, "prompt": "Hi", "max_tokens": 1, "temperature": 0}
    return {"model": model, "input": "Hi"}


async def _post(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> _Reply:
    return await _reply(client, client.build_request("POST", path, json=body))


async def _reply(client: httpx2.AsyncClient, request: httpx2.Request) -> _Reply:
    answer = await client.send(request, stream=True)
    content = bytearray()
    try:
        async for chunk in answer.aiter_bytes():
            content += chunk
            if len(content) > MOST_BYTES:
                break
    finally:
        await answer.aclose()
    return _Reply(answer.status_code, _parsed(bytes(content)), content[:2000].decode("utf-8", "replace"))


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


async def _first_model(client: httpx2.AsyncClient) -> str:
    names = await _models(client)
    if not names:
        raise ServiceError(_("{url} names no model").format(url=client.base_url))
    return names[0]


async def _models(client: httpx2.AsyncClient) -> list[str]:
    record = (await _reply(client, client.build_request("GET", "/v1/models"))).record
    data = record.get("data") if isinstance(record, dict) else None
    rows = data if isinstance(data, list) else []
    return [row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]


async def _checked(client: httpx2.AsyncClient, model: str, path: str, record: Any) -> str:
    answers = record.get("choices" if path.endswith("completions") else "data") if isinstance(record, dict) else None
    if not isinstance(answers, list) or not answers:
        raise ServiceError(_("{model} answers with nothing").format(model=model), json.dumps(record)[:200])
    name = record.get("model")
    # vLLM answers with its first name, whichever of its names was asked for: the list decides.
    if isinstance(name, str) and name and name != model and model not in await _models(client):
        raise _wrong_model(model, name)
    return model


def _no_such_route(reply: _Reply) -> bool:
    # vLLM's "no such model" is a 404 as well, but carries an error record.
    return reply.status == 405 or (reply.status == 404 and not _said(reply).strip("`").startswith("The model"))


def _no_template(reply: _Reply) -> bool:
    return reply.status in (400, 500) and any(word in reply.text for word in NO_TEMPLATE)


def _said(reply: _Reply) -> str:
    record = reply.record if isinstance(reply.record, dict) else {}
    inner = record.get("error")
    for value in (
        inner.get("message") if isinstance(inner, dict) else inner,
        record.get("message"),
        record.get("detail"),
    ):
        if isinstance(value, str) and value:
            return value
    return reply.text


def _wrong_model(model: str, said: str) -> ServiceError:
    return ServiceError(
        _("Another model answers than {model}").format(model=model),
        said,
        _("Check the model and its served name, and that the port belongs to this server."),
    )


def _refusal(url: str, model: str, reply: _Reply) -> ServiceError:
    said = _said(reply)[:400]
    if reply.status in (401, 403):
        mend = _("Put the server's key into the environment as VLLM_API_KEY.")
        return ServiceError(_("{url} wants an API key").format(url=url), said, mend)
    if reply.status == 404 and "does not exist" in said:
        return _wrong_model(model, said)
    if reply.status in (404, 405):
        return ServiceError(_("{url} has no road to ask for an answer").format(url=url), said)
    title = _("{model} answers with an error ({status})").format(model=model, status=reply.status)
    if reply.status in (408, 425, 429, 502, 503, 504):
        return NotYetError(title, said)
    return (FaultyError if reply.status == 500 else ServiceError)(title, said)
