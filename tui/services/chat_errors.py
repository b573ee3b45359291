"""What went wrong between us and a model server, in words with a mend."""

from __future__ import annotations

import re
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
    return ServiceError(
        _("The answer of {name} could not be read").format(name=server.name), cleaned(str(error)), _("R asks again")
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
    name, low = server.name, message.lower()
    if status in {401, 403}:
        return ServiceError(
            _("{name} refuses our API key").format(name=name),
            message,
            _("Start it with the key that llmtui knows, or without --api-key"),
        )
    if status == 404 and "does not exist" in low:
        return _unknown_model(message, server)
    if status == 404:
        return ServiceError(
            _("{name} has no chat").format(name=name),
            message,
            _("An embedding model answers under /v1/embeddings only; choose a model that writes"),
        )
    if status == 400 and "chat template" in low:
        mend = _("Start it with --chat-template, or choose an instruct model")
        return ServiceError(_("{name} has no chat template").format(name=name), message, mend)
    if status == 400 and "max_tokens" in low:
        return ServiceError(
            _("{name} cannot write an answer that long").format(name=name), message, _("Lower max tokens with ctrl+g")
        )
    if status == 400 and ("context length" in low or "max_model_len" in low or "input_tokens" in low):
        return ServiceError(
            _("The conversation is too long for {name}").format(name=name),
            message,
            _("Begin a new one with ctrl+o, lower max tokens with ctrl+g, or raise --max-model-len"),
        )
    if status >= 500:
        return ServiceError(
            _("{name} failed inside ({status})").format(name=name, status=status), message, _("The log says why")
        )
    return ServiceError(
        _("{name} refuses the request ({status})").format(name=name, status=status), message, _("ctrl+g changes it")
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
    cause = error.__cause__ or error
    if began:
        return broke_off(server, cleaned(str(cause)))
    return ServiceError(
        _("{name} does not answer").format(name=server.name),
        _("{url}: {reason}").format(url=server.url, reason=cleaned(str(cause)) or _("the connection was closed")),
        _("It may have stopped or still be starting: its row and its log say which"),
    )
