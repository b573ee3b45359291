"""Further options of `docker run` that a profile carries as words, such as `--device=/dev/dri`: read from a container, written into a create body."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from profiles import published
from profiles.sizes import size, size_text

OPTION = re.compile(r"--([a-z-]+)(?:(=|\s+)(.*))?", re.DOTALL)
"""A name, and behind the first `=` or blank its value, whatever that holds."""
LABELS_OFF = "label=disable"
"""The security option that the engine itself adds where SELinux labels could not hold."""
Words = list[tuple[str, str]]
"""Options by name with their values; a switch has none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the create body, and the options that fill it."""

    key: str
    names: tuple[str, ...]
    read: Callable[[Any], Words]
    write: Callable[[Words], Any]
    """Raises ValueError."""
    host: bool = True
    """Whether the field is HostConfig's; else it is Config's."""


def read(config: Mapping[str, Any], host: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the options behind a container's Config and HostConfig; what the engine itself filled in is left out."""
    found = (word for row in ROWS for word in row.read((host if row.host else config).get(row.key)))
    return tuple(_one_word(name, value) for name, value in found)


def write(options: Iterable[str], body: dict[str, Any]) -> None:
    """Put options into a create body that has a HostConfig.

    Raises:
        ValueError: A value is none that its option can have.
    """
    for row, words in _by_row(options).items():
        (body["HostConfig"] if row.host else body)[row.key] = row.write(words)
        if row is PUBLISH:
            body["ExposedPorts"] = {port: {} for port in body["HostConfig"][row.key]}


def rewrite(before: Iterable[str], after: Iterable[str], body: dict[str, Any]) -> None:
    """Change in a body what differs between two sets of options, and nothing else.

    Raises:
        ValueError: A value is none that its option can have.
    """
    old, new = _by_row(before), _by_row(after)
    for row in ROWS:
        if row is PUBLISH and old.get(row) != new.get(row):
            published.exchange(body, row.write(old.get(row, [])), row.write(new.get(row, [])))
        elif old.get(row) != new.get(row):
            part = body["HostConfig"] if row.host else body
            part.pop(row.key, None)
            if row in new:
                part[row.key] = row.write(new[row])


def is_sound(option: str) -> bool:
    """Say whether it is an option that a profile can carry, with a value that it can have."""
    name, value = named(option)
    if name in CLIENTS:
        return bool(value)
    try:
        return any(row.write(words) is not None for row, words in _by_row([option]).items())
    except ValueError:
        return False


def named(option: str) -> tuple[str, str]:
    """Cut `--device=/dev/dri` (or `--device /dev/dri`) into name and value; what is no option is a value without a name."""
    found = OPTION.fullmatch(option.lstrip())
    if found is None:
        return "", option.strip()
    name, mark, value = found.group(1), found.group(2), found.group(3) or ""
    return name, value if mark == "=" else value.rstrip()


def normal(option: str) -> str:
    """Give an option as one word, `--device=/dev/dri` or `--init`; what is no option stays as it is written."""
    name, value = named(option)
    return _one_word(name, value) if name else value


def last(options: Iterable[str], name: str) -> str:
    """Give the value that counts where an option may stand several times; "" where it does not stand at all."""
    return next((value for key, value in reversed([named(option) for option in options]) if key == name), "")


def labels_are_off(host: Mapping[str, Any]) -> bool:
    """Say whether the engine itself adds `label=disable` to this HostConfig, unless it names labels of its own."""
    return bool(host.get("Privileged")) or "host" in (host.get("IpcMode"), host.get("PidMode"))


def _one_word(name: str, value: str) -> str:
    return f"--{name}={value}" if value else f"--{name}"


def _by_row(options: Iterable[str]) -> dict[Row, Words]:
    found: dict[Row, Words] = {}
    for option in options:
        name, value = named(option)
        for row in ROWS:
            if name in row.names:
                found.setdefault(row, []).append((name, value))
    return found


def _list(key: str, name: str) -> Row:
    return Row(key, (name,), lambda given: [(name, str(one)) for one in given or ()], _values)


def _table(key: str, name: str, mark: str = "=") -> Row:
    def read_table(given: Any) -> Words:
        return [(name, f"{one}{mark}{value}" if value else str(one)) for one, value in (given or {}).items()]

    return Row(key, (name,), read_table, lambda words: dict(value.partition(mark)[::2] for value in _values(words)))


def _text(key: str, name: str, *plain: str, host: bool = True) -> Row:
    """Make a row for one text; `plain` are the values that the engine fills in."""

    def read_text(given: Any) -> Words:
        return [(name, str(given))] if given and given not in plain else []

    return Row(key, (name,), read_text, lambda words: _values(words)[-1], host)


def _number(key: str, name: str, host: bool = True) -> Row:
    return Row(
        key, (name,), lambda given: [(name, str(given))] if given else [], lambda words: int(_values(words)[-1]), host
    )


def _size(key: str, name: str) -> Row:
    def write_size(words: Words) -> int:
        text = _values(words)[-1]
        amount = -1 if text == "-1" else size(text)
        if amount is None:
            raise ValueError(text)
        return amount

    return Row(
        key,
        (name,),
        lambda given: [(name, size_text(given) if given > 0 else "-1")] if given else [],
        write_size,
    )


def _switch(key: str, name: str, host: bool = True) -> Row:
    def write_switch(words: Words) -> bool:
        if words[-1][1] not in ("", "true", "false"):
            raise ValueError(words[-1][1])
        return words[-1][1] != "false"

    return Row(key, (name,), lambda given: [(name, "")] if given else [], write_switch, host)


def _values(words: Words) -> list[str]:
    values = [value for _name, value in words]
    if not all(values):
        raise ValueError("")
    return values


def _read_devices(given: Any) -> Words:
    found = []
    for one in given or ():
        parts = [str(one.get("PathOnHost")), str(one.get("PathInContainer")), str(one.get("CgroupPermissions"))]
        found.append(("device", ":".join(parts)))
    return found


def _write_devices(words: Words) -> list[dict[str, str]]:
    devices = []
    for value in _values(words):
        source, _, rest = value.partition(":")
        target, _, rights = rest.partition(":")
        if target and not target.startswith("/"):
            target, rights = "", target  # /dev/dri:r
        if not source.startswith("/"):
            raise ValueError(value)
        devices.append(
            {"PathOnHost": source, "PathInContainer": target or source, "CgroupPermissions": rights or "rwm"}
        )
    return devices


def _write_hosts(words: Words) -> list[str]:
    hosts = []
    for value in _values(words):
        name, _, address = value.partition("=" if "=" in value else ":")
        if not name or not address:
            raise ValueError(value)
        hosts.append(f"{name}:{address.removeprefix('[').removesuffix(']')}")  # the engine wants no other form
    return hosts


def _read_logging(given: Any) -> Words:
    given = given or {}
    driver = [("log-driver", given["Type"])] if given.get("Type") not in (None, "", "json-file") else []
    return driver + [("log-opt", f"{name}={value}") for name, value in (given.get("Config") or {}).items()]


def _write_logging(words: Words) -> dict[str, Any]:
    _values(words)
    driver = [value for name, value in words if name == "log-driver"]
    settings = dict(value.partition("=")[::2] for name, value in words if name == "log-opt")
    return {"Type": driver[-1] if driver else "", "Config": settings}


def _write_entrypoint(words: Words) -> list[str]:
    return shlex.split(_values(words)[-1])[:1]  # its further words stand in front of the command


PUBLISH = Row(
    "PortBindings",
    ("publish",),
    lambda given: [("publish", one) for one in published.texts(given or {})],
    lambda words: published.bindings(_values(words)),
)
"""Ports beside the server's own."""
CLIENTS = frozenset({"env-file"})
"""Options that the engine never sees: whoever launches does what they say."""

ROWS: tuple[Row, ...] = (
    PUBLISH,
    Row("Entrypoint", ("entrypoint",), lambda _given: [], _write_entrypoint, host=False),
    Row("Devices", ("device",), _read_devices, _write_devices),
    _list("DeviceCgroupRules", "device-cgroup-rule"),
    _text("Runtime", "runtime", "runc", "crun"),
    _switch("Privileged", "privileged"),
    _list("CapAdd", "cap-add"),
    _list("CapDrop", "cap-drop"),
    _list("SecurityOpt", "security-opt"),
    _list("GroupAdd", "group-add"),
    _text("PidMode", "pid"),
    _text("UTSMode", "uts"),
    _text("UsernsMode", "userns"),
    _text("CgroupParent", "cgroup-parent"),
    _text("CpusetCpus", "cpuset-cpus"),
    _text("CpusetMems", "cpuset-mems"),
    _number("CpuShares", "cpu-shares"),
    _number("CpuPeriod", "cpu-period"),
    _number("CpuQuota", "cpu-quota"),
    _number("PidsLimit", "pids-limit"),
    _size("MemoryReservation", "memory-reservation"),
    _size("MemorySwap", "memory-swap"),
    _number("OomScoreAdj", "oom-score-adj"),
    _switch("OomKillDisable", "oom-kill-disable"),
    _switch("Init", "init"),
    _switch("ReadonlyRootfs", "read-only"),
    _switch("AutoRemove", "rm"),
    _switch("PublishAllPorts", "publish-all"),
    _table("Tmpfs", "tmpfs", ":"),
    _table("Sysctls", "sysctl"),
    _list("VolumesFrom", "volumes-from"),
    Row("ExtraHosts", ("add-host",), lambda given: [("add-host", str(one)) for one in given or ()], _write_hosts),
    _list("Dns", "dns"),
    _list("DnsSearch", "dns-search"),
    _list("DnsOptions", "dns-option"),
    Row("LogConfig", ("log-driver", "log-opt"), _read_logging, _write_logging),
    _text("Hostname", "hostname", host=False),
    _text("Domainname", "domainname", host=False),
    _text("WorkingDir", "workdir", host=False),
    _text("StopSignal", "stop-signal", host=False),
    _number("StopTimeout", "stop-timeout", host=False),
    _switch("Tty", "tty", host=False),
    _switch("OpenStdin", "interactive", host=False),
)
"""Every field that options fill, in the order in which they are written."""
