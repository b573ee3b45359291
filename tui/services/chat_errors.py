"""What went wrong between us and a model server, in words with a mend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from gettext import gettext as _

from tui.services.chat_stream import StreamError, cleaned
from tui.services.errors import ServiceError
from tui.services.server import Server

_ALIASES = re.compile(r"Valid aliases: (.+?)\.?$")


def told(error: Exception, server: Server, began: bool) -> ServiceError:
    """Translate a failure of the client.

    Args:
        error: What the client raised.
        server: The server that was asked.
        began: Whether part of the answer had come already.
    """
    failure = _told(error, server, began)
    if server.api_key and server.api_key in failure.detail:
        return ServiceError(failure.title, failure.detail.replace(server.api_key, "…"), failure.mend)
    return failure


def _told(error: Exception, server: Server, began: bool) -> ServiceError:
    import httpx2
    import openai

    if isinstance(error, ServiceError):
        return error
    if isinstance(error, openai.APIStatusError):
        return _refused(error.status_code, _message(error), server)
    if isinstance(error, StreamError):
        return ServiceError(
            _("{name} ended the answer with an error").format(name=server.name),
            cleaned(str(error)),
            _("The log says more; R asks again"),
        )
    if isinstance(error, (openai.APITimeoutError, httpx2.TimeoutException)):
        return _too_slow(error, server, began)
    if isinstance(error, (openai.APIConnectionError, httpx2.HTTPError, OSError)):
        return _unreachable(error, server, began)
    return unforeseen(error, server)


def unforeseen(error: Exception, server: Server) -> ServiceError:
    """What nobody thought of: only its kind is told, as its words may hold the request's headers and so the key."""
    return ServiceError(
        _("The answer of {name} could not be read").format(name=server.name), type(error).__name__, _("R asks again")
    )


def broke_off(server: Server, detail: str = "") -> ServiceError:
    """The connection ended in the middle of an answer."""
    return ServiceError(
        _("The answer of {name} broke off").format(name=server.name),
        detail or _("the connection ended before the answer did"),
        _("What came is kept; R asks again when the server is back"),
    )


def _message(error: Exception) -> str:
    body = getattr(error, "body", None)
    if isinstance(body, dict):
        inner = body.get("error", body)
        inner = inner if isinstance(inner, dict) else body
        text = inner.get("message") or inner.get("detail") or error
    else:
        text = error
    return cleaned(str(text))


def _refused(status: int, message: str, server: Server) -> ServiceError:
    low = message.lower()
    if status == 404 and "does not exist" in low:
        return _unknown_model(message, server)
    for refusal in _REFUSALS:
        if status in refusal.statuses and any(word in low for word in refusal.words):
            return ServiceError(_(refusal.title).format(name=server.name, status=status), message, _(refusal.mend))
    raise AssertionError("the last refusal takes every status")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """How an answer of the server is told: it has one of the statuses, and its message one of the words."""

    statuses: range
    words: tuple[str, ...]
    title: str
    mend: str


def N_(words: str) -> str:  # noqa: N802  gettext's own name
    """Mark words for translation where they stand; `_` translates them where they are used."""
    return words


_REFUSALS = (
    _Refusal(
        range(401, 404, 2),
        ("",),
        N_("{name} refuses our API key"),
        N_("Start it with the key that llmtui knows, or without --api-key"),
    ),
    _Refusal(
        range(404, 406),
        ("",),
        N_("{name} has no chat"),
        N_("An embedding model answers under /v1/embeddings only; choose a model that writes"),
    ),
    _Refusal(
        range(400, 401),
        ("chat template",),
        N_("{name} has no chat template"),
        N_("Start it with --chat-template, or choose an instruct model"),
    ),
    _Refusal(
        range(400, 401),
        ("max_tokens",),
        N_("{name} cannot write an answer that long"),
        N_("Lower max tokens with ctrl+g"),
    ),
    _Refusal(
        range(400, 401),
        ("context length", "max_model_len", "input_tokens"),
        N_("The conversation is too long for {name}"),
        N_("Begin a new one with ctrl+o, lower max tokens with ctrl+g, or raise --max-model-len"),
    ),
    _Refusal(range(500, 600), ("",), N_("{name} failed inside ({status})"), N_("The log says why")),
    _Refusal(range(0, 1000), ("",), N_("{name} refuses the request ({status})"), N_("ctrl+g changes it")),
)


def _unknown_model(message: str, server: Server) -> ServiceError:
    found = _ALIASES.search(message)
    title = _("{name} does not serve a model called {model}").format(name=server.name, model=server.model or "?")
    if found is None:
        return ServiceError(title, message, _("The served names stand under /v1/models"))
    return ServiceError(title, message, _("It answers to: {names}").format(names=found[1]))


def _too_slow(error: Exception, server: Server, began: bool) -> ServiceError:
    if "connect" in f"{type(error).__name__} {type(error.__cause__).__name__}".lower():
        return ServiceError(
            _("{name} takes no connection").format(name=server.name),
            _("nothing answered at {url} within 3 s").format(url=server.url),
            _("See whether the server still runs"),
        )
    if began:
        return broke_off(server, _("nothing came for ten minutes"))
    return ServiceError(
        _("{name} gave no first token").format(name=server.name),
        _("nothing came for ten minutes"),
        _("Look at the waiting requests and the log; R asks again"),
    )


def _unreachable(error: Exception, server: Server, began: bool) -> ServiceError:
    reason = _reason(error.__cause__ or error)
    if began:
        return broke_off(server, reason)
    return ServiceError(
        _("{name} does not answer").format(name=server.name),
        _("{url}: {reason}").format(url=server.url, reason=reason or _("the connection was closed")),
        _("It may have stopped or still be starting: its row and its log say which"),
    )


def _reason(cause: BaseException) -> str:
    """What the network said; of what we said wrong ourselves only the kind: its words may hold a header."""
    import httpx2

    if isinstance(cause, (OSError, httpx2.NetworkError, httpx2.RemoteProtocolError)):
        return cleaned(str(cause))
    return type(cause).__name__
