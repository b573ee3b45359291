"""What became of a server in the middle of an answer."""

from __future__ import annotations

import pytest

from tui.panes.chat_words import figures_line
from tui.services.chat_cut import end_of
from tui.services.chat_records import Figures
from tui.services.server import Server, State

ASKED = Server("local", "1", "smol", "container", State.READY, since=1000.0)


def now(state: State, **more: object) -> Server:
    fields = {"host": "local", "id": "1", "name": "smol", "kind": "container", "state": state, "since": 1100.0}
    return Server(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("server", "line"),
    [
        (now(State.STARTING), "12 tokens · smol was restarted while answering"),
        (now(State.READY, id="2"), "12 tokens · smol was restarted while answering"),
        (now(State.STOPPED), "12 tokens · smol was stopped while answering"),
        (now(State.STOPPED, killed=True), "12 tokens · smol was killed while answering"),
        (now(State.FAILED, killed=True), "12 tokens · smol was killed while answering"),
        (now(State.FAILED), "12 tokens · smol failed while answering"),
        (now(State.GONE), "12 tokens · smol was removed while answering"),
    ],
)
def test_the_foot_of_the_answer_says_who_ended_it(server: Server, line: str) -> None:
    assert figures_line(Figures(tokens=12, finish=end_of(ASKED, server)), name="smol") == line


@pytest.mark.parametrize(
    "server",
    [
        now(State.READY, since=1000.0),
        now(State.SILENT, since=1000.0),
        now(State.STARTING, action="restarting"),
        now(State.STOPPED, seen=1.0),
    ],
)
def test_nothing_is_said_before_it_is_known(server: Server) -> None:
    assert end_of(ASKED, server) == ""


def test_abort_alone_is_no_word_for_a_reader() -> None:
    assert figures_line(Figures(tokens=12, finish="abort"), name="smol") == "12 tokens · smol ended while answering"
