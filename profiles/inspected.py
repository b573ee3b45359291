"""An existing container: what creates it once more, and the profile one sees in it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profiles.seen import hostname_is_the_engines, profile_of

__all__ = ["Recreation", "profile_of", "recreation"]

ENDPOINT_FIELDS = ("IPAMConfig", "Links", "Aliases", "DriverOpts", "GwPriority")
"""What a person can ask of an endpoint; the rest (ids, addresses) is the engine's answer."""


@dataclass(frozen=True, slots=True)
class Recreation:
    """All that is needed to make a container like the one inspected."""

    name: str
    body: dict[str, Any]
    """The raw create body, with the network that the container was created in."""
    networks: tuple[tuple[str, dict[str, Any]], ...] = ()
    """Further networks with their endpoint configuration: API 1.41 takes only one at create, these are connected after it."""
    image_id: str = ""
    """What it runs now; the tag in the body may have moved on since."""


def recreation(inspect: Mapping[str, Any], carry_volumes: bool = True) -> Recreation:
    """Give the create body that leads to the same Config, HostConfig and networks.

    `carry_volumes` binds the anonymous volumes that hold the container's data, by their ids: the one difference that the
    new HostConfig then has. Those of a `--rm` container are never carried: the engine deletes them with it.
    """
    body = copy.deepcopy(dict(inspect["Config"]))
    host = copy.deepcopy(dict(inspect["HostConfig"]))
    if hostname_is_the_engines(inspect):
        body.pop("Hostname", None)
    if not body.get("Entrypoint") and body.get("Cmd"):
        body["Entrypoint"] = [""]  # null would bring back the image's own, which somebody took away
    if host.get("Links"):
        host["Links"] = [_link(text) for text in host["Links"]]
    if carry_volumes and not host.get("AutoRemove"):
        _carry(inspect, host)
    body["HostConfig"] = host
    first, further = _networks(inspect)
    if first:
        body["NetworkingConfig"] = {"EndpointsConfig": first}
    return Recreation(inspect["Name"].lstrip("/"), body, further, inspect.get("Image", ""))


def _link(text: str) -> str:
    """Turn the engine's `/other:/self/alias` into the `other:alias` that it was asked for."""
    target, _, alias = text.partition(":")
    return f"{target.lstrip('/')}:{alias.rsplit('/', 1)[-1]}"


def _carry(inspect: Mapping[str, Any], host: dict[str, Any]) -> None:
    bound = {text.split(":")[1] for text in host.get("Binds") or () if text.count(":") >= 1}
    objects = {mount.get("Target"): mount for mount in host.get("Mounts") or ()}
    for mount in inspect.get("Mounts") or ():
        target = mount.get("Destination")
        if mount.get("Type") != "volume" or target in bound:
            continue
        if target in objects:
            objects[target].setdefault("Source", mount["Name"])
        elif not host.get("VolumesFrom"):
            host["Binds"] = [*(host.get("Binds") or ()), f"{mount['Name']}:{target}"]


def _networks(inspect: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[tuple[str, dict[str, Any]], ...]]:
    mode = inspect["HostConfig"].get("NetworkMode") or "default"
    if mode in ("host", "none") or mode.startswith("container:"):
        return {}, ()
    networks = (inspect.get("NetworkSettings") or {}).get("Networks") or {}
    own = "bridge" if mode == "default" else mode
    by_id = {value.get("NetworkID"): name for name, value in networks.items()}
    own = by_id.get(own, own)
    endpoints = {name: _endpoint(value, inspect["Id"]) for name, value in networks.items()}
    first = endpoints.pop(own, {})
    return ({own: first} if first else {}), tuple(sorted(endpoints.items()))


def _endpoint(value: Mapping[str, Any], container: str) -> dict[str, Any]:
    endpoint = {name: copy.deepcopy(value[name]) for name in ENDPOINT_FIELDS if value.get(name) is not None}
    aliases = [alias for alias in endpoint.pop("Aliases", ()) if alias != container[:12]]
    return endpoint | ({"Aliases": aliases} if aliases else {})
