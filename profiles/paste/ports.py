"""Published ports in docker's short form."""

from __future__ import annotations

import re

from profiles.paste.record import Port

VARIABLE = r"(?:\$\{[^}]{0,200}\}|\$\([^)]{0,200}\)|\$[A-Za-z_]\w{0,80}|%\w{1,80}%|<[^<>]{0,80}>)"
ONE = rf"\d{{1,5}}(?:-\d{{1,5}})?|{VARIABLE}"
IP = rf"\[[^\]]{{0,80}}\]|\d+\.\d+\.\d+\.\d+|localhost|\*|[\da-fA-F]*:[\da-fA-F:]*:[\da-fA-F]*|{VARIABLE}"
FORM = re.compile(
    rf"(?:(?P<ip>{IP})?:(?=(?:{ONE})?:))?(?:(?P<host>{ONE})?:)?(?P<container>{ONE})(?:/(?P<protocol>tcp|udp|sctp))?"
)
LONGEST = 400
MOST = 64
"""Ports of one range that are read."""


def ports(text: str) -> list[Port]:
    """Read `[ip:][host:]container[/protocol]`, ranges too; empty when it is none."""
    found = FORM.fullmatch(text.strip().strip("\"'")) if len(text) <= LONGEST else None
    if not found:
        return []
    ip = (found["ip"] or "").strip("[]")
    protocol = found["protocol"] or "tcp"
    host, container = _range(found["host"]), _range(found["container"])
    if len(container) > 1 and len(host) == len(container):
        return [Port(ip, outer, inner or 0, protocol) for outer, inner in zip(host, container, strict=True)]
    if len(container) > 1 and host == [None]:
        return [Port(ip, None, inner or 0, protocol) for inner in container]
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
