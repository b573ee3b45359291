"""A new server: the form of a profile, the command it makes, and what stands in its way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import replace
from gettext import gettext as _

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Region
from textual.timer import Timer

from profiles.command import docker_run
from profiles.profile import Profile
from profiles.store import ProfileStore
from tui.messages import CopyAsked, ServiceFailed
from tui.panes.profile_draft import Draft
from tui.panes.profile_fields import ALL
from tui.panes.profile_form import ADD_FLAG
from tui.screens.dialogs import NameDialog, name_problem
from tui.screens.frame import FramedScreen
from tui.screens.launch_form import PROFILE, Found, launch_groups, profile_options
from tui.screens.launch_notes import Remark, as_content, remarks, summary, worst
from tui.screens.launch_panels import SidePanels
from tui.services.errors import ServiceError
from tui.services.launch import Launcher
from tui.services.models_on_disk import LocalModel
from tui.services.preflight import Check
from widgets.choice_list import ChoiceList
from widgets.form import Form
from widgets.form_record import Option

PAUSE = 0.3
"""Seconds without a change before the preflight looks again."""

WIDE = 140
"""From this many columns the command and the notes stand beside the form."""


class LaunchScreen(FramedScreen):
    """Makes a profile ready and hands it back; dismissed with the profile to launch, or None.

    Args:
        launcher: Looks whether a profile can be launched.
        store: The profiles to begin from, and where they are saved.
        find_models: Looks for models on the disks.
        base: The profile to begin from; None takes the first.
        drafts: What was left unfinished before, by the name of its profile; the screen keeps it up to date.
    """

    DEFAULT_CSS = """
    LaunchScreen #launch { layout: horizontal; height: 1fr; }
    LaunchScreen #form-panel {
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        padding: 0 1;
        width: 95;
        margin-left: 1;
    }
    LaunchScreen #form-panel:focus-within {
        border: round $accent;
        border-title-background: $accent;
        border-title-color: $background;
    }
    LaunchScreen SidePanels { width: 1fr; margin-right: 1; }
    LaunchScreen #notes { height: 1fr; }
    LaunchScreen #command { height: 3fr; }
    LaunchScreen #notes { height: 2fr; }
    LaunchScreen.-narrow #launch { layout: vertical; }
    LaunchScreen.-narrow #form-panel { width: 1fr; height: 1fr; margin: 0; }
    LaunchScreen.-narrow SidePanels { width: 1fr; height: 7; margin: 0; }
    LaunchScreen.-narrow.-high SidePanels { height: 14; }
    """

    BINDINGS = [
        Binding("ctrl+l", "launch", _("Launch"), id="launch.start", tooltip=_("Look once more, then start this server")),
        Binding("ctrl+s", "save", _("Save profile"), id="launch.save", tooltip=_("Keep this form as a profile of your own")),
        Binding("slash,／,ctrl+f", "find", _("Find flag"), id="launch.find", tooltip=_("Go to a field or add a flag by its name")),
        Binding("p,ctrl+o", "profiles", _("Profile"), id="launch.profile", tooltip=_("Begin from another profile")),
        Binding("y,ctrl+y", "copy", _("Copy command"), id="launch.copy", tooltip=_("Copy the docker run command")),
        Binding("ctrl+z", "undo", _("Undo field"), show=False, id="launch.undo", tooltip=_("Give the field back its first value")),
        Binding("ctrl+r", "restart", _("Start over"), show=False, id="launch.restart", tooltip=_("Forget every change of this form")),
        Binding("left_square_bracket,right_square_bracket,【,】", "side", _("Command or notes"), show=False, id="launch.side", tooltip=_("Show the other tab under the form")),
        Binding("escape", "leave", _("Back"), id="launch.leave", tooltip=_("Go back; what was typed is kept for the next time")),
    ]

    def __init__(
        self,
        launcher: Launcher,
        store: ProfileStore,
        find_models: Callable[[], Awaitable[Sequence[LocalModel]]],
        base: Profile | None = None,
        drafts: MutableMapping[str, Profile] | None = None,
    ) -> None:
        super().__init__(launcher.host.name)
        self._launcher = launcher
        self._store = store
        self._find_models = find_models
        self._drafts: MutableMapping[str, Profile] = {} if drafts is None else drafts
        self._found = Found(store.all())
        first = base or next(iter(self._found.profiles), Profile("server", ""))
        self._origin = first.name
        self._draft = Draft.of(self._drafts.get(first.name, first), first)
        self._checks: tuple[Check, ...] = ()
        self._checking = False
        self._timer: Timer | None = None

    @property
    def profile(self) -> Profile:
        """The profile as the form has it now."""
        return self._draft.profile

    def compose_body(self) -> ComposeResult:
        """The form at the left, command and notes at the right or below."""
        with Container(id="launch"):
            with Vertical(id="form-panel"):
                yield Form(self._groups(self._remarks()), id="form")
            yield SidePanels(id="side")

    def on_mount(self) -> None:
        """Begin to look around: images, models, preflight."""
        self.query_one(Form).go(PROFILE)
        self._show()
        self._look()
        self._look_for_models()
        self._check_soon()

    def on_resize(self) -> None:
        """Below 140 columns command and notes become tabs under the form."""
        narrow = self.size.width < WIDE
        self.set_class(narrow, "-narrow")
        self.set_class(self.size.height >= 34, "-high")
        self.query_one(SidePanels).tabs = narrow

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        if event.name == PROFILE:
            self._begin_from(event.value)
        elif event.name == ADD_FLAG:
            self._draft = replace(self._draft, typed={**self._draft.typed, ADD_FLAG: event.value})
        else:
            self._take(self._draft.edit(event.name, event.value))

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        if event.name == ADD_FLAG:
            self._add_flag(self._draft.typed.get(ADD_FLAG, ""))

    def action_launch(self) -> None:
        """Look once more; then launch, or go to what stands in the way."""
        self._launch()

    def action_save(self) -> None:
        """Keep the form as a profile; one that is built in asks for a name of its own."""
        known = self._store.get(self._origin)
        if known is None or known.builtin:
            body = [_("It is kept among your own profiles; {name} itself stays as it is.").format(name=self._origin)]
            dialog = NameDialog(_("Save profile"), body, _("Save"), self.profile.name, name_problem)
            self.app.push_screen(dialog, self._save)
        else:
            self._save(self._origin)

    def action_find(self) -> None:
        """Ask for a field or flag, and go there."""
        fields = [(group, field) for group in self.query_one(Form).groups for field in group.fields if not field.name.startswith(ALL)]
        known = {field.label for _group, field in fields}
        rows = [Option(field.name, field.label, group.title) for group, field in fields]
        rows += [Option(ALL + flag, flag, _("All flags")) for flag in self._draft.flags if flag not in known]
        place = self.query_one("#form-panel").content_region
        anchor = Region(place.x + 1, place.y, min(56, place.width), 0)
        words = _("add the flag --{text}")
        self.app.push_screen(ChoiceList(tuple(rows), "", anchor, free=True, words=words), self._found_field)

    def action_profiles(self) -> None:
        """Choose the profile to begin from."""
        place = self.query_one("#form-panel").content_region
        anchor = Region(place.x + 1, place.y, min(56, place.width), 0)
        self.app.push_screen(ChoiceList(profile_options(self._found.profiles), self._origin, anchor), self._begin_from)

    def action_copy(self) -> None:
        """Copy the command."""
        self.post_message(CopyAsked(docker_run(self.profile), _("the command")))

    def action_undo(self) -> None:
        """Give the field that has the focus its first value."""
        if (name := self.query_one(Form).current) not in {None, PROFILE, ADD_FLAG, "host"}:
            self._take(self._draft.undo(str(name)))

    def action_restart(self) -> None:
        """Forget every change."""
        self._take(self._draft.restart())

    def action_side(self) -> None:
        """Show the other tab."""
        self.query_one(SidePanels).step()

    def action_leave(self) -> None:
        """Go back and keep what was typed."""
        if self._draft.touched:
            self._drafts[self._origin] = self.profile
            self.notify(_("Your changes to {name} are kept for the next time.").format(name=self._origin), markup=False)
        self.dismiss(None)
