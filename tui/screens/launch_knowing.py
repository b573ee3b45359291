"""The part of the launch screen that knows the image: its flags, its own parser's word, pasted commands, mends."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from textual import events, on, work
from textual.worker import Worker

from profiles.container import arguments, entry
from profiles.lint import findings
from tui.messages import ServiceFailed
from tui.panes.findings import mended
from tui.panes.profile_draft import ADDED
from tui.panes.profile_form import flag_finder
from tui.screens.frame import FramedScreen
from tui.screens.launch_body import LaunchBody
from tui.screens.launch_form import PROFILE
from tui.screens.launch_notes import Remark
from tui.screens.launch_notes_panel import NotesPanel
from tui.screens.launch_paste import PasteDialog, Taken
from tui.screens.launch_state import LaunchState, Verdict
from tui.services.catalogue import Catalogues
from tui.services.errors import ServiceError


class KnowingScreen(FramedScreen):
    """Holds the state of a launch and what is known of its image.

    Args:
        host: The host's name.
        catalogues: Asks images what they accept.
        state: What is shown first.
    """

    def __init__(self, host: str, catalogues: Catalogues, state: LaunchState) -> None:
        super().__init__(host)
        self._catalogues = catalogues
        self._state = state
        self._body = LaunchBody(state)
        self._judging: Worker[None] | None = None

    def check_soon(self) -> None:
        """Have the preflight look at what stands there now."""

    def show_state(self, state: LaunchState) -> None:
        """Show another state."""
        self._state = state
        if self._body.is_mounted:
            self._body.show(state)

    def take_state(self, state: LaunchState) -> None:
        """Show another state, and have it looked at."""
        self.show_state(state)
        self.check_soon()

    @work(group="catalogue", exclusive=True)
    async def learn(self) -> None:
        """Ask the image for its flags, unless it is the one whose flags are known."""
        image = self._state.profile.image
        if image == self._state.known_image:
            return
        self.show_state(replace(self._state, asking=True))
        try:
            known = await self._catalogues.of_image(image)
        finally:
            self.show_state(replace(self._state, asking=False))
        self.show_state(self._state.knowing(known, image))

    @work(group="paste", exclusive=True)
    async def action_paste(self, text: str = "") -> None:
        """Ask for a command and put what it says into the form."""
        taken = await self.app.push_screen_wait(PasteDialog(self._state.catalogue, text))
        if taken is not None:
            self.take_paste(taken)

    def take_paste(self, taken: Taken) -> None:
        """Put a pasted launch into the form, as a new profile."""
        self.take_state(self._state.beginning_from_paste(taken.profile, taken.notes))
        self._body.form.go(PROFILE)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted where no text is typed is a command."""
        event.stop()
        self.action_paste(event.text)

    def action_judge(self) -> None:
        """Ask the image's own parser whether it takes these flags; asked again while it is asked, it goes on."""
        if not self._state.judging:
            self._judging = self._judge()

    @work(group="judge", exclusive=True)
    async def _judge(self) -> None:
        state, profile = self._state, self._state.profile
        _replaced, named = entry(profile, state.entrypoint if state.asked == profile.image else None)
        words = arguments(profile, state.place, named)
        self.show_state(replace(state, judging=True, verdict=None))
        try:
            sentence = await self._catalogues.judged(profile.image, words)
        except ServiceError as error:
            self.post_message(ServiceFailed(error))
        else:
            self.show_state(replace(self._state, verdict=Verdict(profile, (said(sentence),))))
        finally:
            self._judging = None
            self.show_state(replace(self._state, judging=False))

    def stop_judging(self) -> bool:
        """Ask the image no longer; False when it is not being asked."""
        if self._judging is None:
            return False
        self._judging.cancel()
        return True

    @on(NotesPanel.MendAsked)
    def _mend_asked(self, event: NotesPanel.MendAsked) -> None:
        event.stop()
        given = self._state.remarks()
        if event.index < len(given):
            self._mend(given[event.index])

    def action_mend(self) -> None:
        """Do what the marked note offers; from the form, what is offered for the field, else for the worst."""
        given = self._state.remarks()
        marked = self._body.marked
        if marked is not None:
            chosen = given[marked : marked + 1]
        else:
            here = self._body.form.current
            chosen = tuple(sorted(given, key=lambda remark: remark.field != here))
        remark = next((one for one in chosen if one.change is not None or (one.offer and one.field)), None)
        if remark is not None:
            self._mend(remark)

    def action_mend_all(self) -> None:
        """Apply every mend that only says better what was meant."""
        profile = mended(self._state.profile, findings(self._state.profile, self._state.catalogue))
        if profile == self._state.profile:
            self.notify(_("Nothing here can be mended without a decision of yours."), markup=False)
        self.take_state(self._state.mending(profile))

    def _mend(self, remark: Remark) -> None:
        if remark.change is not None:
            self.take_state(self._state.mending(remark.change.apply(self._state.profile)))
        elif remark.offer and remark.field:
            self.take_state(replace(self._state, draft=self._state.draft.put(remark.field, remark.offer)))
            self._body.form.go(remark.field)

    def action_undo(self) -> None:
        """Take the last mend back; where there is none, give the field that has the focus its first value."""
        before = self._state.unmended()
        name = self._body.form.current
        if before is not None:
            self.take_state(before)
        elif name is not None and name not in {PROFILE, ADDED, "host"}:
            self.take_state(replace(self._state, draft=self._state.draft.undo(name)))

    @work(group="find", exclusive=True)
    async def action_find(self) -> None:
        """Ask for a field or a flag, and go there."""
        name = await self.app.push_screen_wait(flag_finder(self._body.form.groups, self._state.catalogue))
        if name:
            self.go_to(name)

    def go_to(self, name: str) -> None:
        """Go to a field, or to the row of a flag."""


def said(sentence: str) -> Remark:
    """Give what the image's own parser said as a note."""
    if not sentence:
        return Remark("good", "", _("This image's own parser takes these flags."))
    return Remark("bad", "", _("This image's own parser: {sentence}").format(sentence=sentence))
