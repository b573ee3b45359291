"""Which key of a compose service stands for an option of `docker run`, and in what form (the Compose Specification's services)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Put = Callable[[dict[str, Any], str], None]


def _text(key: str) -> Put:
    def put(service: dict[str, Any], value: str) -> None:
        service[key] = value

    return put


def _number(key: str) -> Put:
    def put(service: dict[str, Any], value: str) -> None:
        service[key] = int(value) if value.lstrip("-").isdecimal() else value

    return put


def _switch(key: str) -> Put:
    def put(service: dict[str, Any], value: str) -> None:
        service[key] = value != "false"

    return put


def _each(key: str) -> Put:
    def put(service: dict[str, Any], value: str) -> None:
        service.setdefault(key, []).append(value)

    return put


def _setting(service: dict[str, Any], value: str) -> None:
    name, _mark, text = value.partition("=")
    service.setdefault("sysctls", {})[name] = text


def _driver(service: dict[str, Any], value: str) -> None:
    service.setdefault("logging", {})["driver"] = value


def _log_option(service: dict[str, Any], value: str) -> None:
    name, _mark, text = value.partition("=")
    service.setdefault("logging", {}).setdefault("options", {})[name] = text


def _seconds(service: dict[str, Any], value: str) -> None:
    service["stop_grace_period"] = f"{value}s"


def _containers(service: dict[str, Any], value: str) -> None:
    service.setdefault("volumes_from", []).append(f"container:{value}")


def _port(service: dict[str, Any], value: str) -> None:
    service.setdefault("ports", []).append(value)


def _said_already(_service: dict[str, Any], _value: str) -> None:
    """Put nothing: the service's entrypoint has it."""


KEYS: dict[str, Put] = {
    "env-file": _each("env_file"),
    "publish": _port,
    "entrypoint": _said_already,
    "device": _each("devices"),
    "device-cgroup-rule": _each("device_cgroup_rules"),
    "runtime": _text("runtime"),
    "privileged": _switch("privileged"),
    "cap-add": _each("cap_add"),
    "cap-drop": _each("cap_drop"),
    "security-opt": _each("security_opt"),
    "group-add": _each("group_add"),
    "pid": _text("pid"),
    "uts": _text("uts"),
    "userns": _text("userns_mode"),
    "cgroup-parent": _text("cgroup_parent"),
    "cpuset-cpus": _text("cpuset"),
    "cpu-shares": _number("cpu_shares"),
    "cpu-period": _number("cpu_period"),
    "cpu-quota": _number("cpu_quota"),
    "pids-limit": _number("pids_limit"),
    "memory-reservation": _text("mem_reservation"),
    "memory-swap": _text("memswap_limit"),
    "oom-score-adj": _number("oom_score_adj"),
    "oom-kill-disable": _switch("oom_kill_disable"),
    "init": _switch("init"),
    "read-only": _switch("read_only"),
    "tmpfs": _each("tmpfs"),
    "sysctl": _setting,
    "volumes-from": _containers,
    "add-host": _each("extra_hosts"),
    "dns": _each("dns"),
    "dns-search": _each("dns_search"),
    "dns-option": _each("dns_opt"),
    "log-driver": _driver,
    "log-opt": _log_option,
    "hostname": _text("hostname"),
    "domainname": _text("domainname"),
    "workdir": _text("working_dir"),
    "stop-signal": _text("stop_signal"),
    "stop-timeout": _seconds,
    "tty": _switch("tty"),
    "interactive": _switch("stdin_open"),
}
"""Options by name; compose has no key for the others (`--rm`, `--publish-all`, `--cpuset-mems`)."""
