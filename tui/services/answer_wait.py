"""Waiting until a starting container has proven itself, ended, run out of time, or is no longer wanted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from tui.insight.log_times import epoch_of
from tui.insight.phases import BootPhase
from tui.services.answer import Ask, NotYetError
from tui.services.answer_cause import cause_line
from tui.services.answer_log import BootLog
from tui.services.answer_target import Target, target
from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.fleet_facts import is_native
from tui.services.host import Host

LOOK_SECONDS = 0.5
ASK_EVERY = 2.0
"""Every request of ours leaves a line in the log that is being watched."""
ASK_SECONDS = 120.0
"""The first answer after a boot may compile first."""
STEADY_SECONDS = 3.0
"""What is no model server has proven itself when it ran this long."""
PHASES = {
    "config": _("reading the configuration"),
    "engine": _("starting the engine"),
    "weights": _("loading the weights"),
    "KV cache": _("measuring memory for the KV cache"),
    "graphs": _("capturing CUDA graphs"),
    "server": _("starting the server"),
}
Told = Callable[[str, float | None], object]


class CalledOffError(ServiceError):
    """The user called it off."""

    def __init__(self) -> None:
        super().__init__(_("Cancelled"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long to wait, who may end it, and who wants to know how it goes."""

    seconds: float
    cancelled: asyncio.Event
    told: Told
    """Is told a sentence and the fraction of the phase."""


async def look_up(engine: Engine, container: str) -> dict[str, Any] | None:
    """Inspect a container; None when it does not exist, ServiceError only when the engine does not answer."""
    try:
        return await engine.inspect(container)
    except ServiceError:
        known = await engine.containers()
        if any(container in (one.id, one.name) for one in known):
            return await engine.inspect(container)
        return None


async def wait_for_answer(host: Host, container: str, ask: Ask, waiting: Waiting) -> str:
    """Wait until the container's server answers one token; what is no model server need only keep running.

    Args:
        host: Where it runs.
        container: Its id.
        ask: `one_token`, or a stand-in.
        waiting: The limit, the cancel switch and the listener.

    Returns:
        The model that answered; empty for what cannot be asked: what is no model server, and one to which no way leads from
        here, which is believed when its log says that it has started up.

    Raises:
        CalledOffError: It was cancelled.
        ServiceError: It ended, answered wrongly, or the time ran out; the detail quotes the log's own cause.
    """
    record = await look_up(host.engine, container)
    if record is None:
        raise ServiceError(_("The new container is gone before it answered"))
    log = BootLog(host.engine, container, bool((record.get("Config") or {}).get("Tty")))
    log.start()
    try:
        return await _Watch(host, container, ask, waiting, log).run()
    finally:
        log.close()


class _Watch:
    def __init__(self, host: Host, container: str, ask: Ask, waiting: Waiting, log: BootLog) -> None:
        self._host = host
        self._container = container
        self._ask = ask
        self._waiting = waiting
        self._log = log
        self._name = container
        self._began = time.monotonic()
        self._asking: asyncio.Task[str] | None = None
        self._next_question = 0.0
        self._said = ""
        self._native: bool | None = None
        """Whether the containers' own addresses are reached from here; asked once."""
        self._last_words = _("it does not answer yet")

    async def run(self) -> str:
        try:
            while True:
                if self._waiting.cancelled.is_set():
                    raise CalledOffError
                answered = await self._look()
                if answered is not None:
                    return answered
                if self._seconds > self._waiting.seconds:
                    raise self._too_slow()
                self._tell()
                await self._pause()
        finally:
            if self._asking is not None:
                self._asking.cancel()

    async def _look(self) -> str | None:
        """Look at the container, ask its server; the answer, or None while there is none."""
        try:
            record = await look_up(self._host.engine, self._container)
            asked = await self._target(record)
        except ServiceError as error:
            self._last_words = str(error)  # the engine is away: it may come back within the limit
            return None
        self._name = str((record or {}).get("Name") or self._name).lstrip("/")
        if record is None or has_ended(record):
            await self._drain()
            raise self._ended(record)
        if asked is None:
            return "" if self._seconds_up(record) >= STEADY_SECONDS else None
        if asked.url is None:
            return "" if self._log.ready else None  # nobody can ask it from here, so its own word must do
        return self._answered(asked)

    async def _target(self, record: Mapping[str, Any] | None) -> Target | None:
        if record is None or has_ended(record):
            return None
        if self._native is None:
            self._native = is_native(await self._host.engine.info())
        return target(self._host, record, self._native)

    def _answered(self, asked: Target) -> str | None:
        now = time.monotonic()
        if self._asking is None and now >= self._next_question:
            self._next_question = now + ASK_EVERY
            question = self._ask(asked.url or "", asked.model, asked.task, asked.api_key, ASK_SECONDS)
            self._asking = asyncio.ensure_future(question)
        if self._asking is None or not self._asking.done():
            return None
        asking, self._asking = self._asking, None
        try:
            return asking.result()
        except NotYetError as error:
            self._last_words = error.detail or error.title
            return None

    async def _pause(self) -> None:
        called_off = asyncio.ensure_future(self._waiting.cancelled.wait())
        waits: list[asyncio.Future[Any]] = [called_off, *([self._asking] if self._asking else [])]
        try:
            await asyncio.wait(waits, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            called_off.cancel()

    async def _drain(self) -> None:
        for _turn in range(20):
            if self._log.ended:
                return
            await asyncio.sleep(0.05)

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._began

    def _seconds_up(self, record: Mapping[str, Any]) -> float:
        began = epoch_of((record.get("State") or {}).get("StartedAt"))
        return self._seconds if began is None else min(self._seconds, max(0.0, time.time() - began))

    def _tell(self) -> None:
        phase = self._log.phase
        silent = _("waiting for the first answer") if self._log.seen else _("starting")
        what = _phase_text(phase) if phase else silent
        text = _("{what}, {n} s").format(what=what, n=int(self._seconds))
        if text != self._said:
            self._said = text
            self._waiting.told(text, phase.fraction if phase else None)

    def _ended(self, record: Mapping[str, Any] | None) -> ServiceError:
        state = (record or {}).get("State") or {}
        cause = cause_line(self._log.lines)
        if state.get("OOMKilled"):
            return ServiceError(_("{name} ran out of memory before it answered").format(name=self._name), cause)
        if record is None:
            return ServiceError(_("{name} ended before it answered and is gone (--rm)").format(name=self._name), cause)
        text = _("{name} ended with exit code {code} before it answered")
        return ServiceError(text.format(name=self._name, code=state.get("ExitCode")), cause)

    def _too_slow(self) -> ServiceError:
        title = _("{name} gave no answer within {n:.0f} s").format(name=self._name, n=self._waiting.seconds)
        return ServiceError(title, cause_line(self._log.lines) or self._last_words)


def has_ended(record: Mapping[str, Any]) -> bool:
    """Whether a started container has ended; one that its restart policy starts over and over has."""
    state = record.get("State") or {}
    if state.get("Restarting") or int(record.get("RestartCount") or 0) > 0:
        return True
    return not state.get("Running")


def _phase_text(phase: BootPhase) -> str:
    words = PHASES.get(phase.name, phase.name)
    return f"{words} {phase.fraction:.0%}" if phase.fraction is not None else words
