"""A launch's memory as a bar and the lines below it."""

from __future__ import annotations

from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Vertical

from profiles.fit.bar import cells
from profiles.fit.printed import Printed
from profiles.fit.records import Fit
from tui.panes.fit_words import LEAST_GIB, TONES, parts, printed_lines, shown
from tui.services.fit_reckoned import Reckoned
from tui.services.fits import Cards, Ground
from widgets.fit_bar import FitBar
from widgets.form_lines import HangingText


class FitBlock(Vertical):
    """Shows whether a launch fits, and how its memory is divided."""

    DEFAULT_CSS = """
    FitBlock { height: auto; }
    """

    def __init__(self, *, keys: bool, id: str | None = None) -> None:
        super().__init__(id=id)
        self._bar = FitBar()
        self._text = HangingText()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """The bar over the lines."""
        yield self._bar
        yield self._text

    def show(
        self,
        found: Reckoned | None,
        ground: Ground,
        cards: Cards,
        *,
        low: bool = False,
        printed: Printed | None = None,
    ) -> None:
        """Show an estimate, and what vLLM printed; `low` puts first what matters most."""
        fit = Fit() if found is None else found.fit
        drawable = fit.total_gib is not None and fit.weights_gib is not None
        self._bar.display = drawable
        if drawable:
            self._bar.show(parts(), lambda width: ordered(fit, width), edge(fit), ends(fit))
        lines = shown(found, ground, cards, keys=self._keys, low=low)
        self._text.lines = (*printed_lines(printed), *lines)


def ordered(fit: Fit, width: int) -> list[tuple[str, int]]:
    """Give the bar's cells with what others hold at its end."""
    names = list(TONES)
    if (fit.others_gib or 0.0) < LEAST_GIB:
        fit = replace(fit, others_gib=None)
    return sorted(cells(fit, width), key=lambda pair: names.index(pair[0]))


def edge(fit: Fit) -> FitBar.Edge | None:
    """Give how far the end of the cache may move."""
    total = sum(part.gib for part in fit.parts())
    if not total or fit.uncertainty_gib is None:
        return None
    return FitBar.Edge("kv", "rest", fit.uncertainty_gib / total)


def ends(fit: Fit) -> float:
    """Give where the card ends, as a share of the bar."""
    total = sum(part.gib for part in fit.parts())
    return min(1.0, (fit.total_gib or total) / total) if total else 1.0
