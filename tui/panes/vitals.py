"""How the chosen server does, as its panel shows it."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from tui.services.server import Server, State
from widgets.vitals_panel import VitalsPanel

if TYPE_CHECKING:
    from tui.insight.vitals import Percentiles, Vitals

RUNS = frozenset({State.READY, State.BUSY, State.SILENT, State.HUNG, State.HALF, State.BROKEN})
"""States in which a server can say how it does."""


class VitalsPane(VitalsPanel):
    """Shows one server's figures, or why there are none."""

    def tell(self, server: Server | None, vitals: Vitals | None) -> None:
        """Show how this server does; only what changed is painted."""
        name = server.name if server is not None and server.serves else ""
        row = vitals_row(vitals) if vitals is not None and name and _is_fresh(server) else None
        self.show(row, name, "" if row else _words(server))


def vitals_row(vitals: Vitals) -> VitalsPanel.Row:
    """Translate a server's figures."""
    return VitalsPanel.Row(
        running=vitals.running,
        waiting=vitals.waiting,
        kv=vitals.kv,
        rate_out=vitals.generation_rate,
        rate_in=vitals.prompt_rate,
        rates_out=vitals.rates_out,
        rates_in=vitals.rates_in,
        ttft=_times(vitals.ttft, vitals.ttft_beyond),
        tpot=_times(vitals.tpot, vitals.tpot_beyond),
        hit=vitals.prefix_hit,
        engines=tuple(
            VitalsPanel.Engine(one.engine, one.running, one.waiting, one.kv, one.generation_rate)
            for one in vitals.engines
        ),
    )


def _times(times: Percentiles | None, beyond: tuple[bool, bool]) -> VitalsPanel.Times | None:
    return None if times is None else VitalsPanel.Times(times.p50, times.p95, beyond)


def _is_fresh(server: Server | None) -> bool:
    return server is not None and server.seen is None


def _words(server: Server | None) -> str:
    """Say why there are no figures."""
    if server is None or not server.serves:
        return _("No model server is chosen.")
    if server.seen is not None:
        return _("Not known while the engine does not answer.")
    if server.state is State.STARTING or (server.state is State.CREATED and server.action):
        return _("It has no figures before it is ready.")
    return _("It says nothing of itself yet.") if server.state in RUNS else _("It does not run.")
