"""Rows that stay the same records for as long as nothing that they are made of changes.

With hundreds of containers one event would make all of them anew, and everything that shows them would compare them
field by field; what is the same record is skipped at a glance.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from profiles.serve_command import ServeCommand
from tui.services.engine import Container
from tui.services.fleet_facts import Facts
from tui.services.fleet_rows import Seen, draw
from tui.services.server import Server


class Drawn:
    """Draws servers, each anew only when it has to be.

    Args:
        host: Whose servers.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._rows: dict[str, tuple[tuple[Any, ...], Server]] = {}

    def row(
        self,
        container: Container,
        facts: Facts,
        command: ServeCommand,
        seen: Seen,
        action: str | None,
        **around: object,
    ) -> Server:
        """Draw up one server.

        Args:
            container: Its row in the list.
            facts: What inspect says of it.
            command: The server that it starts.
            seen: What was seen of it.
            action: What is being done with it; None when nothing.
            around: Further fields of the record, from elsewhere.
        """
        made_of = (container, facts, command, seen, action, around)
        before, server = self._rows.get(container.id, (None, None))
        # What is watched changes by itself, and is only a few of them.
        if server is None or seen[0] is not None or made_of != before:
            fresh = draw(self._host, container, facts, command, seen)
            fresh = replace(fresh, action=action or fresh.action, **around)  # type: ignore[arg-type]
            server = server if server == fresh else fresh
            self._rows[container.id] = made_of, server
        return server

    def keep(self, ids: Collection[str]) -> None:
        """Forget the others."""
        for gone in self._rows.keys() - ids:
            del self._rows[gone]
