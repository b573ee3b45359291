"""vLLM's arguments, one flag with its values each: cut from words, and written back as words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from profiles.flags import SEVERAL, canonical, is_flag, is_switch

Piece = tuple[str, tuple[str, ...], str, bool]
"""A word: its text, its values (several for `"$@"`), its source in a shell line, and whether it is a redirection."""


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

    @property
    def value(self) -> str | None:
        """Give the values as one text: None for a switch, quoted as in a shell where there may be several."""
        if not self.values:
            return None
        return shlex.join(self.values) if self.name in SEVERAL else self.values[0]


def flag_words(name: str, value: str | None) -> tuple[str, ...]:
    """Write one flag as words; a value that looks like a flag is joined with `=`."""
    if value is None:
        return (f"--{name}",)
    if name in SEVERAL:
        return (f"--{name}", *shlex.split(value))
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
        self.pieces: list[Piece] = []
        for text, values, raw, opaque in pieces:
            if opaque or len(values) == 1:
                self.pieces.append((text, values, raw, opaque))
            else:
                self.pieces.extend((v, (v,), raw if not at else "", False) for at, v in enumerate(values))
        self.at = 0

    def arguments(self) -> list[Argument]:
        found = []
        while self.at < len(self.pieces):
            found.append(self._next())
        return found

    def _take(self) -> tuple[str, str]:
        text, _values, raw, _opaque = self.pieces[self.at]
        self.at += 1
        return text, raw

    def _next(self) -> Argument:
        opaque = self.pieces[self.at][3]
        word, raw = self._take()
        if opaque or not is_flag(word) or word == "--":
            return Argument(None, (word,), (word,), raw, opaque or word == "--")
        spelling, equals, value = word.partition("=")
        name = canonical(spelling)
        if equals:
            return Argument(name, (value,), (word,), raw)
        values: list[str] = []
        words = [word]
        while self._has_value(name, len(values)):
            text, more = self._take()
            values.append(text)
            words.append(text)
            raw += more
        return Argument(name, tuple(values), tuple(words), raw)

    def _has_value(self, name: str, taken: int) -> bool:
        if self.at >= len(self.pieces) or self.pieces[self.at][3]:
            return False
        word = self.pieces[self.at][0]
        if is_flag(word):
            return False
        if is_switch(name):
            return taken == 0 and word.lower() in ("true", "false")
        return name in SEVERAL or taken == 0
