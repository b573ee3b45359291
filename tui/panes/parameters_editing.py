"""A container's parameters under the user's hands: the draft, what it was made from, and a change that a warning asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from profiles.catalogue import Catalogue, bundled
from profiles.edit import edited
from profiles.lint import findings
from profiles.paths import LINUX, Place
from tui.panes.findings import place_of
from tui.panes.profile_draft import Draft
from tui.panes.profile_fields import ALL
from tui.services.preflight_check import Check

THIS_MACHINE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Editing:
    """A container's draft, and the container it was made from."""

    id: str
    draft: Draft
    image_config: Mapping[str, Any] | None = None
    """The config of the image it runs; tells what is the image's and what the user's."""
    vllm: bool = True
    place: Place = LINUX
    """How paths are meant on this host."""
    catalogue: Catalogue = field(default_factory=bundled)
    """What the vLLM of `known_image` accepts; the shipped one until that is known."""
    known_image: str = ""
    """The image that was asked for its catalogue."""
    check: Check | None = None
    """What a look before a recreate found wrong with the draft as it is."""

    @property
    def length_changed(self) -> bool:
        """Whether anything changed that decides whether vLLM takes the context length."""
        return any(self.draft.is_changed(name) for name in ("--max-model-len", "model", "env"))

    def knowing(self, catalogue: Catalogue, image: str) -> Editing:
        """Give it with what this image accepts."""
        alone = frozenset(name for flag in catalogue.flags if flag.is_switch for name in flag.names)
        draft = replace(self.draft, switches=alone or self.draft.switches)
        return replace(self, draft=draft, catalogue=catalogue, known_image=image)

    def mended(self, name: str) -> Editing:
        """Give it with what a finding about this field offers, else with what the first one does; itself where nothing is offered."""
        profile = self.draft.profile
        found = sorted(findings(profile, self.catalogue), key=lambda one: place_of(one, profile) != name)
        change = next((one.mend for one in found if one.mend is not None), None)
        return self if change is None else self.edited(self.draft.mended(change.apply(profile)))

    def says(self, other: Editing | None) -> bool:
        """Whether another state of the editing says the same of the same container, in what was typed wrong too."""
        if other is None or self.id != other.id:
            return False
        return self.draft.profile == other.draft.profile and self.draft.errors == other.draft.errors

    def edited(self, draft: Draft) -> Editing:
        """Give it with another draft; what was found wrong with other values is forgotten."""
        return replace(self, draft=draft, check=self.check if draft.profile == self.draft.profile else None)

    def applied(self, body: dict[str, Any]) -> dict[str, Any]:
        """Give the create body with the changes of the draft in it."""
        draft, config = self.draft, self.image_config
        return edited(body, draft.base, draft.profile, os.environ, place=self.place, image_config=config)

    def kept_to_this_machine(self) -> tuple[Editing, str]:
        """Give it with an address that only this machine reaches, and the name of the field that says so."""
        draft, name = self.draft, "port"
        if draft.profile.network == "host":
            # Nothing is published there: the server itself chooses where it listens.
            name = f"{ALL}host"
            draft = (draft.add_flag("host") or draft).put(name, THIS_MACHINE)
        else:
            draft = draft.put(name, f"{THIS_MACHINE}:{draft.profile.port}")
        return replace(self, draft=draft), name
