"""A profile as a compose file with one service, its cards in the long form that every Compose knows."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

from profiles import container, options
from profiles.profile import Mount, Profile
from profiles.render.compose_options import KEYS
from profiles.render.record import Rendered, Setting
from profiles.render.yaml_text import dumped


def compose(profile: Profile, setting: Setting, done: Rendered) -> str:
    """Write the file; an option that compose has no key for is told."""
    mounts = container.all_mounts(profile, setting.place)
    file: dict[str, Any] = {"services": {profile.name: _service(profile, mounts, setting, done)}}
    if volumes := {mount.source: {"name": mount.source} for mount in mounts if container.is_volume(mount)}:
        file["volumes"] = volumes
    if _is_named(profile.network):
        file["networks"] = {profile.network: {"name": profile.network, "external": True}}
    return dumped(_escaped(file))


def _service(profile: Profile, mounts: tuple[Mount, ...], setting: Setting, done: Rendered) -> dict[str, Any]:
    replaced, named = container.entry(profile, setting.entrypoint)
    by_name: dict[str, Any] = dict.fromkeys(profile.env_names)
    further = _options(profile, done)
    service = {
        "image": profile.image,
        "container_name": profile.name,
        "entrypoint": list(replaced) if replaced is not None else None,
        "command": list(container.arguments(profile, setting.place, named)),
        "environment": {**dict(container.all_env(profile, setting.place)), **by_name},
        "ports": [*_ports(profile), *further.pop("ports", ())],
        "volumes": [_volume(mount) for mount in mounts],
        "labels": container.all_labels(profile),
        "network_mode": "" if _is_named(profile.network) else profile.network,
        "networks": [profile.network] if _is_named(profile.network) else None,
        "ipc": profile.ipc,
        "shm_size": profile.shm_size,
        "mem_limit": profile.memory,
        "cpus": profile.cpus,
        "restart": profile.restart if profile.restart != "no" else "",
        "user": profile.user,
        "ulimits": dict(_limit(text) for text in profile.ulimits),
        **further,
        "deploy": _cards(profile.gpus),
    }
    return {key: value for key, value in service.items() if value}


def _is_named(network: str) -> bool:
    """Say whether it is a network of the user's own, and not a mode."""
    return network not in ("", "host", "none", "bridge", "default") and not network.startswith(
        ("container:", "service:")
    )


def _ports(profile: Profile) -> list[str]:
    if not container.publishes(profile):
        return []
    address = f"[{profile.bind}]" if ":" in profile.bind else profile.bind
    return [f"{address}:{profile.port}:{container.inner_port(profile)}"]


def _volume(mount: Mount) -> dict[str, Any]:
    """Write a mount in the long form, which takes colons and blanks; a folder that is missing is an error, as with `--mount`."""
    entry: dict[str, Any] = {
        "type": "bind",
        "source": mount.source,
        "target": mount.target,
        "read_only": mount.read_only,
    }
    if container.is_volume(mount):
        return entry | {"type": "volume"}
    return entry | {"bind": {"create_host_path": False}}


def _limit(text: str) -> tuple[str, Any]:
    name, _mark, limits = text.partition("=")
    soft, both, hard = limits.partition(":")
    return name, {"soft": int(soft), "hard": int(hard)} if both else int(soft)


def _cards(gpus: str) -> dict[str, Any]:
    """Write the cards as a reservation; `capabilities` must stand there (Docker's "GPU support in Compose")."""
    if gpus in ("", "none"):
        return {}
    device: dict[str, Any] = {"driver": "nvidia"}
    if gpus.startswith("device="):
        device["device_ids"] = gpus.removeprefix("device=").split(",")
    else:
        device["count"] = int(gpus) if gpus.isdecimal() else "all"
    return {"resources": {"reservations": {"devices": [device | {"capabilities": ["gpu"]}]}}}


def _options(profile: Profile, done: Rendered) -> dict[str, Any]:
    """Put further options under compose's keys."""
    found: dict[str, Any] = {}
    for option in profile.options:
        name, value = options.named(option)
        put = KEYS.get(name)
        if put is None:
            done.note(_("Compose has no key for {option}: it is left out.").format(option=option))
        else:
            put(found, value)
    return found


def _escaped(value: Any) -> Any:
    """Double the dollar signs of all values: compose puts variables in."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, dict):
        return {key: _escaped(one) for key, one in value.items()}
    return [_escaped(one) for one in value] if isinstance(value, list) else value
