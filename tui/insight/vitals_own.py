"""What our own questions add to a server's counters, taken off again: the figures are the users'."""

from __future__ import annotations

from tui.insight import vitals_scrape as scraped
from tui.insight.vitals_scrape import Engine, Scrape, Series

PATIENCE = 2
"""Readings after a question in which its trace may still turn up."""


class OwnShare:
    """Keeps how much of a server's counters is ours.

    Only what can be told apart is taken off: a question during which nobody else asked.
    """

    def __init__(self) -> None:
        self._last: Scrape | None = None
        self._before: Scrape | None = None
        self._asked = 0
        self._readings = 0
        self._share: dict[str, dict[str, dict[str, float]]] = {}

    def asked(self, count: int) -> None:
        """Note that we have asked this many questions since the last reading, each answered."""
        self._before, self._asked, self._readings = self._last, count, 0

    def without(self, scrape: Scrape) -> Scrape:
        """Give a reading as it would be without our questions."""
        if not scrape.whole:
            return Scrape(scrape.at, {key: self._less(key, engine) for key, engine in scrape.engines.items()}, False)
        if self._last is not None and scraped.began_anew(self._last, scrape):
            self._share.clear()
            self._before = None
        self._claim(scrape)
        self._last = scrape
        return Scrape(scrape.at, {key: self._less(key, engine) for key, engine in scrape.engines.items()}, True)

    def _claim(self, scrape: Scrape) -> None:
        """See whether exactly our questions have come since they were asked; others' make it impossible to tell.

        What others ask leaves traces long before it ends: prompts and first tokens count while it runs.
        """
        if self._before is None:
            return
        self._readings += 1
        ended = _ended(scrape) - _ended(self._before)
        if ended == self._asked and _rests(self._before) and _rests(scrape):
            for key, engine in scrape.engines.items():
                self._add(key, self._before.engines.get(key, {}), engine)
        if ended >= self._asked or self._readings >= PATIENCE:
            self._before = None

    def _add(self, key: str, earlier: Engine, later: Engine) -> None:
        share = self._share.setdefault(key, {})
        for name, series in later.items():
            if name not in scraped.GAUGES:
                kept = share.setdefault(name, {})
                for detail, value in (scraped.grown(earlier, {name: series}, (name,)) or {}).items():
                    kept[detail] = kept.get(detail, 0.0) + value

    def _less(self, key: str, engine: Engine) -> Engine:
        share = self._share.get(key)
        return {name: _minus(series, share.get(name)) for name, series in engine.items()} if share else engine


def _minus(series: Series, ours: Series | None) -> Series:
    return {detail: value - ours.get(detail, 0.0) for detail, value in series.items()} if ours else series


def _ended(scrape: Scrape) -> float:
    finished = (scraped.first(engine, scraped.FINISHED) or {} for engine in scrape.engines.values())
    return sum(sum(series.values()) for series in finished)


def _rests(scrape: Scrape) -> bool:
    """Say whether no request runs or waits."""
    held = (
        scraped.first(engine, names)
        for engine in scrape.engines.values()
        for names in (scraped.RUNNING, scraped.WAITING)
    )
    return not any(any(series.values()) for series in held if series is not None)
