"""A host: a place where servers run."""

from __future__ import annotations

from dataclasses import dataclass

from tui.services.engine import Engine


@dataclass(frozen=True, slots=True)
class Host:
    """This machine for now; the name is the identity, the engine is how containers there are reached."""

    name: str
    kind: str
    """local; others follow."""
    engine: Engine
    loopback: str = "127.0.0.1"
    """How a port published on the host's loopback is reached from here."""
