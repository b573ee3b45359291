"""What each key of a compose service fills, in its short and long form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from profiles import shell_line
from profiles.paste import engine
from profiles.paste.places import mount_option, volume
from profiles.paste.ports import port, ports
from profiles.paste.record import Pasted, Port


def words(value: Any) -> list[str]:
    """Read a command: a list, or one text that is cut as a shell cuts it."""
    if isinstance(value, list):
        return [str(one) for one in value if one is not None]
    if not isinstance(value, str):
        return []
    line = re.sub(r"\\[ \t]*\n", " ", value).replace("\n", " ")
    found = shell_line.commands(line)
    return [text for command in found for word in command for text in word.values]


def short(value: Any) -> str:
    """Give a value as one text of moderate length."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:400]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _pairs(value: Any) -> list[tuple[str, str | None]]:
    """Read a list of `a=b` or a table."""
    if isinstance(value, Mapping):
        return [(str(key), None if one is None else str(one)) for key, one in value.items()]
    cut = [str(one).partition("=") for one in _listed(value) if isinstance(one, str)]
    return [(name, text if equals else None) for name, equals, text in cut if name]


def _environment(pasted: Pasted, value: Any) -> None:
    pasted.env.update(_pairs(value))


def _labels(pasted: Pasted, value: Any) -> None:
    pasted.labels.update((name, text or "") for name, text in _pairs(value))


def _env_file(pasted: Pasted, value: Any) -> None:
    pasted.env_files += [str(one.get("path", "")) if isinstance(one, Mapping) else str(one) for one in _listed(value)]


def _ports(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, Mapping):
            inner = port(str(one.get("target", "")))
            outer = port(str(one.get("published") or ""))
            protocol = str(one.get("protocol") or "tcp")
            pasted.ports.append(Port(str(one.get("host_ip") or ""), outer, inner if inner is not None else 0, protocol))
        else:
            pasted.ports += ports(str(one))


def _volumes(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, Mapping):
            only = (
                "readonly=true" if str(one.get("read_only", "")).lower() in ("true", "yes", "on") else "readonly=false"
            )
            fields = [f"{key}={one.get(key) or ''}" for key in ("type", "source", "target")]
            if not mount_option(pasted, [*fields, only], "volume"):
                pasted.further.append(("mount", short(one), f"volume: {short(one)}"))
        else:
            volume(pasted, str(one), f"volume: {one}")


def _devices(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        if isinstance(one, str):
            engine.put(pasted, "device", one, f"device: {one}")


def _gpus(pasted: Pasted, value: Any) -> None:
    if isinstance(value, str):
        pasted.gpus = engine.gpus(value)
        return
    for one in _listed(value):
        if isinstance(one, Mapping):
            _reserved(pasted, one)


def _reserved(pasted: Pasted, device: Mapping[str, Any]) -> None:
    """Read one entry of `reservations.devices`."""
    asked = [str(one) for one in _listed(device.get("capabilities"))]
    if asked and not {"gpu", "nvidia"}.intersection(re.findall(r"[\w-]+", " ".join(asked))):
        return
    cards = [str(card) for card in _listed(device.get("device_ids"))]
    count = str(device.get("count") or "all")
    pasted.gpus = f"device={','.join(cards)}" if cards else "all" if count == "-1" else count


def _deploy(pasted: Pasted, value: Any) -> None:
    resources = value.get("resources") if isinstance(value, Mapping) else None
    resources = resources if isinstance(resources, Mapping) else {}
    for part, key in (("reservations", "devices"), ("limits", "memory"), ("limits", "cpus")):
        table = resources.get(part)
        held = table.get(key) if isinstance(table, Mapping) else None
        if key == "devices":
            _gpus(pasted, held)
        elif held is not None:
            pasted.further.append((key, str(held), f"{key}: {held}"))


def _setting(key: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if isinstance(value, str) and value:
            pasted.settings[key] = value

    return keep


def _networks(pasted: Pasted, value: Any) -> None:
    names = [str(one) for one in (value.keys() if isinstance(value, Mapping) else _listed(value))]
    for place, name in enumerate(names):
        if place or "network" in pasted.settings:
            pasted.further.append(("network", name, f"network: {name}"))
        else:
            pasted.settings["network"] = name


def _text(field: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if isinstance(value, str):
            setattr(pasted, field, value)

    return keep


def _command(pasted: Pasted, value: Any) -> None:
    pasted.command = words(value)


def _entrypoint(pasted: Pasted, value: Any) -> None:
    if value is not None:
        pasted.entrypoint = words(value)
        pasted.further.append(("entrypoint", short(value), f"entrypoint: {short(value)}"))


def _each(option: str, mark: str = "=") -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        for name, text in _pairs(value) if isinstance(value, Mapping) else [(str(one), None) for one in _listed(value)]:
            whole = name if text is None else f"{name}{mark}{text}"
            pasted.further.append((option, whole, f"{option}: {whole}"))

    return keep


def _ulimits(pasted: Pasted, value: Any) -> None:
    for name, one in value.items() if isinstance(value, Mapping) else ():
        both = f"{one.get('soft')}:{one.get('hard')}" if isinstance(one, Mapping) else one
        pasted.further.append(("ulimit", f"{name}={both}", f"ulimit {name}={both}"))


def _switch(option: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        if str(value).lower() in ("true", "yes", "on"):
            pasted.further.append((option, "", option))

    return keep


def _option(option: str) -> Callable[[Pasted, Any], None]:
    def keep(pasted: Pasted, value: Any) -> None:
        pasted.further.append((option, short(value), f"{option}: {short(value)}"))

    return keep


def _logging(pasted: Pasted, value: Any) -> None:
    if isinstance(value, Mapping):
        for text in _listed(value.get("driver")):
            _option("log-driver")(pasted, text)
        _each("log-opt")(pasted, value.get("options"))


def _grace(pasted: Pasted, value: Any) -> None:
    """Read a time: docker run knows whole seconds alone."""
    found = re.fullmatch(r"(?:(\d{1,4})m)?(?:(\d{1,5})s)?", str(value))
    if found and found[0]:
        _option("stop-timeout")(pasted, str(int(found[1] or 0) * 60 + int(found[2] or 0)))
    else:
        _option("stop_grace_period")(pasted, value)


def _containers(pasted: Pasted, value: Any) -> None:
    for one in _listed(value):
        _option("volumes-from")(pasted, str(one).removeprefix("container:"))


ROWS: dict[str, Callable[[Pasted, Any], None]] = {
    "image": _text("image"),
    "container_name": _text("name"),
    "command": _command,
    "entrypoint": _entrypoint,
    "environment": _environment,
    "env_file": _env_file,
    "labels": _labels,
    "ports": _ports,
    "volumes": _volumes,
    "devices": _devices,
    "gpus": _gpus,
    "deploy": _deploy,
    "ipc": _setting("ipc"),
    "shm_size": _setting("shm_size"),
    "network_mode": _setting("network"),
    "networks": _networks,
    "runtime": _setting("runtime"),
    "restart": _setting("restart"),
    "ulimits": _ulimits,
    "cap_add": _each("cap-add"),
    "cap_drop": _each("cap-drop"),
    "security_opt": _each("security-opt"),
    "group_add": _each("group-add"),
    "extra_hosts": _each("add-host", ":"),
    "dns": _each("dns"),
    "sysctls": _each("sysctl"),
    "tmpfs": _each("tmpfs"),
    "privileged": _switch("privileged"),
    "init": _switch("init"),
    "tty": _switch("tty"),
    "stdin_open": _switch("interactive"),
    "read_only": _switch("read-only"),
    "mem_limit": _option("memory"),
    "working_dir": _option("workdir"),
    "mem_reservation": _option("memory-reservation"),
    "memswap_limit": _option("memory-swap"),
    "userns_mode": _option("userns"),
    "cpuset": _option("cpuset-cpus"),
    "dns_search": _each("dns-search"),
    "dns_opt": _each("dns-option"),
    "device_cgroup_rules": _each("device-cgroup-rule"),
    "volumes_from": _containers,
    "oom_kill_disable": _switch("oom-kill-disable"),
    "logging": _logging,
    "stop_grace_period": _grace,
}
"""What each key of a service fills; every other is kept as given."""
