"""What was tried on a server is remembered until it comes up, and then what helped."""

from __future__ import annotations

from tui.services.server import Server, State
from tui.services.tried import Tried

KEY = ("here", "smol")


def server(state: State) -> Server:
    return Server("here", "id", "smol", "container", state)


def test_what_did_not_help_is_said_and_what_did_is_kept_for_its_cause() -> None:
    tried = Tried()
    tried.note(KEY, "port-in-use", "-p 8001:8000")
    tried.see([server(State.FAILED)])
    tried.note(KEY, "kv-cache-too-small", "--max-model-len 4096")
    assert [one.words for one in tried.failed(KEY)] == ["-p 8001:8000", "--max-model-len 4096"]
    tried.see([server(State.READY)])
    assert tried.failed(KEY) == ()
    assert tried.worked(KEY, "kv-cache-too-small") == {"--max-model-len 4096"}
    assert tried.worked(KEY, "port-in-use") == frozenset()


def test_a_server_that_nothing_was_tried_on_owes_nothing() -> None:
    tried = Tried()
    tried.see([server(State.READY)])
    assert tried.worked(KEY, "port-in-use") == frozenset()
