"""`llmtui fit PROFILE|FOLDER|-`: vLLM's memory reckoned before the start, as a table or as JSON."""

from __future__ import annotations

import json
import sys
import time
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from profiles.fit.bar import LETTERS, letters
from profiles.fit.question import answer, as_record
from profiles.fit.records import Fit, Why
from profiles.fit.words import part_names, sentence
from profiles.profile import Profile
from tui.cli import headless
from tui.cli.fit_arguments import OWN
from tui.services.errors import ServiceError

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.fit_reckoned import Reckoned
    from tui.services.services import Services

MOST_BYTES = 64_000_000
BAR = 60
"""Cells of the bar."""


async def work(options: Options, services: Services) -> int:
    """Print the estimate; 0 when it starts, 1 when it does not or cannot be known, 2 when the question is none."""
    if options.subject == "-":
        return _asked()
    try:
        profile = _profile(options, services)
        found = await _reckoned(options, profile, services)
    except ServiceError as error:
        return headless.failed(error, options.json)
    if options.json:
        at = found.boot.at if found.boot is not None else None
        headless.show_json({**as_record(found.fit), "corrected_by_boot_at": at})
    else:
        print(headless.clean("\n".join([as_table(found.fit), *learned(found)])), flush=True)
    return headless.DONE if found.fit.starts else headless.FAILED


def _asked() -> int:
    """Answer the question on standard input."""
    try:
        question = json.loads(sys.stdin.buffer.read(MOST_BYTES))
    except (ValueError, RecursionError) as error:
        headless.complain(_("The question on standard input is no JSON: {why}").format(why=error))
        return headless.WRONG
    if not isinstance(question, dict):
        headless.complain(_("The question on standard input is no JSON object."))
        return headless.WRONG
    headless.show_json(answer(question))
    return headless.DONE


def _profile(options: Options, services: Services) -> Profile:
    """Give the profile that is meant, a folder being one too, with what the command line changes."""
    from tui.cli.launch import found

    folder = Path(options.subject).expanduser()
    profile = Profile("fit", str(folder.resolve())) if folder.is_dir() else found(options.subject, services.store)
    for name, value in options.fit:
        profile = profile if name in OWN else profile.with_flag(name, value)
    return profile


async def _reckoned(options: Options, profile: Profile, services: Services) -> Reckoned:
    """Read the model, the cards and what earlier starts printed, and reckon.

    Raises:
        ServiceError: The model is not on this machine.
    """
    from tui.services.fit_reckoned import reckon

    asked = dict(options.fit)
    ground, cards = await services.fits.ground(profile), await services.fits.cards()
    total = float(asked["total"]) if "total" in asked else None
    found = reckon(profile, asked.get("image-version", ""), ground, cards, total)
    if found is None:
        raise ServiceError(ground.missing.rstrip(".。"), "", _("Download it first, or name its folder."))
    return found


def learned(found: Reckoned) -> list[str]:
    """Say which earlier start the estimate was learned from."""
    if found.boot is None:
        return []
    text = _("as in the boot of {date}") if found.same else _("corrected by the boot of {date}")
    return [text.format(date=time.strftime("%Y-%m-%d", time.localtime(found.boot.at)))]


def as_table(fit: Fit) -> str:
    """Write the answer as lines: the verdict, the bar, its parts, and what the cache holds."""
    lines = [_verdict(fit), ""]
    if fit.total_gib is not None and fit.weights_gib is not None:
        lines += ["[" + letters(fit, BAR) + "]", ""]
    names = part_names()
    rows = [(f"{LETTERS[part.name]}  {names[part.name]}", f"{part.gib:9.2f} GiB") for part in fit.parts()]
    rows += [(f"   {name}", text) for name, text in _held(fit)]
    widest = max((cell_len(name) for name, _text in rows), default=0)
    lines += [f"{name}{' ' * (widest - cell_len(name))}  {text}" for name, text in rows]
    return "\n".join(lines)


def _held(fit: Fit) -> list[tuple[str, str]]:
    """Say what the cache holds, and what would be possible."""
    found = []
    if fit.kv_tokens is not None:
        found.append((_("KV cache holds"), _("{n:,} tokens").format(n=fit.kv_tokens)))
    if fit.concurrency is not None and fit.length is not None:
        text = _("{n:.2f} requests of {length:,} tokens").format(n=fit.concurrency, length=fit.length)
        found.append((_("at once"), text))
    if fit.longest is not None:
        found.append((_("longest context"), _("{n:,} tokens").format(n=fit.longest)))
    if fit.lowest_utilization is not None:
        found.append((_("lowest utilization"), f"{fit.lowest_utilization:.2f}"))
    if fit.uncertainty_gib is not None:
        found.append((_("uncertain by"), f"{fit.uncertainty_gib:.2f} GiB"))
    return found


def _verdict(fit: Fit) -> str:
    if fit.starts:
        return _("It fits, if only just: the margin is smaller than the uncertainty.") if fit.tight else _("It fits.")
    text = _("It does not fit. {reason}") if fit.starts is False else _("It cannot be known. {reason}")
    hint = " " + _("Name it with --total.") if fit.why is Why.NO_TOTAL else ""
    return text.format(reason=sentence(fit)) + hint
