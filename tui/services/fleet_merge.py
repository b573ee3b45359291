"""One picture of all servers, those in containers and those beside them, in an order that stays.

A row that moves takes the place of another under the reader's eyes and fingers, and a restart moved it two or three times.
So what a row is called decides where it stands, and one thing more, settled when it appears: what ran then stands above
what had ended. Nothing that happens to a server later moves its row; a filter or another start of llmtui sorts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tui.services.failures import Failures
from tui.services.fleet_natives import FleetNatives
from tui.services.fleet_view import FleetView
from tui.services.host import Host
from tui.services.server import ALIVE, Server


class Merge:
    """Puts the rows of both together, each at its place.

    Args:
        natives: The servers beside the containers.
        host: Whose servers; asked why those failed that did.
        changed: Called on the event loop when that is known.
    """

    def __init__(self, natives: FleetNatives, host: Host, changed: Callable[[], None]) -> None:
        self._natives = natives
        self._failures = Failures(host, natives.log_of, changed)
        self._ended: dict[tuple[str, str], bool] = {}

    def choose(self, key: tuple[str, str] | None) -> None:
        """Say which server is looked at."""
        self._natives.choose(key)
        self._failures.choose(key)

    def close(self) -> None:
        """End everything; waits for nothing."""
        self._natives.close()
        self._failures.close()

    def picture(self, view: FleetView, actions: Mapping[tuple[str, str], str]) -> FleetView:
        """Add to a picture of the containers what runs beside them now, however old the picture is."""
        taken = {server.name for server in view.servers} | {container.name for container in view.others}
        servers = (*view.servers, *self._natives.rows(taken, actions))
        self._ended = {server.key: self._ended.get(server.key, ended(server)) for server in servers}
        return replace(
            view,
            servers=tuple(sorted(servers, key=lambda server: (self._ended[server.key], server.name))),
            boots={**view.boots, **self._natives.boots()},
            failures=self._failures.look(servers),
            vitals={**view.vitals, **self._natives.vitals()},
        )


def ended(server: Server) -> bool:
    """Whether a server belongs below those that run: it has ended, and nothing is being done with it."""
    return server.state not in ALIVE and server.action is None
