"""Which fix was tried on which server, and how that went: for as long as llmtui runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui.services.server import Server, State

Key = tuple[str, str]

UP = frozenset({State.READY, State.BUSY})


@dataclass(frozen=True, slots=True)
class Try:
    """One fix that was applied."""

    cause: str
    """Which cause it was to end."""
    words: str
    """What it changed."""
    worked: bool = False
    """The server came up with it."""


class Tried:
    """Keeps the tries of every server."""

    def __init__(self) -> None:
        self._tries: dict[Key, tuple[Try, ...]] = {}

    def note(self, key: Key, cause: str, words: str) -> None:
        """A fix was applied; whether it helps is not known yet."""
        kept = tuple(one for one in self._tries.get(key, ()) if (one.cause, one.words) != (cause, words))
        self._tries[key] = (*kept, Try(cause, words))

    def see(self, servers: Iterable[Server]) -> None:
        """Who has come up owes it to the last fix, and what was tried before it is over."""
        for server in servers:
            tries = self._tries.get(server.key)
            if tries and not tries[-1].worked and server.state in UP:
                last = tries[-1]
                good = tuple(one for one in tries[:-1] if one.worked)
                self._tries[server.key] = (*good, Try(last.cause, last.words, worked=True))

    def failed(self, key: Key) -> tuple[Try, ...]:
        """Give what was tried since the server was last up, oldest first."""
        return tuple(one for one in self._tries.get(key, ()) if not one.worked)

    def worked(self, key: Key, cause: str) -> frozenset[str]:
        """Give the words of the fixes that ended this cause on this server before."""
        return frozenset(one.words for one in self._tries.get(key, ()) if one.worked and one.cause == cause)
