"""vLLM's arguments, one flag with its values each: cut from words, and written back as words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from profiles.flags import SEVERAL, canonical, is_flag, is_switch


@dataclass(frozen=True, slots=True)
class Piece:
    """One word on its way to becoming an argument."""

    text: str
    raw: str = ""
    """Its source in a shell line, with the blanks before it."""
    opaque: bool = False
    """A redirection."""
    spread: bool = False
    """One of several that a `"$@"` stands for; the first of them has its source."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One of vLLM's arguments with the words that give it."""

    name: str | None
    """The flag's canonical name; None for a word that stands alone."""
    values: tuple[str, ...]
    words: tuple[str, ...]
    raw: str = ""
    """Its text in a shell line, with the blanks before it; "" in an argv."""
    opaque: bool = False
    """A redirection: it is carried along and means nothing to vLLM."""
    spread: bool = False
    """It comes out of a `"$@"`, and shares its source with others."""

    @property
    def value(self) -> str | None:
        """Give the values as one text: None for a switch, quoted as in a shell where there may be several."""
        if not self.values:
            return None
        return shlex.join(self.values) if self.name in SEVERAL else self.values[0]


def several(value: str) -> list[str]:
    """Cut the value of a flag that takes several, as a shell would; JSON and an unclosed quote are one value."""
    if value.lstrip()[:1] in ("{", "["):
        return [value]
    try:
        return shlex.split(value)
    except ValueError:
        return [value]


def flag_words(name: str, value: str | None) -> tuple[str, ...]:
    """Write one flag as words; a value that looks like a flag is joined with `=`."""
    if value is None:
        return (f"--{name}",)
    if name in SEVERAL:
        return (f"--{name}", *several(value))
    return (f"--{name}={value}",) if is_flag(value) else (f"--{name}", value)


def spelled(name: str | None, value: str | None, old: Argument | None) -> tuple[str, ...]:
    """Write an argument as words, in the spelling of the one it replaces."""
    if name is None:
        return (value or "",)
    if old is None:
        return flag_words(name, value)
    spelling, equals, _rest = old.words[0].partition("=")
    if value is None:
        return (spelling,)
    if equals and name not in SEVERAL:
        return (f"{spelling}={value}",)
    return (spelling, *flag_words(name, value)[1:]) if not is_flag(value) else (f"{spelling}={value}",)


def arguments(pieces: Sequence[Piece]) -> tuple[Argument, ...]:
    """Cut words into arguments."""
    return tuple(_Split(pieces).arguments())


class _Split:
    """Cuts vLLM's words into arguments, one flag with its values each."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.at = 0

    def arguments(self) -> list[Argument]:
        found = []
        while self.at < len(self.pieces):
            found.append(self._next())
        return found

    def _next(self) -> Argument:
        first = self.pieces[self.at]
        self.at += 1
        word = first.text
        if first.opaque or not is_flag(word) or word == "--":
            return Argument(None, (word,), (word,), first.raw, first.opaque or word == "--", first.spread)
        spelling, equals, value = word.partition("=")
        name = canonical(spelling)
        if equals:
            return Argument(name, (value,), (word,), first.raw, spread=first.spread)
        taken: list[Piece] = [first]
        while self._has_value(name, len(taken) - 1):
            taken.append(self.pieces[self.at])
            self.at += 1
        words = tuple(piece.text for piece in taken)
        raw = "".join(piece.raw for piece in taken)
        return Argument(name, words[1:], words, raw, spread=any(piece.spread for piece in taken))

    def _has_value(self, name: str, taken: int) -> bool:
        if self.at >= len(self.pieces) or self.pieces[self.at].opaque:
            return False
        word = self.pieces[self.at].text
        if is_flag(word):
            return False
        if is_switch(name):
            return taken == 0 and word.lower() in ("true", "false")
        return name in SEVERAL or taken == 0
