"""What has been learnt about the containers so far: asked once, kept while it stays true."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from profiles.serve_command import ServeCommand
from tui.insight.phases import BootReader
from tui.insight.recognise import recognised
from tui.services.engine import Container, Engine
from tui.services.errors import ServiceError
from tui.services.fleet_facts import Facts, facts, moment
from tui.services.fleet_rows import Ending
from tui.services.host import Host

ENDED = frozenset({"exited", "dead", "restarting"})
LAST_RUN_LINES = 3000
LAST_LINES = 40
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class Known:
    """Commands by container id, facts by container id (renewed when its state changed), endings by container id."""

    def __init__(self, host: Host) -> None:
        self.commands: dict[str, ServeCommand | None] = {}
        self.facts: dict[str, Facts] = {}
        self.endings: dict[str, tuple[float | None, Ending]] = {}
        self._host = host
        self._images: dict[str, Mapping[str, Any]] = {}
        self._states: dict[str, tuple[str, str]] = {}

    def forget_record(self, container: str) -> None:
        """Something happened to it: what inspect said may no longer be true."""
        self._states.pop(container, None)

    async def learn(self, containers: list[Container], before_asking: Callable[[], None] | None = None) -> None:
        """Recognise the servers among them and inspect those whose state has changed; forget who is gone."""
        alive = {container.id for container in containers}
        for store in (self.commands, self.facts, self.endings, self._states):
            for id_ in store.keys() - alive:
                del store[id_]
        fresh = [one for one in containers if one.id not in self.commands]
        if before_asking is not None and (fresh or not containers):
            before_asking()
        for container in fresh:
            self.commands[container.id] = await self._recognise(container)
        stale = [
            one for one in containers if self.commands[one.id] and self._states.get(one.id) != (one.state, one.name)
        ]
        await asyncio.gather(*(self._inspect(container) for container in stale))

    def ended(self, containers: list[Container]) -> Iterator[tuple[Container, Facts]]:
        """Give the servers that have ended and whose ending has not been read."""
        for container in containers:
            record = self.facts.get(container.id)
            read = self.endings.get(container.id)
            if container.state in ENDED and record and (read is None or read[0] != record.finished):
                yield container, record

    async def _recognise(self, container: Container) -> ServeCommand | None:
        command = recognised(container.command, None, container.labels)
        if command is None:
            command = recognised(container.command, await self._image_config(container), container.labels)
        return command

    async def _image_config(self, container: Container) -> Mapping[str, Any]:
        """Ask for the image's own config, once an image."""
        if container.image_id not in self._images:
            try:
                image = await self._host.engine.image(container.image_id)
            except ServiceError:
                return {}
            self._images[container.image_id] = image.config if image else {}
        return self._images[container.image_id]

    async def _inspect(self, container: Container) -> None:
        command = self.commands[container.id]
        try:
            record = await self._host.engine.inspect(container.id)
        except ServiceError:
            self.facts.pop(container.id, None)  # gone between the list and the question
            return
        if command is not None:
            full = recognised(_argv(record), None, container.labels) or command
            self.commands[container.id] = full
            self.facts[container.id] = facts(self._host, container, record, full)
            self._states[container.id] = (container.state, container.name)


def lines_since(engine: Engine, container: str, tty: bool, since: float) -> list[tuple[float, str]]:
    """Read the log's lines after a moment, blocking; for a private pool."""
    return [line for line in _lines(engine, container, tty, since, None) if line[0] > since]


def last_run(engine: Engine, container: str, record: Facts) -> Ending:
    """Read how the last run went from its log, blocking; for a private pool."""
    began = record.started or 0.0
    reader = BootReader(began)
    last: list[str] = []
    for time, text in _lines(engine, container, record.tty, began, LAST_RUN_LINES):
        reader.feed(time, text)
        last = [*last[1 - LAST_LINES :], text]
    boot = reader.boot(record.finished or began, failed=True) if reader.ready_at is None else None
    return Ending(last_lines="\n".join(last), boot=boot)


def _lines(engine: Engine, container: str, tty: bool, since: float, tail: int | None) -> Iterator[tuple[float, str]]:
    source = engine.logs(container, tty=tty, since=since, tail=tail, follow=False)
    try:
        for batch in source:
            for raw in (*batch.lines, *((batch.partial,) if batch.partial else ())):
                stamp, _, text = raw.decode("utf-8", "replace").partition(" ")
                time = moment(stamp)
                if time is not None:
                    yield time, ANSI.sub("", text)
    finally:
        source.close()


def _argv(record: Mapping[str, Any]) -> list[str]:
    path, arguments = record.get("Path"), record.get("Args")
    return [str(path or ""), *(str(one) for one in arguments or ())]
