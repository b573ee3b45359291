"""A host: a place where servers run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.services.engine import Engine


def _this_machine() -> str:
    return "127.0.0.1"


def _plain_docker() -> Sequence[str]:
    return ("docker",)


@dataclass(frozen=True, slots=True)
class Host:
    """This machine for now; the name is the identity, the engine is how containers there are reached."""

    name: str
    kind: str
    """local; others follow."""
    engine: Engine
    address: Callable[[], str] = _this_machine
    """Says by which name its machine is reached; it may read the engine's settings, so it is asked when needed."""

    docker: Callable[[], Sequence[str]] = _plain_docker
    """Says how the docker command reaches the engine; asked when needed, for the same reason."""

    @property
    def loopback(self) -> str:
        """How a port published on the host's loopback is reached from here."""
        return self.address()
