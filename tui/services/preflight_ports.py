"""Who holds a port of this machine, and which one is free."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from gettext import gettext as _

from tui.services.engine import Container
from tui.services.native_proc import Proc

EVERYWHERE = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104
FARTHEST = 100
"""How many ports above the wanted one are tried."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def holder(port: int, bind: str, containers: Iterable[Container], local: bool, proc: Proc | None = None) -> str | None:
    """Say who holds a port: a container by name, a process where we may see it, else "another process"; None when it is free.

    Args:
        port: The port.
        bind: The address it is wanted on.
        containers: What the engine's list says; each names its published ports.
        local: The engine binds ports of this machine, so that this machine can be looked at.
        proc: The processes of this machine.
    """
    for container in containers:
        if any(_clashes(one.address, bind) for one in container.ports if one.public == port and one.protocol == "tcp"):
            return _("container {name}").format(name=container.name)
    if not local or can_bind(port, bind):
        return None
    return _process(port, proc or Proc()) or _("another process")


def next_free(port: int, bind: str, containers: Iterable[Container], local: bool) -> int | None:
    """Give the next port above that nobody holds."""
    rows = list(containers)
    for candidate in range(port + 1, min(65536, port + FARTHEST)):
        taken = any(one.public == candidate for row in rows for one in row.ports)
        if not taken and (not local or can_bind(candidate, bind)):
            return candidate
    return None


def can_bind(port: int, bind: str) -> bool:
    """Try to listen there for a moment; an address that this machine does not have counts as free (the engine will say)."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("" if bind in EVERYWHERE else bind, port))
        except PermissionError:
            return not _listens(port)  # a port below 1024: the engine may, we may not
        except OSError as error:
            return error.errno not in (98, 48)  # EADDRINUSE on Linux, macOS
    return True


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def _clashes(held: str, wanted: str) -> bool:
    if held in EVERYWHERE or wanted in EVERYWHERE or held == wanted:
        return True
    return held in LOOPBACK and wanted in LOOPBACK


def _process(port: int, proc: Proc) -> str | None:
    """Name the process that listens, by the socket's inode; None where we may not see it."""
    sockets = {one.inode for one in proc.listeners("self") if one.port == port}
    for pid in proc.pids() if sockets else ():
        if sockets & (proc.sockets(pid) or set()):
            return _("process {name} ({pid})").format(name=proc.name(pid), pid=pid)
    return None
