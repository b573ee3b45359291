"""What a finished recreate keeps as the way back: for how long, under which name, and how it is let go."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from tui.services.answer_wait import look_up
from tui.services.aside import MARK
from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.journal_engine import entries_here, kept_here
from tui.services.recreate_steps import Work, free_name, named
from tui.services.timeline import follow as line_follows
from tui.services.timeline import forget, from_data, save_bodies, saved_lines, turn


async def keep(work: Work) -> None:
    """Finish: remember the old one as the way back; of the generation before it, its configuration alone."""
    kept = replace(work.entry, kind="kept", step="done")
    older = next((one for one in await work.journal.entries() if one.key == kept.key), None)
    if older is not None and older.data["old"] != work.data["old"]:
        await save_bodies(work.engine, work.journal, older)
    if left := from_data(work.data.get("left")):
        # What stands aside has its secrets with it: they are written down when it goes.
        bodied = left if work.data.get("auto_remove") else replace(left, body={}, networks=())
        await turn(work.journal, work.entry, bodied)
    outdated = [str(older.data["old"]), *older.data.get("outdated", ())] if older is not None else []
    kept = bare(replace(kept, data={**work.data, "outdated": [one for one in outdated if one != work.data["old"]]}))
    await work.journal.record(kept)
    await work.journal.forget(work.entry)
    with suppress(ServiceError):  # the next start tries again
        await prune(work.engine, work.journal, kept)


def bare(kept: Entry) -> Entry:
    """Leave out what may hold secrets: the container that stands aside has it all; one started with --rm has no other copy."""
    if kept.data.get("auto_remove"):
        return kept
    return replace(kept, data={**kept.data, "old_body": {}, "body": {}, "left": {}})


async def prune(engine: Engine, journal: Journal, kept: Entry) -> None:
    """Remove the containers of generations before the kept one."""
    if kept.data.get("outdated"):
        await _remove_all(engine, kept.data["outdated"])
        await journal.record(replace(kept, data={**kept.data, "outdated": []}))


async def kept_names(host: Host, journal: Journal) -> frozenset[str]:
    """Name the servers of this engine that have a way back; without any entry the engine is not asked at all."""
    kept = [one for one in await entries_here(host, journal) if one.kind == "kept"]
    there = {row.id for row in await host.engine.containers()} if kept else set()
    aside = frozenset(one.name for one in kept if one.data.get("auto_remove") or one.data.get("old") in there)
    lines = await saved_lines(journal, host)
    return aside | {name for name, line in lines.items() if any(version.body for version in line.past)}


async def let_go(host: Host, journal: Journal, name: str) -> None:
    """Remove what was set aside for a server, and all that was written down of it and of what was before."""
    await forget(journal, host, name)
    for kept in [one for one in await entries_here(host, journal, name) if one.kind == "kept"]:
        try:
            await _remove_all(host.engine, [*kept.data.get("outdated", ()), str(kept.data.get("old"))])
        finally:
            await journal.forget(kept)  # it holds secrets; a container that stayed is seen in the list


async def follow(host: Host, journal: Journal, old: str, new: str) -> None:
    """Let what is kept for a server go by the server's new name."""
    await line_follows(journal, host, old, new)
    kept = await kept_here(host, journal, old)
    if kept is None:
        return
    row = next((one for one in await host.engine.containers() if one.id == kept.data.get("old")), None)
    ours = row is not None and MARK in row.name  # another name was given by somebody who has a use for it
    aside = await free_name(host.engine, new) if ours else str(kept.data.get("aside"))
    await journal.record(replace(kept, name=new, data={**kept.data, "aside": aside}))
    await journal.forget(kept)
    if ours and row is not None:
        await host.engine.rename(row.id, aside)


async def tidy(host: Host, journal: Journal, kept: Entry) -> None:
    """Forget an entry that leads nowhere any more."""
    await prune(host.engine, journal, kept)
    old, new = await _record(host.engine, kept, "old"), await _record(host.engine, kept, "new")
    others = [one for one in await entries_here(host, journal) if one.kind == "kept" and one.key != kept.key]
    removed = old is None and (new is None or not kept.data["auto_remove"])
    taken_back = old is not None and old.get("Name") == f"/{kept.name}"
    moved = any(one.data.get("old") == kept.data["old"] and one.time >= kept.time for one in others)
    if removed or taken_back or moved:
        await journal.forget(kept)
    elif bare(kept) != kept:  # written by an earlier llmtui
        await journal.record(bare(kept))


async def check_undo(work: Work) -> None:
    """Refuse an undo that would hit what is not the recreate's own.

    Raises:
        ServiceError: The new container has another name by now, or another container has its name.
    """
    new = await _record(work.engine, work.entry, "new")
    name = str((new or {}).get("Name") or "").lstrip("/")
    if new is not None and name != work.name:
        title = _("{name} has been renamed to {other} since").format(name=work.name, other=name)
        raise ServiceError(title, mend=_("Give it back its name, then undo."))
    if new is None and named(await work.engine.containers(), work.name) is not None:
        title = _("{name} has been replaced by another container since").format(name=work.name)
        raise ServiceError(title, mend=_("Remove that one first, then undo."))


async def _record(engine: Engine, entry: Entry, which: str) -> dict[str, Any] | None:
    container = str(entry.data.get(which) or "")
    return await look_up(engine, container) if container else None


async def _remove_all(engine: Engine, containers: list[str]) -> None:
    rows = {one.id: one for one in await engine.containers()}
    for row in [rows[one] for one in containers if one in rows]:
        # Whoever has renamed or started it since wants to keep it.
        if MARK in row.name and row.state != "running":
            await engine.remove(row.id, force=False)
