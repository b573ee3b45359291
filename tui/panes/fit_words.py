"""What is said of a launch's memory: the parts with their sizes, the verdict, what would be possible, how sure it is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from gettext import gettext as _

from textual.content import Content

from profiles.fit.bar import LETTERS
from profiles.fit.printed import Printed
from profiles.fit.records import Fit, Why
from profiles.fit.weights import stored
from profiles.fit.words import sentence
from tui.services.fit_reckoned import Reckoned, others
from tui.services.fits import Cards, Ground
from widgets.fit_bar import FitBar
from widgets.form_lines import HangingLine

DIM = "$foreground 62%"
TONES = {
    "weights": "$primary",
    "non_torch": "$secondary",
    "activation": "$secondary-lighten-2",
    "graphs": "$secondary-darken-1",
    "kv": "$accent",
    "rest": "$foreground 45%",
    "others": "$warning",
}
"""The colour of each part; the last ones stand last in the bar."""
LEAST_GIB = 0.005
"""Smaller parts have no line."""
DIGITS = 6
"""Cells of a size."""


def parts() -> tuple[FitBar.Part, ...]:
    """Give how each part of the bar is drawn."""
    names = short_names()
    return tuple(FitBar.Part(name, LETTERS[name], names[name], tone) for name, tone in TONES.items())


def short_names() -> dict[str, str]:
    """Give what the parts are called where there is little room."""
    return {
        "weights": _("weights"),
        "non_torch": _("CUDA, NCCL"),
        "activation": _("activations"),
        "graphs": _("CUDA graphs"),
        "kv": _("KV cache"),
        "rest": _("free"),
        "others": _("others"),
    }


def title_words(found: Reckoned | None, cards: Cards) -> str:
    """Say whose memory it is: `GPU 0 · 24.0 GiB`, each of several, or the RAM."""
    if found is None:
        return ""
    total = "" if found.card.total_gib is None else f" · {found.card.total_gib:.1f} GiB"
    if found.settings.cpu:
        return _("RAM") + total
    if not found.gpus:
        return _("no GPU")
    indexes = ", ".join(str(gpu.index) for gpu in found.gpus)
    words = _("GPU {indexes}") if len(found.gpus) == 1 else _("each of GPU {indexes}")
    return words.format(indexes=indexes) + total


def mark(found: Reckoned | None) -> tuple[str, str]:
    """Give the glyph of the verdict and its colour."""
    fit = Fit() if found is None else found.fit
    if fit.starts is None:
        return "?", "$warning"
    if not fit.starts:
        return "✖", "$error"
    return ("▲", "$warning") if fit.tight else ("✔", "$success")


def verdict_word(fit: Fit) -> str:
    """Give the verdict in a word or two."""
    if fit.starts is None:
        return _("not known")
    if not fit.starts:
        return _("does not fit")
    return _("fits, if only just") if fit.tight else _("fits")


def verdict(found: Reckoned | None, ground: Ground, cards: Cards) -> list[HangingLine]:
    """Say whether it fits, and why not."""
    glyph, tone = mark(found)
    fit = Fit() if found is None else found.fit
    bold = f"bold {tone}"
    words: list[str] = []
    if found is None:
        words.append(ground.missing)
    elif fit.why is Why.NO_TOTAL and not found.gpus:
        trouble = (cards.trouble or _("This host has no such GPU")).rstrip(".。")
        advice = _("gpus none reckons with the RAM, for the CPU image")
        words.append(_("{sentence}. {mend}").format(sentence=trouble, mend=advice))
    elif fit.starts:
        words.append(_held(fit))
    else:
        words.append(sentence(fit))
    said = " ".join(one for one in words if one)
    return [HangingLine(Content.assemble((verdict_word(fit), bold), "  ", said), Content.styled(glyph, bold))]


def possible(fit: Fit, keys: bool) -> list[HangingLine]:
    """Say the longest context and the lowest utilization that would do, each with the key that sets it."""
    found: list[Content] = []
    longest = f"{fit.longest:,}" if fit.longest and length_matters(fit) else ""
    rows = (
        (_("longest context"), longest, "l"),
        (_("lowest utilization"), "" if fit.lowest_utilization is None else f"{fit.lowest_utilization:.2f}", "u"),
    )
    for name, value, key in rows:
        if value:
            hint = Content.assemble("  ", (key, "$accent"), (" " + _("sets it"), DIM)) if keys else Content()
            found.append(Content.assemble((name, DIM), " ", (value, "bold"), hint))
    return [HangingLine(Content("   ").join(found), Content(" "))] if found else []


def length_matters(fit: Fit) -> bool:
    """Say whether another context length is an answer: not where others hold the card, or the weights do not fit."""
    return fit.starts is True or fit.why is Why.TOO_LONG


def certainty(found: Reckoned) -> list[HangingLine]:
    """Say how far it may be off, and which start it was learned from."""
    unsure = found.fit.uncertainty_gib or 0.0
    words = [f"± {unsure:.2f} GiB"] if unsure >= LEAST_GIB else []
    if found.boot is not None:
        text = _("as in the boot of {date}") if found.same else _("corrected by the boot of {date}")
        words.append(text.format(date=date_words(found.boot.at)))
    if found.fit.guessed:
        words.append(_("guessed: {names}").format(names=", ".join(found.fit.guessed)))
    return [HangingLine(Content.styled(" · ".join(words), DIM), Content(" "))] if words else []


def legend(found: Reckoned) -> list[HangingLine]:
    """Write the parts, one a line, each with its letter on its colour, its size, and what it is made of."""
    names, notes = short_names(), _notes(found)
    known = [part for part in found.fit.parts() if part.gib >= LEAST_GIB]
    ordered = sorted(known, key=lambda part: list(TONES).index(part.name))
    widest = max((Content(names[part.name]).cell_length for part in ordered), default=0)
    lines = []
    for part in ordered:
        name = names[part.name]
        gap = " " * (widest - Content(name).cell_length)
        size = f"{part.gib:{DIGITS}.2f} GiB"
        text = Content.assemble(name, gap, "  ", (size, "bold"), "  ", (notes.get(part.name, ""), DIM))
        swatch = Content.styled(LETTERS[part.name], f"$background on {TONES[part.name]}")
        lines.append(HangingLine(text, swatch))
    return lines


def printed_lines(said: Printed | None) -> list[HangingLine]:
    """Write what vLLM itself printed in this start; nothing where it has not been seen."""
    if said is None or said == Printed():
        return []
    rows = (
        (_("weights"), said.weights_gib, "{:.2f} GiB"),
        (_("CUDA graphs"), said.graphs_gib, "{:.2f} GiB"),
        (_("KV cache"), said.kv_gib, "{:.2f} GiB"),
        (_("tokens"), said.kv_tokens, "{:,.0f}"),
        (_("at once"), said.concurrency, "{:.2f}×"),
    )
    words = [f"{name} {form.format(value)}" for name, value, form in rows if value is not None]
    text = Content.assemble((_("vLLM printed"), "bold"), "  ", (" · ".join(words), DIM))
    return [HangingLine(text, Content.styled("→", "$accent"))] if words else []


def date_words(at: float) -> str:
    """Write a day without its year: 12 Nov."""
    day = time.localtime(at)
    months = (
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        _("May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    )
    return _("{day} {month}").format(day=day.tm_mday, month=months[day.tm_mon - 1])


def _held(fit: Fit) -> str:
    """Say what the cache holds; nothing for a model that keeps none."""
    if fit.concurrency is None or fit.length is None:
        return ""
    text = _("one request of {length:,} tokens, or {count:.1f} at once")
    return text.format(length=fit.length, count=fit.concurrency)


def _notes(found: Reckoned) -> dict[str, str]:
    """Say of each part what it is made of."""
    fit, names = found.fit, others(found.gpus)[:2]
    share = (fit.budget_gib or 0.0) / fit.total_gib if fit.total_gib else 0.0
    return {
        "weights": _weights(found),
        "graphs": _("inside the budget") if fit.graphs_in_budget else _("beside the budget"),
        "kv": _cache(fit),
        "rest": _("not claimed at {share:.2f}").format(share=share) if share else "",
        "others": _("held now: {names}").format(names=", ".join(names)) if names else _("held now"),
    }


def _weights(found: Reckoned) -> str:
    count = found.parameters
    how = stored(found.model, found.settings).name
    kind = how or (found.model.dtype if found.settings.dtype == "auto" else found.settings.dtype)
    size = f"{count / 1e9:.2f} B" if count >= 1e9 else f"{count / 1e6:.0f} M"
    return f"{size} × {kind}" if count and kind else ""


def _cache(fit: Fit) -> str:
    rate = (fit.kv_bytes_per_token or 0.0) / 1024
    words = [_("{size:.0f} KiB a token").format(size=rate)] if rate else []
    if fit.kv_tokens is not None:
        words.append(_("{n:,} tokens").format(n=fit.kv_tokens))
    return " · ".join(words)


def shown(found: Reckoned | None, ground: Ground, cards: Cards, *, keys: bool, low: bool) -> Sequence[HangingLine]:
    """Give all the lines below the bar; where there is little room what matters comes first."""
    said = verdict(found, ground, cards)
    if found is None:
        return said
    said += [*possible(found.fit, keys), *certainty(found)]
    rows = legend(found)
    return [*said, *rows] if low else [*rows, HangingLine(Content("")), *said]
