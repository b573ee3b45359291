"""Ending a process: asked first, killed only when told to, and never another one that has its number by now."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from gettext import gettext as _

from tui.services.errors import ServiceError
from tui.services.native_proc import Proc

LOOK_SECONDS = 0.1

Known = tuple[int, int]
"""A process: its number, and when it began."""


def known(id_: str) -> Known:
    """Read a server's id, `pid:NUMBER:BEGAN`."""
    _pid, number, start = id_.split(":")
    return int(number), int(start)


async def end(proc: Proc, id_: str, seconds: float) -> bool:
    """Ask a process to end (SIGTERM) and wait for it; say whether it did.

    Raises:
        ServiceError: It is not ours to end.
    """
    one = known(id_)
    await asyncio.to_thread(_send, proc, one, signal.SIGTERM)
    return await _gone(proc, one, seconds)


async def kill(proc: Proc, id_: str, seconds: float) -> bool:
    """Kill a process and all that descend from it, which would go on holding their memory; say whether it is gone.

    Raises:
        ServiceError: It is not ours to end.
    """
    one = known(id_)
    await asyncio.to_thread(_kill_all, proc, one)
    return await _gone(proc, one, seconds)


def _kill_all(proc: Proc, one: Known) -> None:
    family = [(pid, stat.start) for pid in proc.below(one[0]) if (stat := proc.stat(pid)) is not None]
    if one not in family:
        return
    first, *below = family
    _send(proc, first, signal.SIGKILL)
    for child in below:
        with contextlib.suppress(ServiceError):
            _send(proc, child, signal.SIGKILL)


def _send(proc: Proc, one: Known, number: signal.Signals) -> None:
    """Send a signal to this very process: the handle is taken first, then it is looked whether it is the one."""
    try:
        handle = os.pidfd_open(one[0])
    except ProcessLookupError:
        return
    except OSError as error:
        raise ServiceError(_("Process {pid} cannot be ended").format(pid=one[0]), str(error)) from error
    try:
        stat = proc.stat(one[0])
        if stat is not None and stat.start == one[1]:
            signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise ServiceError(
            _("Process {pid} belongs to another user").format(pid=one[0]),
            mend=_("End it as that user, or start llmtui as that user."),
        ) from error
    finally:
        os.close(handle)


async def _gone(proc: Proc, one: Known, seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while await asyncio.to_thread(_runs, proc, one):  # a machine under load is slow to say it
        if loop.time() >= until:
            return False
        await asyncio.sleep(LOOK_SECONDS)
    return True


def _runs(proc: Proc, one: Known) -> bool:
    stat = proc.stat(one[0])
    return stat is not None and stat.start == one[1] and bool(proc.argv(one[0]))
