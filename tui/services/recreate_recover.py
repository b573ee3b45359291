"""Going back: after a failure, on the user's wish, or at the start after a kill. Looks at what is there, trusts no step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from tui.services.answer_wait import CalledOffError
from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.journal import Entry, Journal
from tui.services.launch import take_back
from tui.services.recreate_steps import Work, named, stop, until_gone
from tui.services.timeline import from_data, turn

SETTLE_SECONDS = 2.0
"""An engine's call may still be under way when who asked for it was killed."""

UNTOUCHED = ("plan", "quiet")
"""Steps at which the old container is still as it was, but for its restart policy."""

SHAPE: Mapping[str, type] = {
    "old": str,
    "aside": str,
    "running": bool,
    "start": bool,
    "auto_remove": bool,
    "policy": str,
    "retries": int,
    "grace": int,
    "old_body": dict,
    "old_networks": list,
    "body": dict,
    "networks": list,
}


def is_sound(entry: Entry) -> bool:
    """Whether an entry holds all that acting on it needs: half a recovery would be worse than none."""
    if entry.kind == "launch":
        return entry.step == "pull" or isinstance(entry.data.get("body"), dict)
    return all(isinstance(entry.data.get(name), kind) for name, kind in SHAPE.items())


@dataclass(frozen=True, slots=True)
class Recovered:
    """One unfinished action of an earlier run, and what became of it."""

    name: str
    """The container's name."""
    text: str
    """One or two plain sentences."""


async def roll_back(work: Work) -> str:
    """Bring the old container back under its name, in the state it had; may be repeated after a kill at any moment.

    Returns:
        A sentence that says what is there now.

    Raises:
        ServiceError: It could not be brought back; the journal keeps the entry, so the next start tries again.
    """
    if work.entry.step in UNTOUCHED:
        return await _let_be(work)
    await work.note_if_possible("rollback", _("Bringing the old {name} back").format(name=work.name))
    new = await work.find_new()
    if new is not None:  # it has the name itself, so that the name is free when it is gone
        await _remove(work.engine, str(new["Id"]), force=bool(work.data.get("new")))
    old = await work.find_old()
    if old is not None and _is_leaving(old):
        await until_gone(work.engine, str(work.data["old"]))
        old = None
    container = await _restore(work) if old is None else await _unset_aside(work, old)
    if work.data["running"]:
        record = await work.engine.inspect(container)
        if not (record.get("State") or {}).get("Running"):
            await work.engine.start(container)
    if work.data.get("undo"):
        await turn(work.journal, work.entry, from_data(work.data.get("left")))
        await work.journal.forget(replace(work.entry, kind="kept"))
    await work.journal.forget(work.entry)
    if work.data["running"]:
        return _("The old {name} runs again.").format(name=work.name)
    return _("The old {name} is back.").format(name=work.name)


async def _let_be(work: Work) -> str:
    """Give the old one its restart policy back. That it may have ended since was not our doing."""
    old = await work.find_old()
    if old is not None:
        await _give_back_policy(work, old)
    await work.journal.forget(work.entry)
    return _("Nothing was changed.")


async def _unset_aside(work: Work, old: Mapping[str, Any]) -> str:
    container = str(old["Id"])
    if str(old.get("Name") or "").lstrip("/") != work.name:
        await _check_free(work)
        await work.engine.rename(container, work.name)
    await _give_back_policy(work, old)
    return container


async def _give_back_policy(work: Work, old: Mapping[str, Any]) -> None:
    policy = str(((old.get("HostConfig") or {}).get("RestartPolicy") or {}).get("Name") or "no")
    if policy != work.data["policy"] and not work.data["auto_remove"]:
        await work.engine.set_restart_policy(str(old["Id"]), str(work.data["policy"]), int(work.data["retries"]))


async def _restore(work: Work) -> str:
    """Make the old container again from its saved configuration."""
    if known := work.data.get("restored"):
        made = await work.engine.inspect(str(known)) if await _exists(work.engine, str(known)) else None
    else:
        made = await work.find_alike(work.data["old_body"], work.data.get("restored_since"))
    if made is None:
        if not work.data["old_body"]:
            raise ServiceError(_("The old {name} was removed meanwhile").format(name=work.name))
        await _check_free(work)
        text = _("Making the old {name} again from its saved configuration").format(name=work.name)
        await work.note_if_possible("restore", text, restored_since=time.time())
        container = await work.make(work.data["old_body"])
        await work.note_if_possible("restore", restored=container)
    else:
        container = str(made["Id"])
    await work.join(container, work.data["old_networks"])
    return container


async def _check_free(work: Work) -> None:
    row = named(await work.engine.containers(), work.name)
    if row is not None and row.id != work.data["old"]:
        title = _("The name {name} is taken by a container that llmtui did not make").format(name=work.name)
        detail = _("The old one waits as {aside}.").format(aside=work.data["aside"])
        raise ServiceError(title, detail, _("Rename or remove the other one, then start llmtui again."))


async def _exists(engine: Engine, container: str) -> bool:
    return any(one.id == container for one in await engine.containers())


def _is_leaving(record: Mapping[str, Any]) -> bool:
    auto_remove = (record.get("HostConfig") or {}).get("AutoRemove")
    return bool(auto_remove) and not (record.get("State") or {}).get("Running") and _has_run(record)


def _has_run(record: Mapping[str, Any]) -> bool:
    return str((record.get("State") or {}).get("Status")) in ("exited", "dead", "removing")


async def _remove(engine: Engine, container: str, force: bool) -> None:
    # What is known only by its looks goes without force: one that somebody started by now stays.
    try:
        await engine.remove(container, force=force, volumes=True)
    except ServiceError as refusal:  # with --rm it may be deleting itself at this moment
        try:
            await until_gone(engine, container)
        except ServiceError:
            raise refusal from None


async def settle(work: Work) -> None:
    """Wait until nothing that was asked before the kill can still be under way."""
    patience = SETTLE_SECONDS
    if work.entry.step == "stop":
        patience += float(work.data["grace"])
    while (left := work.entry.time + patience - time.time()) > 0:
        if work.entry.step == "stop" and not await _runs(work):
            break
        await asyncio.sleep(min(0.2, left, patience))
    if work.entry.step == "stop" and work.data["auto_remove"] and not await _runs(work):
        await until_gone(work.engine, str(work.data["old"]))


async def _runs(work: Work) -> bool:
    record = await work.find_old()
    return record is not None and bool((record.get("State") or {}).get("Running"))


async def recover_launch(engine: Engine, journal: Journal, entry: Entry) -> str:
    """Judge a launch that was cut off, and say what became of it."""
    state = await take_back(engine, journal, entry)
    if state == "created":
        text = _("The launch of {name} was cut off before it started; the half-made container is removed.")
    elif state:
        text = _("The launch of {name} was cut off after it had started; it is there.")
    else:
        text = _("The launch of {name} was cut off before anything was made.")
    return text.format(name=entry.name)


async def stop_new(work: Work) -> None:
    """Stop the new container gently, before the old one takes its place."""
    new = await work.find_new()
    if new is not None and (new.get("State") or {}).get("Running"):
        await stop(work.engine, str(new["Id"]), int(work.data["grace"]))


async def failed(work: Work, failure: Exception) -> ServiceError:
    """Roll back, and put what happened and what is there now into one error."""
    error = failure if isinstance(failure, ServiceError) else _unforeseen(work.name, failure)
    title = error.title
    if isinstance(error, CalledOffError):
        title = _("The recreate of {name} was cancelled").format(name=work.name)
    try:
        return ServiceError(title, error.detail, await roll_back(work))
    except ServiceError as worse:
        detail = _("{why}. Going back failed too: {worse}").format(why=error.detail or error.title, worse=worse)
        return ServiceError(title, detail, _("Nothing is lost: llmtui tries again at its next start."))


def _unforeseen(name: str, failure: Exception) -> ServiceError:
    return ServiceError(
        _("The recreate of {name} failed").format(name=name), type(failure).__name__
    )  # what it says may show a key
