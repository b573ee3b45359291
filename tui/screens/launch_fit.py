"""The panel that says whether a launch fits, with the keys that put in what would."""

from __future__ import annotations

from gettext import gettext as _

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.message import Message

from profiles.fit.records import Fit, Why
from tui.panes.fit_block import FitBlock
from tui.panes.fit_words import length_matters, mark, title_words
from tui.panes.profile_form import Note
from tui.screens.launch_panels import TextPanel
from tui.services.fit_reckoned import Reckoned
from tui.services.fits import Cards, Ground

LENGTH, UTILIZATION, KV_DTYPE = "--max-model-len", "--gpu-memory-utilization", "--kv-cache-dtype"


class FitPanel(TextPanel):
    """Shows the estimate of the launch in the form."""

    BINDINGS = [
        Binding(
            "l",
            f"put('{LENGTH}')",
            _("Longest context"),
            id="fit.longest",
            tooltip=_("Put in the longest context that fits"),
        ),
        Binding(
            "u",
            f"put('{UTILIZATION}')",
            _("Lowest utilization"),
            id="fit.lowest",
            tooltip=_("Put in the lowest utilization that works"),
        ),
    ]

    class Asked(Message):
        """A value that fits is to be put into a field."""

        def __init__(self, field: str, value: str) -> None:
            super().__init__()
            self.field = field
            self.value = value

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._block = FitBlock(keys=True)
        self._found: Reckoned | None = None

    def compose(self) -> ComposeResult:
        """The bar and the lines below it."""
        yield self._block

    def show_fit(self, found: Reckoned | None, ground: Ground, cards: Cards, *, low: bool) -> None:
        """Show an estimate."""
        self._found = found
        self._block.show(found, ground, cards, low=low)

    def action_put(self, field: str) -> None:
        """Put in what fits, where something does."""
        value = offers(self._found).get(field)
        if value:
            self.post_message(self.Asked(field, value))


def title(found: Reckoned | None, cards: Cards) -> Content:
    """Give the panel's name: the question, the verdict's glyph, and whose memory it is."""
    glyph, tone = mark(found)
    words = title_words(found, cards)
    return Content.assemble(_("Will it fit?"), " ", (glyph, tone), f"  {words}" if words else "")


def offers(found: Reckoned | None) -> dict[str, str]:
    """Give the values that fit, by their fields."""
    fit = Fit() if found is None else found.fit
    values = {LENGTH: str(fit.longest or "") if length_matters(fit) else ""}
    if fit.lowest_utilization is not None:
        values[UTILIZATION] = f"{fit.lowest_utilization:.2f}"
    return {name: value for name, value in values.items() if value}


def fit_word(fit: Fit) -> str:
    """Say in a glyph and a word how a model would do; "" where that is not known, or has nothing to do with the model."""
    if fit.starts:
        return f"▲ {_('fits, if only just')}" if fit.tight else f"✔ {_('fits')}"
    if fit.why is Why.TOO_LONG:
        return f"▲ {_('context too long')}"
    return f"✖ {_('does not fit')}" if fit.why in {Why.WEIGHTS, Why.NO_ROOM} else ""


def field_notes(found: Reckoned | None) -> dict[str, Note]:
    """Say beside the fields of the memory what follows from their values."""
    if found is None:
        return {}
    fit, notes = found.fit, {}
    if fit.longest and fit.starts:
        notes[LENGTH] = Note(_("fits; up to {longest:,} would").format(longest=fit.longest), "good")
    elif fit.longest and length_matters(fit):
        notes[LENGTH] = Note(_("up to {longest:,} would fit; ctrl+t takes it").format(longest=fit.longest), "careful")
    if fit.budget_gib is not None and fit.total_gib is not None:
        words = _("{budget:.1f} of {total:.1f} GiB").format(budget=fit.budget_gib, total=fit.total_gib)
        notes[UTILIZATION] = Note(words)
    if found.settings.kv_dtype == "auto" and not found.settings.cpu and fit.kv_tokens:
        halved = found.with_cache("fp8").kv_tokens
        if halved and halved > fit.kv_tokens:
            notes[KV_DTYPE] = Note(_("fp8 would give {n:,} tokens").format(n=halved))
    return notes
