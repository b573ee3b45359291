"""The head of a log line: which process wrote it, how grave it is, where the message itself begins."""

from __future__ import annotations

import re
from enum import IntEnum


class Level(IntEnum):
    """How grave a line is; NONE where it does not say."""

    NONE = 0
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4
    CRITICAL = 5


LONGEST_HEAD = 255
"""Bytes; a longer head is shown as text."""

_WORDS: dict[bytes, int] = {
    b"DEBUG": Level.DEBUG,
    b"INFO": Level.INFO,
    b"WARNING": Level.WARNING,
    b"WARN": Level.WARNING,
    b"ERROR": Level.ERROR,
    b"CRITICAL": Level.CRITICAL,
    b"FATAL": Level.CRITICAL,
    b"I": Level.INFO,
    b"W": Level.WARNING,
    b"E": Level.ERROR,
    b"F": Level.CRITICAL,
}

HEAD = re.compile(
    rb"((?:\([^()\n]{1,60}pid=\d+\) )*)"  # (EngineCore pid=22) (Worker_TP0 pid=34)
    rb"(?:\[rank\d+\]:? ?)?"
    rb"(?:"
    rb"(DEBUG|INFO|WARNING|ERROR|CRITICAL|FATAL) \d\d-\d\d \d\d:\d\d:\d\d (?:\[[^\]\n]{1,120}\] ?)?"  # vLLM
    rb"|(DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)(?::[ \t]+|:(?=\w+:))"  # uvicorn, basicConfig
    rb"|\[?([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ [^\]\n]{1,120}\] ?"  # torch, glog
    rb"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[.,]?\d* (?:- [\w.]+ )?-? ?\[?(DEBUG|INFO|WARNING|ERROR|CRITICAL)\]? ?(?:- )?"
    rb")?"
)


def read_heads(lines: list[bytes]) -> tuple[bytes, bytes, list[bytes]]:
    """Read the heads of cleaned lines.

    Returns:
        The levels (one byte a line, values of `Level`), where each message starts (one byte a line), and the process
        prefix of each line (b"" where there is none).
    """
    matches = [match for match in map(HEAD.match, lines) if match is not None]  # it matches the empty text too
    ends = [match.end() for match in matches]
    get = _WORDS.get
    levels = bytearray([get(match[match.lastindex or 1], 0) for match in matches])
    processes = [match[1] for match in matches]
    if max(ends, default=0) > LONGEST_HEAD:
        for at, end in enumerate(ends):
            if end > LONGEST_HEAD:
                ends[at], levels[at], processes[at] = 0, 0, b""
    return bytes(levels), bytes(ends), processes
