"""One chat completion of a simulated model, whole or token by token."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tui.demo.answers import answer, count

FIRST_SECONDS, TOKEN_SECONDS = 0.118, 0.0216
"""Seconds to the first token, and between two tokens: what a card of this kind needs for 8 B in bf16."""

Rest = Callable[[float], bool]
"""Waits so many seconds; says whether to go on."""


class Completion:
    """One question and its answer.

    Args:
        model: The name that answers.
        url: Where it is served; its examples show that.
        body: The request.
        thinks: Whether the server tells thoughts apart.
    """

    def __init__(self, model: str, url: str, body: Mapping[str, Any], thinks: bool) -> None:
        self.streams = bool(body.get("stream"))
        self.generated = 0
        """Tokens so far."""
        self.finish: str | None = None
        """stop or length; None until it is there."""
        self._model = model
        self._body = body
        messages = body.get("messages")
        texts = [_text(message) for message in messages] if isinstance(messages, list) else []
        self.prompt_tokens = 8 + sum(count(text) + 4 for text in texts)
        thought, self._content = answer(texts[-1] if texts else "", url, model)
        options = body.get("chat_template_kwargs")
        thinking = not (isinstance(options, dict) and options.get("enable_thinking") is False)
        self._thought = thought if thinks and thinking else []
        self._thoughts = 0

    def refusal(self, context: int) -> str | None:
        """Say why it cannot be answered, None when it can; `context` is in tokens."""
        most = self._most
        if most is not None and most < 1:
            return f"max_tokens must be at least 1, got {most}."
        if self.prompt_tokens + (most or 0) > context:
            return (
                f"'max_tokens' or 'max_completion_tokens' is too large: {most}. This model's maximum context length is "
                f"{context} tokens and your request has {self.prompt_tokens} input tokens."
            )
        return None

    def whole(self, rest: Rest) -> dict[str, Any]:
        """Give the answer as one record."""
        pieces: dict[str, list[str]] = {"reasoning": [], "content": []}
        for kind, token in self._tokens(rest):
            pieces[kind].append(token)
        message = {"role": "assistant", **{kind: "".join(tokens) or None for kind, tokens in pieces.items()}}
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        return {**self._frame("chat.completion"), "choices": [choice], "usage": self._usage}

    def events(self, rest: Rest) -> Iterator[str]:
        """Give the answer event by event; when `rest` says so it breaks off without an end."""
        yield self._chunk({"role": "assistant", "content": ""})
        for kind, token in self._tokens(rest):
            yield self._chunk({kind: token})
        if self.finish is None:
            return
        yield self._chunk({}, self.finish)
        options = self._body.get("stream_options")
        if isinstance(options, dict) and options.get("include_usage"):
            yield json.dumps({**self._frame("chat.completion.chunk"), "choices": [], "usage": self._usage})
        yield "[DONE]"

    def _tokens(self, rest: Rest) -> Iterator[tuple[str, str]]:
        pairs = [*(("reasoning", token) for token in self._thought), *(("content", token) for token in self._content)]
        for kind, token in itertools.islice(pairs, self._most):
            if not rest(TOKEN_SECONDS if self.generated else FIRST_SECONDS):
                return
            self.generated += 1
            self._thoughts += kind == "reasoning"
            yield kind, token
        self.finish = "stop" if self.generated == len(pairs) else "length"

    @property
    def _most(self) -> int | None:
        found = self._body.get("max_completion_tokens") or self._body.get("max_tokens")
        return found if isinstance(found, int) else None

    @property
    def _usage(self) -> dict[str, Any]:
        whole = self.prompt_tokens + self.generated
        usage = {"prompt_tokens": self.prompt_tokens, "completion_tokens": self.generated, "total_tokens": whole}
        return {**usage, "completion_tokens_details": {"reasoning_tokens": self._thoughts}}

    def _frame(self, kind: str) -> dict[str, Any]:
        return {"id": f"chatcmpl-{id(self):x}", "object": kind, "created": int(time.time()), "model": self._model}

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return json.dumps({**self._frame("chat.completion.chunk"), "choices": [choice]}, ensure_ascii=False)


def _text(message: object) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):  # pieces: text, and what a text model cannot see
        return " ".join(str(piece.get("text") or "") for piece in content if isinstance(piece, dict))
    return content if isinstance(content, str) else ""
