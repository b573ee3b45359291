"""Applying a fix of a failed server: shown first, carried out by a recreate, then its boot is watched; the way back is undo."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from profiles.edit import CommandError, edited
from profiles.inspected import profile_of
from tui.insight.fixing import fixed, is_open
from tui.messages import CopyAsked
from tui.panes.cause_words import commands, fix_words
from tui.screens.under_way import Changes, UnderWay
from tui.services.errors import ServiceError
from tui.services.preflight_place import place
from tui.services.preflight_ports import next_free

if TYPE_CHECKING:
    from profiles.profile import Profile
    from tui.insight.causes.records import Fix
    from tui.screens.frame import FramedScreen
    from tui.services.failures import Failure
    from tui.services.launch import Step
    from tui.services.recreate import Plan
    from tui.services.server import Server
    from tui.services.services import Services

UNKNOWN_FIELDS = {
    "model-path-missing": "model",
    "model-no-config": "model",
    "mount-missing": "model",
    "mount-invalid": "model",
    "hub-not-found": "model",
    "tokenizer-missing": "model",
    "weights-missing": "model",
    "image-not-found": "image",
}
"""Causes whose way out the app cannot know, and the field of the launch form in which it is said."""


class Fixes:
    """Applies fixes.

    Args:
        screen: Over which it asks.
        services: The host's.
        under_way: What goes on with which server.
        follow: Shows each step of a recreate.
        launch: Opens the launch screen on a profile, at a field.
    """

    def __init__(
        self,
        screen: FramedScreen,
        services: Services,
        under_way: Changes,
        follow: Callable[[str, AsyncIterator[Step], str, UnderWay], Awaitable[None]],
        launch: Callable[[Profile, str], Awaitable[None]],
    ) -> None:
        self._screen = screen
        self._services = services
        self._under_way = under_way
        self._follow = follow
        self._launch = launch

    async def apply(self, failure: Failure, fix: Fix, server: Server) -> None:
        """Carry a fix out, as far as the app can; what only a person can do is copied or asked for.

        Raises:
            ServiceError: The container cannot be given these values, or the engine refused.
        """
        field = UNKNOWN_FIELDS.get(failure.cause)
        if server.kind != "container" or (is_open(fix) and field is None):
            self._copy(fix)
            return
        record = await self._services.host.engine.inspect(server.id)
        image = await self._services.host.engine.image(str(record.get("Image") or server.image))
        config = image.config if image is not None else None
        before = profile_of(record, config)
        if field is not None and is_open(fix):
            await self._launch(before, field)
            return
        after = await self._free(before, fixed(before, fix))
        where = await place(self._services.host, os.environ)
        try:
            plan = await self._services.recreator.plan(
                server.name, lambda body: edited(body, before, after, os.environ, place=where, image_config=config)
            )
        except CommandError as error:
            title = _("{name} cannot be recreated like this").format(name=server.name)
            raise ServiceError(title, str(error)) from error
        if await self._sure(plan, server):
            await self._recreate(plan, server)
            self._services.tried.note(server.key, failure.cause, fix_words(fix))

    async def _recreate(self, plan: Plan, server: Server) -> None:
        """Make it anew and start it: one that failed before is not waited for, its log and the next card tell."""
        recreator = self._services.recreator
        steps = recreator.recreate(plan, start=False)
        await self._follow(plan.name, steps, "", UnderWay("recreate", partial(recreator.cancel, plan.name)))
        try:
            await self._services.host.engine.start(plan.name)
        except ServiceError as error:
            self._services.fleet.mishap(server.key, str(error))
            raise
        finally:
            self._services.fleet.nudge()
        words = _("{name} starts with the change; its log shows how far it is. u in Servers brings the old one back.")
        self._screen.app.notify(words.format(name=plan.name), markup=False)

    async def _sure(self, plan: Plan, server: Server) -> bool:
        from tui.panes.parameters_view import recreate_facts
        from widgets.dialog_recreate import RecreateDialog

        changes = [RecreateDialog.Change(change.field, change.old, change.new) for change in plan.changes]
        facts = [fact for fact in recreate_facts(plan, server) if fact.word != _("way back")]
        facts.append(RecreateDialog.Fact(_("way back"), _("what failed is kept aside; u in Servers brings it back")))
        dialog = RecreateDialog(server.name, changes, facts, plan.warnings)
        sure: bool | None = await self._screen.app.push_screen_wait(dialog)
        return sure is True

    async def _free(self, before: Profile, after: Profile) -> Profile:
        """Take the next port that nobody holds, where the fix only says that it has to be another one."""
        if before.port == after.port or not after.port:
            return after
        host = self._services.host
        rows = await host.engine.containers()
        port = next_free(after.port - 1, after.bind, rows, host.kind == "local")
        return after if port is None else replace(after, port=port)

    def _copy(self, fix: Fix) -> None:
        texts = commands(fix)
        if texts:
            self._screen.post_message(CopyAsked(texts[0], _("the command")))
        else:
            self._screen.app.notify(fix_words(fix), markup=False)
