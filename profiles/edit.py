"""Changing a container's raw create body by what differs between two profiles, and by nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from gettext import gettext as _
from typing import Any

from profiles import container, create, options
from profiles.paths import LINUX, Place
from profiles.profile import Mount, Profile
from profiles.seen import bind, command_of, entrypoint_of
from profiles.serve_command import ServeCommand
from profiles.sizes import size

FROM_THE_IMAGE = ("Entrypoint", "WorkingDir", "User", "Healthcheck", "StopSignal", "Volumes", "Shell")
"""Config's fields that a container inherits from its image where nobody said otherwise."""


class CommandError(ValueError):
    """The container's command is none that can be changed."""


def edited(
    body: Mapping[str, Any],
    before: Profile,
    after: Profile,
    environ: Mapping[str, str] | None = None,
    *,
    place: Place = LINUX,
    image_config: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the body with the differences applied; with no difference it is the same body.

    `environ` gives the values of names added to `env_names`. `image_config` is the OLD image's: when the image changes, what
    the container inherited from the old one is dropped, so that the new one's counts.

    Raises:
        CommandError: The model or a flag differs, and the container's command is not one of vLLM's.
    """
    new = copy.deepcopy(dict(body))
    new.setdefault("HostConfig", {})
    _command(new, before, after, place)
    if before.image != after.image:
        if image_config is not None:
            _disinherit(new, image_config)
        new["Image"] = after.image
    _ports(new, before, after)
    _environment(new, before, after, environ or {}, place)
    _mounts(new["HostConfig"], before, after, place)
    _labels(new, before, after)
    _settings(new, before, after)
    options.rewrite(before.options, after.options, new)
    _security(new["HostConfig"], body.get("HostConfig") or {}, after)
    if "HostConfig" not in body and not new["HostConfig"]:
        del new["HostConfig"]
    return new


def _command(body: dict[str, Any], before: Profile, after: Profile, place: Place) -> None:
    old_model, new_model = container.contents(before, place).model, container.contents(after, place).model
    old, new = _by_name(container.all_flags(before)), _by_name(container.all_flags(after))
    if old_model == new_model and old == new:
        return
    command = command_of(body)
    if command is None:
        raise CommandError(_("This container's command is not one of vLLM's, so its flags cannot be changed here."))
    changed = command if old_model == new_model else command.with_model(new_model)
    for name in [*(name for name in old if name not in new), *(name for name in new if old.get(name) != new[name])]:
        changed = changed.with_values(name, new.get(name, ()))
    _put(body, command, changed)


def _by_name(flags: Sequence[tuple[str, str | None]]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for name, value in flags:
        found.setdefault(name, []).append(value)
    return found


def _put(body: dict[str, Any], old: ServeCommand, new: ServeCommand) -> None:
    """Write the argv back into Entrypoint and Cmd, whichever holds what changed."""
    argv, entrypoint, cmd = list(new.argv()), entrypoint_of(body), list(body.get("Cmd") or ())
    if argv == list(old.argv()):
        return
    if argv[: len(entrypoint)] == entrypoint:
        cmd = argv[len(entrypoint) :]
    elif cmd and argv[-len(cmd) :] == cmd:
        entrypoint = argv[: -len(cmd)]
    elif len(argv) == len(entrypoint) + len(cmd):
        entrypoint, cmd = argv[: len(entrypoint)], argv[len(entrypoint) :]
    else:
        entrypoint, cmd = argv, []
    if entrypoint != entrypoint_of(body):
        body["Entrypoint"] = entrypoint
    if cmd != list(body.get("Cmd") or ()):
        body["Cmd"] = cmd


def _disinherit(body: dict[str, Any], image: Mapping[str, Any]) -> None:
    for name in FROM_THE_IMAGE:
        if name in body and body[name] == image.get(name):
            del body[name]
    own = set(image.get("Env") or ())
    body["Env"] = [entry for entry in body.get("Env") or () if entry not in own]
    labels = image.get("Labels") or {}
    body["Labels"] = {key: value for key, value in (body.get("Labels") or {}).items() if labels.get(key) != value}


def _ports(body: dict[str, Any], before: Profile, after: Profile) -> None:
    old, new = _binding(before), _binding(after)
    if old == new:
        return
    bindings = dict(body["HostConfig"].get("PortBindings") or {})
    exposed = dict(body.get("ExposedPorts") or {})
    kept: list[Any] = []
    if old is not None:
        kept = [entry for entry in bindings.pop(old[0], None) or () if not _is(entry, before)]
        if new is None or new[0] != old[0]:
            exposed.pop(old[0], None)
    if new is not None:
        bindings[new[0]] = [{"HostIp": new[1], "HostPort": new[2]}, *kept]
        exposed[new[0]] = {}
    body["HostConfig"]["PortBindings"] = bindings
    body["ExposedPorts"] = exposed


def _binding(profile: Profile) -> tuple[str, str, str] | None:
    if not container.publishes(profile):
        return None
    return f"{container.inner_port(profile)}/tcp", profile.bind, str(profile.port)


def _is(entry: Mapping[str, str], profile: Profile) -> bool:
    """Say whether a binding is the one the profile shows; a port that the engine chose is asked for as 0 or nothing."""
    return entry.get("HostPort") in (str(profile.port), "0", "", None)


def _environment(
    body: dict[str, Any], before: Profile, after: Profile, environ: Mapping[str, str], place: Place
) -> None:
    old, new = dict(container.all_env(before, place)), dict(container.all_env(after, place))
    by_name = [name for name in after.env_names if name not in before.env_names]
    gone = {name for name in (*old, *before.env_names) if name not in new and name not in after.env_names}
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    changed |= {name: environ[name] for name in by_name if name in environ}
    if not gone and not changed:
        return
    entries: list[str] = []
    for entry in body.get("Env") or ():
        name = entry.partition("=")[0]
        if name in changed:
            entries.append(f"{name}={changed.pop(name)}")
        elif name not in gone:
            entries.append(entry)
    body["Env"] = entries + [f"{name}={value}" for name, value in changed.items()]


def _mounts(host: dict[str, Any], before: Profile, after: Profile, place: Place) -> None:
    old, new = container.all_mounts(before, place), container.all_mounts(after, place)
    gone = {mount.target for mount in old if mount not in new}
    added = [mount for mount in new if mount not in old]
    if gone:
        host["Binds"] = _kept(host.get("Binds"), gone, lambda text: bind(text) or Mount("", text))
        host["Mounts"] = _kept(host.get("Mounts"), gone, lambda entry: Mount("", entry.get("Target", "")))
    if added:
        host["Mounts"] = [*(host.get("Mounts") or ()), *(create.mount_entry(mount) for mount in added)]
    if "Mounts" in host and not host["Mounts"]:
        del host["Mounts"]


def _kept(entries: list[Any] | None, gone: set[str], read: Callable[[Any], Mount]) -> list[Any] | None:
    return None if entries is None else [entry for entry in entries if read(entry).target not in gone]


def _labels(body: dict[str, Any], before: Profile, after: Profile) -> None:
    old, new = dict(before.labels), dict(after.labels)
    labels = dict(body.get("Labels") or {})
    if before.name != after.name and "llmtui.profile" in labels:
        labels["llmtui.profile"] = after.name
    for key in old:
        if key not in new:
            labels.pop(key, None)
    labels |= {key: value for key, value in new.items() if old.get(key) != value}
    if labels != (body.get("Labels") or {}):
        body["Labels"] = labels


def _settings(body: dict[str, Any], before: Profile, after: Profile) -> None:
    host = body["HostConfig"]
    if before.user != after.user:
        body["User"] = after.user
    if before.gpus != after.gpus:
        _gpus(body, after)
    if before.restart != after.restart:
        host["RestartPolicy"] = create.restart_policy(after.restart)
    if before.ipc != after.ipc:
        host["IpcMode"] = after.ipc
    if before.shm_size != after.shm_size:
        host["ShmSize"] = size(after.shm_size) or 0
    if before.memory != after.memory:
        if not options.last(before.options, "memory-swap"):
            host["MemorySwap"] = 0  # the engine made it twice the old limit, and refuses one below the new
        host["Memory"] = size(after.memory) or 0
    if before.cpus != after.cpus:
        host["NanoCpus"] = create.nano_cpus(after.cpus) if after.cpus else 0
    if before.ulimits != after.ulimits:
        host["Ulimits"] = [create.ulimit(text) for text in after.ulimits]
    if before.network != after.network:
        host["NetworkMode"] = after.network or "default"
        body.pop("NetworkingConfig", None)


def _security(host: dict[str, Any], old: Mapping[str, Any], after: Profile) -> None:
    """Take away what the engine had added for a container that shared the host's ipc or pids, once it does no more."""
    if not options.labels_are_off(old) or options.labels_are_off(host):
        return
    asked = [value for name, value in map(options.named, after.options) if name == "security-opt"]
    kept = [one for one in host.get("SecurityOpt") or () if one != options.LABELS_OFF or one in asked]
    if kept != (host.get("SecurityOpt") or []):
        host["SecurityOpt"] = kept


def _gpus(body: dict[str, Any], after: Profile) -> None:
    host = body["HostConfig"]
    host["DeviceRequests"] = create.device_requests(after.gpus) or None
    if host.get("Runtime") == "nvidia":
        body["Env"] = [entry for entry in body.get("Env") or () if not entry.startswith("NVIDIA_VISIBLE_DEVICES=")]
        if after.gpus == "none":
            del host["Runtime"]
