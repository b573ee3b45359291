"""What a profile's container is made of, before it is written for the engine or as a command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from profiles import options, paths
from profiles.arguments import flag_words
from profiles.paths import LINUX, Place
from profiles.profile import Mount, Profile
from profiles.serve_command import parse

HF_VOLUME = "llmtui-hf"
"""The named volume that keeps what vLLM downloads itself."""
HF_HOME = "/root/.cache/huggingface"
HUB_TARGET = f"{HF_HOME}/hub"
MODELS_TARGET = "/models"
LABEL = "llmtui.profile"
"""The label that says from which profile a container was launched."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The model's part of a container: how it is named there, and what must be mounted and set for that."""

    model: str
    mounts: tuple[Mount, ...] = ()
    env: tuple[tuple[str, str], ...] = ()


def contents(profile: Profile, place: Place = LINUX) -> Contents:
    """Say how the model gets into the container."""
    own = tuple(engine_mount(mount, place) for mount in profile.mounts)
    # A home folder or a drive is never the image's own, whatever was said of the model that was named before.
    inside_image = profile.in_image and not (profile.model.startswith("~") or paths.is_windows(profile.model))
    if inside_image or not profile.model:
        return Contents(profile.model)
    if not paths.is_folder(profile.model):
        target = _hf_home(profile)
        seen = any(
            target == mount.target
            or target.startswith(mount.target.rstrip("/") + "/")
            or mount.target == f"{target}/hub"
            for mount in own
        )
        return Contents(profile.model, () if seen else (Mount(HF_VOLUME, target, read_only=False),))
    inside = paths.in_container(profile.model, own, place)
    if inside is not None:
        return Contents(inside)
    cached = paths.hub_folder(profile.model)
    if cached is None:
        target = f"{MODELS_TARGET}/{paths.base(profile.model)}"
        return Contents(target, (Mount(paths.to_engine(profile.model, place), target),))
    folder, hub_id, rest = cached
    mount = Mount(folder, HUB_TARGET)
    if rest is None:
        return Contents(hub_id, (mount,), (("HF_HUB_OFFLINE", "1"),))
    return Contents(f"{HUB_TARGET}/models--{hub_id.replace('/', '--', 1)}/{rest}", (mount,))


def engine_mount(mount: Mount, place: Place) -> Mount:
    """Give a mount with its source as the engine must be told it."""
    if not paths.is_folder(mount.source):
        return mount
    return Mount(paths.to_engine(mount.source, place), mount.target, mount.read_only)


def is_volume(mount: Mount) -> bool:
    """Say whether a mount is a named volume and not a folder of the host."""
    return not paths.is_folder(mount.source)


def all_mounts(profile: Profile, place: Place = LINUX) -> tuple[Mount, ...]:
    """Give every mount of the container, the model's first."""
    return (*contents(profile, place).mounts, *(engine_mount(mount, place) for mount in profile.mounts))


def all_env(profile: Profile, place: Place = LINUX) -> tuple[tuple[str, str], ...]:
    """Give the variables with a value, the profile's own last so that they win."""
    own = dict(profile.env)
    return (*((k, v) for k, v in contents(profile, place).env if k not in own), *profile.env)


def inner_port(profile: Profile) -> int:
    """Give the port vLLM listens on: inside the container, or on the host itself under its network."""
    text = profile.flag("port") or ""
    if text.isdecimal() and len(text) < 6:
        return int(text)
    return profile.port if profile.network == "host" and profile.port else 8000


def publishes(profile: Profile) -> bool:
    """Say whether a port is published: not 0, and not under the host's or another container's network."""
    return (
        profile.port != 0 and profile.network not in ("host", "none") and not profile.network.startswith("container:")
    )


def arguments(profile: Profile, place: Place = LINUX, named: bool = False) -> tuple[str, ...]:
    """Give vLLM's arguments: the model first (`named`: as `--model M`), then the flags."""
    model = contents(profile, place).model
    words: list[str] = (["--model", model] if named else [model]) if model else []
    for name, value in all_flags(profile):
        words += flag_words(name, value)
    return tuple(words)


def all_flags(profile: Profile) -> tuple[tuple[str, str | None], ...]:
    """Give vLLM's flags with those that follow from the profile's fields; a flag given by hand wins."""
    derived: list[tuple[str, str | None]] = []
    if profile.served_name:
        derived.append(("served-model-name", shlex.quote(profile.served_name)))
    if profile.network == "host":
        derived += [("host", profile.bind), ("port", str(inner_port(profile)))]
    return (*((name, value) for name, value in derived if profile.flag(name) is None), *profile.flags)


def entry(profile: Profile, entrypoint: Sequence[str] | None) -> tuple[tuple[str, ...] | None, bool]:
    """Say what must replace the image's entrypoint (None: nothing), and whether the model is given by `--model`.

    `entrypoint` is the image's own; None when it is not known, then it is taken to be today's `vllm serve`. The
    profile's own `--entrypoint=python3 -m …` goes before it.
    """
    if wanted := shlex.split(options.last(profile.options, "entrypoint")):
        own = parse([*wanted, "x"])
        return tuple(wanted), own is not None and not own.positional
    if entrypoint is None:
        return None, False
    found = parse([*entrypoint, "x"])
    if found is not None and found.shell is None:
        return None, not found.positional
    if entrypoint and entrypoint[0].endswith(".sh"):
        return None, False
    return ("vllm", "serve"), False


def all_labels(profile: Profile) -> dict[str, str]:
    """Give the container's labels: who made it, then the profile's own."""
    return {LABEL: profile.name, "llmtui.version": version(), **dict(profile.labels)}


def version() -> str:
    """Give llmtui's own version."""
    try:
        return metadata.version("llmtui")
    except metadata.PackageNotFoundError:
        return "0"


def _hf_home(profile: Profile) -> str:
    return dict(profile.env).get("HF_HOME", HF_HOME)
