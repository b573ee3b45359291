"""Published ports in docker's short form."""

from __future__ import annotations

import re

from profiles.paste.record import Port

VARIABLE = r"(?:\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|%\w+%|<[^<>]*>)"
ONE = rf"\d+(?:-\d+)?|{VARIABLE}"
FORM = re.compile(
    rf"(?:(?P<ip>\[[^\]]*\]|\d+\.\d+\.\d+\.\d+|[\w.]*[A-Za-z*][\w.]*|{VARIABLE})?:)??"
    rf"(?:(?P<host>{ONE})?:)?(?P<container>{ONE})(?:/(?P<protocol>tcp|udp|sctp))?"
)
MOST = 64
"""Ports of one range that are read."""


def ports(text: str) -> list[Port]:
    """Read `[ip:][host:]container[/protocol]`, ranges too; empty when it is none."""
    found = FORM.fullmatch(text.strip().strip("\"'"))
    if not found:
        return []
    ip = (found["ip"] or "").strip("[]")
    protocol = found["protocol"] or "tcp"
    host, container = _range(found["host"]), _range(found["container"])
    if len(container) > 1 and len(host) == len(container):
        return [Port(ip, outer, inner, protocol) for outer, inner in zip(host, container, strict=True)]
    if len(container) > 1 and host == [None]:
        return [Port(ip, None, inner, protocol) for inner in container]
    return [Port(ip, host[0], container[0] or 0, protocol)]


def port(text: str) -> int | str | None:
    """Read one port; a variable stays as its text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else text or None


def _range(text: str | None) -> list[int | str | None]:
    if not text:
        return [None]
    first, dash, last = text.partition("-")
    if dash and first.isdigit() and last.isdigit() and 0 < int(last[:8]) - int(first[:8]) < MOST:
        return list(range(int(first), int(last) + 1))
    return [port(text)]
