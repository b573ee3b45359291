"""Whether a server works: what its counters show, and what a question of one token brought when they stood still.

A vLLM whose worker hangs goes on saying that it is healthy; only work that does not get done gives it away.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tui.insight import vitals_scrape as scraped
from tui.insight.vitals_scrape import Engine, Scrape

AGAIN_SECONDS = 8.0
"""How soon a server that was found not to work is asked again."""
STUCK_SECONDS = 20.0
"""How long one engine may hold requests without any progress while others get on; after half of that it is asked."""
_OURS = frozenset({"abort", "error"})
"""Ends of requests that come about without an engine: clients that hang up on a server that hangs."""

Mark = tuple[float, ...]


class Outcome(Enum):
    """What became of one question of one token."""

    ANSWERED = auto()
    LATE = auto()
    """Taken, and not answered in time."""
    FAULTY = auto()
    """Answered with an error of the server's own (500)."""
    UNSURE = auto()
    """Nobody listens, or the answer proves nothing (no key, no such road, overloaded)."""


class Verdict(Enum):
    """Whether a server that answers questions about itself also works."""

    WORKS = auto()
    HUNG = auto()
    HALF = auto()
    """Some of its engines work."""
    BROKEN = auto()


@dataclass(slots=True)
class _Seen:
    """One engine: how its numbers stood, since when, and whether it holds requests."""

    mark: Mark
    since: float
    holds: bool


class Stall:
    """Decides when a server is asked for a token, and what it means when none comes.

    Args:
        every: Seconds between questions while its counters stand still; 0 asks never.
    """

    def __init__(self, every: float) -> None:
        self.verdict = Verdict.WORKS
        self._every = every
        self._engines: dict[str, _Seen] = {}
        self._moved: float | None = None
        self._stands: float | None = None
        self._read: float | None = None
        self._proved: float | None = None
        self._asked: float | None = None
        self._wanted = False
        self._partly = False

    @property
    def questions(self) -> int:
        """How many are asked at once, so that each engine gets one."""
        return max(1, len(self._engines))

    @property
    def moved(self) -> float | None:
        """When its counters last moved, as far as was seen."""
        return self._moved

    def want(self) -> None:
        """Ask as soon as may be: somebody waits for an answer that does not come."""
        self._wanted = self._every > 0

    def note(self, scrape: Scrape) -> None:
        """Take a reading; counters that move show that a server works again."""
        if not scrape.whole or not scrape.engines:
            return
        before, last = self._engines, self._read if self._read is not None else scrape.at
        self._read = scrape.at
        self._engines = {key: self._noted(key, engine, scrape.at) for key, engine in scrape.engines.items()}
        if self._moved is None:
            self._moved = scrape.at
            self._stands = scrape.at if self._stands is None else self._stands
        elif any(one.since == scrape.at for one in self._engines.values()):
            self._moved = scrape.at
            # When they came to stand is not seen, only that it was between two readings: rather sooner than later.
            self._stands = scrape.at - min(scrape.at - last, self._every) * 0.75
            if self._proved is not None and self._proved >= last:
                self._stands = min(self._stands, self._proved)  # our own question moved them, if nobody else's
            if before and self.verdict is Verdict.HUNG:
                self.verdict = Verdict.WORKS
        self._weigh(scrape.at)

    def due(self, now: float) -> bool:
        """Say whether it is time to ask."""
        return self.wait(now) <= 0

    def wait(self, now: float) -> float:
        """Give the seconds until it is time to ask, as things stand."""
        if self._every <= 0:
            return math.inf
        if self._wanted:
            return 0.0
        proved = self._proved if self._proved is not None else -math.inf
        if self.verdict is not Verdict.WORKS:
            return proved + AGAIN_SECONDS - now
        if self._stands is None:
            self._stands = now
        return max(self._stands, proved) + self._every - now

    def doubt(self, now: float) -> None:
        """Ask at once, but not again and again: it did not even say how it is."""
        if self._proved is None or now - self._proved >= AGAIN_SECONDS:
            self.want()

    def judge(self, outcomes: Sequence[Outcome], now: float, asked_at: float) -> None:
        """Take what became of the questions.

        Args:
            outcomes: One of each question.
            now: When the last one ended.
            asked_at: When they were asked; an engine whose counters have moved since then is slow, not one that hangs.
        """
        self._wanted, self._proved, self._asked = False, now, asked_at
        stands = any(one.since <= asked_at for one in self._engines.values()) or not self._engines
        late = Outcome.LATE in outcomes and stands
        faulty = Outcome.FAULTY in outcomes
        self._partly = Outcome.ANSWERED in outcomes and (late or faulty)
        if self._partly:
            self.verdict = Verdict.HALF
        elif late:
            self.verdict = Verdict.HUNG
        else:
            self.verdict = Verdict.BROKEN if faulty else Verdict.WORKS
        self._weigh(now)

    def _noted(self, key: str, engine: Engine, at: float) -> _Seen:
        mark, holds = _mark(engine), _value(engine, scraped.RUNNING) > 0
        before = self._engines.get(key)
        if before is None or before.mark != mark:
            return _Seen(mark, at, holds)
        return before

    def _weigh(self, now: float) -> None:
        """Let what the engines' counters show have its say, once the stuck one was asked: a gauge may have stood still by itself."""
        if len(self._engines) < 2 or self.verdict not in (Verdict.WORKS, Verdict.HALF):
            return
        engines = self._engines.values()
        gets_on = any(now - one.since < STUCK_SECONDS for one in engines)
        if gets_on and any(one.holds and now - one.since >= STUCK_SECONDS / 2 for one in engines):
            self.doubt(now)
        stuck = [one.holds and now - one.since >= STUCK_SECONDS and self._asked_in_vain(one) for one in engines]
        if any(stuck) and not all(stuck) and (gets_on or self.verdict is Verdict.HALF):
            self.verdict = Verdict.HALF
        elif not self._partly:
            self.verdict = Verdict.WORKS

    def _asked_in_vain(self, engine: _Seen) -> bool:
        """Whether it did not move though every engine was asked since it stood still; true where nobody may ask."""
        if self._every <= 0:
            return True
        if self._asked is None or self._proved is None or self._read is None:
            return False
        return engine.since <= self._asked and self._proved < self._read


def _mark(engine: Engine) -> Mark:
    finished = scraped.first(engine, scraped.FINISHED) or {}
    done = sum(count for reason, count in finished.items() if reason not in _OURS)
    names = (scraped.PROMPT, scraped.GENERATION, scraped.RUNNING, scraped.WAITING, scraped.KV_CACHE)
    return (done, *(_value(engine, one) for one in names))


def _value(engine: Engine, names: tuple[str, ...]) -> float:
    return (scraped.first(engine, names) or {}).get("", -1.0)
