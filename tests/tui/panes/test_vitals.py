"""What the vitals' panel makes of a server's figures."""

from __future__ import annotations

import pytest

from tests.widgets.painted import PaintedApp
from tui.insight.vitals import EngineVitals, Percentiles, Vitals
from tui.panes.vitals import VitalsPane, vitals_row
from tui.services.server import Server, State


def server(state: State = State.READY, **facts: object) -> Server:
    return Server("local", "id", "qwen3", "container", state, **facts)  # type: ignore[arg-type]


def test_every_figure_finds_its_place() -> None:
    engines = (EngineVitals("0", 1, 2, 0.1, 5.0), EngineVitals("1", 3, 4, 0.2, 6.0))
    row = vitals_row(
        Vitals(
            1.0,
            4,
            6,
            0.15,
            980.0,
            142.0,
            Percentiles(0.1, 0.4),
            Percentiles(0.02, 0.03),
            (False, True),
            prefix_hit=0.61,
            engines=engines,
            rates_in=(1.0, 2.0),
            rates_out=(3.0,),
        )
    )
    assert (row.running, row.waiting, row.kv, row.hit) == (4, 6, 0.15, 0.61)
    assert (row.rate_in, row.rates_in) == (980.0, (1.0, 2.0))
    assert (row.rate_out, row.rates_out) == (142.0, (3.0,))
    assert row.ttft == VitalsPane.Times(0.1, 0.4, (False, True))
    assert row.tpot == VitalsPane.Times(0.02, 0.03)
    assert row.engines[1] == VitalsPane.Engine("1", 3, 4, 0.2, 6.0)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (None, "No model server is chosen."),
        (server(serves=False), "No model server is chosen."),
        (server(State.STOPPED), "It does not run."),
        (server(State.STARTING), "It has no figures before it is ready."),
        (server(State.READY), "It says nothing of itself yet."),
        (server(State.READY, seen=1.0), "Not known while the engine does not"),
    ],
)
async def test_without_figures_it_says_why(chosen: Server | None, words: str) -> None:
    pane = VitalsPane()
    app = PaintedApp(pane)
    async with app.run_test(size=(46, 20)) as pilot:
        pane.tell(chosen, Vitals(1.0, 1) if chosen is not None and chosen.seen else None)
        await pilot.pause()
        assert words in app.text[0]
