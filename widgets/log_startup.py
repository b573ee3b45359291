"""How far a server's start has come: phases with seconds, a bar, the last good start to compare."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

_GLYPHS = {"done": "✔", "running": "◐", "failed": "✖", "waiting": ""}
_TONES = {"done": "$success", "running": "bold $warning", "failed": "bold $error", "waiting": "$foreground 62%"}
_DIM = "$foreground 62%"
MOST, MOST_OF_A_PHASE = 0.98, 0.95
"""How full the bar, and a phase's part of it, can be before its end is seen."""
SLOW_START = 60.0
"""Seconds of a start of which nothing is known: by its own share of them a phase is two thirds done."""


class StartupBar(Widget):
    """The phases of a start on one line, and a bar below."""

    @dataclass(frozen=True, slots=True)
    class Phase:
        """One phase."""

        name: str
        state: str
        """done, running, failed or waiting."""
        seconds: float | None = None
        fraction: float | None = None
        """0..1 while it runs, where that is known."""
        usual: float | None = None
        """Its part of a usual start: the seconds that it took in the last good one, or a share."""

        def done(self, known: bool) -> float:
            """How much of it is done, 0..1; `known` says that its usual seconds are."""
            if self.state in {"done", "waiting"}:
                return float(self.state == "done")
            if self.fraction is not None:
                return self.fraction
            spent, usual = self.seconds or 0.0, self.usual or 0.0
            if known:
                return min(spent / usual, MOST_OF_A_PHASE) if usual else MOST_OF_A_PHASE
            return (1.0 - math.exp(-spent / (usual * SLOW_START))) * MOST_OF_A_PHASE if usual else 0.0

    DEFAULT_CSS = """
    StartupBar {
        height: 4;
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        background: $background;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    """

    phases: reactive[tuple[Phase, ...]] = reactive(())
    """The phases in their order."""
    seconds: reactive[float] = reactive(0.0)
    """Seconds since the start, or that it took."""
    last_good: reactive[float | None] = reactive(None)
    """Seconds that the last good start took."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = Content(_("Start-up"))

    def show(self, phases: Sequence[Phase], seconds: float, last_good: float | None) -> None:
        """Show a start as far as it has come."""
        self.phases = tuple(phases)
        self.seconds = seconds
        self.last_good = last_good

    def render(self) -> Content:
        """Draw the two lines."""
        width = self.content_size.width
        return Content("\n").join([self._chain(width), self._bar(width)])

    def watch_phases(self) -> None:
        """Say it in words."""
        self._say()

    def watch_seconds(self) -> None:
        """Say it in words."""
        self._say()

    def watch_last_good(self) -> None:
        """Say it in words."""
        self._say()

    @property
    def filled(self) -> float:
        """How much of the bar is filled, 0..1: each phase fills as much as it usually takes."""
        if self.ready:
            return 1.0
        weights = [1.0 if phase.usual is None else phase.usual for phase in self.phases]
        known = self.last_good is not None
        done = sum(weight * phase.done(known) for weight, phase in zip(weights, self.phases, strict=True))
        return min(done / (sum(weights) or 1.0), MOST)

    @property
    def ready(self) -> bool:
        """Whether it has come to its good end."""
        return bool(self.phases) and all(phase.state == "done" for phase in self.phases)

    @property
    def stalled(self) -> bool:
        """Whether it takes much longer than the last good start did."""
        running = any(phase.state == "running" for phase in self.phases)
        return bool(running and self.last_good and self.seconds > max(2 * self.last_good, self.last_good + 20))

    def _chain(self, width: int) -> Content:
        """The phases in this many cells: where there is too little room the earliest give way, for the last ones are looked at."""
        parts = [self._drawn(phase) for phase in self.phases]
        ready = Content.styled(_("✔ ready"), "bold $success") if self.ready else Content.styled(_("ready"), _DIM)
        parts.append(ready)
        arrow = Content.styled(" ▸ ", _DIM)
        chain = arrow.join(parts)
        while chain.cell_length > width and len(parts) > 2:
            del parts[0]
            chain = arrow.join([Content.styled("…", _DIM), *parts])
        return chain

    @staticmethod
    def _drawn(phase: Phase) -> Content:
        text = f"{_GLYPHS[phase.state]} {phase.name}".strip()
        if phase.state == "running" and phase.fraction is not None:
            text += f" {phase.fraction:.0%}".replace("%", " %")
        elif phase.seconds is not None and phase.state != "waiting":
            text += f" {phase.seconds:.1f}"
        return Content.styled(text, _TONES[phase.state])

    def _bar(self, width: int) -> Content:
        full = round(self.filled * width)
        if any(phase.state == "failed" for phase in self.phases):
            full = min(full, max(0, width - 3))
            return Content.assemble(
                Content.styled("█" * full, "$success"),
                Content.styled("✖✖✖", "$error"),
                Content.styled("─" * (width - full - 3), _DIM),
            )
        done = full - min(full, max(1, round(full * self._running_share))) if self._running_share else full
        return Content.assemble(
            Content.styled("█" * done, "$success"),
            Content.styled("█" * (full - done), "$warning"),
            Content.styled("─" * (width - full), _DIM),
        )

    @property
    def _running_share(self) -> float:
        """Which part of the time so far the running phase took."""
        spent = sum(phase.seconds or 0.0 for phase in self.phases)
        running = sum(phase.seconds or 0.0 for phase in self.phases if phase.state == "running")
        return running / spent if spent else 0.0

    def _say(self) -> None:
        text = _("{seconds} s").format(seconds=round(self.seconds))
        if self.ready:
            text = _("ready in {seconds} s").format(seconds=round(self.seconds))
        elif self.last_good is not None:
            text += "; " + _("the last good one took {seconds} s").format(seconds=round(self.last_good))
        if self.stalled:
            text = _("stalled") + " · " + text
        self.border_subtitle = Content(text)
