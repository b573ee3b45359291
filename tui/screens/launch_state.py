"""Where the launch screen stands: the draft, what was found, what the checks said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from profiles import paths
from profiles.command import docker_run
from profiles.container import LABEL
from profiles.paths import LINUX, Place
from profiles.profile import Profile
from tui.panes.profile_draft import Draft
from tui.screens.launch_form import Found, launch_groups
from tui.screens.launch_notes import WEIGHT, Remark, remarks
from tui.services.preflight_check import Check
from widgets.form_record import Group


@dataclass(frozen=True, slots=True)
class LaunchState:
    """One state of the screen; all that it shows follows from it."""

    draft: Draft
    origin: str
    """The name of the profile, or of the container, that the draft began from."""
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
    place: Place = LINUX
    """How paths are meant on this host."""
    entrypoint: tuple[str, ...] | None = None
    """The entrypoint of the image `asked`; None while it is not known."""
    asked: str = ""
    """The image whose entrypoint was asked."""
    from_container: bool = False
    """Whether it began from what a container runs with, and from no profile."""
    proposed: str = ""
    """The served name that was put in for a chosen folder; the user's own is never replaced."""

    @property
    def profile(self) -> Profile:
        """The profile as it is now."""
        return self.draft.profile

    @property
    def launched(self) -> Profile:
        """The profile as it is launched: under another name it still says from which profile it came."""
        profile = self.profile
        known = not self.from_container and any(one.name == self.origin for one in self.found.profiles)
        if not known or profile.name == self.origin or LABEL in dict(profile.labels):
            return profile
        return replace(profile, labels=(*profile.labels, (LABEL, self.origin)))

    def remarks(self) -> tuple[Remark, ...]:
        """Give all there is to say of it, and of files that are no profiles."""
        broken = [Remark("careful", "", one.text) for one in self.found.broken]
        said = remarks(self.draft, self.checks, self.checked or self.profile)
        return tuple(sorted([*said, *broken], key=lambda remark: WEIGHT[remark.level]))

    @property
    def command(self) -> str:
        """Give the command that does what a launch does."""
        entrypoint = self.entrypoint if self.asked == self.profile.image else None
        return docker_run(self.launched, self.place, entrypoint)

    def surrounded(self, image: str, place: Place, entrypoint: Sequence[str] | None) -> LaunchState:
        """Give the state in which the surroundings of this image are known."""
        return replace(self, place=place, entrypoint=None if entrypoint is None else tuple(entrypoint), asked=image)

    def chosen_model(self, model: str) -> LaunchState:
        """Give the state with another model; a folder proposes a served name, so that requests need not name a path."""
        draft = self.draft.edit("model", model)
        if draft.profile.served_name not in {"", self.proposed} or draft.profile.flag("served-model-name") is not None:
            return replace(self, draft=draft)
        proposed = proposed_name(model)
        if proposed == draft.profile.served_name:
            return replace(self, draft=draft)
        return replace(self, draft=draft.put("served_name", proposed), proposed=proposed)

    def groups(self) -> tuple[Group, ...]:
        """Give the form's groups."""
        return launch_groups(self.draft, self.origin, self.host, self.found, self.remarks())

    def beginning_from(self, profile: Profile, kept: Profile | None) -> LaunchState:
        """Give the state in which another profile is begun; `kept` is what was left unfinished of it before."""
        draft = Draft.of(kept or profile, profile)
        return replace(self, draft=draft, origin=profile.name, from_container=False, checks=(), proposed="")


def proposed_name(model: str) -> str:
    """Propose a served name for a folder: its own name, or its hub id's last part, in small letters; "" for a hub id."""
    if not paths.is_folder(model):
        return ""
    cached = paths.hub_folder(model)
    name = cached[1].rpartition("/")[2] if cached is not None else paths.base(model)
    return "-".join(name.lower().split())
