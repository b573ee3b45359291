"""Where a log comes from, or why there is none."""

from __future__ import annotations

import pytest

from tui.panes.log_choice import no_log
from tui.services.server import Server, State


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (None, "No server is chosen"),
        (Server("local", "smol", "smol", "container", State.CREATED), "It has no container yet"),
        (Server("local", "4bb5450b", "smol", "container", State.CREATED), ""),
        (Server("local", "far", "far", "endpoint", State.READY), "known by its address alone"),
    ],
    ids=["nothing", "a launch whose image is on its way", "a container", "an address"],
)
def test_a_log_that_cannot_be_read_says_why(server: Server | None, why: str) -> None:
    said = no_log(server, lambda server: None)
    assert why in said
    assert bool(said) == bool(why)
