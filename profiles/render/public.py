"""A profile without the value of a single secret: what may leave the house."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from profiles.flags import SECRET_FLAGS, is_secret
from profiles.lint.environment import LOOKS_SECRET
from profiles.profile import Profile
from profiles.render.record import Rendered


def public(profile: Profile, done: Rendered) -> Profile:
    """Give the profile with secrets by name alone; each that had a value is told."""
    names = list(profile.env_names)
    env: list[tuple[str, str]] = []
    for name, value in profile.env:
        if value and (is_secret(name) or LOOKS_SECRET.fullmatch(value)):
            names.append(name)
            _tell(done, name)
        else:
            env.append((name, value))
    flags: list[tuple[str, str | None]] = []
    for flag, given in profile.flags:
        if flag in SECRET_FLAGS:
            names.append(SECRET_FLAGS[flag])
            _tell(done, SECRET_FLAGS[flag])
        elif given and LOOKS_SECRET.search(given):
            done.note(_("--{name} holds a secret: it is left out.").format(name=flag))
        else:
            flags.append((flag, given))
    labels = tuple((key, value) for key, value in profile.labels if not LOOKS_SECRET.search(value))
    if labels != profile.labels:
        done.note(_("A label holds a secret: it is left out."))
    return replace(profile, env=tuple(env), env_names=tuple(dict.fromkeys(names)), flags=tuple(flags), labels=labels)


def _tell(done: Rendered, name: str) -> None:
    done.note(
        _("{name} is a secret: its name alone is written, set its value in your own environment.").format(name=name)
    )
