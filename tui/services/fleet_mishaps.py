"""Why the last thing done with a server failed; it is said of the container that was left there, and of no later one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Key = tuple[str, str]


@dataclass(slots=True, eq=False)
class Mishap:
    """One failure."""

    words: str
    id: str | None = None
    """The container it is about; None until the engine was asked after it was told: going back may have made another one."""


class Mishaps:
    """Keeps one failure for each server, (host, name), for as long as its container is there."""

    def __init__(self) -> None:
        self._now: dict[Key, Mishap] = {}

    def tell(self, key: Key, words: str | None) -> None:
        """Keep why something failed in place of what failed before; None forgets it."""
        self._now.pop(key, None)
        if words is not None:
            self._now[key] = Mishap(words)

    def of(self, key: Key) -> str | None:
        """Say what failed; None when nothing did."""
        mishap = self._now.get(key)
        return mishap.words if mishap is not None else None

    def told(self) -> tuple[tuple[Key, Mishap], ...]:
        """Give those of this moment; ask before the engine is asked for its containers."""
        return tuple(self._now.items())

    def settle(self, told: tuple[tuple[Key, Mishap], ...], containers: Mapping[Key, str]) -> None:
        """Tie what was told before a look to the containers that it found; forget it where there is none, or another one by now."""
        for key, mishap in told:
            if self._now.get(key) is not mishap:
                continue  # another one was told during the look
            found = containers.get(key)
            if found is not None and mishap.id in {None, found}:
                mishap.id = found
            else:
                del self._now[key]
