"""One run of a simulated server: its recorded log, line by line, until it is ready or has failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from profiles.serve_command import ServeCommand
from tui.demo.log import DemoLog
from tui.demo.models import fit
from tui.demo.recordings import Line, filled, recording


@dataclass(frozen=True, slots=True)
class Script:
    """How a run of a server goes."""

    lines: tuple[Line, ...]
    words: Mapping[str, str]
    """What its recording leaves open."""
    fails: bool
    """It ends by itself with exit code 1."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self.lines[-1].after


def script(command: ServeCommand) -> Script:
    """Choose the recording by what the server is asked to do, and whether that fits on its card."""
    found = fit(command)
    name = "boot-embedding" if command.task == "embed" else "boot-chat" if found.fits else "boot-kv-cache"
    model = command.model or "?"
    given = {flag.replace("-", "_"): command.flag(flag) for flag in ("max-model-len", "gpu-memory-utilization")}
    arguments = {"model_tag": model, "model": model, **{key: value for key, value in given.items() if value}}
    words = {
        "ARGS": str(arguments),
        "MODEL": model,
        "ARCHITECTURE": found.facts.architecture,
        "LENGTH": str(found.length),
        "WEIGHTS": f"{found.facts.weights:.2f}",
        "KV": f"{found.cache:.2f}",
        "NEEDED": f"{found.needed:.2f}",
        "TOKENS": f"{found.tokens:,}",
        "MOST": str(found.tokens),
        "TIMES": f"{found.tokens / (found.length or 1):.2f}",
    }
    return Script(recording(name), words, name == "boot-kv-cache")


def written(log: DemoLog, told: Script, began: float, until: float) -> int:
    """Write what a run that began earlier had written by a moment; give how many lines that were."""
    past = [line for line in told.lines if began + line.after <= until]
    for line in past:
        when = began + line.after
        log.write([filled(line, told.words, when)], when)
    return len(past)


@dataclass(frozen=True, slots=True)
class Run:
    """A script under way."""

    told: Script
    first: int
    """The line that comes next."""
    gone: float
    """How many of its seconds have gone by."""
    pace: float
    """How many times faster than recorded it goes."""


class Play:
    """Plays the rest of a recording in a thread of its own.

    Args:
        log: Where the lines go.
        run: What to play.
        ended: Called once when it has come to its end, not when it was closed.
    """

    def __init__(self, log: DemoLog, run: Run, ended: Callable[[], None]) -> None:
        self._log = log
        self._run = run
        self._ended = ended
        self._closed = threading.Event()
        threading.Thread(target=self._play, name="demo boot", daemon=True).start()

    def close(self) -> None:
        """Write no further line."""
        self._closed.set()

    def _play(self) -> None:
        run, began = self._run, time.time()
        for line in run.told.lines[run.first :]:
            # From the run's beginning on and not from line to line, or the waits would add up their delays.
            if self._closed.wait(max(0.0, began + (line.after - run.gone) / run.pace - time.time())):
                return
            now = time.time()
            self._log.write([filled(line, run.told.words, now)], now)
        if not self._closed.is_set():
            self._ended()
