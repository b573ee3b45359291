"""Reading a line as PowerShell does: its quotes, escapes, variables and assignments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PS_VARIABLE = re.compile(r"\$(?:\{(?:env:)?([A-Za-z_]\w*)\}|env:([A-Za-z_]\w*)|([A-Za-z_]\w*))", re.IGNORECASE)
PS_ASSIGNMENT = re.compile(r"[ \t]*\$(env:)?\{?(?:env:)?([A-Za-z_]\w*)\}?[ \t]*=[ \t]*(?=[^=])", re.IGNORECASE)
REDIRECT = re.compile(r"[\d*]?>>?(?:&\d)?|<")
PS_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "0": ""}
PS_PASSING = "psnativecommandargumentpassing"
PS_LEGACY = re.compile(rf"[ \t]*\${PS_PASSING}[ \t]*=[ \t]*['\"]?Legacy\b", re.IGNORECASE)
"""Words bring their own double quotes from here on, as the program reads them."""
PS_TOKEN = re.compile(r"`.|['\"]|(?<!\S)#[^\n]*", re.DOTALL)
QUOTE = re.compile(r'(\\*)"')
MOST_EXPANDED = 200_000
"""Characters that variables may add to one line."""
LONGEST_VALUE = 20_000
Commands = list[list[str]]


@dataclass(slots=True)
class Cutter:
    """Cuts one line into commands and words; what differs between PowerShell and cmd is in the subclasses."""

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
            if self.skip:
                self.skip = False
            else:
                self.found[-1].append(self.program("".join(self.word)))
            self.word = None

    def program(self, text: str) -> str:
        """Give what the program makes of a word that the shell hands over."""
        return text

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

    def program(self, text: str) -> str:
        """Take the quotes away that a word brings for 5.1; elsewhere people write \\" and mean a double quote."""
        if self.variables.get(PS_PASSING, "").lower() == "legacy":
            return QUOTE.sub(_quote, text)
        return text.replace('\\"', '"')

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
                self._escape()
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
                self._escape()
            elif quote == '"' and char == "$":
                self._dollar()
            else:
                self.put(char)
                self.at += 1
        self.at += 1

    def _escape(self) -> None:
        char = self.line[self.at + 1 : self.at + 2]
        self.put(PS_ESCAPES.get(char, char))
        self.at += 2

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


def powershell(line: str, variables: dict[str, str]) -> Commands:
    """Give the commands of a PowerShell line; an assignment is noted in `variables`, that of `$env:X` given as `export X=…`."""
    found = PS_ASSIGNMENT.match(line)
    if PS_LEGACY.match(line):
        variables[PS_PASSING] = "legacy"
    if not found:
        return PowerShell(line, variables).read()
    first, *others = PowerShell(line[found.end() :], variables).read() or [[]]
    value = " ".join(first)[:LONGEST_VALUE]
    variables[found[2].lower()] = value
    return [["export", f"{found[2]}={value}"], *others] if found[1] else others


def powershell_open(line: str, inside: str = "") -> str:
    """Give the quote that is still open at the end, "" when none is."""
    at = 0
    while found := PS_TOKEN.search(line, at):
        mark = found[0]
        at = found.start() + 1 if inside and mark[0] == "#" else found.end()
        if mark[0] == "`" and inside != "'":
            continue
        mark = mark[-1] if mark[0] == "`" else mark[0]
        if mark in "'\"":
            inside = "" if inside == mark else (inside or mark)
    return inside


def _quote(found: re.Match[str]) -> str:
    count = len(found[1])
    return "\\" * (count // 2) + ('"' if count % 2 else "")


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
