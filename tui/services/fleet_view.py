"""What the fleet shows: every server and container of one host, as one frozen picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Types only: the first frame shows an empty picture, and making these records' classes takes longer than painting it.
    from tui.insight.phases import Boot
    from tui.insight.vitals import Vitals
    from tui.services.engine import Container, EngineInfo
    from tui.services.errors import ServiceError
    from tui.services.failures import Failure
    from tui.services.server import Server


@dataclass(frozen=True, slots=True)
class FleetView:
    """One host at one moment; every change makes a new one."""

    host: str
    servers: tuple[Server, ...] = ()
    others: tuple[Container, ...] = ()
    """Containers that are no model server."""
    engine: EngineInfo | None = None
    trouble: ServiceError | None = None
    """Why the engine does not answer; None while it does."""
    loaded: bool = False
    """Whether the engine has answered once, or has failed once: there is something to say."""
    seen: float | None = None
    """When the rows were last true, while they no longer are; seconds since the epoch."""
    boots: Mapping[tuple[str, str], Boot] = field(default_factory=dict)
    """The boot of each server that starts or failed to, by its key."""

    aside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the containers kept aside, by the name of the server they were."""
    failures: Mapping[tuple[str, str], Failure] = field(default_factory=dict)
    """Why each server failed that did, by its key, as soon as its log has been read."""
    vitals: Mapping[tuple[str, str], Vitals] = field(default_factory=dict)
    """How each running server does, by its key; the same record for as long as nothing in it changes."""

    @property
    def events(self) -> object:
        """What is no mere figure: two pictures that are alike in this differ in nothing that cannot wait a moment."""
        states = tuple((one.key, one.id, one.state, one.action, one.mishap) for one in self.servers)
        failures = tuple((key, failure.id, failure.cause) for key, failure in self.failures.items())
        return (
            self.host,
            self.loaded,
            self.trouble,
            states,
            failures,
            tuple((one.id, one.name, one.state) for one in self.others),
        )

    def server(self, key: tuple[str, str] | None) -> Server | None:
        """Find a server by its key."""
        return next((server for server in self.servers if server.key == key), None)

    def container(self, name: str) -> Container | None:
        """Find one of the other containers by its name."""
        return next((container for container in self.others if container.name == name), None)
