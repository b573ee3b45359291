"""A recreate thought through while the user may type on: what is found holds only for the values that it was found for."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from tui.panes.parameters_drafts import Drafts
from tui.panes.parameters_editing import Editing
from tui.panes.parameters_view import change_notes
from tui.panes.profile_form import Note
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.preflight import check_context
from tui.services.preflight_check import Check
from tui.services.recreate import Plan, Recreator
from tui.services.server import Server


@dataclass(frozen=True, slots=True)
class Thought:
    """What a recreate with the values in the form would be: a plan, or the field that forbids it."""

    editing: Editing
    plan: Plan | None = None
    wrong: tuple[str, Note] | None = None
    """The field, and what is wrong with its value."""


async def think(host: Host, recreator: Recreator, drafts: Drafts, server: Server) -> Thought | None:
    """Look at a server's draft and plan its recreate, anew as often as the draft was changed meanwhile; None without a draft.

    Raises:
        ServiceError: There is no such recreate.
        ValueError: The container cannot be given these values.
    """
    while (editing := drafts.of(server)) is not None:
        check = await _looked(host, editing)
        if not editing.says(drafts.of(server)):
            continue
        editing = replace(editing, check=check)
        drafts.found(server, check)
        notes = change_notes(editing.draft, editing.check, editing.catalogue if editing.vllm else None)
        wrong = next(((name, note) for name, note in notes.items() if note.level == "bad"), None)
        if wrong is not None:
            return Thought(editing, wrong=wrong)
        try:
            plan = await recreator.plan(server.name, editing.applied)
        except (ValueError, ServiceError):
            if editing.says(drafts.of(server)):
                raise
            continue
        if editing.says(drafts.of(server)):
            return Thought(editing, plan)
    return None


async def _looked(host: Host, editing: Editing) -> Check | None:
    """Have looked whether vLLM would refuse what was changed; what is not changed runs."""
    if not editing.length_changed:
        return None
    return await check_context(host, editing.draft.profile, os.environ, editing.place)
