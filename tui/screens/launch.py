"""A new server: the form of a profile, the command it makes, and what stands in its way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from gettext import gettext as _

from textual import on, work
from textual.app import ComposeResult
from textual.timer import Timer

from profiles.catalogue import Source
from profiles.profile import Profile
from profiles.store import ProfileStore
from tui.messages import CopyAsked, ServiceFailed
from tui.panes.flag_rows import spelled
from tui.panes.profile_draft import ADDED, Draft
from tui.panes.profile_fields import ALL
from tui.panes.profile_form import host_words
from tui.screens import launch_keys
from tui.screens.dialogs import NameDialog, name_problem
from tui.screens.launch_fitting import FittingScreen
from tui.screens.launch_form import PROFILE, Found, first_profile, found_in, profile_options
from tui.screens.launch_notes import worst
from tui.screens.launch_state import PASTED, LaunchState
from tui.services.catalogue import Catalogues
from tui.services.errors import ServiceError, run_on
from tui.services.fits import Fits
from tui.services.launch import Launcher
from tui.services.models_on_disk import LocalModel
from widgets.choice_list import ChoiceList
from widgets.form import Form

PAUSE = 0.3
"""Seconds without a change before the preflight looks again."""


class LaunchScreen(FittingScreen):
    """Makes a profile ready and hands it back; dismissed with the profile to launch, or None.

    Args:
        launcher: Looks whether a profile can be launched.
        store: Where profiles are saved.
        found: The profiles to begin from.
        find_models: Looks for models on the disks.
        base: The profile to begin from; None takes the first.
        drafts: What was left unfinished before, by the name of its profile; the screen keeps it up to date.
        from_container: Whether `base` is what a container runs with.
        catalogues: Asks images what they accept; None asks none.
        pasting: Whether a command to begin from is asked for first.
        fits: Reads what an estimate of the memory needs; None knows of no model.
        field: The field to begin at; "" begins at the top.
    """

    MODE = "console"
    BINDINGS = launch_keys.BINDINGS
    EARLY = ("launch.start", "launch.leave")

    def __init__(
        self,
        launcher: Launcher,
        store: ProfileStore,
        found: Found,
        find_models: Callable[[], Awaitable[Sequence[LocalModel]]],
        base: Profile | None = None,
        *,
        drafts: MutableMapping[str, Profile] | None = None,
        from_container: bool = False,
        catalogues: Catalogues | None = None,
        pasting: bool = False,
        fits: Fits | None = None,
        field: str = "",
    ) -> None:
        self._launcher = launcher
        self._store = store
        self._find_models = find_models
        self._drafts: MutableMapping[str, Profile] = {} if drafts is None else drafts
        self._pasting, self._field = pasting, field
        first = base or first_profile(found.profiles)
        draft = Draft.of(self._drafts.get(first.name, first), first)
        host = host_words(launcher.host.name, launcher.host.kind)
        state = LaunchState(draft, first.name, host, found, from_container=from_container)
        if base is None and list(self._drafts)[-1:] == [PASTED]:
            state = state.beginning_from_paste(self._drafts[PASTED], ())
        super().__init__(launcher.host.name, catalogues or Catalogues(None, None), state, fits)
        self._timer: Timer | None = None

    @property
    def profile(self) -> Profile:
        """The profile as the form has it now."""
        return self._state.profile

    def compose_body(self) -> ComposeResult:
        """The form, the command, the notes."""
        yield self._body

    def on_mount(self) -> None:
        """Begin to look around: images, models, surroundings, preflight."""
        self._look_for_images()
        self._look_for_models()
        self.check_soon()
        if self._field:
            self.call_after_refresh(self.go_to, self._field)
        if self._pasting:
            self.action_paste()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        draft = self._state.draft
        if event.name == PROFILE:
            self._begin_from(event.value)
        elif event.name == ADDED:
            self.show_state(replace(self._state, draft=replace(draft, typed={**draft.typed, ADDED: event.value})))
        elif event.name == "model":
            self.take_state(self._state.chosen_model(event.value))
        else:
            self._take(draft.edit(event.name, event.value))

    @on(Form.Moved)
    def _moved(self, event: Form.Moved) -> None:
        self.show_state(replace(self._state, draft=self._state.draft.settle(event.name)))

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        if event.name == ADDED:
            self._add_typed(self._state.draft.typed.get(ADDED, ""))

    @work(group="launch", exclusive=True)
    async def action_launch(self) -> None:
        """Look once more; then hand the profile back, or go to what stands in the way."""
        self.show_state(replace(self._state, launching=True))
        await self._check()
        while self._state.checked != self.profile:  # the user typed on: what is launched was looked at
            await self._check()
        self.show_state(replace(self._state, launching=False))
        obstacle = worst(self._state.remarks())
        if obstacle is None:
            self._drafts.pop(self._state.origin, None)
            self.dismiss(self._state.launched)
            return
        title = _("{name} cannot be launched yet").format(name=self.profile.name)
        self.notify(run_on(obstacle.text, obstacle.mend), title=title, severity="error", timeout=10, markup=False)
        if obstacle.field:
            self._body.form.go(obstacle.field)

    def action_save(self) -> None:
        """Keep the form as a profile; asks for a name where it is not one of the user's own, or was given another one."""
        known = self._state.found.profile(self._state.origin)
        if known is not None and not known.builtin and known.name == self.profile.name:
            self._save(known.name)
            return
        body = [_("It is kept among your own profiles; {name} stays as it is.").format(name=self._state.origin)]
        self.app.push_screen(
            NameDialog(_("Save profile"), body, _("Save"), self.profile.name, name_problem), self._save
        )

    def action_profiles(self) -> None:
        """Choose the profile to begin from."""
        options = profile_options(self._state.found)
        question = ChoiceList(options, self._state.origin, self._body.list_place, title=_("Begin from a profile"))
        self.app.push_screen(question, self._begin_from)

    def action_copy(self) -> None:
        """Copy the command."""
        self.post_message(CopyAsked(self._body.command, _("the command")))

    def action_form(self) -> None:
        """Show the command in its next form."""
        self._body.another_form()

    def action_restart(self) -> None:
        """Forget every change."""
        self._drafts.pop(self._state.origin, None)
        self._take(self._state.draft.restart())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is another tab to show only where one place holds them all."""
        return action != "side" or self._body.tabbed

    def action_side(self) -> None:
        """Show the next of fit, command and notes."""
        self._body.step()

    def action_leave(self) -> None:
        """Go back and keep what was changed; first stop what the image is asked."""
        if self.stop_judging():
            return
        if self._keep():
            words = _("What you changed in {name} is kept for the next time.").format(
                name=self._state.origin or self.profile.name
            )
            self.notify(words, markup=False)
        self.dismiss(None)

    def _keep(self) -> bool:
        touched = self._state.draft.touched
        if touched:
            self._drafts[self._state.origin] = self.profile
        return touched

    def _begin_from(self, name: str | None) -> None:
        profile = self._state.found.profile(name) if name else None
        if profile is not None and name != self._state.origin:
            self._keep()
            self.show_state(self._state.beginning_from(profile, self._drafts.get(profile.name)))
            self.check_soon()

    def _save(self, name: str | None) -> None:
        if name is not None:
            self._write(name)

    @work(group="save", exclusive=True)
    async def _write(self, name: str) -> None:
        before = self.profile
        profile = replace(before, name=name, builtin=False)
        try:
            path = await asyncio.to_thread(self._store.save, profile)
            fresh = await asyncio.to_thread(found_in, self._store)
        except (OSError, ValueError) as error:
            self.post_message(
                ServiceFailed(ServiceError(_("The profile {name} was not saved").format(name=name), str(error)))
            )
            return
        self._drafts.pop(self._state.origin, None)
        found = replace(self._state.found, profiles=fresh.profiles, broken=fresh.broken)
        typed_on = None if self.profile == before else replace(self.profile, name=name, builtin=False)
        self.show_state(replace(self._state.beginning_from(profile, typed_on), found=found))
        self.notify(str(path), title=_("Saved as profile {name}").format(name=name), markup=False)
        self.check_soon()

    def go_to(self, name: str) -> None:
        """Go to a field; a flag gets a row first."""
        if any(name == field.name for group in self._body.form.groups for field in group.fields):
            self._body.form.go(name)
        else:
            self._add_flag(name)

    def _add_typed(self, text: str) -> None:
        """Add the flag whose name was typed, as far as this image has one; what it means stands beside the name."""
        name, _found = spelled(self._state.catalogue, text)
        if name or self._state.catalogue.source is not Source.IMAGE:
            self._add_flag(name or text)

    def _add_flag(self, text: str) -> None:
        draft = self._state.draft.add_flag(text)
        if draft is not None:
            self._take(draft)
            self._body.form.go(ALL + draft.flags[-1])

    def _take(self, draft: Draft) -> None:
        self.take_state(replace(self._state, draft=draft))

    def check_soon(self) -> None:
        """Have the preflight, and the image's catalogue, look at it after a short pause."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE, self._check_now)

    @work(group="preflight", exclusive=True)
    async def _check_now(self) -> None:
        self._ask_surroundings()
        if self.profile.image != self._state.known_image and not self._state.asking:
            self.learn()
        await self._check()

    @work(group="surroundings", exclusive=True)
    async def _ask_surroundings(self) -> None:
        profile = self.profile
        if profile.image != self._state.asked or self._state.entrypoint is None:
            place, entrypoint = await self._launcher.surroundings(profile)
            self.show_state(self._state.surrounded(profile.image, place, entrypoint))

    async def _check(self) -> None:
        self.show_state(replace(self._state, checking=True))
        profile = self.profile
        try:
            checks = tuple(await self._launcher.preflight(profile)) if profile.model else ()
        except ServiceError as error:
            self.post_message(ServiceFailed(error))
            checks = ()
        if profile == self.profile:
            self.show_state(replace(self._state, checks=checks, checked=profile, checking=False))

    @work(group="images")
    async def _look_for_images(self) -> None:
        try:
            images = tuple(await self._launcher.host.engine.images())
        except ServiceError:
            return  # the preflight says it, with the mend
        self.show_state(replace(self._state, found=replace(self._state.found, images=images)))

    @work(group="models")
    async def _look_for_models(self) -> None:
        models = tuple(await self._find_models())
        self.show_state(replace(self._state, found=replace(self._state.found, models=models)))
