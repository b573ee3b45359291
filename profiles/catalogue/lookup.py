"""Finding a flag by what a person wrote, by argparse's rules: exact, `--no-` twins, unambiguous prefixes, dotted JSON keys."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from profiles.catalogue.record import Catalogue, Flag

OLD_SHORT = {"O": "optimization-level"}
"""`-O` is no option of the parser: `-O3` is rewritten before it sees the words."""
LEVEL = re.compile(r"-O(=?.+)?", re.DOTALL)
NUMBER = re.compile(r"-\d+|-\d*\.\d+")
"""What argparse takes for a negative number, and hence for a value."""


class How(StrEnum):
    """How a spelling leads to a flag."""

    EXACT = "exact"
    PREFIX = "prefix"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """What a spelling means to one vLLM."""

    how: How
    flag: Flag | None = None
    """None unless it is EXACT or a PREFIX."""
    negated: bool = False
    """It is the `--no-` twin."""
    key: str = ""
    """The dotted rest: `mode` of `--compilation-config.mode`."""
    value: str | None = None
    """What stands in the same word: behind `=`, or glued to a short form (`-q8`, `-O3`)."""
    candidates: tuple[str, ...] = ()
    """For AMBIGUOUS: the long names it could mean."""

    @property
    def name(self) -> str:
        """The one name: long, with `no-` in front of a twin and the dotted key behind; "" where there is no flag."""
        if self.flag is None:
            return ""
        return ("no-" if self.negated else "") + self.flag.name + (f".{self.key}" if self.key else "")


def is_value(word: str) -> bool:
    """Say whether argparse takes a word for a value and not for a flag (`-1`, `-`, `a b`)."""
    if not word.startswith("-") or word == "-" or NUMBER.fullmatch(word):
        return True
    return " " in word and not word.startswith("--") and "=" not in word.split(" ", 1)[0]


def find(catalogue: Catalogue, word: str) -> Found:
    """Say what a word that starts with a dash means to this vLLM."""
    if not word.startswith("--") and (level := LEVEL.fullmatch(word)):
        flag = catalogue.by_name.get(OLD_SHORT["O"])
        value = (level[1] or "").removeprefix("=") or None
        return Found(How.EXACT if flag else How.UNKNOWN, flag, value=value)
    spelling, equals, value = word.partition("=")
    head, key = _cut(spelling)
    found = _option(catalogue, head, value if equals else None)
    if not key or found.flag is None:
        return found
    return Found(found.how, found.flag, found.negated, key, found.value)


def find_name(catalogue: Catalogue, name: str) -> Found:
    """Say what a name without dashes in front (a profile's) means to this vLLM."""
    return find(catalogue, f"--{name}")


def nearest(catalogue: Catalogue, name: str, most: int = 3) -> tuple[str, ...]:
    """Give the long names that look most like a name, the best first."""
    return close(name.lstrip("-").replace("_", "-"), catalogue.by_name, most)


def close(word: str, words: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Give the words that look most like one; a long text looks like none (the search grows with the square of its length)."""
    return tuple(difflib.get_close_matches(word, list(words), most, 0.66)) if len(word) <= 80 else ()


def _cut(spelling: str) -> tuple[str, str]:
    """Cut the dotted key off and write underscores in front of it as dashes."""
    head, dot, key = spelling.partition(".")
    if head.startswith("--"):
        head = "--" + head[2:].replace("_", "-")
    return head, key if dot else ""


def _option(catalogue: Catalogue, head: str, value: str | None) -> Found:
    options = catalogue.by_option
    if head in options:
        flag, negated = options[head]
        return Found(How.EXACT, flag, negated, value=value)
    if len(head.strip("-")) == 0:
        return Found(How.UNKNOWN, value=value)
    hits = {option: options[option] for option in options if option.startswith(head)}
    glued = options.get(head[:2]) if not head.startswith("--") else None
    if glued and not hits:
        rest = head[2:] + (f"={value}" if value is not None else "")
        return Found(How.EXACT, glued[0], glued[1], value=rest)
    if len(hits) == 1:
        flag, negated = next(iter(hits.values()))
        return Found(How.PREFIX, flag, negated, value=value)
    if hits:
        return Found(How.AMBIGUOUS, value=value, candidates=tuple(sorted(option.lstrip("-") for option in hits)))
    return Found(How.UNKNOWN, value=value)
