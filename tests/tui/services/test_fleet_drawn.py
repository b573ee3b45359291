"""A row stays the same record for as long as nothing that it is made of changes."""

from __future__ import annotations

from dataclasses import replace

from tui.insight.recognise import recognised
from tui.services.engine import Container
from tui.services.fleet_drawn import Drawn
from tui.services.fleet_events import Wish
from tui.services.fleet_facts import Facts
from tui.services.fleet_rows import Seen
from tui.services.server import Server, State

FACTS = Facts(1.0, 2.0, 0, False, False, False, None, None, None, False, "", "")
SEEN: Seen = (None, None, Wish.STOP)
FOUND = recognised("vllm serve /models/m", None, {})
assert FOUND is not None
COMMAND = FOUND


def container(state: str = "exited") -> Container:
    """Draw up a row of the list, a new record each time, as the engine's answer gives it."""
    return Container("1", "smol", "vllm", "sha256:1", "vllm serve /models/m", state, "Exited (0)", 0.0)


def row(drawn: Drawn, one: Container, facts: Facts = FACTS, action: str | None = None, kept: bool = False) -> Server:
    return drawn.row(one, facts, COMMAND, SEEN, action, kept=kept)


def test_the_same_answer_gives_the_same_record() -> None:
    drawn = Drawn("local")
    assert row(drawn, container()) is row(drawn, container())


def test_whatever_it_is_made_of_is_seen_in_it() -> None:
    drawn = Drawn("local")
    assert row(drawn, container()).state is State.STOPPED
    assert row(drawn, container("created")).state is State.CREATED
    assert row(drawn, container(), replace(FACTS, finished=9.0)).since == 9.0
    assert row(drawn, container(), action="starting").action == "starting"
    assert row(drawn, container()).action is None
    assert row(drawn, container(), kept=True).kept


def test_who_is_gone_is_forgotten() -> None:
    drawn = Drawn("local")
    before = row(drawn, container())
    drawn.keep(())
    assert row(drawn, container()) is not before
