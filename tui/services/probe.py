"""Proving that a running server works: its readings are followed, and while they stand still it is asked for one token."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tui.insight.stall import Outcome, Stall, Verdict
from tui.insight.vitals import Scrape, Vitals, Window
from tui.insight.vitals_own import OwnShare
from tui.services.vllm import VllmClient

ANSWER_SECONDS = 10.0
"""How long a question of one token may take before the server counts as hung."""


@dataclass(frozen=True, slots=True)
class Probing:
    """How often servers are asked for a token while their counters stand still; 0 asks never."""

    seconds: float = 60.0
    each: Mapping[str, float] = field(default_factory=dict)
    """Seconds by the server's name, where it has its own."""

    def of(self, name: str) -> float:
        """Give the seconds for a server."""
        return self.each.get(name, self.seconds)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where and how a server is asked."""

    url: str
    key: str | None = field(repr=False)
    model: str
    task: str


class Prover:
    """Follows one server's readings and says whether it works.

    Args:
        client: Asks it.
        every: Seconds between questions while its counters stand still; 0 asks never.
        clock: Seconds of a clock that never goes back.
    """

    def __init__(self, client: VllmClient, every: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.vitals: Vitals | None = None
        """The newest that differ in something from those before; None while it gives no readings."""
        self._client = client
        self._clock = clock
        self._every = every
        self.reset()

    @property
    def verdict(self) -> Verdict:
        """Whether it works, as far as is known."""
        return self._stall.verdict

    def reset(self) -> None:
        """Forget everything: it boots anew."""
        self._stall = Stall(self._every)
        self.lose()

    def lose(self) -> None:
        """Forget its readings: it gives none any more."""
        self.vitals = None
        self._window = Window()
        self._own = OwnShare()

    def want(self) -> None:
        """Ask it as soon as may be: somebody waits for an answer that does not come."""
        self._stall.want()

    def wait(self) -> float:
        """Give the seconds until it is asked for a token, as things stand."""
        return self._stall.wait(self._clock())

    async def read(self, url: str, key: str | None) -> bool:
        """Take a reading; say whether there was one."""
        scrape = await self._client.scrape(url, key, self._clock)
        if scrape is None:
            return False
        self._take(scrape)
        return True

    async def prove(self, asked: Asked, doubtful: bool = False) -> None:
        """Ask for a token of each engine if it is time.

        Args:
            asked: Whom and how.
            doubtful: It did not even give a reading: it is asked now.
        """
        begun = self._clock()
        if doubtful:
            self._stall.doubt(begun)
        if not self._stall.due(begun):
            return
        count = self._stall.questions
        ranks = range(count) if count > 1 else (None,)
        outcomes = await asyncio.gather(*(self._ask(asked, rank) for rank in ranks))
        if outcomes.count(Outcome.ANSWERED) == len(outcomes):
            self._own.asked(len(outcomes))
        elif Outcome.LATE in outcomes and not doubtful:
            await self.read(asked.url, asked.key)  # a server that is only slow has got on meanwhile
        self._stall.judge(outcomes, self._clock(), begun)

    async def _ask(self, asked: Asked, rank: int | None) -> Outcome:
        return await self._client.works(asked.url, asked.key, asked.model, asked.task, ANSWER_SECONDS, rank=rank)

    def _take(self, scrape: Scrape) -> None:
        self._stall.note(scrape)
        vitals = self._window.add(self._own.without(scrape))
        if self.vitals is None or not _same(self.vitals, vitals):
            self.vitals = vitals


def _same(before: Vitals, now: Vitals) -> bool:
    """Say whether they show the same; a server at rest adds nothing but zeros to its curves."""
    if any((*before.rates_in, *before.rates_out, *now.rates_in, *now.rates_out)):
        return False
    return replace(before, at=0.0, rates_in=(), rates_out=()) == replace(now, at=0.0, rates_in=(), rates_out=())
