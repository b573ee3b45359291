"""Which shell a text is written for, and its logical lines: continuations joined, comments between them left out, here-documents apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from profiles.paste.clean import LAUNCH

HEREDOC = re.compile(r"<<-?[ \t]*(?:\\?([A-Za-z_]\w*)|'([^'\n]+)'|\"([^\"\n]+)\")")
MARK = re.compile(r"(?:^|[ \t])[\\`^](?:[ \t]*|[ \t]+#[^\n]*(?<![\\`^'\"]))$")
"""A line that goes on, in whatever shell: the mark stands alone at its end, maybe with a comment behind it.

What ends in a quote or in a mark of its own is no comment but a value with such signs in it.
"""
CLOSE_MARK = {
    "bash": re.compile(r"(?<!\\)(?:\\\\)*\\$"),
    "powershell": re.compile(r"`[ \t]*$"),
    "cmd": re.compile(r"\^[ \t]*$"),
}
FLAG = re.compile(r"[ \t]*-{1,2}[A-Za-z]")
ASSIGNS = re.compile(r"[ \t]*(?:export[ \t]+)?\$?(?:env:)?[A-Za-z_]\w*[ \t]*=")
BLANK = re.compile(r"\s")
BEFORE_FLAG = re.compile(r"\s+-{1,2}[A-Za-z]")
MOST_JOINED = 60
"""Lines that an unclosed quote may run over."""


class Dialect(StrEnum):
    """Whose quoting rules count."""

    BASH = "bash"
    POWERSHELL = "powershell"
    CMD = "cmd"


SIGNS: tuple[tuple[Dialect, re.Pattern[str]], ...] = (
    (Dialect.BASH, re.compile(r"(?:^|[ \t])\\[ \t]*$", re.MULTILINE)),
    (Dialect.BASH, re.compile(r"^[ \t]*(?:export|source)[ \t]|^[ \t]*\$[ \t]|/bin/(?:ba)?sh", re.MULTILINE)),
    (Dialect.POWERSHELL, re.compile(r"(?:^|[ \t])`[ \t]*$", re.MULTILINE)),
    (
        Dialect.POWERSHELL,
        re.compile(
            r"\$\{?env:|^[ \t]*\$PSNative|^[ \t]*PS[ \t]+[A-Z]:\\|^[ \t]*PS>|@['\"]$", re.MULTILINE | re.IGNORECASE
        ),
    ),
    (Dialect.CMD, re.compile(r"[ \t]\^[ \t]*$", re.MULTILINE)),
    (
        Dialect.CMD,
        re.compile(
            r"%[A-Za-z_]\w*%|^[ \t]*@?(?:set|setx|rem|echo off)[ \t]+\S|^[ \t]*[A-Z]:\\[^>\n]{0,200}>",
            re.MULTILINE | re.IGNORECASE,
        ),
    ),
)
"""What tells a shell; the one with the most signs wins."""


def dialect(text: str) -> Dialect:
    """Say which shell a text is written for; bash where nothing tells."""
    counted = dict.fromkeys(Dialect, 0)
    for shell, sign in SIGNS:
        counted[shell] += min(sum(1 for _found in sign.finditer(text)), 40)
    return max(Dialect, key=lambda shell: counted[shell])


@dataclass(slots=True)
class Lines:
    """The logical lines of a text."""

    lines: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    """What stands in here-documents."""
    unclosed: bool = False
    """A quote was never closed: it ends with its line."""


OpenQuote = Callable[[str, str], str]
"""Gives the quote that is still open at the end of a text ("" when none is), given the one at its beginning."""


def logical(text: str, shell: Dialect, open_quote: OpenQuote, tight: bool = False) -> Lines:
    """Cut a text into logical lines.

    A quote that is never closed ends in front of the next flag, or with its line; `tight`: at the next blank.
    """
    found = Lines()
    source = text.split("\n")
    at = 0
    while at < len(source):
        parts, at = _joined(source, at, shell)
        line = " ".join(parts)
        quote = open_quote(line, "")
        if quote and shell is not Dialect.CMD and (LAUNCH.search(line) or ASSIGNS.match(line)):
            line, at, quote = _closed(source, line, at, shell, open_quote)
        if quote and LAUNCH.search(line):
            found.unclosed = True
            line = _mended(parts if len(parts) > 1 else [line], quote, open_quote, tight)
        found.lines.append(line)
        if shell is Dialect.BASH and (mark := HEREDOC.search(line)) and "<<<" not in line:
            end = mark[1] or mark[2] or mark[3]
            stop = next((n for n in range(at, len(source)) if source[n].strip() == end), len(source))
            found.documents.append("\n".join(source[at:stop]))
            at = stop + 1
    return found


def _goes_on(line: str, shell: Dialect) -> str | None:
    """Give a line without its mark of going on; None when it has none."""
    if mark := MARK.search(line):
        return line[: mark.start()]
    if mark := CLOSE_MARK[shell].search(line):
        return line[: mark.start()] if shell is not Dialect.BASH else line[: mark.end() - 1]
    return None


def _joined(source: list[str], at: int, shell: Dialect) -> tuple[list[str], int]:
    """Give one line and those that continue it, and where the next begins."""
    parts: list[str] = []
    launching = False
    indent = len(source[at]) - len(source[at].lstrip())
    while at < len(source):
        line = source[at]
        at += 1
        before = _goes_on(line, shell)
        part = line if before is None else before
        parts.append(part)
        launching = launching or bool(LAUNCH.search(" ".join(parts[-3:]))) if len(part) < 4000 else launching
        if before is not None:
            at = _past_comments(source, at)
            continue
        if not (launching and at < len(source) and _hangs(source, at, indent)):
            break
    return parts, at


def _past_comments(source: list[str], at: int) -> int:
    """Step over comments, and over blank lines with flags behind them, between lines that belong together."""
    start = at
    while at < len(source):
        line = source[at].strip()
        if line.startswith(("# ", "#-", "::", "REM ", "rem ", "//")) or line == "#":
            at += 1
            start = at
        elif not line:
            at += 1
        else:
            return at if FLAG.match(source[at]) else start
    return start


def _hangs(source: list[str], at: int, indent: int) -> bool:
    """Say whether a line belongs to the launch above it though no mark says so: it starts with a flag, or deeper inside."""
    line = source[at]
    if not line.strip() or line.lstrip().startswith("#"):
        return False
    if FLAG.match(line):
        return True
    return len(line) - len(line.lstrip()) > indent and not LAUNCH.search(line)


def _closed(source: list[str], line: str, at: int, shell: Dialect, open_quote: OpenQuote) -> tuple[str, int, str]:
    """Join lines until the open quote is closed; where it never is, give the line alone."""
    quote = inside = open_quote(line, "")
    for end in range(at, min(at + MOST_JOINED, len(source))):
        inside = open_quote(source[end], inside)
        if not inside:
            parts, after = _joined(source, end, shell)
            last = " ".join(parts)
            inside = open_quote(last, quote) if after > end + 1 else ""
            return "\n".join([line, *source[at:end], last]), after, inside
    return line, at, quote


def _mended(parts: list[str], quote: str, open_quote: OpenQuote, tight: bool) -> str:
    """Close the quote that was forgotten: in the first of the lines that has one open."""
    at = next((place for place, part in enumerate(parts) if open_quote(part, "")), len(parts) - 1)
    part = parts[at]
    quote = open_quote(part, "") or quote
    start = part.rfind(quote) + 1
    stop = (BLANK if tight else BEFORE_FLAG).search(part, start)
    end = stop.start() if stop else len(part.rstrip())
    line = " ".join([*parts[:at], part[:end] + quote + part[end:], *parts[at + 1 :]])
    left = open_quote(line, "")
    return line + left
