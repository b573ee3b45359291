"""Which processes of this machine are vLLM servers outside containers, and what can be known of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from profiles.flags import API_KEY
from profiles.serve_command import ServeCommand
from tui.insight.recognise import recognised
from tui.services.native_proc import Listener, Proc

YOUNG = 3
"""Rounds in which a new process is looked at: it may still become another program."""
ALL = 12
"""Every so many rounds all processes are looked at again: a waiting script may have become a server."""
OWN_TITLE = "VLLM::"
"""What vLLM calls its processes once they have a name of their own."""
FRONT_TITLE = "vllm::apiserver"
"""What it calls those that answer over HTTP, in small letters."""
EVERYWHERE = frozenset({"0.0.0.0", "::", "::ffff:0.0.0.0"})  # noqa: S104


@dataclass(frozen=True, slots=True)
class Native:
    """One vLLM server that runs as a process of this machine."""

    pid: int
    start: int
    """When it began, in the kernel's ticks: with the pid it is unique."""
    began: float
    """Seconds since the epoch."""
    command: ServeCommand
    owner: int | None
    """The number of its user."""
    key: str | None = field(default=None, repr=False)
    url: str | None = None
    port: int | None = None
    all_interfaces: bool = False
    listening: bool = False
    """Whether its socket was seen; until then the port is what its command says."""
    unit: str = ""
    """Its systemd unit."""
    outputs: tuple[str | None, str | None] = (None, None)
    """Where its output and its errors go, as the kernel says it."""

    @property
    def id(self) -> str:
        """What tells it from every other process, also from a later one with the same number."""
        return f"pid:{self.pid}:{self.start}"


class Scan:
    """Looks for servers, round by round; what has been read once is not read again.

    Args:
        proc: The processes.
    """

    def __init__(self, proc: Proc) -> None:
        self.proc = proc
        self._ages: dict[int, int] = {}
        self._servers: dict[int, Native] = {}
        self._round = 0

    def look(self) -> list[Native]:
        """Look once more, and give every server there is, the oldest first."""
        pids = set(self.proc.pids())
        whole = self._round % ALL == 0
        self._round += 1
        self._ages = {pid: self._ages.get(pid, -1) + 1 for pid in pids}
        self._servers = {pid: one for pid, one in self._servers.items() if pid in pids and self._same(one)}
        for pid in pids - self._servers.keys():
            if whole or self._ages[pid] < YOUNG:
                self._read(pid)
        chosen = self._without_wrappers()
        for pid in chosen:
            server = self._servers[pid]
            # A boot opens sockets of its own long before the one that answers: another port than the told one may not last.
            if not server.listening or server.port != server.command.port:
                self._servers[pid] = self._placed(server)
        return sorted((self._servers[pid] for pid in chosen), key=lambda one: (one.began, one.pid))

    def _same(self, known: Native) -> bool:
        """Whether it is still the process it was, and still the same program."""
        stat, argv = self.proc.stat(known.pid), self.proc.argv(known.pid)
        renamed = bool(argv) and argv[0].startswith(OWN_TITLE)
        return stat is not None and stat.start == known.start and (renamed or argv == known.command.original)

    def _read(self, pid: int) -> None:
        argv = self.proc.argv(pid)
        if not any("vllm" in word for word in argv):
            return
        command, stat = recognised(argv), self.proc.stat(pid)
        if command is None or stat is None or command.headless or self.proc.contained(pid):
            return
        self._servers[pid] = Native(
            pid,
            stat.start,
            self.proc.began(stat),
            command,
            self.proc.owner(pid),
            key=command.api_key or self.proc.environ(pid).get(API_KEY) or None,
            unit=self.proc.unit(pid),
            outputs=(self.proc.output(pid, 1), self.proc.output(pid, 2)),
        )

    def _without_wrappers(self) -> list[int]:
        """Of a shell line and the server in it only the server counts; of a server and its forks only the first."""
        dropped: set[int] = set()
        for pid, server in self._servers.items():
            above = self._nearest_above(pid)
            if above is not None:
                twins = self._servers[above].command.original == server.command.original
                dropped.add(pid if twins else above)
        return [pid for pid in self._servers if pid not in dropped]

    def _nearest_above(self, pid: int) -> int | None:
        seen = {pid}
        stat = self.proc.stat(pid)
        while stat is not None and stat.parent > 1 and stat.parent not in seen:
            if stat.parent in self._servers:
                return stat.parent
            seen.add(stat.parent)
            stat = self.proc.stat(stat.parent)
        return None

    def _placed(self, server: Native) -> Native:
        """Say where it is reached: the socket that it or one of its children listens on, whatever its command says."""
        told = server.command.port
        found = self._listener(server)
        if not self.proc.same_network(server.pid):
            return replace(server, url=None, port=found.port if found else told, listening=found is not None)
        if found is None:
            listens = server.command.host or "0.0.0.0"  # noqa: S104
            return replace(server, url=_url(listens, told), port=told, all_interfaces=listens in EVERYWHERE)
        everywhere = found.address in EVERYWHERE
        return replace(
            server, url=_url(found.address, found.port), port=found.port, all_interfaces=everywhere, listening=True
        )

    def _listener(self, server: Native) -> Listener | None:
        """Find its socket: that of the port it was told, whoever of its processes holds it, else one of those that answer over HTTP."""
        waiting = sorted(self.proc.listeners(server.pid), key=lambda one: one.port)
        if not waiting:
            return None
        told, own = server.command.port, self.proc.sockets(server.pid)
        if own is None:  # another user's: the port that it was told to take, if that user holds it
            return next((one for one in waiting if one.port == told and one.owner == server.owner), None)
        family = self.proc.below(server.pid)
        held = {pid: own if pid == server.pid else self.proc.sockets(pid) or set() for pid in family}
        everyone = set().union(*held.values())
        fronts = set().union(*(inodes for pid, inodes in held.items() if self._answers(pid)))
        told_one = next((one for one in waiting if one.port == told and one.inode in everyone), None)
        # Its engines and their workers listen as well, for their talk among themselves.
        others = (one for inodes in (own, fronts) for one in waiting if one.inode in inodes)
        return told_one or next(others, None)

    def _answers(self, pid: int) -> bool:
        argv = self.proc.argv(pid)
        return bool(argv) and argv[0].lower().startswith(FRONT_TITLE)


def _url(address: str, port: int) -> str:
    near = {"0.0.0.0": "127.0.0.1", "::ffff:0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
    address = near.get(address, address.removeprefix("::ffff:") if "." in address else address)
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"
