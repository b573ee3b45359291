"""How the chosen server does: requests, KV cache, tokens in and out, waiting times."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from textual.content import Content

from widgets.gauge import gauge, percent
from widgets.line_panel import DIM, LinePanel, fitted, padded, wrapped
from widgets.spark import spark

SHORTEST = 4
"""Cells that a gauge needs to say anything."""
SECONDS = 10.0
"""From here on a time is written in seconds instead of milliseconds."""
RATE_WIDTH = 5


class VitalsPanel(LinePanel):
    """Five lines about one server, a few more where it is narrow or has several engines."""

    @dataclass(frozen=True, slots=True)
    class Times:
        """A time that requests took, in seconds."""

        p50: float
        p95: float
        beyond: tuple[bool, bool] = (False, False)
        """Whether they are longer than these figures, which are all that is known."""

    @dataclass(frozen=True, slots=True)
    class Engine:
        """One engine of several."""

        name: str
        running: int | None = None
        waiting: int | None = None
        kv: float | None = None
        rate_out: float | None = None

    @dataclass(frozen=True, slots=True)
    class Row:
        """One server; None is shown as a dash."""

        running: int | None = None
        waiting: int | None = None
        kv: float | None = None
        """Share of the KV cache in use, 0..1."""
        rate_out: float | None = None
        """Generated tokens a second."""
        rate_in: float | None = None
        """Prompt tokens a second."""
        rates_out: tuple[float | None, ...] = ()
        """The last minute, oldest first."""
        rates_in: tuple[float | None, ...] = ()
        ttft: VitalsPanel.Times | None = None
        tpot: VitalsPanel.Times | None = None
        hit: float | None = None
        """Share of the prompt tokens that the prefix cache had, 0..1."""
        engines: tuple[VitalsPanel.Engine, ...] = ()

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(_("Vitals"), id=id, classes=classes)
        self._row = VitalsPanel.Row()
        self._words = ""

    def show(self, row: Row | None, name: str = "", words: str = "") -> None:
        """Show a server, or words where there is nothing to show of it."""
        self._row, self._words = row or VitalsPanel.Row(), words if row is None else ""
        self._changed(f"{_('Vitals')} · {name}" if name else _("Vitals"), "")

    def lines(self, width: int, low: bool) -> list[Content]:
        """Give the lines; what does not fit beside another stands below it."""
        row = self._row
        if self._words:
            return wrapped(self._words, width)
        lines = [*_requests(row, width), *_rates(row, width), *_times(row, width)]
        return lines + [_engine(engine, width) for engine in row.engines if len(row.engines) > 1]


def _requests(row: VitalsPanel.Row, width: int) -> list[Content]:
    counts = Content.assemble(
        (_("running") + " ", DIM), (f"{_count(row.running):<4}", "bold"), (_("waiting") + " ", DIM)
    )
    counts = Content.assemble(counts, (f"{_count(row.waiting):<4}", "bold"))
    label = Content.styled("kv ", DIM)
    beside = width - counts.cell_length - label.cell_length - 5
    bar = beside if beside >= SHORTEST else max(0, width - label.cell_length - 5)
    share = Content.assemble(label, gauge(row.kv, bar, "$accent"), (f" {percent(row.kv):>4}", "bold"))
    return [Content.assemble(counts, share)] if beside >= SHORTEST else [counts, share]


def _rates(row: VitalsPanel.Row, width: int) -> list[Content]:
    labels = _("out"), _("in")
    label = 1 + max(Content(one).cell_length for one in labels)
    unit = " tok/s"
    bar = max(0, width - label - 1 - RATE_WIDTH - len(unit))
    rates = (row.rate_out, row.rates_out, "$success"), (row.rate_in, row.rates_in, "$primary")
    return [
        Content.assemble(
            (padded(words, label), DIM),
            spark(history, bar, tone).pad_right(max(0, bar - 60)),
            (f" {_rate(rate):>{RATE_WIDTH}}", "bold"),
            (unit, DIM),
        )
        for words, (rate, history, tone) in zip(labels, rates, strict=True)
    ]


def _times(row: VitalsPanel.Row, width: int) -> list[Content]:
    texts = _texts(row.ttft), _texts(row.tpot)
    column = max(len(p50) for p50, _p95, _unit in texts)
    ttft, tpot = (
        Content.assemble(
            (f"{label} p50 ", DIM), (f"{p50:<{column}}", "bold"), (" p95 ", DIM), (p95, "bold"), (unit, DIM)
        )
        for label, (p50, p95, unit) in zip(("ttft", "tpot"), texts, strict=True)
    )
    hit = Content.assemble((_("hit") + " ", DIM), (percent(row.hit), "bold"))
    gap = Content("   ")
    if tpot.cell_length + gap.cell_length + hit.cell_length > width:
        return [ttft, tpot, hit]
    return [ttft, Content.assemble(tpot, gap, hit)]


def _engine(engine: VitalsPanel.Engine, width: int) -> Content:
    running, waiting = f"{_('running')} {_count(engine.running)}", f"{_('waiting')} {_count(engine.waiting)}"
    rest = f"kv {percent(engine.kv)} {_rate(engine.rate_out)} tok/s"
    room = width - len(engine.name) - 1
    choices = [f"{running} {waiting} {rest}", f"{running} {rest}", rest]
    facts = next((words for words in choices if Content(words).cell_length <= room), fitted(rest, room))
    return Content.assemble((f"{engine.name} ", "bold"), (facts, DIM))


def _texts(times: VitalsPanel.Times | None) -> tuple[str, str, str]:
    """Give both times and their unit; the longer one decides it."""
    if times is None:
        return "—", "—", ""
    unit, by = (" s", 1.0) if max(times.p50, times.p95) >= SECONDS else (" ms", 1000.0)
    p50, p95 = (
        (">" if beyond else "") + (f"{time * by:.1f}" if time * by < (100 if by == 1 else 10) else f"{time * by:.0f}")
        for time, beyond in zip((times.p50, times.p95), times.beyond, strict=True)
    )
    return p50, p95, unit


def _count(count: int | None) -> str:
    return "—" if count is None else str(count)


def _rate(rate: float | None) -> str:
    if rate is None:
        return "—"
    if rate >= 99_999.5:
        return f"{rate / 1000:.0f}k"
    return f"{rate:.1f}" if 0 < rate < 9.95 else f"{rate:.0f}"
