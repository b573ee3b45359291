"""The one line of a failed boot that says why: seldom the last."""

from __future__ import annotations

import re
from collections.abc import Sequence

ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PREFIX = re.compile(r"^(?:\([\w. ]+?(?: pid=\d+)?\) ?)?(?:(?:ERROR|CRITICAL) [\d-]+ [\d:.,]+ \[[^\]]*\] ?)?")
EXCEPTION = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Expired|Timeout)\b")
NO_CAUSE = re.compile(
    r"Engine core initialization failed|See root cause above|Engine process failed to start|EngineDeadError"
)
REFUSED = re.compile(r"(?:^|\s)error: ", re.IGNORECASE)
LAST_RESORT = re.compile(r"\b(?:error|fatal|failed|cannot|no such|not found|denied|killed)\b", re.IGNORECASE)
LONGEST = 600


def cause_line(lines: Sequence[str]) -> str:
    """Give the line that names the cause: the first traceback's own exception, a refused option, else the last complaint.

    Empty when the log says nothing at all.
    """
    clean = [PREFIX.sub("", ANSI.sub("", line).rstrip()) for line in lines]
    for at, line in enumerate(clean):
        if EXCEPTION.match(line) and not NO_CAUSE.search(line):
            return _whole(clean, at)
        if "validation error" in line and " for " in line:
            return _whole(clean, at)
    for pattern in (REFUSED, LAST_RESORT):
        for line in reversed(clean):
            if pattern.search(line) and not NO_CAUSE.search(line):
                return line.strip()[:LONGEST]
    return next((line.strip()[:LONGEST] for line in reversed(clean) if line.strip()), "")


def _whole(clean: Sequence[str], at: int) -> str:
    # pydantic says what is wrong on the next lines: "  Value error, …", or the field and then "  Input should be …".
    if "validation error" in clean[at]:
        said = [_short(line) for line in clean[at + 1 : at + 3] if line.strip()]
        if said:
            return (said[0] if " " in said[0] else ": ".join(said))[:LONGEST]
    return clean[at].strip()[:LONGEST]


def _short(line: str) -> str:
    return line.strip().partition(" [type=" if "error, " in line else ", input_type=")[0]
