"""The palette: every key that works now, by name."""

from __future__ import annotations

from collections.abc import Iterable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.types import IgnoreReturnCallbackType

from widgets.keys import KeyRow, here


class KeyCommands(Provider):
    """Offers the bindings in force at the focus the palette was opened from."""

    async def discover(self) -> Hits:
        """All of them, nearest first."""
        for row in self._rows():
            yield DiscoveryHit(f"{row.words}  ({row.key})", self._runner(row), help=row.tooltip or None)

    async def search(self, query: str) -> Hits:
        """Those whose name or explanation matches."""
        matcher = self.matcher(query)
        for row in self._rows():
            text = f"{row.words}  ({row.key})"
            score = max(matcher.match(text), matcher.match(row.tooltip or ""))
            if score > 0:
                yield Hit(score, matcher.highlight(text), self._runner(row), help=row.tooltip or None)

    def _rows(self) -> Iterable[KeyRow]:
        """What the bottom line shows comes first; each thing once, whatever keys it has."""
        shown = {row.id for row in here(self.screen.active_bindings)}
        rows = sorted(here(self.screen.active_bindings, hidden=True), key=lambda row: row.id not in shown)
        once: dict[str, KeyRow] = {}
        for row in rows:
            once.setdefault(row.words, row)
        return once.values()

    def _runner(self, row: KeyRow) -> IgnoreReturnCallbackType:
        return lambda: self.app.run_action(row.action, row.node)
