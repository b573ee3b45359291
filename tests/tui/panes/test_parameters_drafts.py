"""What was tried and failed comes back over the container that it was tried on, and over no other."""

from __future__ import annotations

from dataclasses import replace

from profiles.profile import Profile
from tui.panes.parameters_drafts import Drafts
from tui.panes.parameters_editing import Editing
from tui.panes.profile_draft import Draft
from tui.services.server import Server, State

RUNS = Profile("smol", "/models/m", image="vllm/vllm-openai:v1")
WANTED = replace(RUNS, port=9000)
SERVER = Server("local", "old", "smol", "container", State.READY)
FAILED = replace(SERVER, mishap="no answer")


def tried() -> Drafts:
    """The drafts after a recreate with another port was begun."""
    drafts = Drafts()
    editing = Editing("old", Draft.of(WANTED, RUNS))
    drafts.learn(SERVER, editing)
    drafts.attempt(SERVER, editing)
    return drafts


def port(drafts: Drafts) -> int:
    editing = drafts.of(SERVER)
    assert editing is not None
    return editing.draft.profile.port


def test_what_failed_stands_over_the_container_that_was_made_again() -> None:
    drafts, again = tried(), replace(FAILED, id="again")
    drafts.learn(again, Editing("again", Draft.of(RUNS)))
    drafts.revive(again)
    assert port(drafts) == 9000 and drafts.failure(again) == "no answer"


def test_it_does_not_stand_over_one_that_runs_with_something_else() -> None:
    drafts, other = tried(), replace(FAILED, id="other")
    drafts.learn(other, Editing("other", Draft.of(replace(RUNS, image="vllm/vllm-openai:v2"))))
    drafts.revive(other)
    editing = drafts.of(other)
    assert editing is not None and not editing.draft.touched and drafts.failure(other) == ""
    drafts.change(other, lambda known: known.edited(known.draft.edit("port", "9100")))
    assert drafts.failure(other) == ""  # an edit of one's own did not fail


def test_it_is_forgotten_as_soon_as_the_failure_is_said_no_longer() -> None:
    drafts, again = tried(), replace(FAILED, id="again")
    drafts.revive(FAILED)
    assert drafts.failure(FAILED) == "no answer"
    drafts.revive(SERVER)
    drafts.learn(again, Editing("again", Draft.of(RUNS)))
    drafts.revive(again)
    assert port(drafts) == 8000 and drafts.failure(again) == ""


def test_it_is_forgotten_when_it_came_about() -> None:
    drafts, again = tried(), replace(FAILED, id="again")
    drafts.let_go(SERVER.key)
    drafts.learn(again, Editing("again", Draft.of(RUNS)))
    drafts.revive(again)
    assert port(drafts) == 8000 and drafts.failure(again) == ""
