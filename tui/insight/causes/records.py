"""What the reading of a failure is made of: signs that are looked for, what was found, and the answer with its fixes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNKNOWN = "unknown"
"""The cause of a failure that is not recognised."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One wording of one cause."""

    cause: str
    literal: bytes
    """What is searched for in the raw bytes; only lines that hold it are looked at."""
    pattern: re.Pattern[str]
    """What confirms it, in the line's message and those that follow; its named groups are the numbers and names."""
    rank: int = 1
    """Negative where a place proves it, 0 a narrow cause, 1 a plain one, 2 a general complaint, 3 an echo; the smallest wins, then the first."""
    soft: bool = False
    """It counts in a warning too, where the start has failed."""
    fatal: bool = False
    """Nobody goes on after it: it proves by itself that something failed."""
    frames: tuple[str, ...] = ()
    """Names of which one has to be among the frames of its traceback."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A sign that was found."""

    cause: str
    line: int
    """Counted from 1; lines end at a newline only."""
    text: str
    """The line's message, cleaned and without its head."""
    values: Mapping[str, str]
    rank: int
    fatal: bool = False
    process: str = ""
    """The process that wrote it, as the log names it; "" where it does not."""
    frames: frozenset[str] = frozenset()
    """Names known of the frames of its traceback."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One way out: changes to the server, or advice for what only a person can do."""

    set: Mapping[str, Any] = field(default_factory=dict)
    """Flags of vLLM without dashes and their new values; True for a switch."""
    unset: tuple[str, ...] = ()
    """Flags, or environment variables, to take away."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of the container."""
    docker: tuple[str, ...] = ()
    """Options of `docker run`, each with its value behind a space."""
    advice: tuple[str, ...] = ()
    """Ids of ADVICES."""

    def as_record(self) -> dict[str, Any]:
        """Write it as JSON, without what is empty."""
        found: dict[str, Any] = {}
        if self.set:
            found["set"] = dict(self.set)
        if self.unset:
            found["unset"] = list(self.unset)
        if self.env:
            found["env"] = dict(self.env)
        if self.docker:
            found["docker"] = self.docker[0] if len(self.docker) == 1 else list(self.docker)
        if self.advice:
            found["advice"] = self.advice[0] if len(self.advice) == 1 else list(self.advice)
        return found

    @property
    def changes(self) -> bool:
        """Whether the app can carry it out by itself, wholly or in part."""
        return bool(self.set or self.unset or self.env or self.docker)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why it failed."""

    cause: str
    """An id of CAUSES, or UNKNOWN."""
    line: int | None
    """Where the root cause stands, counted from 1; None when the log does not say it."""
    evidence: str
    """That line's message, cleaned."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Names and numbers, as printed, under the names that the words and fixes use."""
    fixes: tuple[Fix, ...] = ()
    """The best first; seldom empty."""
    also: tuple[str, ...] = ()
    """Other causes that the log speaks of, in its order."""
    runtime: bool = False
    """It happened after a good start."""


@dataclass(frozen=True, slots=True)
class State:
    """What `docker inspect` says under State."""

    exit_code: int | None = None
    oom_killed: bool = False
    error: str = ""
    """The engine's own words when it could not start the container."""
    running: bool = False

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> State:
        """Read the engine's object; what is missing or of another kind counts as not said."""
        code = record.get("ExitCode")
        status = str(record.get("Status") or "").lower()
        running = bool(record.get("Running")) or status in ("running", "paused")
        return cls(
            exit_code=None if running or isinstance(code, bool) or not isinstance(code, int) else code,
            oom_killed=record.get("OOMKilled") is True,
            error=str(record.get("Error") or ""),
            running=running,
        )
