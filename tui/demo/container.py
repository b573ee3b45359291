"""One simulated container: its record, its log, and the server that runs in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from profiles.flags import API_KEY
from profiles.serve_command import ServeCommand
from tui.demo.boot import Play, Run, Script, script, written
from tui.demo.http_server import Model, ModelServer
from tui.demo.log import DemoLog
from tui.demo.models import fit
from tui.demo.recordings import filled, recording
from tui.demo.records import enter
from tui.demo.traffic import Traffic

INSIDE_PORT = 8000
CARDS = 2


class DemoContainer:
    """A container that runs, or does not.

    Args:
        record: Its inspect record, kept true.
        command: The server it starts; None for a container of another kind.
        pace: How many times faster than recorded everything goes.
        failed: Called when its server has ended by itself.
    """

    def __init__(
        self,
        record: dict[str, Any],
        command: ServeCommand | None,
        pace: float,
        failed: Callable[[DemoContainer], None],
    ) -> None:
        self.record = record
        self.command = command
        self.log = DemoLog()
        self.server: ModelServer | None = None
        self.busy = False
        """Whether others use it."""
        self._pace = pace
        self._failed = failed
        self._play: Play | None = None

    @property
    def id(self) -> str:
        """The 64 digits."""
        return str(self.record["Id"])

    @property
    def name(self) -> str:
        """Its name, without the slash."""
        return str(self.record["Name"]).lstrip("/")

    @property
    def pid(self) -> int:
        """Its first process, while it runs."""
        return int(self.record["State"]["Pid"])

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return bool(self.record["State"]["Running"])

    @property
    def cards(self) -> tuple[int, ...]:
        """The cards that it holds memory of; the second one where it may take any."""
        requests = self.record["HostConfig"].get("DeviceRequests") or ()
        if not requests or self.command is None or not self.running:
            return ()
        named = tuple(int(one) for one in requests[0].get("DeviceIDs") or () if str(one).isdigit())
        parallel = self.command.flag("tensor-parallel-size") not in (None, "1")
        return named or (tuple(range(CARDS)) if parallel else (CARDS - 1,))

    def begin(self, ago: float = 0.0) -> None:
        """Let it run, since `ago` seconds."""
        began = time.time() - ago
        enter(self.record, "running", began)
        if self.command is None:
            return
        self.server = ModelServer(lambda text: self.log.write([text], time.time()))
        self.record["NetworkSettings"]["Ports"] = self._bound(self.server.port)
        told = script(self.command)
        first = written(self.log, told, began, began + ago) if ago else 0
        if first == len(told.lines):
            self._came_to_its_end(told, began + told.seconds)
        else:
            run = Run(told, first, ago, self._pace)
            self._play = Play(self.log, run, lambda: self._came_to_its_end(told, time.time()))

    def over(self, began: float, ended: float, code: int) -> None:
        """Let it have run: both in seconds before now."""
        now = time.time()
        enter(self.record, "running", now - began)
        if self.command is not None:
            written(self.log, script(self.command), now - began, now - ended)
        self.end(code, ended)

    def end(self, code: int, ago: float = 0.0) -> None:
        """Let it end."""
        self.let_go()
        if self.command is not None and code == 0:
            when = time.time() - ago
            self.log.write([filled(line, {}, when) for line in recording("stop")], when)
        enter(self.record, "exited", time.time() - ago, code)
        self.record["NetworkSettings"]["Ports"] = {}
        self.log.end()

    def let_go(self) -> None:
        """End the threads behind it."""
        if self._play is not None:
            self._play.close()
        if self.server is not None:
            self.server.close()
        self._play = self.server = None

    def _came_to_its_end(self, told: Script, when: float) -> None:
        server = self.server
        if told.fails:
            self._failed(self)
        elif server is not None and self.command is not None:
            server.model = self._model(self.command, when)

    def _model(self, command: ServeCommand, ready: float) -> Model:
        found = fit(command)
        name = command.served_names[0] if command.served_names else command.model or ""
        environment = dict(entry.partition("=")[::2] for entry in self.record["Config"]["Env"] or ())
        return Model(
            name=name,
            root=command.model or "",
            context=found.length,
            task=command.task,
            thinks=command.flag("reasoning-parser") is not None,
            traffic=Traffic(name, ready, self.busy, found.tokens),
            key=command.api_key or environment.get(API_KEY) or None,
            pace=self._pace,
        )

    def _bound(self, port: int) -> Mapping[str, list[dict[str, str]]]:
        """Publish the server's port on one that is free: nothing real is ever in its way, nor it in theirs."""
        host = self.record["HostConfig"]
        inside = f"{(self.command.port if self.command else None) or INSIDE_PORT}/tcp"
        asked = (host.get("PortBindings") or {}).get(inside)
        if asked:
            return {inside: [{"HostIp": str(asked[0].get("HostIp") or ""), "HostPort": str(port)}]}
        return {inside: [{"HostIp": "", "HostPort": str(port)}]} if host.get("NetworkMode") == "host" else {}
