"""Launching a profile: looking before anything starts, then pull, create, start; what breaks half-way is taken back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from profiles.create import create_body
from profiles.paths import Place
from profiles.profile import Profile
from tui.services.engine import Engine
from tui.services.env_files import with_files
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.journal_engine import entries_here
from tui.services.launch_likeness import is_likely_ours
from tui.services.launch_pull import pulled
from tui.services.launch_step import Step
from tui.services.preflight import Check, in_thread, preflight
from tui.services.preflight_place import place

__all__ = ["Check", "Launcher", "Step"]

LEAVE_SECONDS = 0.3
"""How long a cancelled launch waits for its container to be taken away."""


class Launcher:
    """Launches profiles on one host.

    Args:
        host: Where.
        journal: Knows what is under way.
        environ: The user's own environment; variables a profile names are taken from it.
    """

    def __init__(self, host: Host, journal: Journal, environ: Mapping[str, str]) -> None:
        self.host = host
        self._journal = journal
        self._environ = environ
        self._tasks: set[asyncio.Task[None]] = set()

    async def preflight(self, profile: Profile) -> list[Check]:
        """Look at everything that a launch needs; nothing is started or changed. A check with ok False must stop the launch."""
        return await preflight(self.host, profile, self._environ)

    async def surroundings(self, profile: Profile) -> tuple[Place, Sequence[str] | None]:
        """Say how paths are meant here and what the image's entrypoint is; None where the image is not known (yet)."""
        where = await place(self.host, self._environ)
        try:
            return where, await self._entrypoint(profile)
        except ServiceError:
            return where, None  # the preflight says what the engine's trouble is

    async def launch(self, profile: Profile) -> AsyncGenerator[Step, None]:
        """Pull the image if it is missing, create the container and start it. Ending the iteration early cancels.

        Raises:
            ServiceError: It could not be done; the half-made container is gone again.
        """
        engine, running = self.host.engine, False
        with await self._journal.hold(self.host.name, profile.name):
            entry = Entry("launch", self.host.name, profile.name, "pull", engine=(await engine.info()).identity)
            await self._clear(entry)
            await self._journal.record(entry)
            try:
                if await engine.image(profile.image) is None:
                    async with aclosing(pulled(engine, profile.image)) as progress:
                        async for step in progress:
                            yield step
                yield Step("create", _("Creating and starting {name}").format(name=profile.name))
                entry = replace(entry, data={"body": await self._body(profile), "since": time.time()})
                running = True
                await self._run(entry)
            except BaseException as error:
                if not (running and isinstance(error, asyncio.CancelledError)):
                    await self._mend(entry)
                raise
            await self._journal.forget(entry)
        yield Step("done", _("{name} has started").format(name=profile.name), 1.0)

    async def _clear(self, entry: Entry) -> None:
        """Finish what an earlier action left under this name; the way back of a recreate must not be overwritten."""
        for unfinished in await entries_here(self.host, self._journal, entry.name):
            if unfinished.kind == "kept":
                continue
            if unfinished.kind != "launch":
                title = _("An earlier recreate of {name} is not finished").format(name=entry.name)
                raise ServiceError(title, mend=_("Start llmtui again: it mends that first."))
            await take_back(self.host.engine, self._journal, unfinished)

    async def _body(self, profile: Profile) -> dict[str, Any]:
        entrypoint = await self._entrypoint(profile)
        where = await place(self.host, self._environ)
        whole = await in_thread(lambda: with_files(profile, self._environ, where))
        return create_body(whole, self._environ, where, entrypoint)

    async def _entrypoint(self, profile: Profile) -> Sequence[str] | None:
        image = await self.host.engine.image(profile.image)
        return image.config.get("Entrypoint") if image is not None else None

    async def _run(self, entry: Entry) -> None:
        work = asyncio.ensure_future(self._create_and_start(entry))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            calling_back = asyncio.ensure_future(self._call_back(work, entry))
            self._tasks.add(calling_back)
            calling_back.add_done_callback(self._tasks.discard)
            # Whoever quits does not wait for an engine that hangs: what is not done by then is done by the next start.
            await asyncio.wait({calling_back}, timeout=LEAVE_SECONDS)
            raise

    async def _call_back(self, work: asyncio.Task[str], entry: Entry) -> None:
        # An engine's call cannot be called back: let it end, then take away what it made.
        with suppress(ServiceError):
            await self.host.engine.remove(await work, force=True, volumes=True)
        await self._mend(entry)

    async def _create_and_start(self, entry: Entry) -> str:
        engine = self.host.engine
        await self._journal.record(replace(entry, step="create"))
        try:
            container = await engine.create(entry.name, entry.data["body"])
        except ServiceError as error:
            raise explained(error, _("{name} was not created").format(name=entry.name)) from error
        try:
            await self._journal.record(replace(entry, step="start", data={**entry.data, "new": container}))
            await engine.start(container)
        except ServiceError as error:
            title = _("{name} did not start and is removed again")
            try:
                await engine.remove(container, force=True, volumes=True)
            except ServiceError:
                title = _("{name} did not start and could not be removed")
            raise explained(error, title.format(name=entry.name)) from error
        return container

    async def _mend(self, entry: Entry) -> None:
        """Take away a half-made container that nobody told us of; without an engine the journal keeps the entry for later."""
        current = next((one for one in await self._journal.entries() if one.key == entry.key), entry)
        with suppress(ServiceError):
            await take_back(self.host.engine, self._journal, current)


async def take_back(engine: Engine, journal: Journal, entry: Entry) -> str:
    """Judge a launch that did not come to its end: a container that has started stays, a half-made one goes.

    Returns:
        The container's state as it was found: running, exited, …, created when it was removed, empty when there is none.
    """
    found = None
    if entry.step != "pull":
        row = next((one for one in await engine.containers() if one.name == entry.name), None)
        record = await engine.inspect(row.id) if row is not None else None
        if record is not None and await _is_ours(engine, record, entry):
            found = record
    state = str(found["State"]["Status"]) if found is not None else ""
    if found is not None and state == "created":
        await engine.remove(str(found["Id"]), volumes=True)  # without force: one that runs by now is not half-made
    await journal.forget(entry)
    return state


async def _is_ours(engine: Engine, record: Mapping[str, Any], entry: Entry) -> bool:
    if "new" in entry.data:
        return bool(record["Id"] == entry.data["new"])
    return await is_likely_ours(engine, record, entry.data["body"], entry.data.get("since"))


def explained(error: ServiceError, title: str) -> ServiceError:
    """Put what was tried in front of what the engine said."""
    return ServiceError(f"{title}: {error.title}", error.detail, error.mend or _mend(error.detail))


def _mend(said: str) -> str:
    """Say what helps against the engine's own words, where they are known; "" else."""
    from tui.insight.causes.advice import advices
    from tui.insight.causes.diagnose import diagnose_bytes
    from tui.insight.causes.records import UNKNOWN, State

    found = diagnose_bytes(b"", State(exit_code=128, error=said)) if said else None
    if found is None or found.cause == UNKNOWN:
        return ""
    known = advices()
    advised = next((known[one] for fix in found.fixes for one in fix.advice), None)
    return f"{advised.text} {advised.command}".rstrip() if advised is not None else ""
