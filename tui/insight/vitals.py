"""How a server does: what waits and runs, how fast tokens go in and out, how long one waits for them.

Counters and histograms of /metrics count from the server's start; what is shown are differences over the last minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.insight import vitals_scrape as scraped
from tui.insight.vitals_quantile import quantile
from tui.insight.vitals_scrape import Engine, Scrape, Series

__all__ = ["EngineVitals", "Percentiles", "Scrape", "Vitals", "Window"]

WINDOW = 60.0
"""Seconds over which percentiles, hits and finished requests are counted."""
RATE_SPAN = 5.0
"""Seconds over which a rate is taken at least, where there are readings so old: prompts come in bursts."""
RATES = 60
"""Values in a sparkline at most."""


class Percentiles(NamedTuple):
    """Half and nearly all of the requests are quicker than this, in seconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class EngineVitals:
    """One engine of a data-parallel server."""

    engine: str
    running: int | None = None
    waiting: int | None = None
    kv: float | None = None
    """Share of the KV cache in use, 0..1."""
    generation_rate: float | None = None
    """Tokens a second."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What is known of a server after a reading; None where it does not say or nothing happened."""

    at: float
    running: int | None = None
    waiting: int | None = None
    kv: float | None = None
    """Share of the KV cache in use, 0..1: the mean of its engines."""
    prompt_rate: float | None = None
    """Tokens a second."""
    generation_rate: float | None = None
    """Tokens a second."""
    ttft: Percentiles | None = None
    """Time to first token, in seconds."""
    tpot: Percentiles | None = None
    """Time per output token, in seconds."""
    ttft_beyond: tuple[bool, bool] = (False, False)
    """Whether p50 and p95 lie above the last bound of the buckets; they are that bound then."""
    tpot_beyond: tuple[bool, bool] = (False, False)
    """The same of the time per output token."""
    prefix_hit: float | None = None
    """Share of the prompt tokens that the prefix cache had, 0..1."""
    finished: Mapping[str, float] = field(default_factory=dict)
    """Requests that ended since the window began, by reason."""
    engines: tuple[EngineVitals, ...] = ()
    restarted: bool = False
    """The server was seen to have started anew at this very reading."""
    rates_in: tuple[float, ...] = ()
    """Prompt tokens a second between readings, oldest first."""
    rates_out: tuple[float, ...] = ()
    """Generated tokens a second between readings, oldest first."""


class Window:
    """The readings of one server in the last minute."""

    def __init__(self) -> None:
        self._scrapes: deque[Scrape] = deque()
        self._rates_in: deque[float] = deque(maxlen=RATES)
        self._rates_out: deque[float] = deque(maxlen=RATES)

    def add(self, scrape: Scrape) -> Vitals:
        """Take a reading and say how the server does; one that is damaged or empty only gives what it says of now."""
        restarted = False
        if scrape.whole and scrape.engines:
            last = self._scrapes[-1] if self._scrapes else None
            restarted = last is not None and scraped.began_anew(last, scrape)
            if restarted or (last is not None and not 0 < scrape.at - last.at <= WINDOW):
                self._clear()
            self._scrapes.append(scrape)
            while self._scrapes[0].at < scrape.at - WINDOW:
                self._scrapes.popleft()
            self._note_rates()
        return self._vitals(scrape, restarted)

    def _clear(self) -> None:
        for kept in (self._scrapes, self._rates_in, self._rates_out):
            kept.clear()

    def _note_rates(self) -> None:
        if len(self._scrapes) < 2:
            return
        for rates, names in ((self._rates_in, scraped.PROMPT), (self._rates_out, scraped.GENERATION)):
            rate = _rate(self._scrapes[-2], self._scrapes[-1], names)
            if rate is not None:
                rates.append(rate)

    def _vitals(self, now: Scrape, restarted: bool) -> Vitals:
        engines = tuple(self._engine(key, now.engines[key]) for key in sorted(now.engines, key=_order))
        ttft, ttft_beyond = _percentiles(self._grown(scraped.TTFT))
        tpot, tpot_beyond = _percentiles(self._grown(scraped.TPOT))
        return Vitals(
            at=now.at,
            running=_total(engine.running for engine in engines),
            waiting=_total(engine.waiting for engine in engines),
            kv=_mean([engine.kv for engine in engines if engine.kv is not None]),
            prompt_rate=self._rate(scraped.PROMPT),
            generation_rate=self._rate(scraped.GENERATION),
            ttft=ttft,
            tpot=tpot,
            ttft_beyond=ttft_beyond,
            tpot_beyond=tpot_beyond,
            prefix_hit=self._prefix_hit(),
            finished=self._grown(scraped.FINISHED) or {},
            engines=engines,
            restarted=restarted,
            rates_in=tuple(self._rates_in),
            rates_out=tuple(self._rates_out),
        )

    def _engine(self, key: str, engine: Engine) -> EngineVitals:
        running, waiting, kv = (
            series[""] if (series := scraped.first(engine, names)) else None
            for names in (scraped.RUNNING, scraped.WAITING, scraped.KV_CACHE)
        )
        return EngineVitals(
            key,
            None if running is None else round(running),
            None if waiting is None else round(waiting),
            None if kv is None else min(kv, 1.0),
            self._rate(scraped.GENERATION, key),
        )

    def _rate(self, names: tuple[str, ...], key: str | None = None) -> float | None:
        """Give tokens a second of one engine or of all over the last readings."""
        if len(self._scrapes) < 2:
            return None
        later = self._scrapes[-1]
        before = [scrape for scrape in self._scrapes if scrape.at <= later.at - RATE_SPAN]
        return _rate(before[-1] if before else self._scrapes[0], later, names, key)

    def _grown(self, names: tuple[str, ...]) -> Series | None:
        """Add up over the engines what grew since the window began, or since an engine came."""
        if not self._scrapes:
            return None
        oldest: dict[str, Engine] = {}
        for scrape in self._scrapes:
            oldest = {**scrape.engines, **oldest}
        return _sum(scraped.grown(oldest[key], engine, names) for key, engine in self._scrapes[-1].engines.items())

    def _prefix_hit(self) -> float | None:
        hits, queries = (self._grown(names) for names in (scraped.PREFIX_HITS, scraped.PREFIX_QUERIES))
        return min(hits[""] / queries[""], 1.0) if hits and queries and queries[""] > 0 else None


def _rate(earlier: Scrape, later: Scrape, names: tuple[str, ...], key: str | None = None) -> float | None:
    """Give how much a metric grew in a second; an engine that came in between has no rate yet."""
    both = [one for one in later.engines if one in earlier.engines and key in (None, one)]
    total = _sum(scraped.grown(earlier.engines[one], later.engines[one], names) for one in both)
    return None if total is None else total[""] / (later.at - earlier.at)


def _sum(parts: Iterable[Series | None]) -> Series | None:
    total: dict[str, float] | None = None
    for part in parts:
        if part is not None:
            total = total or {}
            for detail, value in part.items():
                total[detail] = total.get(detail, 0.0) + value
    return total


def _percentiles(buckets: Series | None) -> tuple[Percentiles | None, tuple[bool, bool]]:
    p50, p95 = (quantile(share, buckets or {}) for share in (0.5, 0.95))
    if p50 is None or p95 is None:
        return None, (False, False)
    return Percentiles(p50.value, p95.value), (p50.beyond, p95.beyond)


def _total(counts: Iterable[int | None]) -> int | None:
    said = [count for count in counts if count is not None]
    return sum(said) if said else None


def _mean(shares: list[float]) -> float | None:
    return sum(shares) / len(shares) if shares else None


def _order(engine: str) -> tuple[int, str]:
    """Engine 10 comes after engine 9."""
    return (int(engine) if engine.isdecimal() else 0, engine)
