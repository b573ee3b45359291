"""The outside world in memory: an engine that does what a test tells it, and says what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fake_exec import FakeExec
from tests.fake_records import FakeContainer, container_row, create_body, fresh_record, stamped, time_text
from tests.fake_source import FakeSource
from tui.services.engine import Container, ContainerStats, EngineInfo, Event, ImageInfo, LogBatch, PullProgress
from tui.services.errors import ServiceError

DOES_NOT_ANSWER = ServiceError("Docker does not answer", "connection refused", "Start Docker, then look again.")


class FakeEngine(FakeExec):
    """An `Engine` in memory.

    Switches: `dead` (every call fails, streams break; False again = the engine is back), `hanging` (calls give up after
    `patience` seconds, streams say nothing), `fail_next("start", error)`, `delay` (seconds that every call takes). All
    calls are kept in `asked` as (method, *arguments).
    """

    def __init__(self, patience: float = 0.05) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.image_list: list[ImageInfo] = []
        self.pulls: dict[str, list[PullProgress | ServiceError]] = {}
        self.processes: dict[str, list[tuple[int, str]]] = {}
        self.engine_info = EngineInfo(
            "27.0.1", "1.46", "Docker Engine", "unix:///var/run/docker.sock", "default", id="fake-engine"
        )
        self.patience, self.delay = patience, 0.0
        self.hanging = self.closed = False
        self.sources: list[FakeSource[Any]] = []
        self._fleet: dict[str, FakeContainer] = {}
        self._happened: list[Event] = []
        self._event_sources: list[FakeSource[Event]] = []
        self._failures: dict[str, list[ServiceError]] = {}
        self._dead = False
        self._ids = itertools.count(1)

    def add(
        self,
        name: str,
        image: str = "vllm/vllm-openai:latest",
        command: Sequence[str] = ("vllm", "serve", "/models/m"),
        *,
        state: str = "running",
        port: int | None = None,
        labels: Mapping[str, str] | None = None,
        tty: bool = False,
        exit_code: int = 0,
        body: Mapping[str, Any] | None = None,
    ) -> Container:
        """Put a container there, as if somebody had started it by hand; `port` publishes 8000 on 127.0.0.1."""
        made = self._make(name, {**create_body(image, command, port, labels or {}, tty), **(body or {})})
        if state != "created":
            made.enter("running")
            self.emit("start", name)
        if state not in ("created", "running"):
            made.enter(state, exit_code)
            self.emit("die", name, exitCode=str(exit_code))
        return container_row(made)

    def emit(self, action: str, name: str, kind: str = "container", **attributes: str) -> Event:
        """Tell every reader of events that something happened."""
        known = self._fleet.get(name)
        image = known.record["Config"]["Image"] if known else ""
        event = Event(kind, action, known.id if known else "", name, time.time(), {"image": image, **attributes})
        self._happened.append(event)
        for source in self._event_sources:
            source.put(event)
        return event

    def feed(self, name: str, data: bytes, when: float | None = None) -> None:
        """Let a container write bytes: whole lines get a timestamp, an unfinished last one is the batch's partial."""
        one = self._fleet[name]
        batch = stamped(one, data, when)
        one.batches.append(batch)
        for source in one.log_sources:
            source.put(batch)

    def exit(self, name: str, code: int = 0, oom: bool = False) -> None:
        """Let a container end by itself."""
        one = self._fleet[name]
        one.enter("exited", code, oom)
        if oom:
            self.emit("oom", name)
        self.emit("die", name, exitCode=str(code))
        self._end_or_remove(one)

    def fail_next(self, method: str, error: ServiceError) -> None:
        """Let the next call of this method (or its stream, when first read) fail."""
        self._failures.setdefault(method, []).append(error)

    def record(self, name: str) -> dict[str, Any]:
        """Give the living inspect record of a container, to be changed at will."""
        return self._fleet[name].record

    @property
    def names(self) -> list[str]:
        """Give the names of all containers."""
        return list(self._fleet)

    @property
    def dead(self) -> bool:
        """Whether the engine is away; turning it on breaks every stream."""
        return self._dead

    @dead.setter
    def dead(self, dead: bool) -> None:
        self._dead = dead
        if dead:
            for source in self.sources:
                source.end(DOES_NOT_ANSWER if source in self._event_sources else None)
            self._event_sources.clear()

    async def info(self) -> EngineInfo:
        await self._gate("info")
        return self.engine_info

    async def containers(self) -> list[Container]:
        await self._gate("containers")
        return [container_row(one) for one in self._fleet.values()]

    async def inspect(self, container: str) -> dict[str, Any]:
        await self._gate("inspect", container)
        copy: dict[str, Any] = json.loads(json.dumps(self._known(container).record))
        return copy

    async def create(self, name: str, body: Mapping[str, Any]) -> str:
        await self._gate("create", name, body)
        if name in self._fleet:
            raise ServiceError(f"The name {name} is in use", "Conflict", "Choose another name.")
        return self._make(name, body).id

    async def start(self, container: str) -> None:
        await self._gate("start", container)
        one = self._known(container)
        if not one.running:
            one.enter("running")
            self.emit("start", one.name)

    async def stop(self, container: str, grace: int | None = None) -> None:
        await self._gate("stop", container, grace)
        self._end(container, "15", 0)

    async def restart(self, container: str, grace: int | None = None) -> None:
        await self._gate("restart", container, grace)
        one = self._known(container)
        one.keep = True
        self._end(container, "15", 0)
        one.keep = False
        one.enter("running")
        self.emit("start", one.name)
        self.emit("restart", one.name)

    async def kill(self, container: str, signal: str = "SIGKILL") -> None:
        await self._gate("kill", container, signal)
        self._end(container, signal, 137 if signal in ("SIGKILL", "9") else 143)

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        await self._gate("remove", container, force, volumes)
        one = self._known(container)
        if one.running and not force:
            raise ServiceError(
                f"{one.name} is still running", "You cannot remove a running container", "Stop it first."
            )
        one.end_logs()
        self.emit("destroy", one.name)
        self._fleet.pop(one.name, None)

    async def rename(self, container: str, name: str) -> None:
        await self._gate("rename", container, name)
        one = self._known(container)
        if name in self._fleet:
            raise ServiceError(f"The name {name} is in use", "Conflict", "Choose another name.")
        old = one.name
        self._fleet = {name if key == old else key: value for key, value in self._fleet.items()}
        one.record["Name"] = f"/{name}"
        self.emit("rename", name, oldName=f"/{old}")

    async def set_restart_policy(self, container: str, policy: str, retries: int = 0) -> None:
        await self._gate("set_restart_policy", container, policy, retries)
        self._known(container).record["HostConfig"]["RestartPolicy"] = {"Name": policy, "MaximumRetryCount": retries}
        self.emit("update", self._known(container).name)

    async def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        await self._gate("connect", network, container, endpoint)
        self._known(container).record["NetworkSettings"]["Networks"][network] = dict(endpoint)

    async def top(self, container: str) -> list[tuple[int, str]]:
        await self._gate("top", container)
        return self.processes.get(self._known(container).name, [])

    async def stats(self, container: str) -> ContainerStats:
        await self._gate("stats", container)
        return self._known(container).usage

    async def images(self) -> list[ImageInfo]:
        await self._gate("images")
        return list(self.image_list)

    async def image(self, reference: str) -> ImageInfo | None:
        await self._gate("image", reference)
        return next((one for one in self.image_list if reference in (one.id, *one.tags)), None)

    def events(self, since: float | None = None) -> FakeSource[Event]:
        source: FakeSource[Event] = self._source("events", since)
        for event in self._happened:
            if since is not None and event.time >= since:
                source.put(event)
        self._event_sources.append(source)
        return source

    def logs(
        self, container: str, *, tty: bool, tail: int | None = None, since: float | None = None, follow: bool = True
    ) -> FakeSource[LogBatch]:
        source: FakeSource[LogBatch] = self._source("logs", container, tty, tail, since, follow)
        with contextlib.suppress(ServiceError):
            one = self._known(container)
            for batch in one.written(tail, since):
                source.put(batch)
            one.log_sources.append(source)
            if not (follow and one.running):
                source.end()
            return source
        source.end(ServiceError(f"There is no container {container}"))
        return source

    def pull(self, reference: str) -> FakeSource[PullProgress]:
        """Play `pulls[reference]`, then have the image; a ServiceError in that list breaks the pull there."""
        source: FakeSource[PullProgress] = self._source("pull", reference)
        for step in self.pulls.get(reference, [PullProgress("", "Download complete")]):
            if isinstance(step, ServiceError):
                source.end(step)
                return source
            source.put(step)
        self.image_list.append(ImageInfo(f"sha256:{len(self.image_list):064x}", (reference,), 1, time.time()))
        source.end()
        return source

    def close(self) -> None:
        self.closed = True
        for source in self.sources:
            source.close()

    async def _gate(self, method: str, *arguments: Any) -> None:
        self.asked.append((method, *arguments))
        await asyncio.sleep(self.delay)
        if self.hanging:
            await asyncio.sleep(self.patience)
            raise ServiceError("Docker does not answer", f"no answer in {self.patience} s", "Restart Docker.")
        if self._dead:
            raise DOES_NOT_ANSWER
        if planned := self._failures.get(method):
            raise planned.pop(0)

    def _source(self, method: str, *arguments: Any) -> FakeSource[Any]:
        self.asked.append((method, *arguments))
        source: FakeSource[Any] = FakeSource(is_silent=lambda: self.hanging)
        self.sources.append(source)
        if self._dead:
            source.end(DOES_NOT_ANSWER)
        elif planned := self._failures.get(method):
            source.end(planned.pop(0))
        return source

    def _known(self, container: str) -> FakeContainer:
        for one in self._fleet.values():
            if container == one.name or (len(container) >= 12 and one.id.startswith(container)):
                return one
        raise ServiceError(f"There is no container {container}", f"No such container: {container}", "Look again.")

    def _make(self, name: str, body: Mapping[str, Any]) -> FakeContainer:
        one = FakeContainer(fresh_record(next(self._ids), name, body, time_text(time.time())))
        self._fleet[name] = one
        self.emit("create", name)
        return one

    def _end(self, container: str, signal: str, code: int) -> None:
        one = self._known(container)
        if one.running:
            self.emit("kill", one.name, signal=signal)
            one.enter("exited", code)
            self.emit("die", one.name, exitCode=str(code))
            if signal == "15":  # nothing but a stop ends in this word
                self.emit("stop", one.name)
            self._end_or_remove(one)

    def _end_or_remove(self, one: FakeContainer) -> None:
        one.end_logs()
        if one.record["HostConfig"].get("AutoRemove") and not one.keep:
            self.emit("destroy", one.name)
            self._fleet.pop(one.name, None)
