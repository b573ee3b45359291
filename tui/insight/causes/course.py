"""The course of the newest boot in a log: what was found in it and where it began, got on, was ready, was stopped or died."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tui.insight.causes.marks import ANSWERED, DROPPED, EXCEPTION, NO_CAUSE, PLAIN, Kind, frame_names
from tui.insight.causes.records import Hit, Sign
from tui.insight.causes.scan import Found, Scanner
from tui.insight.causes.table import signs
from tui.insight.log_head import Level

MOST_HITS = 400
MOST_RAISED = 40


@dataclass(slots=True)
class Trace:
    """The newest traceback of a process."""

    line: int
    frames: set[str] = field(default_factory=set)
    headless: bool = False
    """Its first lines were cut off."""


@dataclass(slots=True)
class Course:
    """What is known of one boot."""

    hits: deque[Hit] = field(default_factory=lambda: deque(maxlen=MOST_HITS))
    first: list[Hit] = field(default_factory=list)
    """The first hits, which many later ones must not push out."""
    stage: str = ""
    """How far it has come, as PLAIN's words say."""
    progress: dict[str, int] = field(default_factory=dict)
    """By process, the last line that shows it getting on."""
    ready: int | None = None
    stopped: int | None = None
    """The first line of a stop that was asked for."""
    dead: int | None = None
    """The first line that says that a part has died; after readiness, the first since then."""
    traced: int | None = None
    """The last traceback's line."""
    raised: list[tuple[int, str]] = field(default_factory=list)
    """Lines of exceptions that are more than an echo, the first ones."""
    complained: tuple[int, str] | None = None
    """The last line of a grave level."""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether the boot's begin is in the log; a log that was cut at its top may lack it."""
        return bool(self.progress or self.facts.keys() & {"args", "version"})

    def all(self) -> list[Hit]:
        """Give the hits in their order."""
        kept = {id(hit) for hit in self.first}
        return sorted([*self.first, *(hit for hit in self.hits if id(hit) not in kept)], key=lambda hit: hit.line)


class Reader:
    """Reads the found lines in their order; a new boot begins anew."""

    def __init__(self) -> None:
        self.course = Course()
        self._signs = signs()
        self._traces: dict[str, Trace] = {}
        self._args_only = True
        """Nothing has happened since the boot's first line."""

    def read_all(self, some: Iterable[Found], scanner: Scanner) -> None:
        """Take the lines of a piece; where boots were passed over, what is known belongs to none of the lines to come."""
        if scanner.skipped:
            self._args_only, scanner.skipped = False, False
        for found in some:
            self.read(found)

    def read(self, found: Found) -> None:
        """Take one line."""
        marks = [PLAIN[needle] for needle in found.needles if needle in PLAIN]
        if found.line.is_code:
            self._frame(found)
            marks = []
        for kind, word in marks:
            self._mark(found, kind, word)
        if not found.line.is_code and not DROPPED.match(found.line.text):
            for needle in found.needles:
                for sign in self._signs.get(needle, ()):
                    self._try(found, sign)

    def _frame(self, found: Found) -> None:
        names = frame_names(found.line.text)
        trace = self._traces.get(found.line.process)
        if names and trace is None:  # the traceback's head was cut off
            trace = self._traces[found.line.process] = Trace(found.number, headless=True)
        if trace is not None:
            trace.frames.update(names)

    def _mark(self, found: Found, kind: Kind, word: str) -> None:
        course, number, line = self.course, found.number, found.line
        if kind is Kind.BOOT:
            self._boot(found, word)
        elif kind is Kind.FACT:
            course.facts.setdefault(word, line.text)
        elif kind is Kind.PROGRESS and line.level in (Level.INFO, Level.NONE):
            self._args_only = False
            course.progress[line.process] = number
            course.stage = word
            if word == "load":
                course.facts["loading"] = line.text
        elif kind is Kind.READY:
            course.ready, course.stage, course.dead, course.stopped = number, "ready", None, None
            course.raised.clear()
            course.complained = None
        elif kind is Kind.SERVING and course.ready is None and not course.begun and ANSWERED.match(line.text):
            course.ready, course.stage, self._args_only = 0, "ready", False
        elif kind is Kind.STOP:
            course.stopped = course.stopped or number
        elif kind is Kind.DEAD and (line.level >= Level.ERROR or line.level == Level.NONE):
            if word == "client" and not line.text.startswith("docker: "):
                return
            course.dead = course.dead or number
            self._args_only = False
        elif kind is Kind.TRACE:
            course.traced = number
            self._args_only = False
            self._traces[line.process] = Trace(number)
        elif kind is Kind.RAISED:
            self._raised(found)

    def _boot(self, found: Found, word: str) -> None:
        if not self._args_only:
            facts = self.course.facts
            self.course = Course()
            self.course.facts.update({name: facts[name] for name in ("cuda", "wsl", "device") if name in facts})
            self._traces.clear()
            self._args_only = True
        if word:
            self.course.facts.setdefault(word, found.line.text)

    def _raised(self, found: Found) -> None:
        course, line = self.course, found.line
        grave = line.level >= Level.ERROR or line.level == Level.NONE
        if not grave:
            return
        course.complained = (found.number, line.text)
        if not EXCEPTION.match(line.text) or NO_CAUSE.search(line.text):
            return
        if len(course.raised) < MOST_RAISED:
            course.raised.append((found.number, line.text))
        trace = self._traces.get(line.process)
        if (trace is None or trace.headless) and found.before.startswith("    "):
            course.traced = found.number

    def _try(self, found: Found, sign: Sign) -> None:
        line = found.line
        if not sign.soft and line.level not in (Level.NONE, Level.ERROR, Level.CRITICAL):
            return
        match = sign.pattern.search(f"{line.text}\n{found.after}")
        if match is None or match.start() > len(line.text):
            return
        trace = self._traces.get(line.process)
        frames = frozenset(trace.frames) if trace is not None else frozenset()
        if sign.frames and not frames.intersection(sign.frames):
            return
        values = {name: value.strip() for name, value in match.groupdict().items() if value}
        if found.before:
            values.setdefault("before", found.before.strip()[:120])
        values["stage"] = self.course.stage
        hit = Hit(sign.cause, found.number, line.text, values, sign.rank, sign.fatal, line.process, frames)
        self.course.hits.append(hit)
        if len(self.course.first) < MOST_HITS:
            self.course.first.append(hit)
