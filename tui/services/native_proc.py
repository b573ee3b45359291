"""Reading /proc: what a process is, whose it is, where it listens and where it writes; what may not be read is absent."""

from __future__ import annotations

import contextlib
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTEN = "0A"
LONGEST = 1 << 20
"""Bytes of a command line or an environment that are read."""
CONTAINER = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""How the engines name a container in its control group."""
UNIT = re.compile(r"/([^/\n]+\.service)(?:/|$)", re.MULTILINE)
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Stat:
    """Whose child a process is, and when it began, in ticks since the machine started."""

    parent: int
    start: int


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that waits for callers."""

    inode: int
    address: str
    port: int
    owner: int
    """The user's number."""


class Proc:
    """The processes of this machine.

    Args:
        root: Where the kernel shows them.
    """

    def __init__(self, root: Path = Path("/proc")) -> None:
        self._root = str(root)

    def pids(self) -> list[int]:
        """All that are shown to us."""
        try:
            return [int(name) for name in os.listdir(self._root) if name.isdigit()]  # noqa: PTH208
        except OSError:
            return []

    def stat(self, pid: int) -> Stat | None:
        """Give parent and start; None when it is gone."""
        # The name in brackets may hold brackets and blanks of its own: what counts stands behind the last one.
        words = self._text(pid, "stat").rpartition(")")[2].split()
        try:
            return Stat(int(words[1]), int(words[19]))
        except (IndexError, ValueError):
            return None

    def argv(self, pid: int) -> tuple[str, ...]:
        """Give the command line; empty for the kernel's own, and for what has ended."""
        text = self._text(pid, "cmdline")
        return tuple(text.removesuffix("\0").split("\0")) if text else ()

    def name(self, pid: int) -> str:
        """Give what the kernel calls it, at most 15 characters."""
        return self._text(pid, "comm").strip()

    def environ(self, pid: int) -> dict[str, str]:
        """Give the environment it was started with; empty when we may not know."""
        pairs = (entry.partition("=") for entry in self._text(pid, "environ").split("\0"))
        return {name: value for name, _sign, value in pairs if name}

    def began(self, stat: Stat) -> float:
        """Say when a process began, seconds since the epoch."""
        found = re.search(r"^btime (\d+)$", self._text("", "stat"), re.MULTILINE)
        return (float(found[1]) if found else 0.0) + stat.start / TICKS

    def contained(self, pid: int) -> bool:
        """Whether it runs in a container that we do not run in ourselves."""
        nested = re.search(r"^NSpid:\s+\d+\s+\d", self._text(pid, "status"), re.MULTILINE)
        ours = set(CONTAINER.findall(self._text("self", "cgroup")))
        return bool(nested) or bool(set(CONTAINER.findall(self._text(pid, "cgroup"))) - ours)

    def unit(self, pid: int) -> str:
        """Name the systemd unit it belongs to; "" when it belongs to none."""
        found = UNIT.findall(self._text(pid, "cgroup"))
        return found[-1] if found and not found[-1].startswith("user@") else ""

    def owner(self, pid: int) -> int | None:
        """Give the number of the user it runs as."""
        try:
            return Path(self._root, str(pid)).stat().st_uid
        except OSError:
            return None

    def output(self, pid: int, number: int) -> str | None:
        """Say where it writes (1: output, 2: errors), as the kernel names it; None when we may not know."""
        try:
            return str(Path(self.output_path(pid, number)).readlink())
        except OSError:
            return None

    def output_path(self, pid: int, number: int) -> str:
        """Give the path by which what it writes to is opened, wherever it was moved to."""
        return f"{self._root}/{pid}/fd/{number}"

    def sockets(self, pid: int) -> set[int] | None:
        """Give the numbers of the sockets it holds; None when we may not know."""
        folder = f"{self._root}/{pid}/fd"
        found: set[int] = set()
        try:
            names = os.listdir(folder)  # noqa: PTH208
        except OSError:
            return None
        for name in names:
            with contextlib.suppress(OSError):
                link = os.readlink(f"{folder}/{name}")  # noqa: PTH115
                if link.startswith("socket:[") and link[8:-1].isdigit():
                    found.add(int(link[8:-1]))
        return found

    def listeners(self, pid: int | str) -> list[Listener]:
        """Give all sockets that wait for callers in the network that a process sees."""
        lines = (line for table in ("net/tcp", "net/tcp6") for line in self._text(pid, table).splitlines()[1:])
        return [found for line in lines if (found := _listener(line)) is not None]

    def same_network(self, pid: int) -> bool:
        """Whether its loopback is ours, as far as we may know."""
        try:
            theirs, ours = (Path(self._root, str(one), "ns/net").readlink() for one in (pid, "self"))
        except OSError:
            return True
        return theirs == ours

    def below(self, pid: int) -> list[int]:
        """Give a process and all that descend from it."""
        children: dict[int, list[int]] = {}
        for one in self.pids():
            if (stat := self.stat(one)) is not None:
                children.setdefault(stat.parent, []).append(one)
        return list(_walk(pid, children))

    def _text(self, pid: int | str, name: str) -> str:
        try:
            with open(f"{self._root}/{pid}/{name}", "rb") as file:  # noqa: PTH123 - many, and each must be quick
                return file.read(LONGEST).decode("utf-8", "replace")
        except OSError:
            return ""


def _walk(pid: int, children: dict[int, list[int]]) -> Iterator[int]:
    waiting, seen = [pid], set[int]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            yield one
            waiting += children.get(one, [])


def _listener(line: str) -> Listener | None:
    words = line.split()
    try:
        if words[3] != LISTEN:
            return None
        address, _colon, port = words[1].partition(":")
        return Listener(int(words[9]), _address(address), int(port, 16), int(words[7]))
    except (IndexError, ValueError, OSError):
        return None


def _address(text: str) -> str:
    """Read an address as the kernel writes it: words of four bytes in the machine's own order."""
    raw = bytes.fromhex(text)
    raw = b"".join(raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)
