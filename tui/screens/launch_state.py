"""Where the launch screen stands: the draft, what was found, what the checks said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from gettext import gettext as _

from profiles import paths
from profiles.catalogue import Catalogue, Source, bundled
from profiles.container import LABEL
from profiles.flags import SWITCHES
from profiles.lint import Finding
from profiles.paths import LINUX, Place
from profiles.profile import Profile
from profiles.render import Form, Rendered, Setting, render
from tui.panes.findings import pasted_level
from tui.panes.flag_rows import source_words
from tui.panes.profile_draft import Draft
from tui.panes.profile_form import Note, Sheet
from tui.screens.launch_form import Found, launch_groups
from tui.screens.launch_notes import WEIGHT, Remark, remarks
from tui.services.fit_reckoned import Reckoned, reckon
from tui.services.fits import Cards, Ground
from tui.services.preflight_check import Check
from widgets.form_record import Group

PASTED = ""
"""The origin of what was pasted: no profile has this name."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the image's own parser said of a profile."""

    profile: Profile
    remarks: tuple[Remark, ...]


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
    catalogue: Catalogue = field(default_factory=bundled)
    """What the vLLM of `known_image` accepts; the shipped one until that image was asked."""
    known_image: str = ""
    """The image that the catalogue is of."""
    asking: bool = False
    """Whether the image is being asked for its flags."""
    judging: bool = False
    """Whether the image's own parser is being asked about this very profile."""
    verdict: Verdict | None = None
    """What the image's own parser said when it was last asked."""
    pasted: tuple[Finding, ...] | None = None
    """What was said of the command that this was pasted from; None where nothing was pasted."""
    mends: tuple[tuple[Draft, Draft], ...] = ()
    """Each mend that can be undone: the draft before it and the one it made."""
    ground: Ground = field(default_factory=Ground)
    """What is known of the model's memory."""
    cards: Cards = field(default_factory=Cards)
    """What the host's memory is now."""
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
        said = remarks(self.draft, self.checks, self.checked or self.profile, self.catalogue)
        if self.verdict is not None and self.verdict.profile == self.profile:
            said = (*self.verdict.remarks, *said)
        own = {(one.finding.kind, one.finding.flag) for one in said if one.finding is not None}
        pasted = [
            Remark(pasted_level(one), "", one.text, finding=replace(one, mend=None))
            for one in self.pasted or ()
            if (one.kind, one.flag) not in own
        ]
        return tuple(sorted([*said, *pasted, *broken], key=lambda remark: WEIGHT[remark.level]))

    @property
    def under_way(self) -> tuple[str, ...]:
        """What the notes say last: the profile's own note, whose flags are known, what is being looked at."""
        words = [self.profile.note, self.source]
        if self.asking:
            words.append(_("asking {image} for its own flags …").format(image=self.profile.image))
        if self.judging:
            words.append(_("{image} judges this command … esc stops it").format(image=self.profile.image))
        if self.mends and self.mends[-1][1].profile == self.profile:
            words.append(_("mended; ctrl+z takes it back"))
        if self.checking:
            words.append(_("checking …"))
        return tuple(one for one in words if one)

    @property
    def source(self) -> str:
        """Say whose flags are known, and how many: `317 flags of this image (vLLM 0.32.0)`."""
        return f"{len(self.catalogue.flags)} {source_words(self.catalogue)}"

    def rendered(self, form: Form) -> Rendered:
        """Give what does what a launch does, in a form, with what that form cannot carry."""
        entrypoint = self.entrypoint if self.asked == self.profile.image else None
        return render(self.launched, form, Setting(self.place, entrypoint))

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

    @property
    def version(self) -> str:
        """vLLM's version as this image itself said it; "" where it was not asked."""
        asked = self.known_image == self.profile.image and self.catalogue.source is not Source.BUNDLED
        return self.catalogue.version if asked else ""

    def reckoned(self) -> Reckoned | None:
        """Reckon whether it fits; None while the model's facts are not known."""
        return reckon(self.profile, self.version, self.ground, self.cards)

    def groups(self, fitting: Mapping[str, Note] | None = None) -> tuple[Group, ...]:
        """Give the form's groups, with what the estimate says beside some fields."""
        sheet = Sheet(self.host, catalogue=self.catalogue, asking=self.asking)
        return launch_groups(self.draft, self.origin, sheet, self.found, self.remarks(), fitting=fitting or {})

    def beginning_from(self, profile: Profile, kept: Profile | None) -> LaunchState:
        """Give the state in which another profile is begun; `kept` is what was left unfinished of it before."""
        draft = replace(Draft.of(kept or profile, profile), switches=self.draft.switches)
        fresh = replace(self, draft=draft, origin=profile.name, from_container=False, checks=(), proposed="")
        return replace(fresh, pasted=None, mends=(), verdict=None)

    def beginning_from_paste(self, profile: Profile, notes: tuple[Finding, ...]) -> LaunchState:
        """Give the state in which a pasted command stands in the form; nothing of it is saved yet."""
        fresh = self.beginning_from(Profile(profile.name, ""), profile)
        return replace(fresh, origin=PASTED, pasted=notes)

    def knowing(self, catalogue: Catalogue, image: str) -> LaunchState:
        """Give the state in which it is known what this image accepts."""
        alone = frozenset(name for flag in catalogue.flags if flag.is_switch for name in flag.names)
        draft = replace(self.draft, switches=alone or SWITCHES)
        return replace(self, draft=draft, catalogue=catalogue, known_image=image, asking=False)

    def mending(self, profile: Profile) -> LaunchState:
        """Give the state with a mended profile, and the way back."""
        if profile == self.profile:
            return self
        after = self.draft.mended(profile)
        return replace(self, draft=after, mends=(*self.mends, (self.draft, after)))

    def unmended(self) -> LaunchState | None:
        """Give the state before the last mend, while nothing was changed since; None else."""
        if not self.mends or self.mends[-1][1].profile != self.profile:
            return None
        return replace(self, draft=self.mends[-1][0], mends=self.mends[:-1])


def proposed_name(model: str) -> str:
    """Propose a served name for a folder: its own name, or its hub id's last part, in small letters; "" for a hub id."""
    if not paths.is_folder(model):
        return ""
    cached = paths.hub_folder(model)
    name = cached[1].rpartition("/")[2] if cached is not None else paths.base(model)
    return "-".join(name.lower().split())
