"""Carrying a fix out: a cause's way out written into a profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from profiles.lint.finding import Change
from profiles.options import named, normal
from profiles.profile import Mount, Profile
from tui.insight.causes.records import Fix

PLACEHOLDER = "<"
"""Begins what only a person can fill in."""
FIELDS = {"model": "model", "served-model-name": "served_name"}
"""Flags that a profile keeps as fields of its own."""
SHORT = {"-p": "--publish", "-v": "--volume", "-e": "--env"}


def is_open(fix: Fix) -> bool:
    """Say whether a person has to decide or to fill something in: the app cannot carry it out alone."""
    values = (*map(str, fix.set.values()), *fix.env.values(), *fix.docker)
    return not fix.changes or any(PLACEHOLDER in value for value in values)


def fixed(profile: Profile, fix: Fix) -> Profile:
    """Give the profile with a fix in it; the same profile where it says so already.

    Raises:
        ValueError: A person has to fill something in first.
    """
    if is_open(fix):
        raise ValueError(", ".join((*map(str, fix.set), *fix.env, *fix.docker)))
    fields = {FIELDS[name]: str(value) for name, value in fix.set.items() if name in FIELDS}
    flags = tuple((name, _flag(value)) for name, value in fix.set.items() if name not in FIELDS and value is not False)
    off = tuple(name for name, value in fix.set.items() if value is False)
    change = Change(fields, flags, (*off, *fix.unset), (*fix.unset, *fix.env))
    after = change.apply(profile)
    after = replace(
        after,
        env=(*after.env, *fix.env.items()),
        env_names=tuple(name for name in after.env_names if name not in {*fix.unset, *fix.env}),
        options=tuple(one for one in after.options if named(one)[0] not in fix.unset),
    )
    for option in fix.docker:
        after = _with_option(after, option)
    return after


def _flag(value: object) -> str | None:
    return None if value is True else str(value)


def _with_option(profile: Profile, option: str) -> Profile:
    word, blank, rest = option.partition(" ")
    name, value = named(SHORT.get(word, word) + blank + rest)
    write = OPTIONS.get(name)
    if write is not None:
        return write(profile, value.strip("'\""))
    word = normal(option)
    return profile if word in profile.options else replace(profile, options=(*profile.options, word))


def _publish(profile: Profile, value: str) -> Profile:
    host = value.split(":")[-2] if ":" in value else value
    return replace(profile, port=int(host)) if host.isdecimal() else profile


def _volume(profile: Profile, value: str) -> Profile:
    source, _colon, target = value.partition(":")
    target, _colon, mode = target.partition(":")
    kept = tuple(mount for mount in profile.mounts if mount.target != target)
    return replace(profile, mounts=(*kept, Mount(source, target, mode != "rw")))


def _environment(profile: Profile, value: str) -> Profile:
    name, _equals, text = value.partition("=")
    return replace(profile, env=(*(pair for pair in profile.env if pair[0] != name), (name, text)))


OPTIONS: dict[str, Callable[[Profile, str], Profile]] = {
    "publish": _publish,
    "volume": _volume,
    "env": _environment,
    "gpus": lambda profile, value: replace(profile, gpus=value.strip("'\"")),
    "ipc": lambda profile, value: replace(profile, ipc=value),
    "shm-size": lambda profile, value: replace(profile, shm_size=value, ipc=""),
    "memory": lambda profile, value: replace(profile, memory=value),
    "network": lambda profile, value: replace(profile, network=value),
}
"""Options of `docker run` that a profile keeps as fields of its own."""
