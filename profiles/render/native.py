"""A profile without its container: `vllm serve …` with exports for bash, and the file that `vllm serve --config` reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from gettext import gettext as _
from typing import Any

from profiles import paths
from profiles.arguments import flag_words, several
from profiles.command import by_flag
from profiles.container import inner_port
from profiles.flags import REPEATED, SEVERAL, is_flag
from profiles.profile import Profile
from profiles.render import words
from profiles.render.record import Rendered, Setting
from profiles.render.shells import joined
from profiles.render.yaml_text import dumped

CONTAINERS = (
    "mounts",
    "ipc",
    "shm_size",
    "memory",
    "cpus",
    "restart",
    "user",
    "network",
    "labels",
    "ulimits",
    "options",
)
"""Fields that only a container has."""
CARDS = "CUDA_VISIBLE_DEVICES"
Flags = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Native:
    """One server without a container around it."""

    model: str
    flags: Flags
    env: dict[str, str]
    names: tuple[str, ...]
    """Variables that are taken from the user's environment."""


def argv(profile: Profile, setting: Setting, done: Rendered) -> str:
    """Write `vllm serve …` for bash, its variables exported in front of it."""
    native = _native(profile, setting, done)
    exports = [f"export {name}={words.bash(value)}" for name, value in native.env.items()]
    exports += [f'export {name}="${name}"' for name in native.names]
    arguments = [word for name, value in native.flags for word in flag_words(name, value)]
    groups = [["vllm", "serve", *([native.model] if native.model else [])], *by_flag(arguments)]
    line = joined(groups, words.bash, "" if setting.one_line else "\\")
    return ("; " if setting.one_line else "\n").join([*exports, line])


def config(profile: Profile, setting: Setting, done: Rendered) -> str:
    """Write the file that `vllm serve --config` reads: flat, switches true, several values a list, JSON a mapping.

    A switch that is turned off stands there as `no-…: true`: vLLM 0.32 looks for the twin of a `false` among the options of
    its root parser, where none is, and drops it without a word (tried with its own parser).
    """
    native = _native(profile, setting, done)
    known = {"model": native.model} if native.model else {}
    values: dict[str, Any] = {**known, **_values(native.flags, done)}
    if outside := ", ".join([*native.env, *native.names]):
        done.note(
            _("vLLM's configuration file holds no variables: set {names} in the environment.").format(names=outside)
        )
    return dumped(values)


def _native(profile: Profile, setting: Setting, done: Rendered) -> Native:
    model, env = _model(profile, setting, done)
    flags: Flags = [("served-model-name", _one(profile.served_name))] if profile.served_name else []
    flags += [("host", profile.bind), ("port", str(profile.port or inner_port(profile)))]
    flags += [(name, value) for name, value in profile.flags if name not in ("host", "port")]
    if cards := _cards(profile.gpus):
        env[CARDS] = cards
    plain = Profile(profile.name, profile.model)
    left = [name for name in CONTAINERS if getattr(profile, name) != getattr(plain, name)]
    text = _("Without a container there is no place for {fields}.")
    done.note(text.format(fields=", ".join(["image", *left])))
    return Native(model, flags, {**env, **dict(profile.env)}, profile.env_names)


def _model(profile: Profile, setting: Setting, done: Rendered) -> tuple[str, dict[str, str]]:
    """Give the model as this machine knows it, and the variables that it needs."""
    if profile.in_image or not paths.is_folder(profile.model):
        if profile.in_image:
            done.note(_("The model lies inside the image: name its folder on this machine."))
        return profile.model, {}
    local = paths.to_local(profile.model, setting.place)
    cached = paths.hub_folder(local)
    if cached is None or cached[2] is not None:
        return local, {}
    return cached[1], {"HF_HUB_CACHE": cached[0], "HF_HUB_OFFLINE": "1"}


def _one(text: str) -> str:
    import shlex

    return shlex.quote(text)


def _cards(gpus: str) -> str:
    """Give the cards that CUDA is to see; "" for all."""
    if gpus.isdecimal():
        return ",".join(str(card) for card in range(min(int(gpus), 64)))
    return gpus.removeprefix("device=") if gpus.startswith("device=") else ""


def _values(flags: Flags, done: Rendered) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in flags:
        if value is not None and any(is_flag(one) for one in _words(name, value)):
            done.note(
                _(
                    "vLLM's configuration file cannot carry a value that looks like a flag: --{name} is left out."
                ).format(name=name)
            )
            continue
        if name in values and name in REPEATED:
            done.note(_("vLLM's configuration file takes --{name} once: only the last is written.").format(name=name))
        values[name] = True if value is None else _value(name, value)
    return values


def _words(name: str, value: str) -> list[str]:
    return several(value) if name in SEVERAL else [value]


def _value(name: str, value: str) -> Any:
    """Give a value as YAML has it: a number, a mapping for a JSON object, a list where there are several, a text."""
    found = _words(name, value)
    if len(found) > 1:
        return [_scalar(one) for one in found]
    text = found[0] if found else value
    if text.lstrip().startswith("{") and name not in SEVERAL and (mapping := _mapping(text)) is not None:
        return mapping
    return _scalar(text)


def _mapping(text: str) -> dict[str, Any] | None:
    """Read a JSON object; None when YAML would not give back the same."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=_refused)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refused(name: str) -> Any:
    raise ValueError(name)


def _scalar(text: str) -> str | int | float:
    """Give a number where its text comes back the same."""
    for kind in (int, float):
        try:
            if str(kind(text)) == text and text.lower() not in ("nan", "inf", "-inf"):
                return kind(text)
        except ValueError:
            continue
    return text
