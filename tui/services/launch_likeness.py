"""Knowing a container again whose id was lost to a kill: only one that is wholly what was asked for, and that never ran."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tui.insight.log_times import epoch_of
from tui.services.engine import Engine

TOLERANCE_SECONDS = 2.0
"""How far the engine's clock may be behind ours."""


async def is_likely_ours(engine: Engine, record: Mapping[str, Any], body: Mapping[str, Any], since: Any) -> bool:
    """Whether a container was made from a create body that was about to be sent at `since`, and was not started yet.

    In doubt it was not: somebody may run the same server by hand under the same name.

    Args:
        engine: Where it is.
        record: Its inspect record.
        body: The create body.
        since: Seconds since the epoch, as the journal has it; anything else knows nothing again.
    """
    if not isinstance(since, int | float) or str((record.get("State") or {}).get("Status")) != "created":
        return False
    if (epoch_of(record.get("Created")) or 0.0) < since - TOLERANCE_SECONDS:
        return False
    config, host = record.get("Config") or {}, record.get("HostConfig") or {}
    wanted = body.get("HostConfig") or {}
    image = await engine.image(str(record.get("Image") or ""))
    own = image.config if image is not None else {}
    return (
        all((config.get(key) or None) == (body.get(key) or None) for key in ("Image", "Cmd") if key in body)
        and (host.get("PortBindings") or None) == (wanted.get("PortBindings") or None)
        and sorted(host.get("Binds") or ()) == sorted(wanted.get("Binds") or ())
        and _mounts(host) == _mounts(wanted)
        and _only_added(config.get("Env") or (), body.get("Env") or (), own.get("Env") or ())
        and _only_added(_pairs(config), _pairs(body), _pairs(own))
    )


def _only_added(has: Iterable[Any], wanted: Iterable[Any], own: Iterable[Any]) -> bool:
    """Whether it has all that was wanted, and besides it nothing but what the image brings."""
    return set(wanted) <= set(has) <= {*wanted, *own}


def _pairs(config: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in (config.get("Labels") or {}).items()]


def _mounts(host: Mapping[str, Any]) -> list[str]:
    # The engine leaves out of its answer what is false or empty.
    mounts = [{key: value for key, value in mount.items() if value} for mount in host.get("Mounts") or ()]
    return sorted(repr(sorted(mount.items())) for mount in mounts)
