"""Where the launch screen stands: the draft, what was found, what the checks said."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from profiles.profile import Profile
from tui.panes.profile_draft import Draft
from tui.screens.launch_form import Found, launch_groups
from tui.screens.launch_notes import Remark, remarks
from tui.services.preflight_check import Check
from widgets.form_record import Group


@dataclass(frozen=True, slots=True)
class LaunchState:
    """One state of the screen; all that it shows follows from it."""

    draft: Draft
    origin: str
    """The profile's name that the draft began from."""
    host: str
    found: Found = field(default_factory=Found)
    checks: tuple[Check, ...] = ()
    """What the preflight said last."""
    checked: Profile | None = None
    """What the preflight looked at."""
    checking: bool = False
    """Whether the preflight is looking, or about to."""

    launching: bool = False
    """Whether the preflight looks because the user wants to launch."""

    @property
    def profile(self) -> Profile:
        """The profile as it is now."""
        return self.draft.profile

    def remarks(self) -> tuple[Remark, ...]:
        """Give all there is to say of it."""
        return remarks(self.draft, self.checks, self.checked or self.profile)

    def groups(self) -> tuple[Group, ...]:
        """Give the form's groups."""
        return launch_groups(self.draft, self.origin, self.host, self.found, self.remarks())

    def beginning_from(self, profile: Profile, kept: Profile | None) -> LaunchState:
        """Give the state in which another profile is begun; `kept` is what was left unfinished of it before."""
        draft = Draft.of(kept or profile, profile)
        return replace(self, draft=draft, origin=profile.name, checks=())
