"""Reading a boot: which phase a starting vLLM is in, from the lines of its log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from profiles.fit.printed import Printed

PHASES = ("config", "engine", "weights", "KV cache", "graphs", "server")
"""The phases of a boot in their order; after the last one comes ready."""
SHARES = {"config": 0.3, "engine": 0.15, "weights": 0.2, "KV cache": 0.15, "graphs": 0.15, "server": 0.05}
"""Which part of a boot each phase takes, where nothing is known of this server's."""

READY = "Application startup complete"
"""What a line says that ends a boot well."""
MARKS: tuple[tuple[str, str], ...] = (
    # What a line says -> the phase that BEGINS with it. vLLM 0.8 to 0.32, CUDA and CPU builds.
    (r"vLLM API server version|non-default args:|Resolved architecture:", "config"),
    (r"Initializing a V\d LLM engine|Initializing an LLM engine|Started engine process", "engine"),
    (r"Starting to load model|Loading (?:safetensors|pt) checkpoint shards|Loading model weights", "weights"),
    (
        r"Loading weights took|Model loading took|Available KV cache memory|[CG]PU KV cache size:|# [CG]PU blocks:",
        "KV cache",
    ),
    (r"Capturing (?:CUDA graph|cudagraph)|Warming up model for the compilation|Graph capturing", "graphs"),
    (r"init engine \(profile|Starting vLLM (?:API )?server|Started server process|Supported tasks", "server"),
    (READY, "ready"),
)
FAILURES = re.compile(
    r"Engine core initialization failed|Engine process failed to start|EngineDeadError|^(?:vllm(?: serve)?|api_server\.py): error: |"
    r"pydantic_core\._pydantic_core\.ValidationError"
)
FIRST_SIGN = re.compile(r"vLLM API server version|[█▀▄]{2}.*version \d|non-default args:")
FRACTION = re.compile(r"checkpoint shards:\s+(\d+)%|Capturing CUDA graphs?[^:]*:\s+(\d+)%")
_MARKS = tuple((re.compile(pattern), phase) for pattern, phase in MARKS)


@dataclass(frozen=True, slots=True)
class BootPhase:
    """One phase of a boot."""

    name: str
    state: str
    """done, running, failed or waiting."""
    seconds: float | None = None
    fraction: float | None = None
    """0..1 while running, where the log says it."""
    usual: float | None = None
    """Its part of a usual boot: the seconds of the last good one, else a share."""


@dataclass(frozen=True, slots=True)
class Boot:
    """A boot as far as it has come."""

    phases: tuple[BootPhase, ...]
    seconds: float
    ready: bool = False
    failed: bool = False
    last_good: float | None = None
    """Seconds that the last good boot of the same server took."""
    ready_at: float | None = None
    """When it was ready, seconds since the epoch."""
    printed: Printed = field(default_factory=Printed)
    """What it said of its memory on the way."""

    @property
    def current(self) -> BootPhase | None:
        """The phase that runs or failed; None before the first sign and after the end."""
        return next((phase for phase in self.phases if phase.state in {"running", "failed"}), None)


def measured(boot: Boot, good: Boot | None) -> Boot:
    """Give the boot with what each phase usually takes: as in the last good boot, else as boots are."""
    if good is None:
        usual: dict[str, float] = dict(SHARES)
    else:
        usual = {phase.name: phase.seconds or 0.0 for phase in good.phases}
    phases = tuple(replace(phase, usual=usual.get(phase.name)) for phase in boot.phases)
    return replace(boot, phases=phases, last_good=None if good is None else good.seconds)


@dataclass(slots=True)
class BootReader:
    """Follows one boot line by line.

    Args:
        began: When the container started, seconds since the epoch.
    """

    began: float
    ready_at: float | None = None
    failed_at: float | None = None
    """When it said that it cannot go on, seconds since the epoch."""
    seen: bool = False
    """Whether any line looked like vLLM's."""
    printed: Printed = field(default_factory=Printed)
    """What its lines have said of its memory so far."""
    _starts: dict[str, float] = field(default_factory=dict)
    _fraction: float | None = None

    @property
    def failed(self) -> bool:
        """Whether it said that it cannot go on."""
        return self.failed_at is not None

    @property
    def has_cache(self) -> bool:
        """Whether its weights are loaded and its KV cache is being laid out, or has been."""
        return self.ready_at is not None or self._reached() >= PHASES.index("KV cache")

    def feed(self, time: float, text: str) -> None:
        """Take one line with the time it was written; after the one that says ready none counts."""
        if self.ready_at is not None:
            return
        if FIRST_SIGN.search(text) and "weights" in self._starts:
            self._restart(time)
        if FAILURES.search(text):
            self.failed_at = self.failed_at or time
        self.printed = self.printed.with_line(text)
        for pattern, phase in _MARKS:
            if pattern.search(text):
                self.seen = True
                self._begin(phase, time)
        if found := FRACTION.search(text):
            self._fraction = int(found[1] or found[2]) / 100

    def boot(self, now: float, failed: bool = False) -> Boot:
        """Draw the boot up at a moment; `failed` says that its container has ended without being ready."""
        failed = (failed or self.failed) and self.ready_at is None
        reached = self._reached()
        end = self.ready_at if self.ready_at is not None else now
        phases = tuple(self._phase(index, reached, end, failed) for index in range(len(PHASES)))
        ready, seconds = self.ready_at is not None, max(0.0, end - self.began)
        return Boot(phases, seconds, ready, failed, ready_at=self.ready_at, printed=self.printed)

    def _restart(self, time: float) -> None:
        # The same log goes on with another start (a restart policy, a wrapper that tries again).
        self.began, self.failed_at, self._fraction = time, None, None
        self.printed = Printed()
        self._starts.clear()

    def _begin(self, phase: str, time: float) -> None:
        if phase == "ready":
            self.ready_at = time
            self.failed_at = None
        elif phase not in self._starts and PHASES.index(phase) >= self._reached():
            self._starts[phase] = time
            self._fraction = None

    def _reached(self) -> int:
        return max((PHASES.index(phase) for phase in self._starts), default=0)

    def _phase(self, index: int, reached: int, end: float, failed: bool) -> BootPhase:
        name = PHASES[index]
        if self.ready_at is not None or index < reached:
            return BootPhase(name, "done", self._seconds(index, end))
        if index > reached:
            return BootPhase(name, "waiting")
        state = "failed" if failed else "running"
        return BootPhase(name, state, self._seconds(index, end), None if failed else self._fraction)

    def _seconds(self, index: int, end: float) -> float | None:
        name = PHASES[index]
        start = self.began if index == 0 else self._starts.get(name)
        if start is None:
            return None
        later = [self._starts[other] for other in PHASES[index + 1 :] if other in self._starts]
        return max(0.0, min(later, default=end) - start)
