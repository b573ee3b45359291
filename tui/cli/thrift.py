"""Fewer bytes to the terminal: what is set already is not set again.

Textual begins every piece of a line with all its colours and ends it without any; half of what it writes is that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

RESET = "\x1b[0m"
_SET = re.compile(r"\x1b\[([\d;]*)m")
_MOVES = re.compile(r"(?:\x1b\[\d+;\d+H)*")
_CODE = re.compile(
    r"(?P<front>3[0-79]|9[0-7]|38;5;\d+|38;2;\d+;\d+;\d+)|(?P<ground>4[0-79]|10[0-7]|48;5;\d+|48;2;\d+;\d+;\d+)|(?P<other>[1-9])"
)


class Look(NamedTuple):
    """How text is drawn, in the terminal's own codes."""

    front: str = ""
    ground: str = ""
    others: frozenset[str] = frozenset()
    """Bold and the like."""


PLAIN = Look()


def thin(data: str) -> str:
    """Give what draws the same with fewer changes of colour; begins and ends as Textual does, with none set.

    What holds a code that is not known here is given back as it is.
    """
    pieces: list[str] = []
    now = wanted = PLAIN
    for place, piece in enumerate(_SET.split(data)):
        if place % 2:
            added = _read(piece)
            if added is None:
                return data
            wanted = PLAIN if added == PLAIN else _over(wanted, added)
        elif wanted == now or _MOVES.fullmatch(piece):
            pieces.append(piece)
        else:
            pieces += (_change(now, wanted), piece)
            now = wanted
    if now != wanted:
        pieces.append(_change(now, wanted))
    return "".join(pieces)


@lru_cache(1024)
def _read(codes: str) -> Look | None:
    """Read one setting; none for the end of all."""
    if codes.strip("0") == "":
        return PLAIN
    front, ground, others, place = "", "", set[str](), 0
    while place < len(codes):
        found = _CODE.match(codes, place)
        if found is None or codes[found.end() : found.end() + 1] not in {"", ";"}:
            return None
        front, ground = found["front"] or front, found["ground"] or ground
        others |= {found["other"]} - {None}
        place = found.end() + 1
    return Look(front, ground, frozenset(others))


def _over(before: Look, added: Look) -> Look:
    return Look(added.front or before.front, added.ground or before.ground, before.others | added.others)


@lru_cache(4096)
def _change(now: Look, wanted: Look) -> str:
    """Give the shortest way from one look to another."""
    if wanted == PLAIN:
        return RESET
    ends = now.others - wanted.others
    before = PLAIN if ends else now
    codes = ["0"] if ends else []
    codes += sorted(wanted.others - before.others)
    codes += [] if wanted.front == before.front else [wanted.front or "39"]
    codes += [] if wanted.ground == before.ground else [wanted.ground or "49"]
    return f"\x1b[{';'.join(codes)}m"
