"""What is done with a server: stop, start, restart, remove, rename, launch, recreate; each in a worker, each told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from tui.messages import ServiceFailed
from tui.panes.server_kinds import impossible_words, server_now
from tui.screens.action_words import kept_words, recreated_words, step_words
from tui.screens.console_aside import drop_old, forget_aside, told_when_started
from tui.screens.console_fix import Fixes
from tui.screens.console_natives import add_endpoint, forget_endpoint, stop_process
from tui.screens.console_rename import rename
from tui.screens.console_several import intent, question, what_ends
from tui.screens.console_shell import open_shell
from tui.screens.console_undo import Steps
from tui.screens.under_way import Changes, UnderWay
from tui.services.errors import ServiceError
from tui.services.own_log import guarded
from tui.services.server import ALIVE, Server

if TYPE_CHECKING:
    from profiles.profile import Profile
    from tui.screens.frame import FramedScreen
    from tui.services.failures import Failure
    from tui.services.launch import Step
    from tui.services.recreate import Plan
    from tui.services.services import Services

NEW = frozenset({"launch", "paste"})
"""Wishes for a server that is not there yet."""


class Actions:
    """Runs what the user asks for, beside the event loop's other work, and says how it went."""

    def __init__(
        self,
        screen: FramedScreen,
        services: Services,
        launched: Callable[[str], None],
        started_anew: Callable[[str], None],
        changed: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._services = services
        self._launched = launched
        self._started_anew = started_anew
        self.under_way = Changes(changed)
        """What takes its time, by the name of the server that is being launched, recreated or brought back."""
        self._drafts: dict[str, Profile] = {}
        steps = Steps(screen, services, self.under_way, do=self._do, follow=self._follow, still_can=self._still_can)
        self._fixes = Fixes(screen, services, self.under_way, self._follow, self._launch_at)
        self._table: dict[str, Callable[[Server], Awaitable[None]]] = {
            "toggle": self._toggle,
            "restart": self._restart,
            "remove": self._remove,
            "rename": partial(rename, screen, services, self._do),
            "profile": self._profile,
            "undo": partial(steps.go, "undo"),
            "redo": partial(steps.go, "redo"),
            "drop": partial(drop_old, screen, services),
            "shell": partial(open_shell, screen, services),
        }
        self._unasked: dict[str, Callable[[Server], Awaitable[None]]] = {
            "start": self._start,
            "stop": self._stop,
            "restart": self._start_again,
            "remove": self._take_away,
        }

    def ask(self, action: str, server: Server | None) -> None:
        """Begin an action; what it needs to know it asks, and keys wait for the question."""
        if words := self._hindrance(action, server):
            self._say(words)
        elif server is None or action in NEW:
            self._work(self._launch(None, pasting=action == "paste"), "launch")
        else:
            self._work(self._table[action](server), f"{action} {server.name}")

    def fix(self, server: Server, failure: Failure, fix: int) -> None:
        """Carry out a way out of a failure."""
        if words := self._hindrance("fix", server):
            self._say(words)
        else:
            self._work(self._fixes.apply(failure, failure.found.fixes[fix], server), f"fix {server.name}")

    def ask_all(self, action: str, servers: Sequence[Server], begun: Callable[[], None]) -> None:
        """Begin the same action with several servers after one question; `begun` is called when it was answered with yes."""
        if any(server.kind != "container" for server in servers):
            self._say(_("What runs without a container is chosen alone: esc takes the marks away."))
        elif words := next(filter(None, (self._hindrance(action, server) for server in servers)), ""):
            self._say(words)
        else:
            self._work(self._all(action, servers, begun), f"{action} several")

    def _hindrance(self, action: str, server: Server | None) -> str:
        """Say why an action cannot begin; "" when it can."""
        if self._services.read_only:
            return _("Read only: nothing is started, stopped or changed. Start llmtui without --read-only to do so.")
        if action in NEW:
            return ""
        if server is None:
            return _("No server is chosen. n launches a new one.")
        if server.seen is not None:
            return _("{name} is shown as last seen; the engine does not answer.").format(name=server.name)
        running = self.under_way.get(server.name)
        if running is not None and (action != "undo" or running.call_off is None):
            return running.words(server.name)
        return impossible_words(action, server)

    async def _all(self, action: str, marked: Sequence[Server], begun: Callable[[], None]) -> None:
        change, servers = intent(action, marked)
        asked = question(change, servers, marked)
        if asked is None or await self._screen.app.push_screen_wait(asked):
            begun()
            for server in servers:
                if self._still_can(change, server):
                    self._work(self._unasked[change](server), f"{change} {server.name}")

    def add_endpoint(self) -> None:
        """Ask for an address at which models are served."""
        if self._services.read_only:
            self.ask("endpoint", None)
            return
        self._work(self._add_endpoint(), "add an endpoint")

    async def _add_endpoint(self) -> None:
        if name := await add_endpoint(self._screen, self._services):
            self._launched(name)

    def recreate(self, plan: Plan, done: Callable[[], None]) -> None:
        """Carry out a recreate that was shown and confirmed; `done` is called when it came about."""
        if self._services.read_only:
            self.ask("recreate", None)
            return
        self._work(self._recreate(plan, done), f"recreate {plan.name}")

    async def _recreate(self, plan: Plan, done: Callable[[], None]) -> None:
        recreator = self._services.recreator
        steps = told_when_started(recreator.recreate(plan), partial(self._started_anew, plan.name))
        await self._follow(plan.name, steps, "", UnderWay("recreate", partial(recreator.cancel, plan.name)))
        self._say(recreated_words(plan, await recreator.kept_as(plan.name)))
        done()

    async def _toggle(self, server: Server) -> None:
        if server.kind == "process":
            await stop_process(self._screen, self._services, server, self._do)
            return
        if server.state not in ALIVE:
            await self._start(server)
            return
        stays = "" if server.auto_remove else _("s starts it again with the same parameters.")
        if await self._sure("stop", server, _("Stop {name}?"), _("Stop"), stays):
            await self._stop(server)

    async def _restart(self, server: Server) -> None:
        down = _("It answers nobody until it has loaded its model again.") if server.serves else ""
        if server.state not in ALIVE or await self._sure("restart", server, _("Restart {name}?"), _("Restart"), down):
            await self._start_again(server)

    async def _remove(self, server: Server) -> None:
        if server.kind == "endpoint":
            await forget_endpoint(self._screen, self._services, server)
            return
        gone = _("The container and what was written inside it are deleted; its image and models stay.")
        if await self._sure("remove", server, _("Remove {name}?"), _("Remove"), gone):
            await self._take_away(server)

    async def _start(self, server: Server) -> None:
        await self._do(server, _("starting"), lambda: self._services.host.engine.start(server.id))

    async def _stop(self, server: Server) -> None:
        await self._do(server, _("stopping"), lambda: self._services.host.engine.stop(server.id))

    async def _start_again(self, server: Server) -> None:
        await self._do(server, _("restarting"), lambda: self._services.host.engine.restart(server.id))

    async def _take_away(self, server: Server) -> None:
        aside = self._services.fleet.view.aside.get(server.name, ())

        async def remove() -> None:
            await self._services.host.engine.remove(server.id, force=True)
            # Under the same word: alone, what is kept aside would stand in the list for a moment as a server of its own.
            await forget_aside(self._services, server.name, aside)

        await self._do(server, _("removing"), remove)

    async def _profile(self, server: Server) -> None:
        from profiles.inspected import profile_of

        record = await self._services.host.engine.inspect(server.id)
        image = await self._services.host.engine.image(str(record.get("Image") or server.image))
        # The image's own variables and entrypoint are not the user's.
        await self._launch(profile_of(record, image.config if image else None), from_container=True)

    async def _launch_at(self, base: Profile, field: str) -> None:
        await self._launch(base, from_container=True, field=field)

    async def _launch(
        self, base: Profile | None, from_container: bool = False, pasting: bool = False, field: str = ""
    ) -> None:
        from tui.screens.launch import LaunchScreen
        from tui.screens.launch_form import found_in
        from tui.services.models_on_disk import find

        launcher, store, folders = self._services.launcher, self._services.store, self._services.places.models
        found = await asyncio.to_thread(found_in, store)
        if base is None and self._drafts:
            # What was left unfinished last is what one comes back to.
            base = found.profile(next(reversed(self._drafts)))
        screen = LaunchScreen(
            launcher,
            store,
            found,
            lambda: find(folders),
            base,
            drafts=self._drafts,
            from_container=from_container,
            catalogues=self._services.catalogues,
            pasting=pasting,
            fits=self._services.fits,
            field=field,
        )
        screen.host_line, screen.badges = self._screen.host_line, self._screen.badges
        profile = await self._screen.app.push_screen_wait(screen)
        if profile is not None and profile.name in self.under_way:
            self._say(self.under_way[profile.name].words(profile.name))
        elif profile is not None:
            steps = self._services.launcher.launch(profile)
            self._launched(profile.name)
            done = _("{name} is starting; its log shows how far it is.").format(name=profile.name)
            await self._follow(profile.name, steps, done, UnderWay("launch", get_current_worker().cancel))

    async def _follow(self, name: str, steps: AsyncIterator[Step], done: str, work: UnderWay) -> None:
        """Show each step beside the server's name until the end."""
        fleet, key = self._services.fleet, (self._services.host_name, name)
        self._screen.gate.open()
        fleet.mishap(key, None)
        try:
            with self.under_way.going(name, work):
                async for step in steps:
                    fraction = "" if step.fraction is None else f" {step.fraction:.0%}"
                    # While the new one boots, its own phase says more than "waiting".
                    fleet.act(key, None if step.name == "wait" else step_words(step.name) + fraction)
                    fleet.nudge()
            if done:
                self._say(done)
        except ServiceError as error:
            fleet.mishap(key, str(error))  # the toast goes, this stays
            raise
        finally:
            fleet.act(key, None)

    async def _do(self, server: Server, words: str, call: Callable[[], Awaitable[object]]) -> object:
        self._screen.gate.open()  # it asks nothing more
        self._services.fleet.act(server.key, words)
        try:
            return await call()
        except ServiceError as error:
            raise error.about(server.id, server.name) from error
        finally:
            self._services.fleet.act(server.key, None)

    async def _sure(self, change: str, server: Server, question: str, confirm: str, also: str = "") -> bool:
        from tui.screens.dialogs import ConfirmDialog

        lines = [also] if also else []
        lines += what_ends(change, server)
        deed = _("{deed} {name}").format(deed=confirm, name=server.name)
        dialog = ConfirmDialog(question.format(name=server.name), lines, deed, danger=True, refuse=kept_words(change))
        sure: bool | None = await self._screen.app.push_screen_wait(dialog)
        return sure is True and self._still_can(change, server)

    def _still_can(self, change: str, server: Server) -> bool:
        """Whether nothing came in the way while the question stood; says what did."""
        view = self._services.fleet.view
        seen = view.seen if view.trouble is not None else None
        now = server_now(view, server)
        if words := self._hindrance(change, replace(now, seen=seen)):
            self._say(words)
        return not words

    def _work(self, work: Awaitable[None], name: str) -> None:
        told = guarded(
            self._screen.gate.until(work), name, lambda error: self._screen.post_message(ServiceFailed(error))
        )
        self._screen.run_worker(told, name=name, group="actions", exit_on_error=False)

    def _say(self, words: str) -> None:
        self._screen.app.notify(words, markup=False)
