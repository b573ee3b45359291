"""What stands below a question that waits."""

from __future__ import annotations

import pytest

from tui.panes.chat_words import waiting_line
from tui.services.server import Server, State


@pytest.mark.parametrize(
    ("running", "waiting", "said"),
    [(None, None, False), (0, 0, False), (1, 0, True), (0, 1, True)],
)
def test_figures_from_before_the_question_are_not_told(running: int | None, waiting: int | None, said: bool) -> None:
    server = Server("here", "1", "smol", "container", State.READY, running=running, waiting=waiting)
    assert bool(waiting_line(server)) is said
