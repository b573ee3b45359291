"""What is wrong with a launch, why, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from profiles.profile import Profile


class Kind(StrEnum):
    """What a finding is about."""

    REMOVED = "removed"
    """An older vLLM had this flag."""
    UNKNOWN = "unknown"
    INVALID = "invalid-value"
    AMBIGUOUS = "ambiguous"
    DEPRECATED = "deprecated"
    NEVER_READ = "never-read"
    """A variable that vLLM does not know."""
    RISKY = "risky"
    OPEN = "open-to-lan"
    """Anybody in the network may use it."""
    SECRET = "secret-on-command-line"  # noqa: S105
    POSITIONAL = "positional"
    """`--model` instead of the model alone."""
    WINDOWS = "windows-path"
    NOT_VLLM = "not-vllm"
    SHELL = "shell"
    TYPOGRAPHIC = "typographic"
    COMMANDS = "more-than-one-command"
    QUOTE = "unclosed-quote"
    EMPTY = "empty"
    VARIABLE = "variable"
    """A variable or a command whose value only a shell knows."""
    MISPLACED = "misplaced"
    """vLLM's flag among docker's options: it belongs behind the image."""
    LEFT_OUT = "left-out"
    """Something that was read and has no meaning for a launch."""
    CUT = "cut"
    """The text is too long: only a part was read."""
    TEMPLATE = "template"
    """A `<placeholder>` that still wants a value."""


SAFE = frozenset({Kind.REMOVED, Kind.INVALID, Kind.DEPRECATED, Kind.NEVER_READ})
"""Findings whose mend guesses nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one key applies to a profile."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    """The profile's own fields and their new values."""
    set_flags: tuple[tuple[str, str | None], ...] = ()
    drop_flags: tuple[str, ...] = ()
    drop_env: tuple[str, ...] = ()
    name_env: tuple[str, ...] = ()
    """Variables whose value goes: they are taken by name from the user's own environment."""

    def apply(self, profile: Profile) -> Profile:
        """Give the mended profile; a flag that takes another's place takes its position too."""
        flags = list(profile.flags)
        wanted = dict(self.set_flags)
        kept: list[tuple[str, str | None]] = []
        for name, value in flags:
            if name in wanted:
                kept.append((name, wanted.pop(name)))
            elif name not in self.drop_flags:
                kept.append((name, value))
        kept += [(name, value) for name, value in self.set_flags if name in wanted]
        gone = {*self.drop_env, *self.name_env}
        env = tuple(pair for pair in profile.env if pair[0] not in gone)
        names = (*profile.env_names, *(name for name in self.name_env if name not in profile.env_names))
        return replace(profile, **{"flags": tuple(kept), "env": env, "env_names": names} | dict(self.fields))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing."""

    kind: Kind
    flag: str | None
    """A flag's name without dashes, a variable's name, an option of docker run (`publish`), or None."""
    text: str
    """Why, and what to do; never a secret's value."""
    mend: Change | None = None
    """What one key applies; None where a person must decide."""

    @property
    def safe(self) -> bool:
        """Whether its mend only says better what was meant: it changes neither who reaches the server nor what it does."""
        if self.mend is None or self.kind not in SAFE:
            return False
        return bool(self.mend.set_flags) or self.kind in (Kind.REMOVED, Kind.NEVER_READ)

    @property
    def refused(self) -> bool:
        """Whether this vLLM would not start because of it."""
        return self.kind in (Kind.REMOVED, Kind.UNKNOWN, Kind.INVALID, Kind.AMBIGUOUS)
