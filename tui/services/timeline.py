"""The configurations that a server had before, and those ahead of it after an undo: a file (0600) beside the journal's others."""

from __future__ import annotations

import copy
import getpass
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from profiles.inspected import recreation
from tui.services.answer_wait import look_up
from tui.services.engine import Engine
from tui.services.host import Host
from tui.services.journal import PAST, Entry, Journal
from tui.services.journal_engine import kept_here

MOST = 10
"""Configurations kept in each direction; the oldest goes first."""
Way = Literal["", "undo", "redo"]
"""How a configuration was left: by a recreate, by a step back, by a step forward."""


@dataclass(frozen=True, slots=True)
class Version:
    """One configuration that a server had."""

    id: str
    """The container that had it."""
    began: float = 0.0
    """When it was last started, seconds since the epoch; 0 when it never was."""
    ended: float = 0.0
    """When it was replaced."""
    by: str = ""
    """The user who replaced it; "" when that is not known."""
    image_id: str = ""
    """The very image it ran; its tag may lead elsewhere by now."""
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The create body, with its secrets; empty while its container stands aside and has it all."""
    networks: Sequence[Any] = field(default=(), repr=False)
    """Further networks, each with its endpoint."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is known of one server's configurations besides the present one; the nearest are last."""

    past: tuple[Version, ...] = ()
    future: tuple[Version, ...] = ()

    def side(self, way: Way) -> tuple[Version, ...]:
        """Give what lies in a direction."""
        return self.future if way == "redo" else self.past

    def turned(self, way: Way, left: Version | None, target: str = "") -> Timeline:
        """Give the line after a step; the same step once more, as after a kill, changes nothing.

        Args:
            way: In which direction.
            left: What ran until now; None when there was nothing.
            target: Whose configuration came back; what lay nearer could not be brought back and is dropped.
        """
        known = {one.id for one in (self.future if way == "undo" else self.past)}
        if left is not None and left.id in known:
            return self
        more = () if left is None else (left,)
        if way == "undo":
            return Timeline(_until(self.past, target), (*self.future, *more)[-MOST:])
        return Timeline((*self.past, *more)[-MOST:], _until(self.future, target) if way == "redo" else ())

    def filled(self, version: Version) -> Timeline:
        """Give the line with a body for a version that had none, because its container is about to go."""
        past, future = (tuple(version if one.id == version.id else one for one in s) for s in (self.past, self.future))
        return Timeline(past, future)


def version_of(record: Mapping[str, Any], whole: bool = True) -> Version:
    """Make a version of an inspected container that is replaced now; `whole` takes its body along."""
    made = recreation(record)
    return Version(
        str(record["Id"]),
        began=moment(str((record.get("State") or {}).get("StartedAt") or "")),
        ended=time.time(),
        by=_user(),
        image_id=made.image_id,
        body=made.body if whole else {},
        networks=made.networks if whole else (),
    )


def moment(text: str) -> float:
    """Read the engine's time; 0 for one that never was (`0001-01-01T00:00:00Z`) or cannot be read."""
    with suppress(ValueError):
        # The engine writes nanoseconds; Python's parser takes six digits.
        head, dot, rest = text.replace("Z", "+00:00").partition(".")
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        when = datetime.fromisoformat(f"{head}.{digits[:6].ljust(6, '0')}{rest[len(digits) :]}" if dot else head)
        return when.timestamp() if when.year > 1970 else 0.0
    return 0.0


async def timeline_of(host: Host, journal: Journal, name: str) -> Timeline:
    """Read a server's line; what a recreate has kept aside is part of it, whoever wrote it down."""
    engine = (await host.engine.info()).identity
    line = _read(await _entry(journal, host.name, engine, name))
    kept = await kept_here(host, journal, name)
    known = {one.id for one in (*line.past, *line.future)}
    if kept is not None and kept.data.get("old") not in known:
        body, networks = kept.data.get("old_body") or {}, kept.data.get("old_networks") or ()
        aside = Version(str(kept.data["old"]), ended=kept.time, body=body, networks=networks)
        line = replace(line, past=(*line.past, aside))
    return line


async def saved_lines(journal: Journal, host: Host) -> dict[str, Timeline]:
    """Give what is written down of this engine's servers, by their names."""
    found = [one for one in await journal.entries() if one.kind == PAST and one.host == host.name]
    engine = (await host.engine.info()).identity if found else ""
    return {one.name: _read(one) for one in found if one.engine == engine}


async def turn(journal: Journal, entry: Entry, left: Version | None) -> None:
    """Write down a step that an action (`entry`, with its `way` and `target`) has just made."""
    known = await _entry(journal, entry.host, entry.engine, entry.name)
    line = _read(known).turned(entry.data.get("way", ""), left, str(entry.data.get("target") or ""))
    await _write(journal, replace(entry, kind=PAST, step="done"), line)


async def save_bodies(engine: Engine, journal: Journal, kept: Entry) -> None:
    """Write down what a container that was kept aside until now can tell, before it is removed."""
    known = await _entry(journal, kept.host, kept.engine, kept.name)
    line = _read(known)
    old = str(kept.data["old"])
    version = next((one for one in (*line.past, *line.future) if one.id == old), None)
    if version is None:
        version = Version(old, ended=kept.time)
        line = replace(line, past=(*line.past, version)[-MOST:])
    if not version.body:
        line = line.filled(replace(version, **await _told(engine, kept)))
        await _write(journal, replace(kept, kind=PAST, step="done"), line)


async def forget(journal: Journal, host: Host, name: str) -> int:
    """Delete all that is written down of a server's configurations; say how many there were."""
    engine = (await host.engine.info()).identity
    known = await _entry(journal, host.name, engine, name)
    if known is None:
        return 0
    await journal.forget(known)
    return len(_read(known).past) + len(_read(known).future)


async def forget_gone(journal: Journal, host: Host) -> None:
    """Delete what is written down of servers that are no more: nobody could ask for it, and it holds secrets."""
    found = [one for one in await journal.entries() if one.kind == PAST and one.host == host.name]
    if not found:
        return
    engine = (await host.engine.info()).identity
    names = {row.name for row in await host.engine.containers()}
    for entry in found:
        if entry.engine == engine and entry.name not in names and await kept_here(host, journal, entry.name) is None:
            await journal.forget(entry)


async def follow(journal: Journal, host: Host, old: str, new: str) -> None:
    """Let a server's line go by its new name."""
    engine = (await host.engine.info()).identity
    known = await _entry(journal, host.name, engine, old)
    if known is not None:
        await journal.record(replace(known, name=new))
        await journal.forget(known)


def as_data(version: Version | None) -> dict[str, Any] | None:
    """Give a version as the journal keeps it."""
    return None if version is None else asdict(version)


def from_data(data: Any) -> Version | None:
    """Read a version back; None for what is none."""
    try:
        return Version(**data) if isinstance(data, dict) and isinstance(data.get("id"), str) else None
    except TypeError:
        return None


def aside_body(record: Mapping[str, Any], kept: Entry) -> dict[str, Any]:
    """Give the create body of a container that stands aside, with the restart policy that it had before."""
    body = copy.deepcopy(recreation(record).body)
    policy = {"Name": str(kept.data.get("policy") or "no"), "MaximumRetryCount": int(kept.data.get("retries") or 0)}
    body.setdefault("HostConfig", {})["RestartPolicy"] = policy
    return body


async def _told(engine: Engine, kept: Entry) -> dict[str, Any]:
    if kept.data.get("old_body"):
        return {"body": kept.data["old_body"], "networks": kept.data.get("old_networks") or ()}
    record = await look_up(engine, str(kept.data["old"]))
    if record is None:
        return {}
    whole = version_of(record)
    return {
        "body": aside_body(record, kept),
        "networks": whole.networks,
        "image_id": whole.image_id,
        "began": whole.began,
    }


async def _entry(journal: Journal, host: str, engine: str, name: str) -> Entry | None:
    key = Entry(PAST, host, name, "done", engine=engine).key
    return next((one for one in await journal.entries() if one.key == key), None)


async def _write(journal: Journal, entry: Entry, line: Timeline) -> None:
    if not line.past and not line.future:
        await journal.forget(entry)
        return
    data = {"past": [asdict(one) for one in line.past], "future": [asdict(one) for one in line.future]}
    await journal.record(replace(entry, data=data))


def _read(entry: Entry | None) -> Timeline:
    if entry is None:
        return Timeline()
    sides = (entry.data.get(side) for side in ("past", "future"))
    past, future = (
        tuple(one for data in side if (one := from_data(data)) is not None) if isinstance(side, list) else ()
        for side in sides
    )
    return Timeline(past, future)


def _until(side: tuple[Version, ...], target: str) -> tuple[Version, ...]:
    places = [index for index, one in enumerate(side) if one.id == target]
    return side[: places[-1]] if places else side


def _user() -> str:
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return ""
