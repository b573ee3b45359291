"""Reading the event stream of a chat completion: bytes in, text, reasoning and figures out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tui.services.chat_records import Figures, Piece

_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_SURROGATES = range(0xD800, 0xE000)
_OVERRIDES = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNWANTED = dict.fromkeys((*_CONTROLS, *_SURROGATES, *_OVERRIDES), "")


def cleaned(text: str) -> str:
    """Drop what no answer needs and a terminal obeys: control characters but tab and line feed, lone surrogates, bidi overrides."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNWANTED)


SHORTEST = 0.2
"""Seconds an answer must have taken for its speed to mean anything."""


class StreamError(Exception):
    """The server told of an error inside the stream."""


class ChatStream:
    """Gathers server-sent events until they are taken.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began = clock()
        self._rest = b""
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._first: float | None = None
        self._last: float | None = None
        self._first_text: float | None = None
        self._pieces = 0
        self._thoughts = 0
        self._usage: dict[str, Any] = {}
        self.finish: str | None = None
        """The finish reason, once the server gave one."""
        self.done = False
        """Whether the server ended the stream properly."""

    def feed(self, data: bytes) -> None:
        """Read bytes as they came from the network.

        Raises:
            StreamError: If the server tells of an error.
        """
        if not data:
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                self._event(line[5:].strip())

    def take(self) -> Piece:
        """Hand over what was gathered since the last time."""
        piece = Piece("".join(self._text), "".join(self._reasoning), self.figures())
        self._text.clear()
        self._reasoning.clear()
        return piece

    @property
    def pending(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._text or self._reasoning)

    def figures(self) -> Figures:
        """What was measured so far."""
        tokens = self._usage.get("completion_tokens") or self._pieces or None
        details = self._usage.get("completion_tokens_details")
        thoughts = (details.get("reasoning_tokens") if isinstance(details, dict) else None) or self._thoughts or None
        return Figures(
            ttft=None if self._first is None else self._first - self._began,
            rate=self._rate(tokens),
            tokens=tokens,
            prompt_tokens=self._usage.get("prompt_tokens"),
            thought=self._thought() if self._thoughts else None,
            thought_tokens=thoughts if self._thoughts else None,
            finish=self.finish,
        )

    def _rate(self, tokens: int | None) -> float | None:
        if self._first is None or self._last is None or not tokens or self._last - self._first < SHORTEST:
            return None
        return (tokens - 1) / (self._last - self._first)

    def _thought(self) -> float | None:
        end = self._first_text if self._first_text is not None else self._last
        return None if self._first is None or end is None else end - self._first

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self.done = True
            return
        try:
            event = json.loads(data)
        except ValueError:
            return
        if not isinstance(event, dict):
            return
        if event.get("error"):
            raise StreamError(_words(event["error"]))
        if isinstance(event.get("usage"), dict):
            self._usage = event["usage"]
        choices = event.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._choice(choices[0])

    def _choice(self, choice: dict[str, Any]) -> None:
        delta = choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        reasoning = delta.get("reasoning") or delta.get("reasoning_content")
        text = delta.get("content")
        if isinstance(reasoning, str) and reasoning:
            self._stamp()
            self._thoughts += 1
            self._reasoning.append(cleaned(reasoning))
        if isinstance(text, str) and text:
            now = self._stamp()
            if self._first_text is None:
                self._first_text = now
            self._text.append(cleaned(text))
        if choice.get("finish_reason"):
            self.finish = str(choice["finish_reason"])

    def _stamp(self) -> float:
        self._last = self._clock()
        self._pieces += 1
        if self._first is None:
            self._first = self._last
        return self._last


def _words(error: object) -> str:
    if isinstance(error, dict):
        return str(error.get("message") or error)
    return str(error)
