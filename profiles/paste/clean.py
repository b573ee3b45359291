"""Mending what word processors, chats and web pages do to a command: quotes, dashes, blanks, invisible characters."""

from __future__ import annotations

import html
import re

LONGEST = 40_000
"""Characters that are read; of a longer text, those around the first command."""
BEFORE = 8_000
"""How many of them lie before it."""
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b\n]*(?:\x07|\x1b\\)|\x1b[@-_]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\ufe0f]")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
BREAKS = re.compile(r"\r\n|\r|\x85|\u2028|\u2029")
BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
QUOTES = str.maketrans(dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‘’‚‛′＇", "'"))
DASHES = "‐‑‒–—―−﹘－"
LEADING = re.compile(rf"(?<![^\s\"'=([{{])[-{DASHES}]+(?=[A-Za-z])([A-Za-z][\w.{DASHES}-]*)?")
INNER = re.compile(rf"(?<=[A-Za-z0-9])[{DASHES}](?=[A-Za-z0-9])")
WIDE = re.compile(r"[\uff01-\uff5e]")
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
ENTITY = re.compile(r"&(?:quot|amp|lt|gt|apos|#39|#34|#x27|nbsp);")
LAUNCH = re.compile(
    r"\b(?:docker|podman|nerdctl)(?:\.exe)?\b[^\n]{0,200}?\b(?:run|create)\b|\bvllm\s+serve\b|\bapi_server\b"
    r"|^[ \t]{0,40}services[ \t]*:|^[ \t]{0,8}ExecStart[ \t]*=",
    re.MULTILINE,
)
"""Where a launch begins."""
SHORT_WORDS = frozenset({"it", "ti", "itd", "dit", "tid", "td", "dt", "di", "id", "tp", "pp", "dp", "ep"})
"""Words behind a long dash that stand for one dash and several letters."""


def cut(text: str) -> tuple[str, bool]:
    """Give the part that is read, and whether that is not the whole."""
    if len(text) <= LONGEST:
        return text, False
    found = LAUNCH.search(text)
    start = max(0, found.start() - BEFORE) if found else 0
    start = text.rfind("\n", 0, start) + 1
    return text[start : start + LONGEST], True


def cleaned(text: str) -> tuple[str, bool]:
    """Give the text as it was meant, and whether typographic characters had to be mended."""
    text = BREAKS.sub("\n", ANSI.sub("", text))
    text = CONTROL.sub("", INVISIBLE.sub("", text))
    text = BLANKS.sub(" ", text)
    if LAUNCH.search(text) and ENTITY.search(text):
        text = html.unescape(text).replace("\u00a0", " ")
    if text.isascii():
        return text, False
    mended = "\n".join(_line(line) for line in text.split("\n"))
    return mended, mended != text


def _line(line: str) -> str:
    if line.isascii():
        return line
    line = line.translate(QUOTES)
    line = re.sub(r"\S+", _narrow, line)
    line = LEADING.sub(_dash, line)
    return INNER.sub("-", line) if re.search(r"--?[A-Za-z]", line) else line


def _narrow(found: re.Match[str]) -> str:
    """Make full-width characters narrow, unless the word is Chinese."""
    word = found[0]
    if word.isascii() or CHINESE.search(word):
        return word
    return WIDE.sub(lambda one: chr(ord(one[0]) - 0xFEE0), word)


def _dash(found: re.Match[str]) -> str:
    """Write the dashes in front of a flag as they were typed: word processors make one of two."""
    word = re.sub(rf"[{DASHES}]", "-", found[1] or "")
    marks = found[0][: len(found[0]) - len(found[1] or "")]
    if marks.isascii():
        return marks + word
    single = len(marks) == 1 and (len(word) == 1 or word in SHORT_WORDS)
    return ("-" if single else "--") + word
