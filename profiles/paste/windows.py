"""Reading a line as PowerShell and as cmd do: their quotes, escapes, variables and assignments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PS_VARIABLE = re.compile(r"\$(?:\{(?:env:)?([A-Za-z_]\w*)\}|env:([A-Za-z_]\w*)|([A-Za-z_]\w*))", re.IGNORECASE)
PS_ASSIGNMENT = re.compile(r"[ \t]*\$(env:)?\{?(?:env:)?([A-Za-z_]\w*)\}?[ \t]*=[ \t]*(?=[^=])", re.IGNORECASE)
CMD_SET = re.compile(r"[ \t]*@?(?:set|setx)[ \t]+(?:/[A-Za-z][ \t]+)?(\"?)([A-Za-z_]\w*)(?:=|[ \t]+)", re.IGNORECASE)
CMD_VARIABLE = re.compile(r"%([A-Za-z_]\w*)%|!([A-Za-z_]\w*)!")
CMD_COMMENT = re.compile(r"[ \t]*@?(?:rem\b|::)", re.IGNORECASE)
REDIRECT = re.compile(r"[\d*]?>>?(?:&\d)?|<")
DRIVE = re.compile(r"[A-Za-z]:\\|\\\\")
MOST_EXPANDED = 200_000
"""Characters that variables may add to one line."""
LONGEST_VALUE = 20_000
Commands = list[list[str]]


@dataclass(slots=True)
class Cutter:
    """Cuts one line into commands and words; what differs between the two shells is in the subclasses."""

    line: str
    variables: dict[str, str]
    at: int = 0
    word: list[str] | None = None
    skip: bool = False
    """The word being read is a redirection's target."""
    found: Commands = field(default_factory=lambda: [[]])
    expanded: int = 0

    def known(self, name: str, raw: str) -> str:
        """Give a variable's value, or its text as long as there is none or the line grows beyond measure."""
        value = self.variables.get(name.lower(), raw)
        self.expanded += len(value)
        return value if self.expanded <= MOST_EXPANDED else raw

    def end_word(self) -> None:
        """Finish the word."""
        if self.word is not None:
            text = "".join(self.word)
            if self.skip:
                self.skip = False
            else:
                self.found[-1].append(text.replace('\\"', '"') if '\\"' in text else text)
            self.word = None

    def end_command(self) -> None:
        """Finish the command."""
        self.end_word()
        self.found.append([])

    def put(self, text: str) -> None:
        """Add to the word."""
        if self.word is None:
            self.word = []
        self.word.append(text)

    def redirect(self) -> bool:
        """Step over a redirection at this place, if there is one."""
        found = REDIRECT.match(self.line, self.at) if self.word is None or self.line[self.at] in "<>" else None
        if not found:
            return False
        self.end_word()
        self.at = found.end()
        self.skip = "&" not in found[0]
        return True


@dataclass(slots=True)
class PowerShell(Cutter):
    """PowerShell: back-ticks escape, '' and "" hold quotes, $variables."""

    def read(self) -> Commands:
        """Give the commands' words."""
        line = self.line
        while self.at < len(line):
            char = line[self.at]
            if char in " \t\n":
                self.end_word()
                self.at += 1
                if char == "\n":
                    self.end_command()
            elif char == "#" and self.word is None:
                self.at = _line_end(line, self.at)
            elif char == "`":
                self.put(line[self.at + 1 : self.at + 2])
                self.at += 2
            elif char in "'\"":
                self._quoted(char)
            elif char == "$":
                self._dollar()
            elif char in ";|" or line.startswith("&&", self.at):
                self.end_command()
                self.at += 2 if line.startswith(("&&", "||"), self.at) else 1
            elif char == "&" and self.word is None:
                self.at += 1
            elif not self.redirect():
                self.put(char)
                self.at += 1
        self.end_command()
        return [words for words in self.found if words]

    def _quoted(self, quote: str) -> None:
        line = self.line
        self.put("")
        self.at += 1
        while self.at < len(line):
            char = line[self.at]
            if char == quote:
                if line[self.at + 1 : self.at + 2] != quote:
                    break
                self.put(quote)
                self.at += 2
            elif quote == '"' and char == "`":
                self.put(line[self.at + 1 : self.at + 2])
                self.at += 2
            elif quote == '"' and char == "$":
                self._dollar()
            else:
                self.put(char)
                self.at += 1
        self.at += 1

    def _dollar(self) -> None:
        line = self.line
        if line.startswith("$(", self.at):
            end = _balanced(line, self.at + 1)
            self.put(line[self.at : end])
            self.at = end
            return
        found = PS_VARIABLE.match(line, self.at)
        if not found:
            self.put("$")
            self.at += 1
            return
        name = next(one for one in found.groups() if one)
        self.put(self.known(name, found[0]))
        self.at = found.end()


@dataclass(slots=True)
class Cmd(Cutter):
    """cmd: carets escape, double quotes hold blanks, %variables%; single quotes are taken as quotes too, as people mean them."""

    def read(self) -> Commands:
        """Give the commands' words."""
        line = self.line
        inside = ""
        while self.at < len(line):
            char = line[self.at]
            if char == "\\" and line[self.at + 1 : self.at + 2] == '"' and not self._ends_path(inside):
                self.put('"')
                self.at += 2
            elif inside:
                self.put("" if char == inside else char)
                inside = "" if char == inside else inside
                self.at += 1
            elif char == '"' or (char == "'" and self.word is None and "'" in line[self.at + 1 :]):
                inside = char
                self.put("")
                self.at += 1
            elif char == "^":
                self.put(line[self.at + 1 : self.at + 2])
                self.at += 2
            elif char in " \t\n":
                self.end_word()
                self.at += 1
            elif char in "&|":
                self.end_command()
                self.at += 2 if line.startswith(("&&", "||"), self.at) else 1
            elif not self.redirect():
                self.put(char)
                self.at += 1
        self.end_command()
        return [words for words in self.found if words]

    def _ends_path(self, inside: str) -> bool:
        """Say whether the backslash before a quote is a folder's end (`"D:\\models\\":/x`) and not an escape."""
        return inside == '"' and bool(DRIVE.match("".join(self.word or ())))


def powershell(line: str, variables: dict[str, str]) -> Commands:
    """Give the commands of a PowerShell line; an assignment is noted in `variables`, that of `$env:X` given as `export X=…`."""
    found = PS_ASSIGNMENT.match(line)
    if not found:
        return PowerShell(line, variables).read()
    first, *others = PowerShell(line[found.end() :], variables).read() or [[]]
    value = " ".join(first)[:LONGEST_VALUE]
    variables[found[2].lower()] = value
    return [["export", f"{found[2]}={value}"], *others] if found[1] else others


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


def powershell_open(line: str, inside: str = "") -> str:
    """Give the quote that is still open at the end, "" when none is."""
    at = 0
    for found in re.finditer(r"`.|['\"]|(?<!\S)#[^\n]*", line, re.DOTALL):
        mark = found[0]
        at = found.end()
        if mark[0] == "`" and inside != "'":
            continue
        if mark[0] == "#" and not inside:
            continue
        mark = mark[-1] if mark[0] == "`" else mark[0]
        if mark in "'\"":
            inside = "" if inside == mark else (inside or mark)
    return inside if at >= 0 else ""


def cmd_open(line: str, inside: str = "") -> str:
    """Give the quote that is still open at the end, "" when none is."""
    return '"' if (line.count('"') - line.count('\\"') + bool(inside)) % 2 and not re.search(r'\\":', line) else ""


def _expanded(text: str, variables: dict[str, str]) -> str:
    cutter = Cutter(text, variables)
    return CMD_VARIABLE.sub(lambda found: cutter.known(found[1] or found[2], found[0]), text)


def _line_end(line: str, at: int) -> int:
    end = line.find("\n", at)
    return len(line) if end < 0 else end


def _balanced(line: str, at: int) -> int:
    depth = 0
    for index in range(at, len(line)):
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if depth == 0:
            return index + 1
    return len(line)
