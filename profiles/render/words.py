"""One word of a command, quoted so that bash, PowerShell or cmd hands it to docker unchanged."""

from __future__ import annotations

import re
import shlex

from profiles.paste.clean import DASHES, INVISIBLE, QUOTES, cleaned

BASH_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
POWERSHELL_PLAIN = re.compile(r"(?!--%)[\w./=+%!:\\-]+(?<![:\\])", re.ASCII)
"""Words that PowerShell takes as they stand; one that starts with a dash must hold no dot and no colon (it would be cut there)."""
POWERSHELL_CUT = re.compile(r"-[^.:]*[.:]")
POWERSHELL_ESCAPES = {
    "\n": "`n", "\r": "`r", "\t": "`t", "\a": "`a", "\b": "`b", "\f": "`f", "\v": "`v",
    "`": "``", "$": "`$", '"': '`"', "“": "`“", "”": "`”", "„": "`„",
}  # fmt: skip
"""Escapes inside double quotes (about_Special_Characters); PowerShell takes curly quotes for quotes."""
POWERSHELL_SINGLE = re.compile("(['‘’‚‛])")
CMD_PLAIN = re.compile(r"(?![\\`]$)[\w./=+:@,\\~{}\[\]$#*?`-]+")
"""Words without a blank, and without what cmd itself reads; a mark alone would look as if the line went on."""
CMD_READS = re.compile(r"[%^&|<>()]")
"""What cmd reads outside quotes, and the percent sign, which it reads everywhere."""
CMD_BREAKS = re.compile(r"\r\n|[\r\n]")


def bash(word: str) -> str:
    """Quote for bash: plain where it can be, single quotes, or $'…' where breaks, tabs and single quotes stand in it."""
    if not _wants_escapes(word):
        return shlex.quote(word)
    return "$'" + "".join(_bash_escaped(char) for char in word) + "'"


def needs_legacy(word: str) -> bool:
    """Say whether PowerShell versions disagree on a word: double quotes, nothing at all, blanks in front of a last backslash.

    Windows PowerShell 5.1 passes such words broken; 7.3 and later pass them as they are (about_Parsing).
    """
    return not word or '"' in word or (word.endswith("\\") and re.search(r"\s", word) is not None)


def powershell(word: str, legacy: bool = False) -> str:
    """Quote for PowerShell; `legacy`: it passes arguments as 5.1 does, so that words that it would break bring their own quotes."""
    if legacy and needs_legacy(word):
        word = for_program(word)
    if POWERSHELL_PLAIN.fullmatch(word) and not POWERSHELL_CUT.match(word):
        return word
    if any(ord(char) < 32 for char in word):
        return '"' + "".join(POWERSHELL_ESCAPES.get(char, char) for char in word) + '"'
    return "'" + POWERSHELL_SINGLE.sub(r"\1\1", word) + "'"


def cmd(word: str) -> str:
    """Quote for cmd's prompt; a line break, which cmd cannot carry, becomes a blank."""
    word = CMD_BREAKS.sub(" ", word)
    if CMD_PLAIN.fullmatch(word):
        return word
    quotes = word.count('"')
    # cmd counts every double quote, escaped or not: an odd one would keep the rest of the line in quotes, its last caret too.
    if "%" not in word and not quotes % 2 and not (quotes and CMD_READS.search(word)):
        return for_program(word)
    return _outside(word)


def for_program(word: str) -> str:
    """Quote as every Windows program reads its command line: backslashes in front of a double quote are doubled."""
    return '"' + re.sub(r'(\\*)"', r'\1\1\\"', re.sub(r"(\\+)$", r"\1\1", word)) + '"'


def _outside(word: str) -> str:
    """Quote for the program with no more than the blanks in quotes: what cmd reads stands outside, where a caret escapes it."""
    parts = re.findall(r"[ \t']+|[^ \t']+", word)
    done = []
    for at, part in enumerate(parts):
        if part[0] in " \t'":
            done.append(f'"{part}"')
            continue
        last = at + 1 == len(parts)
        text = part if last else re.sub(r"(\\+)$", r"\1\1", part)
        done.append(re.sub(r'(\\*)"', r'\1\1\\^"', CMD_READS.sub(r"^\g<0>", text)))
    return "".join(done)


def _wants_escapes(word: str) -> bool:
    return "'" in word or any(ord(char) < 32 or ord(char) == 127 for char in word) or _is_fragile(word)


def _is_fragile(word: str) -> bool:
    """Say whether word processors' characters stand in it, which a reader of pasted text mends."""
    return not word.isascii() and cleaned(f"--x {word}")[0] != f"--x {word}"


def _bash_escaped(char: str) -> str:
    if char in BASH_ESCAPES:
        return BASH_ESCAPES[char]
    mended = ord(char) in QUOTES or char in DASHES or INVISIBLE.match(char) or cleaned(f"--x{char}")[0] != f"--x{char}"
    if char == "'" or ord(char) < 32 or ord(char) == 127 or (not char.isascii() and mended):
        return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    return char
