"""What another image's vLLM has and has no more, compared with the one that runs: flags, names, choices, defaults, variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profiles.catalogue.record import Catalogue, Flag, Kind, Source

WORDS = 6
"""A help text of fewer words says too little to know a flag again by it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A default that is another one now."""

    flag: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """From one catalogue to another; names without dashes."""

    old: Catalogue
    new: Catalogue
    died: tuple[str, ...]
    """Flags that the new one has under no name."""
    renamed: tuple[tuple[str, str], ...]
    """Flags that are there under another name: the old name and the new one."""
    fresh: tuple[str, ...]
    """Flags that the old one does not have, the renamed ones not among them."""
    moved: tuple[Moved, ...]
    choices: tuple[tuple[str, str], ...]
    """Values that may be given no more: the flag and the value."""
    variables: tuple[str, ...]
    """Environment variables that are read no more."""

    @property
    def known(self) -> bool:
        """Whether both sides were asked: a shipped catalogue stands for nobody's image."""
        return Source.BUNDLED not in (self.old.source, self.new.source)

    @property
    def whole(self) -> bool:
        """Whether choices and defaults are known on both sides: a help text hardly tells them."""
        return self.old.source is self.new.source is Source.IMAGE

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not any((self.died, self.renamed, self.fresh, self.moved, self.choices, self.variables))


def difference(old: Catalogue, new: Catalogue, known: Mapping[str, str] | None = None) -> Difference:
    """Compare two catalogues.

    Args:
        old: What runs.
        new: What is to run.
        known: Renames that are known from elsewhere, the old name and the new one; they count where both sides bear them out.
    """
    gone = [flag for flag in old.flags if all(name not in new.by_name for name in flag.names)]
    came = [flag for flag in new.flags if all(name not in old.by_name for name in flag.names)]
    renamed = dict(_renamed(gone, came, known or {}))
    pairs = [(flag, new.by_name[name]) for flag in old.flags if (name := _heir(flag, new, renamed))]
    whole = old.source is new.source is Source.IMAGE
    return Difference(
        old,
        new,
        tuple(flag.name for flag in gone if flag.name not in renamed),
        tuple(renamed.items()),
        tuple(flag.name for flag in came if flag.name not in renamed.values()),
        tuple(Moved(b.name, a.default, b.default) for a, b in pairs if whole and _moved(a, b)),
        tuple((b.name, value) for a, b in pairs if whole for value in _lost(a, b)),
        tuple(name for name in old.env if name not in new.env) if whole else (),
    )


def _heir(flag: Flag, new: Catalogue, renamed: Mapping[str, str]) -> str:
    """Give the name under which a flag lives on; "" when it does not."""
    return next((name for name in flag.names if name in new.by_name), renamed.get(flag.name, ""))


def _renamed(gone: list[Flag], came: list[Flag], known: Mapping[str, str]) -> list[tuple[str, str]]:
    fresh = {flag.name: flag for flag in came}
    found = []
    for flag in gone:
        heir = next((known[name] for name in flag.names if known.get(name) in fresh), "")
        if not heir:
            alike = [one.name for one in fresh.values() if _same(flag, one)]
            heir = alike[0] if len(alike) == 1 else ""
        if heir:
            found.append((flag.name, heir))
            del fresh[heir]
    return found


def _same(one: Flag, other: Flag) -> bool:
    """Say whether two flags are the same one under two names: the same help and the same kind of value."""
    words = one.help.split()
    return len(words) >= WORDS and words == other.help.split() and _shape(one) == _shape(other)


def _shape(flag: Flag) -> tuple[Kind, str, bool]:
    return flag.kind, flag.nargs, flag.repeated


def _moved(old: Flag, new: Flag) -> bool:
    return old.default != new.default or (old.default is True) != (new.default is True)


def _lost(old: Flag, new: Flag) -> list[str]:
    if not new.choices or not new.strict:
        return []  # anything may be given there
    return [value for value in old.choices if value not in new.choices]
