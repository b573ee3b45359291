"""What is being done with servers, in a word or two each: the word stands until its result is in the picture."""

from __future__ import annotations

from collections.abc import Mapping

Key = tuple[str, str]


class Doing:
    """Keeps one word for each server, (host, name), with which something is done.

    A word that is over stays until the engine was asked once more: without it the row would show for a moment what was
    true before (stopping, ready, stopped).
    """

    def __init__(self) -> None:
        self._words: dict[Key, str] = {}
        self._over: set[Key] = set()

    @property
    def now(self) -> Mapping[Key, str]:
        """All words that stand."""
        return self._words

    def tell(self, key: Key, words: str | None) -> None:
        """Say what is being done; None says that it is over."""
        if words is not None:
            self._words[key] = words
            self._over.discard(key)
        elif key in self._words:
            self._over.add(key)

    def over(self) -> frozenset[Key]:
        """Give those that are over at this moment; ask before the engine is asked."""
        return frozenset(self._over)

    def settle(self, over: frozenset[Key]) -> None:
        """Take away the words that were over before a look: what came of them has been seen."""
        for key in over & self._over:
            self._over.discard(key)
            del self._words[key]
