"""The fields of a profile as a form names them: what each holds as text, and a profile with another text in it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from gettext import gettext as _
from typing import Any

from profiles import flags
from profiles.arguments import several
from profiles.flags import API_KEY
from profiles.options import normal
from profiles.profile import Mount, Profile
from widgets.form_record import ON

ALL = "flag:"
"""Before a flag's name: its row among all flags."""

PARTS = {"port": ("bind", "port"), "env": ("env", "env_names"), "api_key": ("env_names",)}
"""Fields that stand for other fields of the profile."""

LISTS = flags.SEVERAL | flags.REPEATED
"""Flags whose field holds one value a line."""

VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class FieldError(ValueError):
    """What was typed is no value for this field; the message says why, in one plain sentence."""


@dataclass(frozen=True, slots=True)
class Accessor:
    """How one field is read from a profile and put into one."""

    read: Callable[[Profile], str]
    write: Callable[[Profile, str], Profile]
    """Raises `FieldError`."""


def value(profile: Profile, name: str) -> str:
    """Give a field's text; "" when it is not set."""
    if name in ACCESSORS:
        return ACCESSORS[name].read(profile)
    if flag := flag_of(name):
        if flag in LISTS:
            return "\n".join(_values(profile, flag))
        given = profile.flag(flag)
        return "" if given is None else (ON if is_switch(profile, flag) else given)
    return str(getattr(profile, name))


def changed(
    profile: Profile, name: str, text: str, order: Sequence[str] = (), switches: frozenset[str] = flags.SWITCHES
) -> Profile:
    """Give the profile with this text in this field.

    Args:
        profile: The profile before.
        name: The field, or `--flag`.
        text: What was typed or chosen; "" takes a flag away.
        order: Flags in the order they had at first; one that comes back goes to its old place.
        switches: Flags that stand alone.

    Raises:
        FieldError: The text is no value for this field.
    """
    if name in ACCESSORS:
        return ACCESSORS[name].write(profile, text)
    if flag := flag_of(name):
        if not text.strip():
            return profile.without_flag(flag)
        there = profile.flag(flag) is not None
        if flag in LISTS:
            after = _with_values(profile, flag, _entries(text))
        else:
            after = profile.with_flag(flag, None if is_switch(profile, flag, switches) else text.strip())
        return after if there else _in_order(after, order)
    part: dict[str, Any] = {name: text.strip()}
    return replace(profile, **part)


def restored(profile: Profile, base: Profile, name: str, order: Sequence[str] = ()) -> Profile:
    """Give the profile with the field as `base` has it."""
    if flag := flag_of(name):
        given = [old for key, old in base.flags if key == flag]
        if not given:
            return profile.without_flag(flag)
        return _in_order(profile.with_flag(flag, given[0]), order)
    parts: dict[str, Any] = {part: getattr(base, part) for part in PARTS.get(name, (name,))}
    return replace(profile, **parts)


def flag_of(name: str) -> str:
    """Give the flag that a field stands for, without dashes; "" when it stands for none."""
    return name.removeprefix(ALL).removeprefix("--") if name.startswith((ALL, "--")) else ""


def is_switch(profile: Profile, flag: str, switches: frozenset[str] = flags.SWITCHES) -> bool:
    """Say whether a flag stands alone in this profile, or by what is known of vLLM."""
    given = next((old for key, old in profile.flags if key == flag), "")
    return given is None or (not given and (flag in switches or flags.is_switch(flag)))


def _values(profile: Profile, flag: str) -> list[str]:
    """Give the values of a flag that takes several, or that may stand several times."""
    given = [value for key, value in profile.flags if key == flag and value is not None]
    return given if flag in flags.REPEATED else [one for value in given for one in several(value)]


def _with_values(profile: Profile, flag: str, values: Sequence[str]) -> Profile:
    """Give the profile with these values of such a flag, where it stood before."""
    if flag in flags.REPEATED:
        pairs = [(flag, value) for value in values]
        at = next((index for index, (key, _old) in enumerate(profile.flags) if key == flag), len(profile.flags))
        rest = [pair for pair in profile.flags if pair[0] != flag]
        return replace(profile, flags=(*rest[:at], *pairs, *rest[at:]))
    plain = len(values) == 1 and several(values[0]) == list(values)
    return profile.with_flag(flag, values[0] if plain else shlex.join(values))


def _in_order(profile: Profile, order: Sequence[str]) -> Profile:
    place = {flag: index for index, flag in enumerate(order)}
    return replace(profile, flags=tuple(sorted(profile.flags, key=lambda item: place.get(item[0], len(place)))))


def _read_port(profile: Profile) -> str:
    bind = f"[{profile.bind}]" if ":" in profile.bind and not profile.bind.startswith("[") else profile.bind
    return f"{bind}:{profile.port}" if bind else str(profile.port)


def _write_port(profile: Profile, text: str) -> Profile:
    bind, colon, port = text.strip().rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise FieldError(_("A port is a number from 1 to 65535, as in 127.0.0.1:8000."))
    if colon and bind and not re.fullmatch(r"\[[0-9a-fA-F:.]+\]|[0-9.]+", bind):
        raise FieldError(_("Before the colon stands an address, as in 127.0.0.1:8000."))
    return replace(profile, bind=bind.strip("[]") if colon else profile.bind, port=int(port))


def _write_api_key(profile: Profile, text: str) -> Profile:
    names = tuple(name for name in profile.env_names if name != API_KEY)
    return replace(profile, env_names=(*names, API_KEY) if text else names)


def _read_environment(profile: Profile) -> str:
    return "\n".join([*(f"{name}={given}" for name, given in profile.env), *profile.env_names])


def _write_environment(profile: Profile, text: str) -> Profile:
    pairs: list[tuple[str, str]] = []
    names: list[str] = []
    for line in _entries(text):
        name, equals, given = line.partition("=")
        if not VARIABLE.fullmatch(name.strip()):
            raise FieldError(_("{name} is no variable's name.").format(name=name.strip() or line))
        if equals:
            pairs.append((name.strip(), given))
        else:
            names.append(name.strip())
    return replace(profile, env=tuple(pairs), env_names=tuple(names))


def _read_mounts(profile: Profile) -> str:
    return "\n".join(f"{m.source}:{m.target}" + (":ro" if m.read_only else ":rw") for m in profile.mounts)


def _write_mounts(profile: Profile, text: str) -> Profile:
    return replace(profile, mounts=tuple(_mount(line) for line in _entries(text)))


def _mount(line: str) -> Mount:
    match = re.fullmatch(r"(?P<source>(?:[A-Za-z]:[\\/])?[^:]+):(?P<target>/[^:]*)(?::(?P<mode>[a-zA-Z,]+))?", line)
    if match is None:
        raise FieldError(_("A mount is written source:/folder/in/the/container, with :rw where it may be written to."))
    modes = (match["mode"] or "ro").split(",")
    return Mount(match["source"], match["target"], "rw" not in modes)


def _read_labels(profile: Profile) -> str:
    return "\n".join(f"{name}={given}" for name, given in profile.labels)


def _write_labels(profile: Profile, text: str) -> Profile:
    pairs = [line.partition("=") for line in _entries(text)]
    if any(not name.strip() for name, _equals, _given in pairs):
        raise FieldError(_("A label is written name=value."))
    return replace(profile, labels=tuple((name.strip(), given) for name, _equals, given in pairs))


def _write_ulimits(profile: Profile, text: str) -> Profile:
    lines = _entries(text)
    for line in lines:
        if not re.fullmatch(r"[a-z]+=-?\d+(:-?\d+)?", line):
            raise FieldError(_("A limit is written memlock=-1 or nofile=1024:4096."))
    return replace(profile, ulimits=tuple(lines))


def _write_options(profile: Profile, text: str) -> Profile:
    """Take one option from each line; one that was there already stays as it was, line breaks and all."""
    known = [re.escape(option) for option in sorted(profile.options, key=len, reverse=True)]
    lines = re.findall("|".join([*(rf"^{option}$" for option in known), r"^.+$"]), text, re.MULTILINE)
    words = [line if line in profile.options else normal(line.strip()) for line in lines if line.strip()]
    return replace(profile, options=tuple(words))


def _entries(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


ACCESSORS = {
    "port": Accessor(_read_port, _write_port),
    "api_key": Accessor(lambda profile: ON if API_KEY in profile.env_names else "", _write_api_key),
    "in_image": Accessor(
        lambda profile: ON if profile.in_image else "", lambda p, text: replace(p, in_image=bool(text))
    ),
    "env": Accessor(_read_environment, _write_environment),
    "mounts": Accessor(_read_mounts, _write_mounts),
    "labels": Accessor(_read_labels, _write_labels),
    "options": Accessor(lambda profile: "\n".join(profile.options), _write_options),
    "ulimits": Accessor(lambda profile: "\n".join(profile.ulimits), _write_ulimits),
}
