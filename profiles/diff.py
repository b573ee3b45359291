"""What differs between two profiles, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _

from profiles.options import named
from profiles.profile import Mount, Profile


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    field: str
    """The profile's field (`port`), a flag (`--max-model-len`), a variable (`HF_HOME`) or a mount's target."""
    old: str
    """Empty: it was not there. A bare switch is "on"."""
    new: str


FIELDS: tuple[str, ...] = ("name", "model", "in_image", "image", "served_name", "bind", "port", "gpus", "ipc")
FIELDS = (*FIELDS, "shm_size", "memory", "cpus", "restart", "user", "network")
"""Fields compared as they are, in the order of the form."""


def changes(before: Profile, after: Profile) -> tuple[Change, ...]:
    """Give every difference, in the order of the form."""
    found = [_change(name, getattr(before, name), getattr(after, name)) for name in FIELDS]
    found += _pairs("--", _flags(before), _flags(after))
    found += _pairs("", dict(before.env), dict(after.env))
    found += _pairs("", dict.fromkeys(before.env_names, _("by name")), dict.fromkeys(after.env_names, _("by name")))
    found += _pairs("", _mounts(before.mounts), _mounts(after.mounts))
    found += _pairs("label ", dict(before.labels), dict(after.labels))
    found += _pairs("ulimit ", _limits(before.ulimits), _limits(after.ulimits))
    found += _pairs("docker --", _options(before.options), _options(after.options))
    return tuple(change for change in found if change.old != change.new)


def _change(name: str, old: object, new: object) -> Change:
    return Change(name, _text(old), _text(new))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def _flags(profile: Profile) -> dict[str, str]:
    return {name: _("on") if value is None else value for name, value in profile.flags}


def _mounts(mounts: tuple[Mount, ...]) -> dict[str, str]:
    words = {True: _("{source} (read-only)"), False: _("{source} (writable)")}
    return {mount.target: words[mount.read_only].format(source=mount.source) for mount in mounts}


def _limits(limits: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, _equals, value in (text.partition("=") for text in limits)}


def _options(options: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in map(named, options):
        found.setdefault(name, []).append(value or _("on"))
    return {name: ", ".join(values) for name, values in found.items()}


def _pairs(mark: str, old: dict[str, str], new: dict[str, str]) -> list[Change]:
    names = [*old, *(name for name in new if name not in old)]
    return [Change(mark + name, old.get(name, ""), new.get(name, "")) for name in names]
