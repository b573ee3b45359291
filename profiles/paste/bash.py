"""Reading a line as bash does, with what people mean where bash would take them at their word (backslashes of Windows paths)."""

from __future__ import annotations

import re

from profiles import shell_line

DRIVE = r"(?<![\w/$\\])[A-Za-z]:\\[^\s\"'|&;<>`]*|(?<![\w/$\\])\\\\[A-Za-z][\w.$-]*\\[^\s\"'|&;<>`]*"
PATHS = re.compile(rf"'[^'\n]*'|({DRIVE})")
BLANK = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|(<[A-Za-z][\w .:/-]{0,60}>)(?!>)")
TOKEN = re.compile(r"\\.|['\"]|(?<![^\s;&|(])#[^\n]*", re.DOTALL)
TEMPLATE = re.compile(r"<[A-Za-z][\w .:/-]{0,60}>")


def open_quote(line: str, inside: str = "") -> str:
    """Give the quote that is still open at the end, "" when none is."""
    line = mended(line)
    at = 0
    while found := TOKEN.search(line, at):
        token = found[0]
        at = found.start() + 1 if token[0] == "#" and inside else found.end()
        if token[0] == "\\" and inside != "'":
            continue
        mark = token[-1] if token[0] == "\\" else token[0]
        if mark in "'\"":
            inside = "" if inside == mark else (inside or mark)
    return inside


def mended(line: str) -> str:
    """Give the line with Windows paths and placeholders such as <token> written so that bash keeps them."""
    if "\\" in line:
        line = PATHS.sub(lambda found: _escaped(found) if found[1] else found[0], line)
    if "<" in line:
        line = BLANK.sub(lambda found: re.sub(r"([<> ])", r"\\\1", found[0]) if found[1] else found[0], line)
    return line


def commands(line: str, variables: dict[str, str]) -> list[list[str]]:
    """Give the line's simple commands as words, redirections left out; what it assigns stays in `variables`."""
    reader = shell_line.Reader(mended(line), variables)
    found = shell_line.living(reader.read())
    cut = [[value for word in words if not word.redirect for value in word.values] for words in found]
    return [words for words in cut if words]


def _escaped(found: re.Match[str]) -> str:
    """Write a Windows path with its backslashes doubled; one at its end stays when it holds a blank inside the path."""
    path = found[0]
    behind = found.string[found.end() : found.end() + 2]
    holds = path.endswith("\\") and behind[:1] in (" ", "\t") and behind[1:] not in ("", "-", " ")
    body = path[:-1] if holds else path
    return body.replace("\\", "\\\\").replace("$", "\\$") + ("\\" if holds else "")
