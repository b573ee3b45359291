"""The steps of a recreate, each written into the journal before it is taken, each to be found again after a kill."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from tui.services.answer_target import serve_command
from tui.services.answer_wait import look_up
from tui.services.aside import MARK
from tui.services.engine import Container, Engine
from tui.services.errors import ServiceError
from tui.services.journal import Entry, Journal
from tui.services.launch import explained
from tui.services.launch_likeness import is_likely_ours
from tui.services.launch_step import Step

GONE_SECONDS = 60.0
Say = Callable[[Step], object]


class Work:
    """One recreate under way: the engine, and the journal's entry as it stands.

    The entry's data: `old` (id), `aside` (name), `running`, `auto_remove`, `policy`, `retries`, `grace`, `old_body`,
    `old_networks`, `body`, `networks`, `start`, when they were about to be created `since` and `restored_since` (seconds since the epoch), and as
    they become known `new` (id) and `restored` (id).
    """

    def __init__(self, engine: Engine, journal: Journal, entry: Entry, say: Say = lambda step: None) -> None:
        self.engine = engine
        self.journal = journal
        self.entry = entry
        self.say = say

    @property
    def name(self) -> str:
        """The container's name."""
        return self.entry.name

    @property
    def data(self) -> Mapping[str, Any]:
        """What the entry holds."""
        return self.entry.data

    async def note(self, step: str, text: str = "", **data: Any) -> None:
        """Write down what comes next, then say it."""
        self.entry = replace(self.entry, step=step, data={**self.entry.data, **data})
        await self.journal.record(self.entry)
        if text:
            self.say(Step(step, text))

    async def note_if_possible(self, step: str, text: str = "", **data: Any) -> None:
        """Write down a step of the way back, which a full disk must not bar: what is there is looked at again anyway."""
        try:
            await self.note(step, text, **data)
        except ServiceError:
            if text:
                self.say(Step(step, text))

    async def set_aside(self) -> None:
        """Stop the old container and free its name; one started with --rm is gone after this."""
        old = str(self.data["old"])
        if self.data["policy"] != "no" and not self.data["auto_remove"]:
            await self.note("quiet")
            await self.engine.set_restart_policy(old, "no")
        if self.data["running"]:
            await self.note("stop", _("Stopping {name}").format(name=self.name))
            await stop(self.engine, old, int(self.data["grace"]))
        if self.data["auto_remove"] and self.data["running"]:
            await until_gone(self.engine, old)
            return
        await self.note("aside", _("Keeping the old one as {aside}").format(aside=self.data["aside"]))
        await self.engine.rename(old, str(self.data["aside"]))

    async def put_new(self) -> str:
        """Create the new container under the name, with all its networks; give its id."""
        await self.note("create", _("Creating the new {name}").format(name=self.name), since=time.time())
        new = await self.make(self.data["body"])
        await self.note("connect", new=new)
        await self.join(new, self.data["networks"])
        return new

    async def start_new(self, new: str) -> None:
        """Start it."""
        await self.note("start", _("Starting the new {name}").format(name=self.name))
        await self._check_own_port(new)
        try:
            await self.engine.start(new)
        except ServiceError as error:
            raise explained(error, _("The new {name} did not start").format(name=self.name)) from error

    async def _check_own_port(self, new: str) -> None:
        # Under the host's network whoever holds the port would answer in the new one's place.
        record = await self.engine.inspect(new)
        command = serve_command(record)
        if command is None or (record.get("HostConfig") or {}).get("NetworkMode") != "host":
            return
        if await is_open(command.port):
            title = _("Port {port} is held by something else").format(port=command.port)
            raise ServiceError(title, mend=_("Stop what holds it, or give the server another --port."))

    async def make(self, body: Mapping[str, Any]) -> str:
        """Create a container under the name."""
        try:
            return await self.engine.create(self.name, body)
        except ServiceError as error:
            raise explained(error, _("The engine refused to create {name}").format(name=self.name)) from error

    async def join(self, container: str, networks: Any) -> None:
        """Connect further networks, those it is in already left out."""
        record = await self.engine.inspect(container) if networks else {}
        joined = (record.get("NetworkSettings") or {}).get("Networks") or {}
        for network, endpoint in networks:
            if network not in joined:
                await self.engine.connect(network, container, endpoint)

    async def find_old(self) -> dict[str, Any] | None:
        """Look the old container up by its id."""
        return await look_up(self.engine, str(self.data["old"]))

    async def find_new(self) -> dict[str, Any] | None:
        """Look the new container up under the name: by its id, else by what it is, for the kill may have come in between.

        One that has been renamed since is the user's own and no longer ours to remove.
        """
        if new := self.data.get("new"):
            record = await look_up(self.engine, str(new))
            return record if record is not None and record.get("Name") == f"/{self.name}" else None
        return await self.find_alike(self.data["body"], self.data.get("since"))

    async def find_alike(self, body: Mapping[str, Any], since: float | None) -> dict[str, Any] | None:
        """Look up a container under the name that was made from this body after `since`, and never started."""
        row = named(await self.engine.containers(), self.name)
        if row is None or row.id == self.data["old"]:
            return None
        record = await look_up(self.engine, row.id)
        return record if record is not None and await is_likely_ours(self.engine, record, body, since) else None


async def is_open(port: int, seconds: float = 1.0) -> bool:
    """Whether somebody listens on a port of this machine's loopback."""
    try:
        async with asyncio.timeout(seconds):
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def stop(engine: Engine, container: str, grace: int) -> None:
    """Stop a container; one that is gone or ended meanwhile is stopped as well."""
    try:
        await engine.stop(container, grace)
    except ServiceError:
        record = await look_up(engine, container)
        if record is not None and (record.get("State") or {}).get("Running"):
            raise


async def until_gone(engine: Engine, container: str, seconds: float = GONE_SECONDS) -> None:
    """Wait until a container started with --rm has deleted itself.

    Raises:
        ServiceError: It is still there.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while await look_up(engine, container) is not None:
        if loop.time() > end:
            raise ServiceError(_("The old container does not go away"), _("waited {n:.0f} s").format(n=seconds))
        await asyncio.sleep(0.1)


async def free_name(engine: Engine, name: str) -> str:
    """Give a name under which the old container can be kept."""
    taken = {one.name for one in await engine.containers()}
    wanted, number = f"{name}{MARK}", 2
    while wanted in taken:
        wanted, number = f"{name}{MARK}-{number}", number + 1
    return wanted


def named(containers: list[Container], name: str) -> Container | None:
    """Find a container by its name."""
    return next((one for one in containers if one.name == name), None)
