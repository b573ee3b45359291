"""Fewer bytes that draw the same."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tui.cli.thrift import thin

_SET = re.compile(r"\x1b\[([\d;]*)m")
COLOURS = ["38;2;1;2;3", "38;2;9;9;9", "31", "95", "38;5;7", "39"]
GROUNDS = ["48;2;1;2;3", "48;2;4;4;4", "44", "107", "48;5;1", "49"]


def drawn(data: str) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """Say of each character, and each move, what is set where it is written: what a terminal makes of it."""
    shown: list[tuple[str, frozenset[tuple[str, str]]]] = []
    now: dict[str, str] = {}
    for place, piece in enumerate(_SET.split(data)):
        if place % 2 == 0:
            for move, character in re.findall(r"(\x1b\[\d+;\d+H)|(.)", piece, re.DOTALL):
                shown.append((move, frozenset()) if move else (character, frozenset(now.items())))
            continue
        for code in re.findall(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+", piece or "0"):
            if code == "0":
                now.clear()
            elif code in {"39", "49"}:
                now.pop("front" if code == "39" else "ground", None)
            elif code[0] in "39" and len(code) > 1:
                now["front"] = code
            elif code[0] in "41" and len(code) > 1:
                now["ground"] = code
            else:
                now[code] = code
    assert not now, "every piece ends with nothing set"
    return shown


looks = st.tuples(
    st.lists(st.sampled_from("134579"), unique=True), st.sampled_from(["", *COLOURS]), st.sampled_from(["", *GROUNDS])
)
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=4)
moves = st.sampled_from(["", "\x1b[3;14H", "\x1b[1;1H\x1b[2;2H", "\n", "\x1b[?25l", "\r\n"])


def piece(look: tuple[list[str], str, str], text: str, move: str) -> str:
    """Write a piece as Textual does: all its codes, the text, the end of all."""
    codes = ";".join(code for code in (*look[0], look[1], look[2]) if code)
    return f"{move}\x1b[{codes}m{text}\x1b[0m" if codes else move + text


@given(st.lists(st.builds(piece, looks, texts, moves), max_size=12))
def test_it_draws_the_same_and_is_never_longer(pieces: list[str]) -> None:
    data = "".join(pieces)
    assert drawn(thin(data)) == drawn(data)
    assert len(thin(data)) <= len(data) + 2 * len(pieces)


def test_a_colour_that_stays_is_set_once() -> None:
    data = "\x1b[1;1H\x1b[38;2;1;2;3;48;2;0;0;0ma\x1b[0m\x1b[38;2;9;9;9;48;2;0;0;0mb\x1b[0m\x1b[2;1H\x1b[38;2;9;9;9;48;2;0;0;0mc\x1b[0m"
    assert thin(data) == "\x1b[1;1H\x1b[38;2;1;2;3;48;2;0;0;0ma\x1b[38;2;9;9;9mb\x1b[2;1Hc\x1b[0m"


def test_what_bold_leaves_behind_is_ended() -> None:
    assert thin("\x1b[1;31ma\x1b[0m\x1b[31mb\x1b[0m") == "\x1b[1;31ma\x1b[0;31mb\x1b[0m"


def test_a_line_feed_between_pieces_is_written_with_no_ground_set() -> None:
    assert thin("\x1b[44ma\x1b[0m\n\x1b[44mb\x1b[0m") == "\x1b[44ma\x1b[0m\n\x1b[44mb\x1b[0m"


def test_codes_that_it_does_not_know_stay() -> None:
    data = "\x1b[4:3;58;2;1;2;3mcurly\x1b[0m\x1b[53;31mover\x1b[0m"
    assert thin(data) == data
