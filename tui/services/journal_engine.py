"""Whose entries these are: the journal may hold those of an engine that this host's name led to yesterday."""

from __future__ import annotations

from tui.services.engine import Engine
from tui.services.host import Host
from tui.services.journal import PAST, Entry, Journal


async def entries_here(host: Host, journal: Journal, name: str | None = None) -> list[Entry]:
    """Give the entries about containers of this very engine, of one name or of all; their earlier configurations are none of them.

    Raises:
        ServiceError: The engine does not answer, so that it cannot be told which it is.
    """
    known_here = [one for one in await journal.entries() if one.host == host.name and one.kind != PAST]
    found = [one for one in known_here if name in (None, one.name)]
    if not found:
        return []
    engine = (await host.engine.info()).identity
    known = await _containers(host.engine) if any(not one.engine for one in found) else frozenset()
    return [one for one in found if (one.engine == engine if one.engine else _container(one) in known)]


async def kept_here(host: Host, journal: Journal, name: str) -> Entry | None:
    """Find the finished recreate of a container of this engine that can be undone; of two the later one."""
    kept = [one for one in await entries_here(host, journal, name) if one.kind == "kept"]
    return kept[-1] if kept else None


async def _containers(engine: Engine) -> frozenset[str]:
    return frozenset(one.id for one in await engine.containers())


def _container(entry: Entry) -> str:
    """Name the container by which an entry that does not say its engine is known again."""
    return str(entry.data.get("new" if entry.kind == "launch" else "old") or "")
