"""Reads a log, of any length and once, and says why the server failed; the one door to this folder."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tui.insight.causes.course import Reader
from tui.insight.causes.facts import Facts
from tui.insight.causes.fixes import fixes
from tui.insight.causes.judge import judge
from tui.insight.causes.marks import PLAIN, begins, frame_needles
from tui.insight.causes.prepare import prepare
from tui.insight.causes.records import Diagnosis, State
from tui.insight.causes.scan import Scanner, chunks
from tui.insight.causes.table import signs
from tui.insight.causes.words import detail, quoted, title


def diagnose(blocks: Iterable[bytes], state: State | None = None) -> Diagnosis | None:
    """Give the root cause of the newest failure, None when nothing failed.

    Args:
        blocks: The log, in pieces of any size; or what `docker run` wrote on its standard error.
        state: What the engine says of the container, where it is known; its own error is read like a log.
    """
    scanner, reader = Scanner(PLAIN, signs(), begins(), frame_needles()), Reader()
    for block in blocks:
        reader.read_all(scanner.feed(block), scanner)
    reader.read_all(scanner.finish(), scanner)
    course = reader.course
    facts = Facts(course.facts)
    if state is not None and state.error and not course.all():
        return _of_engine(state)
    answer = judge(course, state, scanner.lines)
    if answer is None:
        return None
    answer = prepare(answer, facts)
    return replace(answer, fixes=fixes(answer, facts))


def diagnose_bytes(log: bytes, state: State | None = None) -> Diagnosis | None:
    """Do the same for a log that is at hand as a whole."""
    return diagnose(chunks(io.BytesIO(log).read), state)


def _of_engine(state: State) -> Diagnosis | None:
    """Read the engine's own error in place of a log; it stands on no line of it."""
    said = f"docker: Error response from daemon: {state.error}\n".encode()
    found = diagnose_bytes(said, replace(state, error=""))
    return replace(found, line=None) if found is not None else None


def as_record(found: Diagnosis | None) -> dict[str, Any]:
    """Write a diagnosis as JSON, with the words of the user's language."""
    if found is None:
        return {"cause": None, "title": "", "line": None, "detail": "", "fix": {}}
    words = quoted(found)
    return {
        "cause": found.cause,
        "title": title(found),
        "line": found.line,
        "detail": " ".join(filter(None, (detail(found), words))),
        "fix": found.fixes[0].as_record() if found.fixes else {},
        "fixes": [one.as_record() for one in found.fixes],
        "also_seen": list(found.also),
    }
