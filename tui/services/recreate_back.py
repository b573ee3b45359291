"""A step to an earlier configuration of a server, or forward again: what it would change, before it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from profiles.diff import Change
from profiles.inspected import recreation
from tui.services.answer_wait import look_up
from tui.services.engine import Engine
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.journal_engine import kept_here
from tui.services.recreate_diff import body_changes
from tui.services.recreate_plan import Plan, make_plan
from tui.services.recreate_steps import named
from tui.services.timeline import Timeline, Version, Way, aside_body, timeline_of, version_of


@dataclass(frozen=True, slots=True)
class Back:
    """One step that has been thought through and not taken."""

    name: str
    way: Way
    version: Version
    """What comes back."""
    changes: tuple[Change, ...]
    """Now -> then, secrets masked."""
    behind: int
    """Steps that are left in this direction after it."""
    ahead: int
    """Steps the other way after it."""
    plan: Plan | None = None
    """The recreate that does it; None when its own container stands aside and takes its place again."""


async def think_back(host: Host, journal: Journal, name: str, way: Way) -> Back | None:
    """Think a step through: the nearest configuration in this direction that can still be brought back.

    Raises:
        ServiceError: The engine does not answer.
    """
    line = await timeline_of(host, journal, name)
    kept = await kept_here(host, journal, name)
    for version in reversed(line.side(way)):
        back = await _tried(host, kept, version, _counted(line, way, name, version))
        if back is not None:
            return back
    return None


def _counted(line: Timeline, way: Way, name: str, version: Version) -> Back:
    side = line.side(way)
    other = line.past if way == "redo" else line.future
    return Back(name, way, version, (), side.index(version), len(other) + 1)


async def _tried(host: Host, kept: Entry | None, version: Version, step: Back) -> Back | None:
    engine = host.engine
    if kept is not None and kept.data.get("old") == version.id:
        aside = await look_up(engine, version.id)
        if aside is not None:
            body = aside_body(aside, kept)
            seen = version if version.began else replace(version_of(aside), ended=version.ended, by=version.by)
            return replace(step, version=seen, changes=await _changes(engine, step.name, body))
        if kept.data.get("auto_remove") and kept.data.get("old_body"):
            return replace(step, changes=await _changes(engine, step.name, kept.data["old_body"]))
    if not version.body:
        return None  # its container was removed by hand, and nothing else tells of it
    body = {**version.body, "Image": await _image(engine, version)}
    plan = await make_plan(host, step.name, lambda _now: body)
    plan = replace(plan, way=step.way, target=version.id, networks=tuple(version.networks))
    return replace(step, changes=plan.changes, plan=plan)


async def _changes(engine: Engine, name: str, body: Mapping[str, Any]) -> tuple[Change, ...]:
    row = named(await engine.containers(), name)
    record = await look_up(engine, row.id) if row is not None else None
    return tuple(body_changes(recreation(record).body, body)) if record is not None else ()


async def _image(engine: Engine, version: Version) -> str:
    """Name the image by its tag while that still leads to it, else by its id while it is there."""
    reference = str(version.body.get("Image") or "")
    tagged = await engine.image(reference)
    if version.image_id and (tagged is None or tagged.id != version.image_id):
        return version.image_id if await engine.image(version.image_id) is not None else reference
    return reference
