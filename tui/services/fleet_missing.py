"""Servers with a row and without a container: what is being made or taken away, and what somebody removed while it was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tui.services.fleet_rows import pending
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State

Key = tuple[str, str]
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("url", "running", "waiting", "action", "phase", "progress", "exit_code", "doubted", "seen")),
    **dict.fromkeys(("killed", "oom_killed", "kept"), False),
    "cause": "",
}
"""What nobody can say any more of a server that is gone: `docker rm -f` kills it first, which is not how it ended for its reader."""


class Missing:
    """Draws the rows of servers whose container is not there.

    A server that vanishes without llmtui having done anything with it keeps its row while it is the chosen one: neither
    its row, nor its log, nor its tabs become another server's under the reader's eyes.
    """

    def __init__(self) -> None:
        self._gone: Server | None = None
        self._looked_at: Server | None = None
        """The chosen one as it stood last: a question in the middle of its removal may have taken its row before."""
        self._ours: frozenset[Key] = frozenset()

    def ours(self, keys: Iterable[Key]) -> None:
        """Say with whom something is or was just done: if one of these vanishes, nobody need be told."""
        self._ours = frozenset(keys)

    def rows(
        self, before: FleetView, present: Mapping[str, str], doing: Mapping[Key, str], chosen: Key | None, now: float
    ) -> list[Server]:
        """Draw them up.

        Args:
            before: The picture before.
            present: Names of all there are, with the ids of those that are containers ("" for the others).
            doing: What is being done with whom.
            chosen: Who is looked at.
            now: Seconds since the epoch.
        """
        making = [
            _made(before.server(key), key, words)
            for key, words in doing.items()
            if key[0] == before.host and key[1] not in present
        ]
        if found := before.server(chosen):
            self._looked_at = found
        self._note(chosen, frozenset(present.values()), now)
        gone = self._gone
        if gone is not None and (gone.key != chosen or gone.name in present or gone.key in doing):
            gone = self._gone = None
        return making if gone is None else [*making, gone]

    def _note(self, chosen: Key | None, ids: frozenset[str], now: float) -> None:
        """Keep the chosen one if its container has just vanished (one that goes on under another name has not)."""
        server = self._looked_at
        if server is None or server.kind != "container" or server.id in ids or server.state is State.GONE:
            return
        never = server.id == server.name  # it never had a container
        if server.key == chosen and server.key not in self._ours and not never:
            self._gone = replace(server, state=State.GONE, since=now, **NOTHING)
        self._looked_at = None


def _made(before: Server | None, key: Key, words: str) -> Server:
    """Draw up one that has no container yet, or none any more; what was known of it stays until it is there again."""
    if before is None or before.kind != "container" or before.state is State.GONE:
        return pending(*key, words)
    return replace(before, state=State.CREATED, url=None, running=None, waiting=None, action=words)
