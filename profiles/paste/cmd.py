"""Reading a line as cmd does, and then as the program it calls: carets, quotes, backslashes, `set`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from profiles.paste.windows import LONGEST_VALUE, QUOTE, Commands, Cutter

CMD_SET = re.compile(r"[ \t]*@?(?:set|setx)[ \t]+(?:/[A-Za-z][ \t]+)?(\"?)([A-Za-z_]\w*)(?:=|[ \t]+)", re.IGNORECASE)
CMD_VARIABLE = re.compile(r"%([A-Za-z_]\w*)%|!([A-Za-z_]\w*)!")
CMD_COMMENT = re.compile(r"[ \t]*@?(?:rem\b|::)", re.IGNORECASE)
SLASHES = re.compile(r'(\\+)("?)')
DRIVE = re.compile(r"[A-Za-z]:\\|\\\\")


@dataclass(slots=True)
class Cmd(Cutter):
    """cmd: carets escape, double quotes hold blanks, %variables%; single quotes are taken as quotes too, as people mean them."""

    def read(self) -> Commands:
        """Give the commands' words."""
        self.line, live = _without_carets(self.line)
        line = self.line
        inside = ""
        while self.at < len(line):
            char = line[self.at]
            if found := SLASHES.match(line, self.at):
                self._slashes(found, inside)
            elif inside:
                self.put("" if char == inside else char)
                inside = "" if char == inside else inside
                self.at += 1
            elif char == '"' or (char == "'" and self.word is None and "'" in line[self.at + 1 :]):
                inside = char
                self.put("")
                self.at += 1
            elif char in " \t\n":
                self.end_word()
                self.at += 1
            elif char in "&|" and live[self.at]:
                self.end_command()
                self.at += 2 if line.startswith(("&&", "||"), self.at) else 1
            elif not (live[self.at] and self.redirect()):
                self.put(char)
                self.at += 1
        self.end_command()
        return [words for words in self.found if words]

    def _slashes(self, found: re.Match[str], inside: str) -> None:
        """Take backslashes: in front of a double quote two are one, and an odd one makes the quote a plain character."""
        count, quote = len(found[1]), found[2]
        halved = bool(quote) and not (count % 2 and self._ends_path(inside))
        self.put("\\" * (count // 2 if halved else count) + ('"' if halved and count % 2 else ""))
        self.at = found.end() if halved and count % 2 else found.end(1)

    def _ends_path(self, inside: str) -> bool:
        """Say whether the backslash before a quote is a folder's end (`"D:\\models\\":/x`) and not an escape."""
        return inside == '"' and bool(DRIVE.match("".join(self.word or ())))


def cmd(line: str, variables: dict[str, str]) -> Commands:
    """Give the commands of a cmd line; `set X=…` is noted in `variables` and given as `export X=…`."""
    found: Commands = []
    rest = line
    while rest.strip() and not CMD_COMMENT.match(rest):
        rest = rest.lstrip().removeprefix("@")
        mark = CMD_SET.match(rest)
        if not mark:
            return found + Cmd(_expanded(rest, variables), variables).read()
        value, rest = _set_value(rest[mark.end() :], bool(mark[1]))
        value = _expanded(value, variables).strip()[:LONGEST_VALUE]
        variables[mark[2].lower()] = value
        found.append(["export", f"{mark[2]}={value}"])
    return found


def _set_value(text: str, quoted: bool) -> tuple[str, str]:
    """Give what `set X=` assigns, and what follows on the line."""
    end = text.find('"') if quoted else text.find("&")
    if end < 0:
        return text, ""
    return text[:end], text[end:].lstrip('" \t&')


def cmd_open(line: str, inside: str = "") -> str:
    """Give the quote that is still open at the end, "" when none is."""
    quotes = sum(len(found[1]) % 2 == 0 for found in QUOTE.finditer(_without_carets(line)[0]))
    return '"' if (quotes + bool(inside)) % 2 and not re.search(r'\\":', line) else ""


def _without_carets(line: str) -> tuple[str, list[bool]]:
    """Give a line as cmd hands it on, and of each character whether cmd would take it for one of its own signs."""
    chars: list[str] = []
    live: list[bool] = []
    quoted = False
    at = 0
    while at < len(line):
        char = line[at]
        escaped = char == "^" and not quoted
        if escaped:
            at += 1
            char = line[at : at + 1]
        elif char == '"':
            quoted = not quoted
        if char:
            chars.append(char)
            live.append(not quoted and not escaped)
        at += 1
    return "".join(chars), live


def _expanded(text: str, variables: dict[str, str]) -> str:
    cutter = Cutter(text, variables)
    return CMD_VARIABLE.sub(lambda found: cutter.known(found[1] or found[2], found[0]), text)
