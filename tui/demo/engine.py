"""An engine whose containers exist in memory only; everything that can be asked of an engine works."""

from __future__ import annotations

import asyncio
import copy
import secrets
import threading
import time
from collections.abc import Mapping, Sequence
from gettext import gettext as _
from typing import Any

from tui.demo.cast import CAST, IMAGES, Role
from tui.demo.container import DemoContainer
from tui.demo.images import image, pull
from tui.demo.records import new_record, row
from tui.demo.source import DemoSource
from tui.insight.recognise import recognised
from tui.services.engine import Container, ContainerStats, EngineInfo, Event, ImageInfo, LogBatch, PullProgress
from tui.services.errors import ServiceError

STOP_SECONDS = 1.2
"""How long a server takes to end when it is asked to."""
SIGNALS = {"SIGKILL": 137, "9": 137, "SIGINT": 130, "2": 130}
"""Exit codes of signals; every other ends in 143, as SIGTERM does."""


class DemoEngine:
    """An `Engine` in memory, with the cast of the demo.

    Args:
        pace: How many times faster than recorded boots, pulls and answers go.
    """

    def __init__(self, pace: float = 1.0) -> None:
        self._pace = pace
        self._lock = threading.RLock()
        self._containers: dict[str, DemoContainer] = {}
        self._images = {name: image(name, size, 6 * 86400.0) for name, size in IMAGES.items()}
        self._happened: list[Event] = []
        self._listeners: list[DemoSource[Event]] = []
        self._id = f"demo-{secrets.token_hex(8)}"
        for role in CAST:
            self._enter(role)

    async def info(self) -> EngineInfo:
        """Say who answers."""
        return EngineInfo(
            "27.3.1", "1.47", "Docker Engine", "demo", "demo", ("runc", "nvidia"), 32, 128 << 30, id=self._id
        )

    async def containers(self) -> list[Container]:
        """List them all."""
        with self._lock:
            return [row(one.record) for one in self._containers.values()]

    async def inspect(self, container: str) -> dict[str, Any]:
        """Give a container's record."""
        with self._lock:
            return copy.deepcopy(self._known(container).record)

    async def create(self, name: str, body: Mapping[str, Any]) -> str:
        """Create a container."""
        with self._lock:
            if name in self._containers:
                raise ServiceError(_("The name {name} is in use").format(name=name), mend=_("Choose another name."))
            return self._make(name, body, time.time()).id

    async def start(self, container: str) -> None:
        """Start it: its boot is played from the beginning."""
        with self._lock:
            one = self._known(container)
            if not one.running:
                one.begin()
                self._tell("start", one)

    async def stop(self, container: str, grace: int | None = None) -> None:
        """Ask it to end."""
        await self._stopped(container)
        self._remove_if_asked(container)

    async def restart(self, container: str, grace: int | None = None) -> None:
        """Stop and start it again."""
        await self._stopped(container)
        await self.start(container)
        with self._lock:
            self._tell("restart", self._known(container))

    async def kill(self, container: str, signal: str = "SIGKILL") -> None:
        """End it at once."""
        with self._lock:
            self._end(self._known(container), signal, SIGNALS.get(signal, 143))
        self._remove_if_asked(container)

    async def remove(self, container: str, force: bool = False, volumes: bool = False) -> None:
        """Delete it."""
        with self._lock:
            one = self._known(container)
            if one.running and not force:
                raise ServiceError(_("{name} is still running").format(name=one.name), mend=_("Stop it first."))
            one.let_go()
            one.log.end()
            del self._containers[one.name]
            self._tell("destroy", one)

    async def rename(self, container: str, name: str) -> None:
        """Give it another name."""
        with self._lock:
            one = self._known(container)
            if name in self._containers:
                raise ServiceError(_("The name {name} is in use").format(name=name), mend=_("Choose another name."))
            old = one.name
            self._containers = {name if key == old else key: value for key, value in self._containers.items()}
            one.record["Name"] = f"/{name}"
            self._tell("rename", one, oldName=f"/{old}")

    async def set_restart_policy(self, container: str, policy: str, retries: int = 0) -> None:
        """Set it in the record."""
        with self._lock:
            one = self._known(container)
            one.record["HostConfig"]["RestartPolicy"] = {"Name": policy, "MaximumRetryCount": retries}
            self._tell("update", one)

    async def connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        """Join a network."""
        with self._lock:
            self._known(container).record["NetworkSettings"]["Networks"][network] = dict(endpoint)

    async def top(self, container: str) -> list[tuple[int, str]]:
        """Name its processes."""
        with self._lock:
            one = self._known(container)
            line = " ".join((str(one.record["Path"]), *one.record["Args"]))
            return [(one.pid, line), (one.pid + 86, "VLLM::EngineCore")] if one.running else []

    async def exec(self, container: str, command: Sequence[str], patience: float = 10.0) -> tuple[int, str]:
        """Run a command: its containers have no programs."""
        self._known(container)
        return 127, ""

    async def stats(self, container: str) -> ContainerStats:
        """Say what it uses: a core and a half while it runs, more while it works."""
        one = self._known(container)
        return ContainerStats(2.4 if one.busy else 1.2, 6 << 30, 128 << 30) if one.running else ContainerStats()

    async def images(self) -> list[ImageInfo]:
        """List the images."""
        return list(self._images.values())

    async def image(self, reference: str) -> ImageInfo | None:
        """Give one image."""
        return next((one for one in self._images.values() if reference in (one.id, *one.tags)), None)

    def events(self, since: float | None = None) -> DemoSource[Event]:
        """Stream what happens."""
        with self._lock:
            past = [event for event in self._happened if since is not None and event.time >= since]
            source = DemoSource(past, self._forget)
            self._listeners.append(source)
            return source

    def logs(
        self, container: str, *, tty: bool, tail: int | None = None, since: float | None = None, follow: bool = True
    ) -> DemoSource[LogBatch]:
        """Stream a log."""
        with self._lock:
            one = self._known(container)
            return one.log.read(tail, since, follow and one.running)

    def pull(self, reference: str) -> DemoSource[PullProgress]:
        """Pull an image; nothing is fetched."""
        return pull(reference, self._pace, self._pulled)

    def close(self) -> None:
        """End every stream and every server."""
        with self._lock:
            for listener in tuple(self._listeners):
                listener.close()
            for one in self._containers.values():
                one.let_go()
                one.log.close()

    @property
    def running(self) -> tuple[DemoContainer, ...]:
        """Those that run now."""
        with self._lock:
            return tuple(one for one in self._containers.values() if one.running)

    # -- within

    def _known(self, container: str) -> DemoContainer:
        for one in self._containers.values():
            if container == one.name or (len(container) >= 12 and one.id.startswith(container)):
                return one
        title = _("There is no container {name}").format(name=container)
        raise ServiceError(title, f"No such container: {container}", _("Look again."))

    def _make(self, name: str, body: Mapping[str, Any], when: float) -> DemoContainer:
        reference = str(body.get("Image") or "")
        found = self._images.get(reference)
        if found is None:
            raise ServiceError(_("There is no image {image}").format(image=reference), mend=_("Pull it first."))
        record = new_record(secrets.token_hex(32), name, copy.deepcopy(dict(body)), found, when)
        command = recognised([record["Path"], *record["Args"]], found.config, record["Config"]["Labels"])
        one = self._containers[name] = DemoContainer(record, command, self._pace, self._failed)
        self._tell("create", one, when)
        return one

    def _enter(self, role: Role) -> None:
        now = time.time()
        one = self._make(role.name, role.body, now - role.began)
        one.busy = role.busy
        one.log.write(role.said, now - role.began)
        self._tell("start", one, now - role.began)
        if role.ended is None:
            one.begin(role.began)
        else:
            one.over(role.began, role.ended, role.code)
            self._tell("die", one, now - role.ended, exitCode=str(role.code))

    async def _stopped(self, container: str) -> None:
        with self._lock:
            one = self._known(container)
        if one.running:
            await asyncio.sleep(STOP_SECONDS / self._pace)
        with self._lock:
            self._end(one, "15", 0)

    def _end(self, one: DemoContainer, signal: str, code: int) -> None:
        if one.running:
            self._tell("kill", one, signal=signal)
            one.end(code)
            self._tell("die", one, exitCode=str(code))
            self._tell("stop", one)

    def _failed(self, one: DemoContainer) -> None:
        """A server has ended by itself; called from the thread that played its boot."""
        with self._lock:
            if one.running:
                one.end(1)
                self._tell("die", one, exitCode="1")

    def _remove_if_asked(self, container: str) -> None:
        with self._lock:
            one = self._known(container)
            if one.record["HostConfig"].get("AutoRemove") and not one.running:
                del self._containers[one.name]
                self._tell("destroy", one)

    def _pulled(self, found: ImageInfo) -> None:
        self._images[found.tags[0]] = found

    def _tell(self, action: str, one: DemoContainer, when: float | None = None, **attributes: str) -> None:
        told = {"image": str(one.record["Config"]["Image"]), **attributes}
        event = Event("container", action, one.id, one.name, time.time() if when is None else when, told)
        self._happened.append(event)
        for listener in self._listeners:
            listener.put(event)

    def _forget(self, source: DemoSource[Event]) -> None:
        with self._lock:
            if source in self._listeners:
                self._listeners.remove(source)
