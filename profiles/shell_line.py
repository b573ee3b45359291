"""Reading a shell line without running it: its simple commands, their words, and where each word stands in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BARE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
"""A variable without quotes around it, whose value the shell cuts into words."""
ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)", re.DOTALL)
REDIRECT = re.compile(r"\d*(?:&>>?|>>|>\||>&|<<<|<<-?|<&|<>|>|<)|&>>?")
SEPARATOR = re.compile(r"&&|\|\||\|&|;;|[;|&\n(){}]")

ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
"""A text in which backslashes stand for characters."""
ESCAPED = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|[uU]([0-9a-fA-F]{1,8})|([0-7]{1,3})|(.))|[^\\]+|\\", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "E": "\x1b"}

OPENING = frozenset({"if", "while", "until", "for", "case"})
CLOSING = frozenset({"fi", "done", "esac"})
MOST_EXPANDED = 200_000
"""Characters that variables may add to one line: `A=$A$A`, again and again, is not followed further."""
RESERVED = OPENING | CLOSING | {"then", "elif", "else", "do", "!", "{"}
NEVER = frozenset({("if", "false"), ("elif", "false"), ("while", "false"), ("until", "true"), ("until", ":")})
"""Conditions that never hold."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word: what the shell makes of it, and the span it has in the line."""

    values: tuple[str, ...]
    """One text; as many as there are arguments for `"$@"`, as many as there are words in an unquoted `$OPTIONS`."""
    start: int
    end: int
    redirect: bool = False
    """It is a redirection or its target, not an argument."""

    @property
    def text(self) -> str:
        """Give the word as one text."""
        return " ".join(self.values)


@dataclass(slots=True)
class Reader:
    """Reads one line from left to right; what the line assigns counts from there on."""

    line: str
    variables: dict[str, str]
    arguments: tuple[str, ...] = ()
    """What `$0 $1 …` are: the words after the script in `sh -c SCRIPT $0 $1`."""
    at: int = 0
    commands: list[list[Word]] = field(default_factory=lambda: [[]])
    expanded: int = 0
    documents: list[str] = field(default_factory=list)
    """The ends of the here-documents that the next line begins."""

    def read(self) -> list[list[Word]]:
        """Give the simple commands, empty ones left out."""
        while self.at < len(self.line):
            self._step()
        self._close()
        return [words for words in self.commands if words]

    def _step(self) -> None:
        line, at = self.line, self.at
        if line[at] in " \t\r":
            self.at += 1
        elif line.startswith(("\\\n", "\\\r\n"), at):
            self.at = line.index("\n", at) + 1
        elif line[at] == "#":
            end = line.find("\n", at)
            self.at = len(line) if end < 0 else end
        elif found := REDIRECT.match(line, at):
            self._redirect(found.end())
        elif line[at] == "\n" and self.documents:
            self._close()
            self.at = _behind(line, at, self.documents.pop(0))
        elif line[at] == "{" and not line.startswith(("{ ", "{\n", "{\t"), at):
            self._word()  # a brace that opens a group has a blank behind it; a JSON value does not
        elif found := SEPARATOR.match(line, at):
            self._close()
            self.at = found.end()
        else:
            self._word()

    def _close(self) -> None:
        for word in self.commands[-1]:
            found = ASSIGNMENT.fullmatch(word.text)
            if found:
                self.variables[found[1]] = found[2] if len(found[2]) <= MOST_EXPANDED // 10 else ""
            elif word.text not in ("export", "declare", "readonly", "local", "set", "-a", "-x"):
                break
        self.commands.append([])

    def _redirect(self, end: int) -> None:
        start = self.at
        self.commands[-1].append(Word((self.line[start:end],), start, end, redirect=True))
        while end < len(self.line) and self.line[end] in " \t":
            end += 1
        self.at = end
        if end < len(self.line) and not SEPARATOR.match(self.line, end):
            self._word(redirect=True)
            if self.line[start:end].strip() in ("<<", "<<-"):
                self.documents.append(self.commands[-1][-1].text)

    def _word(self, redirect: bool = False) -> None:
        start = self.at
        parts: list[str] = []
        spread: tuple[str, ...] | None = None
        for part, arguments in self._parts():
            parts.append(part)
            spread = arguments if arguments is not None else spread
        raw = self.line[start : self.at]
        values: tuple[str, ...] = ("".join(parts),)
        if spread is not None and raw in ('"$@"', "$@", "$*", '"${@}"'):
            values = spread
        elif (found := BARE.fullmatch(raw)) and found[1] in self.variables:
            values = tuple(self.variables[found[1]].split())
        self.commands[-1].append(Word(values, start, self.at, redirect))

    def _parts(self) -> Iterator[tuple[str, tuple[str, ...] | None]]:
        line = self.line
        while self.at < len(line):
            char = line[self.at]
            if char == "'":
                end = line.find("'", self.at + 1)
                end = len(line) if end < 0 else end
                yield line[self.at + 1 : end], None
                self.at = end + 1
            elif char == "$" and (found := ANSI.match(line, self.at)):
                self.at = found.end()
                yield unescaped(found[1]), None
            elif char == '"':
                self.at += 1
                yield from self._double()
            elif char == "\\":
                yield line[self.at + 1 : self.at + 2].replace("\n", ""), None
                self.at += 2
            elif char in ("$", "`"):
                yield self._dollar()
            elif char in " \t\r\n;|&<>()":
                return
            else:
                yield char, None
                self.at += 1
        self.at = min(self.at, len(line))

    def _double(self) -> Iterator[tuple[str, tuple[str, ...] | None]]:
        line = self.line
        while self.at < len(line) and line[self.at] != '"':
            char = line[self.at]
            if char == "\\" and line[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`", "\n"):
                yield line[self.at + 1].replace("\n", ""), None
                self.at += 2
            elif char in "$`":
                yield self._dollar()
            else:
                yield char, None
                self.at += 1
        self.at += 1

    def _dollar(self) -> tuple[str, tuple[str, ...] | None]:
        line, at = self.line, self.at
        if line[at] == "`":
            self.at = _until(line, at + 1, "`")
            return line[at : self.at], None
        if line.startswith("$(", at):
            self.at = _balanced(line, at + 1)
            return line[at : self.at], None
        if line.startswith("${", at):
            self.at = _until(line, at + 2, "}")
            return self._value(line[at + 2 : self.at - 1], line[at : self.at])
        found = NAME.match(line, at + 1)
        name = found[0] if found else line[at + 1 : at + 2]
        self.at = at + 1 + len(name)
        return self._value(name, line[at : self.at])

    def _value(self, inside: str, raw: str) -> tuple[str, tuple[str, ...] | None]:
        if inside in ("@", "*"):
            rest = self.arguments[1:]
            return " ".join(rest), rest
        if inside.isdecimal() and len(inside) < 5 and int(inside) < len(self.arguments):
            return self.arguments[int(inside)], None
        found = NAME.match(inside)
        if not found:
            return raw, None
        value = self._known(found[0])
        rest_of = inside[found.end() :]
        if rest_of.startswith((":-", "-", ":=", "=")):
            return (value if value is not None else rest_of.lstrip(":").lstrip("-="), None)
        return (value if value is not None and not rest_of else raw), None

    def _known(self, name: str) -> str | None:
        """Give a variable's value, as long as the line has not grown beyond measure."""
        value = self.variables.get(name)
        self.expanded += len(value or "")
        return value if self.expanded <= MOST_EXPANDED else None


def commands(line: str, environ: Mapping[str, str] | None = None, arguments: tuple[str, ...] = ()) -> list[list[Word]]:
    """Cut a shell line into its simple commands; unknown variables stay as they are written."""
    return Reader(line, dict(environ or {}), arguments).read()


def living(found: list[list[Word]]) -> list[list[Word]]:
    """Leave out the commands behind a condition that never holds (`if false; then …`)."""
    kept: list[list[Word]] = []
    depth, dead = 0, 0
    for words in found:
        marks = list(takewhile(RESERVED.__contains__, (word.text for word in words)))
        rest = [word.text for word in words[len(marks) :]]
        depth += len(OPENING.intersection(marks))
        if dead and dead == depth and {"elif", "else"}.intersection(marks[:1]):
            dead = 0
        if not dead and (*marks[-1:], *rest) in NEVER:
            dead = depth
        if not dead:
            kept.append(words)
        if marks[:1] and marks[0] in CLOSING:
            dead = 0 if dead == depth else dead
            depth -= 1
    return kept


def unescaped(text: str) -> str:
    """Give what stands in `$'…'`: `\\n`, `\\t`, and characters by their numbers (Bash manual, "ANSI-C Quoting")."""
    found = bytearray()
    for part in ESCAPED.finditer(text):
        byte, point, octal, char = part.groups()
        if byte or octal:
            found.append(int(byte, 16) if byte else int(octal, 8) & 255)
        elif point and int(point, 16) < 0x110000:
            found += chr(int(point, 16)).encode("utf-8", "replace")
        else:
            found += (ESCAPES.get(char, char) if char else part[0]).encode("utf-8", "replace")
    return found.decode("utf-8", "replace")


def _behind(line: str, at: int, end: str) -> int:
    """Give the place behind a here-document that begins after `at` and ends with a line `end`."""
    found = re.compile(rf"^\t*{re.escape(end)}$", re.MULTILINE).search(line, at)
    return len(line) if found is None else found.end()


def _until(line: str, at: int, end: str) -> int:
    found = line.find(end, at)
    return len(line) if found < 0 else found + 1


def _balanced(line: str, at: int) -> int:
    depth = 0
    for index in range(at, len(line)):
        depth += {"(": 1, ")": -1}.get(line[index], 0)
        if depth == 0:
            return index + 1
    return len(line)
