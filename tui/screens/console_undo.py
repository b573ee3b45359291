"""A step back to what a server was before, or forward again: which configuration, when it ran, how many steps are left."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from tui.screens.under_way import Changes, UnderWay
from tui.services.errors import run_on
from tui.services.server import ALIVE, Server

if TYPE_CHECKING:
    from tui.screens.frame import FramedScreen
    from tui.services.launch import Step
    from tui.services.recreate_back import Back
    from tui.services.services import Services
    from tui.services.timeline import Version, Way
    from widgets.dialog_recreate import RecreateDialog


class Steps:
    """Asks for a step and takes it.

    Args:
        screen: Over which it asks.
        services: The host's.
        under_way: What goes on with which server.
        do: Runs a call and shows a word beside the server meanwhile.
        follow: Shows each step of a recreate.
        still_can: Whether nothing came in the way while the question stood.
    """

    def __init__(
        self,
        screen: FramedScreen,
        services: Services,
        under_way: Changes,
        *,
        do: Callable[[Server, str, Callable[[], Awaitable[object]]], Awaitable[object]],
        follow: Callable[[str, AsyncIterator[Step], str, UnderWay], Awaitable[None]],
        still_can: Callable[[str, Server], bool],
    ) -> None:
        self._screen = screen
        self._services = services
        self._under_way = under_way
        self._do = do
        self._follow = follow
        self._still_can = still_can

    async def go(self, way: Way, server: Server) -> None:
        """Ask, then bring the configuration before (`undo`) or after (`redo`) the present one back."""
        running = self._under_way.get(server.name)
        if running is not None and running.call_off is not None:
            self._say(_("Calling off what is under way with {name}.").format(name=server.name))
            running.call_off()
            return
        back = await self._services.recreator.step(server.name, way)
        if back is None:
            self._say(nothing_words(way, server.name))
        elif await self._screen.app.push_screen_wait(question(back, server)) and self._still_can(way, server):
            await self._take(back, server)
            self._say(done_words(back))

    async def _take(self, back: Back, server: Server) -> None:
        recreator = self._services.recreator
        if back.plan is not None:
            work = UnderWay("undo", partial(recreator.cancel, back.name))
            await self._follow(back.name, recreator.recreate(back.plan), "", work)
            return
        with self._under_way.going(back.name, UnderWay("undo")):
            await self._do(server, _("undoing"), lambda: recreator.undo(back.name, back.way))

    def _say(self, words: str) -> None:
        self._screen.app.notify(words, markup=False)


def question(back: Back, server: Server) -> RecreateDialog:
    """Make the question: what differs, when that ran, by whom it was replaced, what is left."""
    from widgets.dialog_recreate import RecreateDialog

    forward = back.way == "redo"
    changes = [RecreateDialog.Change(change.field, change.old, change.new) for change in back.changes]
    facts = [RecreateDialog.Fact(_("ran"), when_words(back.version))]
    runs = server.state in ALIVE
    if runs and server.running:
        text = ngettext("{count} running request is cut off", "{count} running requests are cut off", server.running)
        facts.append(RecreateDialog.Fact(_("ends"), text.format(count=server.running)))
    if back.plan is None:
        how = _("its own container is kept aside and takes its place again; what runs now is removed")
    else:
        how = _("it is made again from its saved configuration; what runs now is kept until it has answered")
    facts.append(RecreateDialog.Fact(_("how"), how))
    facts.append(RecreateDialog.Fact(_("after it"), left_words(back)))
    title = _("Bring back what {name} was after it?") if forward else _("Bring back what {name} was before?")
    return RecreateDialog(
        server.name,
        changes,
        facts,
        back.plan.warnings if back.plan is not None else (),
        runs=runs,
        title=title.format(name=server.name),
        confirm=_("Bring back {name}").format(name=server.name),
        refuse=_("Keep the new one") if not forward else _("Leave it as it is"),
    )


def when_words(version: Version) -> str:
    """Say when a configuration ran, and who ended that: `24 Nov 14:02 - 14:31, until ann replaced it`."""
    began, ended = _moment(version.began), _moment(version.ended)
    if began and ended and began[:10] == ended[:10]:
        ended = ended[11:]
    span = f"{began or '?'} – {ended or '?'}"
    return _("{span}, until {who} replaced it").format(span=span, who=version.by) if version.by else span


def left_words(back: Back) -> str:
    """Say how many steps there are after this one, in both directions."""
    before, after = (back.ahead, back.behind) if back.way == "redo" else (back.behind, back.ahead)
    steps = ngettext("{n} step further back (u)", "{n} steps further back (u)", before).format(n=before)
    forward = ngettext("{n} step forward (ctrl+y)", "{n} steps forward (ctrl+y)", after).format(n=after)
    return f"{steps} · {forward}"


def done_words(back: Back) -> str:
    """Say what is there now, and where one can go from here."""
    return run_on(_("{name} is what it was.").format(name=back.name), left_words(back))


def nothing_words(way: Way, name: str) -> str:
    """Say that there is no step in this direction."""
    if way == "redo":
        return _("{name} was not taken back: there is nothing to go forward to.").format(name=name)
    return _("Nothing is kept of {name}: it was not recreated, or the way back is gone.").format(name=name)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M") if seconds else ""
