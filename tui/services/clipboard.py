"""Copying where the terminal alone may not reach: through tmux, and to Windows from WSL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import gettext as _

from tui.services.errors import ServiceError

SECONDS = 1.5
"""How long a program may take; clip.exe needs half a second on a cold machine."""


@dataclass(frozen=True, slots=True)
class Way:
    """One program that takes text for a clipboard."""

    word: str
    """Whose program it is: tmux, Windows."""
    argv: tuple[str, ...]
    encoding: str = "utf-8"

    @property
    def place(self) -> str:
        """Where the text is then, in the user's language."""
        return _("tmux's buffer") if self.word == "tmux" else _("the Windows clipboard")


TMUX = Way("tmux", ("tmux", "load-buffer", "-w", "-"))
"""Into tmux's own buffer, and on to the terminal's clipboard where tmux is allowed to."""
TMUX_OLD = Way("tmux", ("tmux", "load-buffer", "-"))
"""For tmux before 3.2, which knows no -w."""
WINDOWS = Way("Windows", ("clip.exe",), "utf-16-le")


def ways(environ: Mapping[str, str]) -> tuple[Way, ...]:
    """Give the ways there are here besides the terminal's own (OSC 52), best first."""
    found = []
    if environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP"):
        found.append(WINDOWS)
    if environ.get("TMUX"):
        found.append(TMUX)
    return tuple(found)


async def copy(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """Copy by every way there is and say where the first that took it put the text; the terminal's own where none is left.

    Raises:
        ServiceError: There is a way, and none took the text.
    """
    there = ways(environ)
    complaints = [(way, await _given(way, text, environ)) for way in there]
    for way, complaint in complaints:
        if complaint is None:
            return way.place
    if complaints:
        way, complaint = complaints[0]
        raise ServiceError(
            _("{way} did not take the text").format(way=way.word),
            complaint or "",
            _("The terminal was asked too; if it did not take it either, save to a file."),
        )
    return _("the terminal's clipboard")


async def _given(way: Way, text: str, environ: Mapping[str, str]) -> str | None:
    """Give None when the program took the text, else what it said."""
    complaint = await _ran(way, text, environ)
    if complaint is not None and way is TMUX:
        return await _ran(TMUX_OLD, text, environ)
    return complaint


async def _ran(way: Way, text: str, environ: Mapping[str, str]) -> str | None:
    program = shutil.which(way.argv[0], path=environ.get("PATH"))
    if program is None:
        return _("{program} is not on PATH").format(program=way.argv[0])
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            program, *way.argv[1:], stdin=pipe, stdout=asyncio.subprocess.DEVNULL, stderr=pipe, env=dict(environ)
        )
    except OSError as error:
        return str(error)
    try:
        async with asyncio.timeout(SECONDS):
            _out, said = await process.communicate(text.encode(way.encoding, "replace"))
    except TimeoutError:
        return _("no answer within {seconds} s").format(seconds=SECONDS)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    return None if process.returncode == 0 else said.decode(errors="replace").strip() or str(process.returncode)
