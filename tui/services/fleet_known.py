"""What has been learnt about the containers so far: asked once, kept while it stays true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from profiles.serve_command import ServeCommand
from tui.insight.recognise import recognised
from tui.services.engine import Container
from tui.services.errors import ServiceError
from tui.services.fleet_facts import Facts, facts
from tui.services.fleet_rows import Ending
from tui.services.host import Host

ENDED = frozenset({"exited", "dead", "restarting"})
EXITED = re.compile(r"Exited \((\d+)\)")


class Known:
    """Commands by container id, facts by container id (renewed when its state changed), endings by container id.

    An ending is kept with the start of the run that it ended.
    """

    def __init__(self, host: Host) -> None:
        self.commands: dict[str, ServeCommand | None] = {}
        self.facts: dict[str, Facts] = {}
        self.endings: dict[str, tuple[float | None, Ending]] = {}
        self.native = True
        """Whether the containers' own addresses are reached from here."""
        self.unsure = False
        """Whether a question of the last round went unanswered: ask again soon."""
        self.gone: set[str] = set()
        """Who was in the list of the last round, and no more there when it was asked about."""
        self._host = host
        self._images: dict[str, Mapping[str, Any]] = {}
        self._states: dict[str, tuple[str, str]] = {}

    def forget_record(self, container: str) -> None:
        """Something happened to it: what inspect said may no longer be true."""
        self._states.pop(container, None)

    def ending(self, container: str) -> Ending | None:
        """Give how its last run ended; the ending of an earlier run says nothing about this one."""
        began, ending = self.endings.get(container, (None, None))
        record = self.facts.get(container)
        return ending if record is not None and record.started == began else None

    async def learn(self, containers: list[Container], before_asking: Callable[[], None] | None = None) -> None:
        """Recognise the servers among them and inspect those whose state has changed; forget who is gone."""
        alive = {container.id for container in containers}
        for store in (self.commands, self.facts, self.endings, self._states):
            for id_ in store.keys() - alive:
                del store[id_]
        fresh = [one for one in containers if one.id not in self.commands]
        if before_asking is not None and (fresh or not containers):
            before_asking()
        self.unsure = False
        self.gone.clear()
        for container in fresh:
            try:
                self.commands[container.id] = await self._recognise(container)
            except ServiceError:
                self.unsure = True  # what was not answered is not known, and asked again
        stale = [
            one for one in containers if self.commands.get(one.id) and self._states.get(one.id) != (one.state, one.name)
        ]
        await asyncio.gather(*(self._inspect(container) for container in stale))

    def ended(self, containers: list[Container]) -> Iterator[tuple[Container, Facts]]:
        """Give the servers that have ended and whose ending has not been read."""
        for container in containers:
            record = self.facts.get(container.id)
            read = self.endings.get(container.id)
            if container.state in ENDED and record and (read is None or read[0] != record.started):
                yield container, record

    async def _recognise(self, container: Container) -> ServeCommand | None:
        command = recognised(container.command, None, container.labels)
        if command is None:
            command = recognised(container.command, await self._image_config(container), container.labels)
        return command

    async def _image_config(self, container: Container) -> Mapping[str, Any]:
        """Ask for the image's own config, once an image.

        Raises:
            ServiceError: The engine did not say.
        """
        if container.image_id not in self._images:
            image = await self._host.engine.image(container.image_id)
            self._images[container.image_id] = image.config if image else {}
        return self._images[container.image_id]

    async def _inspect(self, container: Container) -> None:
        command = self.commands[container.id]
        try:
            record = await self._host.engine.inspect(container.id)
        except ServiceError as error:
            self._not_told(container, error)
            return
        if command is not None:
            full = recognised(_argv(record), None, container.labels) or command
            self.commands[container.id] = full
            self.facts[container.id] = facts(self._host, container, record, full, self.native)
            self._states[container.id] = (container.state, container.name)

    def _not_told(self, container: Container, error: ServiceError) -> None:
        """Keep what was known, with what the list itself tells; only who is gone is forgotten."""
        if is_gone(error):
            self.facts.pop(container.id, None)
            self.gone.add(container.id)
            return
        self.unsure = True
        known, exited = self.facts.get(container.id), EXITED.match(container.status)
        if known is not None and exited is not None:
            self.facts[container.id] = replace(known, exit_code=int(exited[1]))


def is_gone(error: ServiceError) -> bool:
    """Whether the engine said that there is no such container."""
    return getattr(error.__cause__, "status", None) == 404 or "no such container" in error.detail.lower()


def _argv(record: Mapping[str, Any]) -> list[str]:
    path, arguments = record.get("Path"), record.get("Args")
    return [str(path or ""), *(str(one) for one in arguments or ())]
