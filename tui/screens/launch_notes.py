"""What the launch screen says about a draft: beside the fields, and in the panel of notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext

from textual.content import Content

from profiles.catalogue import Catalogue, bundled
from profiles.lint import Change, Finding, findings
from profiles.profile import Profile
from tui.panes import findings as finding_words
from tui.panes.findings import KINDS, head, mend_words, place_of, says_the_same
from tui.panes.profile_draft import Draft
from tui.panes.profile_fields import ALL, value
from tui.panes.profile_form import Note, shown_flags
from tui.services.errors import STOPS
from tui.services.preflight_check import Check
from widgets.form_lines import HangingLine
from widgets.form_record import COLOURS, GLYPHS, Level

FIELDS = {
    # A check's name -> the field that mends it.
    "engine": "host",
    "drive": "model",
    "gpu": "gpus",
    "gpus": "gpus",
    "runtime": "gpus",
    "shm": "shm_size",
    "bind": "port",
    "env": "env",
    "environment": "env",
    "env-file": "options",
    "mount": "mounts",
}

PROBLEMS = "profile"
"""The preflight's checks of this name say what `Profile.problems` has said already."""

DIM = "$foreground 62%"

CALM = frozenset({"model"})
"""Checks that advise where nothing need be wrong: a model that is downloaded first."""

WEIGHT: dict[Level, int] = {"bad": 0, "careful": 1, "": 2, "good": 3}


@dataclass(frozen=True, slots=True)
class Remark:
    """One line of the notes."""

    level: Level
    field: str
    """The field it is about; "" for none."""
    text: str
    mend: str = ""
    offer: str = ""
    """A value that would mend it; "" when there is none."""
    finding: Finding | None = None
    """What was found against the image's catalogue, with what mends it."""

    @property
    def change(self) -> Change | None:
        """What one key applies to the profile."""
        return self.finding.mend if self.finding is not None else None


def remarks(
    draft: Draft, checks: Sequence[Check], checked: Profile, catalogue: Catalogue | None = None
) -> tuple[Remark, ...]:
    """Give everything there is to say of a draft, the worst first; what was said of a field's older value is left out."""
    found = [Remark("bad", name, why) for name, why in draft.errors.items()]
    found += judged(draft.profile, catalogue or bundled())
    told = {remark.field for remark in found if remark.level == "bad"}
    for check in checks:
        field = field_of(check.name)
        older = field != "host" and value(checked, field) != value(draft.profile, field)
        if check.name != PROBLEMS and not older and not (check.ok is False and field in told):
            found.append(Remark(level_of(check), field, check.text, "" if check.ok else check.mend, check.offer))
    return tuple(sorted(found, key=lambda remark: WEIGHT[remark.level]))


def judged(profile: Profile, catalogue: Catalogue) -> list[Remark]:
    """Give what the image's catalogue finds, and the profile's own problems where that does not tell them already."""
    told = [(finding, place_of(finding, profile)) for finding in findings(profile, catalogue)]
    levels = {id(finding): finding_words.level_of(finding, catalogue) for finding, _place in told}
    own: list[Remark] = []
    for problem in profile.problems():
        field = field_of(problem.field)
        same = [finding for finding, place in told if says_the_same(problem, finding, place, field)]
        if not same:
            own.append(Remark("careful" if problem.warning else "bad", field, problem.text))
        elif not problem.warning:
            levels[id(same[0])] = "bad"
    return [Remark(levels[id(one)], place, one.text, finding=one) for one, place in told] + own


def field_notes(given: Sequence[Remark], draft: Draft) -> dict[str, Note]:
    """Give the note beside each field; what is well stands there dim and short, for marks belong to trouble."""
    notes: dict[str, Note] = {}
    for remark in given:
        if remark.field and remark.field not in notes:
            dim = remark.level in {"", "good"}
            notes[remark.field] = Note(_short(remark, draft) if dim else remark.text, "" if dim else remark.level)
    return notes


def worst(given: Sequence[Remark]) -> Remark | None:
    """Give what stands in the way of a launch, if anything does."""
    return next((remark for remark in given if remark.level == "bad"), None)


def level_of(check: Check) -> Level:
    """Give the mark of a check; what only wants to be known, and asks for nothing, has none."""
    if check.ok is None:
        return "careful" if check.mend and check.name not in CALM else ""
    return "good" if check.ok else "bad"


def field_of(name: str) -> str:
    """Give the form's field for a check or a problem."""
    if name.startswith("--") and name not in shown_flags():
        return ALL + name.removeprefix("--")
    return FIELDS.get(name, name)


def note_lines(given: Sequence[Remark], under_way: Sequence[str]) -> tuple[HangingLine, ...]:
    """Write the notes, one mark a line, the mend dim behind it; below them what is being looked at."""
    lines = [_line(remark) for remark in given]
    return (*lines, *(HangingLine(Content.styled(words, DIM), Content(" ")) for words in under_way))


def summary(given: Sequence[Remark]) -> str:
    """Say in a few cells how much trouble there is: `2 ✖ 1 ▲`, or nothing."""
    levels: tuple[Level, ...] = ("bad", "careful")
    counts = [(sum(remark.level == level for remark in given), GLYPHS[level]) for level in levels]
    return " ".join(f"{count} {glyph}" for count, glyph in counts if count)


def change_words(count: int) -> str:
    """Say how much was changed."""
    return ngettext("{count} change", "{count} changes", count).format(count=count)


def _short(remark: Remark, draft: Draft) -> str:
    """Leave out what the field itself says already."""
    own = "" if remark.field == "host" else draft.value(remark.field)
    text = remark.text.removeprefix(own).strip() if own else remark.text
    return text.removesuffix(".").removesuffix("。")


def _line(remark: Remark) -> HangingLine:
    mark = Content.styled(GLYPHS[remark.level].strip() or "·", COLOURS[remark.level])
    if remark.finding is not None:
        return _found_line(remark, remark.finding, mark)
    text = Content.styled(remark.text, "" if remark.level in {"bad", "careful"} else DIM)
    mend = _("{mend} ctrl+t takes it.").format(mend=remark.mend) if remark.offer else remark.mend
    gap = "" if text.plain.endswith(tuple(STOPS)) else " "
    return HangingLine(Content.assemble(text, gap, (mend, DIM)) if mend else text, mark)


def _found_line(remark: Remark, finding: Finding, mark: Content) -> HangingLine:
    """Write a finding: what it is about, what it is in a word, why, and what its mend does."""
    about, word = head(finding), KINDS.get(finding.kind, "")
    parts: list[str | Content | tuple[str, str]] = []
    if about and not finding.text.startswith(about):
        parts += [(about, "bold"), " "]
    if word:
        parts += [(word, COLOURS[remark.level]), " · " if parts else ": "]
    parts.append(finding.text)
    if finding.mend is not None:
        parts += [" ", (mend_words(finding.mend, finding.flag), "$accent")]
    return HangingLine(Content.assemble(*parts), mark)
