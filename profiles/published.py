"""Further published ports, in docker's short form: `--publish=127.0.0.1:9090:9090/tcp`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

FORM = re.compile(
    r"(?:(?P<ip>\[[\da-fA-F:.]+\]|\d+\.\d+\.\d+\.\d+):)?(?:(?P<host>\d{0,5}(?:-\d{1,5})?):)?"
    r"(?P<inner>\d{1,5}(?:-\d{1,5})?)(?:/(?P<protocol>tcp|udp|sctp))?"
)
Bindings = dict[str, list[dict[str, str]]]
"""The engine's form: `9090/tcp` -> where it is published."""


def bindings(texts: Iterable[str]) -> Bindings:
    """Read ports as the engine is told them; a range becomes its ports.

    Raises:
        ValueError: One is no published port.
    """
    found: Bindings = {}
    for text in texts:
        match = FORM.fullmatch(text)
        if match is None:
            raise ValueError(text)
        inner, outer = _range(match["inner"]), _range(match["host"] or "")
        if len(inner) > 1 and outer and len(outer) != len(inner):
            raise ValueError(text)
        for index, port in enumerate(inner):
            host = match["host"] or "" if len(inner) == 1 else str(outer[index]) if outer else ""
            entry = {"HostIp": (match["ip"] or "").strip("[]"), "HostPort": host}
            found.setdefault(f"{port}/{match['protocol'] or 'tcp'}", []).append(entry)
    return found


def texts(given: Mapping[str, Any]) -> list[str]:
    """Write the engine's bindings in the short form."""
    return [_text(key, entry) for key, entries in given.items() for entry in entries or ()]


def exchange(body: dict[str, Any], old: Bindings, new: Bindings) -> None:
    """Put other further ports into a create body; what else is published there stays."""
    host = body["HostConfig"]
    ports: Bindings = {key: list(entries or ()) for key, entries in (host.get("PortBindings") or {}).items()}
    for key, entries in old.items():
        ports[key] = [one for one in ports.get(key, ()) if one not in entries]
    for key, entries in new.items():
        ports[key] = [*ports.get(key, ()), *entries]
    gone = {key for key, entries in ports.items() if not entries}
    exposed: dict[str, Any] = {key: {} for key in body.get("ExposedPorts") or {} if key not in gone} | {
        key: {} for key in new
    }
    host["PortBindings"] = {key: entries for key, entries in ports.items() if entries}
    body["ExposedPorts"] = exposed


def _text(key: str, entry: Mapping[str, str]) -> str:
    port, _, protocol = key.partition("/")
    ip, host = entry.get("HostIp") or "", entry.get("HostPort") or ""
    address = f"[{ip}]:" if ":" in ip else f"{ip}:" if ip else ""
    middle = f"{host}:" if host or address else ""
    return f"{address}{middle}{port}" + (f"/{protocol}" if protocol not in ("", "tcp") else "")


def _range(text: str) -> range:
    first, _, last = text.partition("-")
    if not first:
        return range(0)
    low, high = int(first), int(last or first)
    if not 0 < low <= high < 65536:
        raise ValueError(text)
    return range(low, high + 1)
