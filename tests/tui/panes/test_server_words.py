"""Servers in words."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui.panes.server_details import ROOM, details, origin_words
from tui.panes.server_words import server_row
from tui.services.server import Server, State


@pytest.mark.parametrize(
    ("origin", "saved", "words"),
    [
        ("profile qwen", True, "profile qwen"),
        ("profile qwen", False, "profile qwen (not saved)"),
        ("compose web", False, "compose web"),
        ("", False, "started by hand"),
    ],
)
def test_a_profile_that_was_never_saved_is_named_as_such(origin: str, saved: bool, words: str) -> None:
    assert origin_words(origin, lambda name: saved and name == "qwen") == words


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_glyph_and_a_name(state: State) -> None:
    row = server_row(Server("local", "1", "qwen", "container", state), False, 0.0)
    assert row.glyph in "○◐●▲✖" and row.words


@pytest.mark.parametrize(("state", "word"), [(State.HUNG, "token"), (State.HALF, "engines"), (State.BROKEN, "error")])
def test_the_details_say_in_the_room_they_have_why_a_server_does_not_work(state: State, word: str) -> None:
    lines = details(Server("local", "1", "qwen", "container", state), 0.0, lambda name: False)
    told = [line.value for line in lines if line.value.startswith(("▲", "✖"))]
    assert word in told[0]
    assert all(cell_len(line) <= ROOM for line in told)


def test_a_headless_part_of_a_server_says_that_its_head_answers() -> None:
    lines = details(Server("local", "1", "rank", "container", State.HEADLESS), 0.0, lambda name: False)
    assert [line.value for line in lines][-1] == "a part of a server: its head answers"
    assert cell_len(lines[-1].value) <= ROOM
