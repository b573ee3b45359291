"""What a change of the image means for one launch: which of its flags die, are renamed or refused, and what mends each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from gettext import gettext as _
from typing import Any

from profiles.catalogue import Catalogue, find_name
from profiles.catalogue.difference import Difference, Moved, difference
from profiles.lint.dead import DEAD
from profiles.lint.finding import Change, Finding
from profiles.lint.finding import Kind as Found
from profiles.lint.table import findings
from profiles.profile import Profile


class Kind(StrEnum):
    """What becomes of something that the launch uses."""

    DIED = "died"
    RENAMED = "renamed"
    VALUE = "value"
    """The flag is there, and its value is refused."""
    VARIABLE = "variable"
    DEPRECATED = "deprecated"
    DEFAULT = "default"
    """The launch does not say it, and vLLM takes another value now."""


@dataclass(frozen=True, slots=True)
class Affected:
    """One thing of a launch that the other image takes differently."""

    kind: Kind
    name: str
    """The flag without dashes, or the variable."""
    text: str
    """What becomes of it, and what the mend does; never a secret's value."""
    mend: Change | None = None
    """None where a person must decide."""

    @property
    def refused(self) -> bool:
        """Whether the other image would not start because of it: its mend is no matter of taste."""
        return self.kind in (Kind.DIED, Kind.RENAMED, Kind.VALUE)


KINDS = {
    Found.REMOVED: Kind.DIED,
    Found.UNKNOWN: Kind.DIED,
    Found.AMBIGUOUS: Kind.DIED,
    Found.INVALID: Kind.VALUE,
    Found.NEVER_READ: Kind.VARIABLE,
    Found.DEPRECATED: Kind.DEPRECATED,
}
"""Findings that a change of the image can bring about."""


def compared(old: Catalogue, new: Catalogue) -> Difference:
    """Compare two images' catalogues, with the renames that are known of vLLM's history."""
    return difference(old, new, _renames())


def affected(profile: Profile, change: Difference) -> tuple[Affected, ...]:
    """Give all that the launch uses and the new image takes differently, the refused first; nothing where one side is not known."""
    if not change.known:
        return ()
    found = [*_renamed(profile, change), *_found(profile, change), *_defaults(profile, change)]
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def mended(profile: Profile, chosen: Iterable[Affected]) -> Profile:
    """Give the launch with these mends applied."""
    for one in chosen:
        if one.mend is not None:
            profile = one.mend.apply(profile)
    return profile


def _renamed(profile: Profile, change: Difference) -> Iterator[Affected]:
    heirs = dict(change.renamed)
    for name, value in profile.flags:
        found = find_name(change.old, name)
        if found.flag is None or found.flag.name not in heirs:
            continue
        heir = found.name.replace(found.flag.name, heirs[found.flag.name], 1)
        text = _("--{old} is called --{new} now.").format(old=name, new=heir)
        yield Affected(Kind.RENAMED, name, text, Change(set_flags=((heir, value),), drop_flags=(name,)))


def _found(profile: Profile, change: Difference) -> Iterator[Affected]:
    before = {_key(one) for one in findings(profile, change.old)}
    renamed = {one.name for one in _renamed(profile, change)}
    for one in findings(profile, change.new):
        if one.kind in KINDS and one.flag and one.flag not in renamed and _key(one) not in before:
            yield _dropped(one, change.new) or Affected(KINDS[one.kind], one.flag, one.text, one.mend)


def _dropped(finding: Finding, new: Catalogue) -> Affected | None:
    """Say of a flag that died without an heir that it is left out: a name that looks like it means something else."""
    if finding.kind is not Found.UNKNOWN or finding.flag is None or finding.flag in DEAD:
        return None
    text = _("vLLM {version} has no --{flag}: it is left out.").format(version=new.version, flag=finding.flag)
    return Affected(Kind.DIED, finding.flag, text, Change(drop_flags=(finding.flag,)))


def _key(finding: Finding) -> tuple[Found, str | None]:
    return finding.kind, finding.flag


def _defaults(profile: Profile, change: Difference) -> Iterator[Affected]:
    given = {found.flag.name for name, _value in profile.flags if (found := find_name(change.new, name)).flag}
    heirs = dict(change.renamed)
    given |= {heirs[name] for name, _value in profile.flags if name in heirs}
    for moved in change.moved:
        if moved.flag not in given:
            text = _("--{flag} is not given: it was {old}, it will be {new}.")
            words = text.format(flag=moved.flag, old=_shown(moved.old), new=_shown(moved.new))
            yield Affected(Kind.DEFAULT, moved.flag, words, _kept(moved, change.new))


def _kept(moved: Moved, new: Catalogue) -> Change | None:
    """Say the old default explicitly, where a command line can say it."""
    flag, old = new.by_name[moved.flag], moved.old
    if flag.is_switch:
        if old is True:
            return Change(set_flags=((moved.flag, None),))
        return Change(set_flags=((f"no-{moved.flag}", None),)) if old is False and flag.twin else None
    if isinstance(old, bool) or not isinstance(old, int | float | str) or old == "":
        return None
    if flag.strict and flag.choices and str(old) not in flag.choices:
        return None
    return Change(set_flags=((moved.flag, f"{old}"),))


def _shown(value: Any) -> str:
    if value is None:
        return _("left to vLLM")
    if isinstance(value, bool):
        return _("on") if value else _("off")
    text = str(value)
    return f"{text[:39]}…" if len(text) > 40 else text or '""'


@cache
def _renames() -> dict[str, str]:
    found = {}
    for name, dead in DEAD.items():
        change = dead.mend(name, "") if dead.mend is not None and dead.takes else None
        if change is not None and len(change.set_flags) == 1 and change.set_flags[0][1] == "":
            found[name] = change.set_flags[0][0]
    return found
