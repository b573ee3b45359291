"""What the launch form offers: the profiles, the images and models that were found; and the row that chooses the profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from gettext import gettext as _

from profiles.profile import Profile
from profiles.store import Broken, ProfileStore
from tui.panes.profile_draft import Draft
from tui.panes.profile_form import Note, Sheet, groups
from tui.screens.launch_notes import Remark, field_notes
from tui.services.engine import ImageInfo
from tui.services.models_on_disk import LocalModel
from widgets.form_record import Field, Group, Option

PROFILE = "profile"
"""The row at the top, which chooses the profile."""


@dataclass(frozen=True, slots=True)
class Found:
    """What can be chosen on this host, as far as it is known."""

    profiles: tuple[Profile, ...] = ()
    images: tuple[ImageInfo, ...] = ()
    models: tuple[LocalModel, ...] | None = None
    """None while the disks are being looked through."""
    broken: tuple[Broken, ...] = ()
    """Files that are no profiles, though they lie among them."""
    fits: Mapping[str, str] = field(default_factory=dict)
    """Whether the profile would fit with each model, in a glyph and a word, by the models' paths; what is not known is not there."""
    notes: dict[str, Note] = field(default_factory=dict)

    def profile(self, name: str) -> Profile | None:
        """Give the profile of this name."""
        return next((one for one in self.profiles if one.name == name), None)


def found_in(store: ProfileStore) -> Found:
    """Read the profiles anew; blocks for as long as the disk does."""
    return Found(store.all(), broken=store.broken)


def launch_groups(
    draft: Draft,
    name: str,
    sheet: Sheet,
    found: Found,
    remarks: Sequence[Remark],
    *,
    fitting: Mapping[str, Note],
) -> tuple[Group, ...]:
    """Give the form's groups, the profile's row first; `fitting` is what the estimate says beside fields."""
    own, said = {**_own_notes(draft, found), **fitting}, field_notes(remarks, draft)
    notes = {**said, **{name: note for name, note in own.items() if name not in said or not said[name].level}}
    sheet = replace(sheet, offers=_offers(found), notes=notes)
    return (Group(PROFILE, "", (_profile_row(draft, name, found),)), *groups(draft, sheet))


def profile_options(found: Found) -> tuple[Option, ...]:
    """Offer the profiles, each with where it comes from; files that are none stand below and cannot be chosen."""
    whole = [
        Option(profile.name, detail=profile.note or (_("built-in") if profile.builtin else _("your own")))
        for profile in found.profiles
    ]
    broken = [Option(str(one.path), f"▲ {one.path.name}", one.text, choosable=False) for one in found.broken]
    return (*whole, *broken)


def first_profile(profiles: Sequence[Profile]) -> Profile:
    """Choose what a new server begins from: the user's own first, else a shipped one that chats, else a blank one."""
    ordered = sorted(profiles, key=lambda profile: (profile.builtin, profile.flag("runner") == "pooling"))
    return next(iter(ordered), Profile("server", ""))


def model_options(models: Sequence[LocalModel], fits: Mapping[str, str] | None = None) -> tuple[Option, ...]:
    """Offer the models on disk, whole ones first: name, size, type, and whether it would fit where that is known."""
    ordered = sorted(models, key=lambda model: bool(model.problem))
    known = fits or {}
    return tuple(
        Option(str(model.path), model.hub_id or str(model.path), _about(model, known.get(str(model.path), "")))
        for model in ordered
    )


def size_words(size: int) -> str:
    """Say bytes as GB or MB, the way docker does."""
    return f"{size / 1e9:.1f} GB" if size >= 5e8 else f"{size / 1e6:.0f} MB"


def _profile_row(draft: Draft, name: str, found: Found) -> Field:
    shown = next((profile for profile in found.profiles if profile.name == name), None)
    if draft.touched:
        note = _("changed, not saved")
    elif shown is not None and shown.builtin:
        note = _("built-in")
    else:
        note = _("your own") if shown is not None else ""
    choices = profile_options(found)
    return Field(PROFILE, _("profile"), "choice", name, choices, note, placeholder=_("(none yet)"))


def _offers(found: Found) -> dict[str, tuple[Option, ...]]:
    offers: dict[str, tuple[Option, ...]] = {}
    if found.images:
        tagged = [(tag, image) for image in found.images for tag in image.tags]
        tagged.sort(key=lambda pair: ("vllm" not in pair[0], pair[0]))
        offers["image"] = tuple(Option(tag, detail=size_words(image.size)) for tag, image in tagged)
    if found.models:
        offers["model"] = model_options(found.models, found.fits)
    return offers


def _own_notes(draft: Draft, found: Found) -> dict[str, Note]:
    notes: dict[str, Note] = {}
    model = next((m for m in found.models or () if draft.profile.model in {str(m.path), m.hub_id}), None)
    if model is not None:
        notes["model"] = Note(model.problem, "bad") if model.problem else Note(_about(model))
    elif found.models is None:
        notes["model"] = Note(_("looking …"))
    notes["api_key"] = Note(_("from VLLM_API_KEY"))
    return notes


def _about(model: LocalModel, fit: str = "") -> str:
    if model.problem:
        return f"✖ {model.problem}"
    kind = _("embedding") if model.kind == "embedding" else ""
    size = size_words(model.size) if model.size else ""
    return " · ".join(part for part in (size, model.dtype, kind, fit) if part)
