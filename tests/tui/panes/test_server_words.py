"""Servers in words."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tui.panes.server_details import ROOM, details, origin_words
from tui.panes.server_words import container_row, server_row
from tui.services.engine import Container
from tui.services.fleet_view import FleetView
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


def lines_of(server: Server) -> list[str]:
    """What the details say, label and value."""
    return [f"{line.label} {line.value}".strip() for line in details(server, 100.0, lambda name: False)]


@pytest.mark.parametrize(
    ("server", "word", "told"),
    [
        (Server("local", "1", "q", "container", State.STOPPED, exit_code=137, killed=True), "killed", "exit 137"),
        (Server("local", "1", "q", "container", State.STOPPED, exit_code=137), "stopped", "exit 137"),
        (Server("local", "1", "q", "container", State.STOPPED, exit_code=143), "stopped", "exit 143"),
        (
            Server("local", "1", "q", "container", State.FAILED, exit_code=137, killed=True, oom_killed=True),
            "out of memory",
            "✖ killed by the kernel: out of memory (RAM)",
        ),
    ],
)
def test_how_a_server_ended_stands_in_its_row_and_in_the_details(server: Server, word: str, told: str) -> None:
    assert server_row(server, False, 0.0).words == word
    assert told in lines_of(server)


def test_one_that_ended_well_needs_no_code() -> None:
    assert not any(
        line.startswith("exit") for line in lines_of(Server("l", "1", "q", "container", State.STOPPED, exit_code=0))
    )


def test_the_details_of_a_failed_one_show_the_line_that_says_why_cut_to_three() -> None:
    cause = "ValueError: To serve at least one request with the models's max seq len (8192), " + "more is needed " * 9
    lines = lines_of(Server("local", "1", "q", "container", State.FAILED, exit_code=1, phase="KV cache", cause=cause))
    at = lines.index("exit 1, in phase KV cache")
    assert lines[at + 1].startswith("ValueError: To serve at least one request") and lines[at + 3].endswith("…")
    assert len(lines) == at + 4 and all(cell_len(line) <= ROOM for line in lines[at + 1 :])


def test_what_has_no_container_yet_is_not_told_to_be_started_by_hand() -> None:
    making = lines_of(Server("local", "q", "q", "container", State.CREATED, action="creating"))
    assert making == ["its container is not made yet"]


def test_one_that_was_removed_says_so_and_when_its_row_goes() -> None:
    gone = lines_of(Server("local", "1", "q", "container", State.GONE, since=88.0))
    assert gone[-2:] == ["▲ removed 12s ago, not by llmtui", "the row goes when another one is chosen"]


def test_one_that_falls_silent_says_since_when_although_its_age_counts_from_its_start() -> None:
    silent = Server("local", "1", "q", "container", State.SILENT, since=10.0, doubted=60.0)
    assert server_row(silent, False, 100.0).age == "1m" and "▲ no answer for 40s" in lines_of(silent)


def test_the_command_of_another_container_shows_no_password() -> None:
    row = Container("i", "cache", "redis", "", "redis-server --requirepass hunter2", "running", "Up", 0.0)
    lines = details(container_row(FleetView("local"), row, 0.0)[1], 0.0, lambda name: False)
    assert any("redis-server --requirepass •••" in line.value for line in lines)
    assert not any("hunter2" in line.value for line in lines)
