"""How this terminal draws the glyphs whose width terminals disagree about, and how fast it answers; asked once at start."""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from dataclasses import dataclass

GLYPHS = "●◐▲▸→…·█─"
"""Of ambiguous width in Unicode: one column here, two in a terminal set up for old Chinese or Japanese programs."""
SLOW_SECONDS = 0.15
"""A terminal that takes longer to answer gets the low-bandwidth drawing."""
WAIT_SECONDS = 0.1
WAIT_OVER_SSH_SECONDS = 0.6
_ANSWER = re.compile(rb"\x1b\[\??(\d+);(\d+)(?:;\d+)?R")


@dataclass(frozen=True, slots=True)
class Measured:
    """What the terminal answered."""

    ascii_needed: bool = False
    """Whether the glyphs come out wider than one column each, or not at all."""
    seconds: float | None = None
    """How long the answer took; None without an answer."""
    slow: bool = False
    typed: bytes = b""
    """What was typed meanwhile."""


def measure(environ: Mapping[str, str], glyphs: str = GLYPHS) -> Measured:
    """Ask the terminal on stdin and stdout; a terminal that does not answer costs 0.1 s, over SSH 0.6 s, and is never asked twice.

    Without glyphs it only tells how fast it is.
    """
    if environ.get("TERM", "dumb") == "dumb":
        return Measured(ascii_needed=True)
    over_ssh = bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
    try:
        before = termios.tcgetattr(0)
    except (OSError, termios.error):
        return Measured()
    try:
        tty.setcbreak(0, termios.TCSANOW)
        return _ask(glyphs, WAIT_OVER_SSH_SECONDS if over_ssh else WAIT_SECONDS)
    except (OSError, termios.error):
        return Measured()
    finally:
        termios.tcsetattr(0, termios.TCSANOW, before)


def _ask(glyphs: str, wait: float) -> Measured:
    """Write the glyphs unseen at the line's start, ask for the cursor's place, wipe the line."""
    began = time.monotonic()
    encoding = sys.stdout.encoding or "ascii"
    os.write(1, b"\r\x1b[8m" + glyphs.encode(encoding, "replace") + b"\x1b[0m\x1b[6n\r\x1b[K")
    heard = b""
    while (left := began + wait - time.monotonic()) > 0 and select.select([0], [], [], left)[0]:
        got = os.read(0, 1024)
        if not got:
            break
        heard += got
        if answer := _ANSWER.search(heard):
            seconds = time.monotonic() - began
            typed = heard[: answer.start()] + heard[answer.end() :]
            return Measured(int(answer[2]) != len(glyphs) + 1, seconds, seconds > SLOW_SECONDS, typed)
    return Measured(slow=wait == WAIT_OVER_SSH_SECONDS, typed=heard)
