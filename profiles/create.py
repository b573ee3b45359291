"""A profile as the engine's raw create body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from profiles import container, options
from profiles.paths import LINUX, Place
from profiles.profile import Mount, Profile
from profiles.sizes import size


def create_body(
    profile: Profile,
    environ: Mapping[str, str],
    place: Place | None = None,
    entrypoint: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Give the create body: Config's fields, HostConfig, and nothing that the profile does not ask for.

    `environ` is where the values of `env_names` are taken from; a name that is not set there is left out.
    `place` says how paths are meant; without it they are this Linux machine's, `~` being `environ`'s HOME.
    `entrypoint` is the image's own where it is known: an image without `vllm serve` gets one.
    """
    place = place or Place(home=environ.get("HOME", ""))
    replaced, named = container.entry(profile, entrypoint)
    body: dict[str, Any] = {
        "Image": profile.image,
        "Cmd": [*(replaced or ())[1:], *container.arguments(profile, place, named)],
        "Env": env_entries(profile, environ, place),
        "Labels": container.all_labels(profile),
    }
    if replaced is not None:
        body["Entrypoint"] = list(replaced[:1])  # as the command line has it: what follows is the command's
    if profile.user:
        body["User"] = profile.user
    body["HostConfig"] = host_config(profile, place)
    options.write(profile.options, body)
    if container.publishes(profile):
        port = f"{container.inner_port(profile)}/tcp"
        body.setdefault("ExposedPorts", {})[port] = {}
        ports = body["HostConfig"].setdefault("PortBindings", {})
        ports[port] = [{"HostIp": profile.bind, "HostPort": str(profile.port)}, *ports.get(port, ())]
    return body


def env_entries(profile: Profile, environ: Mapping[str, str], place: Place = LINUX) -> list[str]:
    """Give `NAME=value` entries, those taken by name with their value from `environ`."""
    given = [f"{name}={value}" for name, value in container.all_env(profile, place)]
    return given + [f"{name}={environ[name]}" for name in profile.env_names if name in environ]


def host_config(profile: Profile, place: Place = LINUX) -> dict[str, Any]:
    """Give HostConfig without its port bindings."""
    config: dict[str, Any] = {
        "Mounts": [mount_entry(mount) for mount in container.all_mounts(profile, place)],
        "RestartPolicy": restart_policy(profile.restart),
    }
    if profile.ipc:
        config["IpcMode"] = profile.ipc
    if profile.shm_size:
        config["ShmSize"] = size(profile.shm_size)
    if profile.memory:
        config["Memory"] = size(profile.memory)
    if profile.cpus:
        config["NanoCpus"] = nano_cpus(profile.cpus)
    if requests := device_requests(profile.gpus):
        config["DeviceRequests"] = requests
    if profile.ulimits:
        config["Ulimits"] = [ulimit(text) for text in profile.ulimits]
    if profile.network:
        config["NetworkMode"] = profile.network
    return config


def mount_entry(mount: Mount) -> dict[str, Any]:
    """Give a mount as an object: unlike `a:b:ro` it takes drive letters, colons and blanks."""
    kind = "volume" if container.is_volume(mount) else "bind"
    return {"Type": kind, "Source": mount.source, "Target": mount.target, "ReadOnly": mount.read_only}


def restart_policy(text: str) -> dict[str, Any]:
    """Read `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:3`."""
    name, _, retries = (text or "no").partition(":")
    return {"Name": name, "MaximumRetryCount": int(retries) if retries.isdigit() else 0}


def nano_cpus(text: str) -> int:
    """Read a number of CPUs (`2`, `1.5`) as billionths of one."""
    return round(float(text) * 1_000_000_000)


def device_requests(gpus: str) -> list[dict[str, Any]]:
    """Read `all`, `none`, `device=0,1`, or a number of cards."""
    text = gpus.strip()
    if text in ("", "none"):
        return []
    request: dict[str, Any] = {"Driver": "", "Count": 0, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": {}}
    if text == "all":
        return [request | {"Count": -1}]
    if text.isdigit():
        return [request | {"Count": int(text)}]
    return [request | {"DeviceIDs": [card.strip() for card in text.removeprefix("device=").split(",") if card.strip()]}]


def ulimit(text: str) -> dict[str, Any]:
    """Read `memlock=-1` or `nofile=1024:2048`."""
    name, _, limits = text.partition("=")
    soft, _, hard = limits.partition(":")
    return {"Name": name, "Soft": int(soft), "Hard": int(hard or soft)}
