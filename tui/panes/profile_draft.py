"""A profile under the user's hands: what it was, what it is now, and what was typed that is not a value yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from profiles.diff import changes
from profiles.flags import FLAG, SWITCHES
from profiles.profile import Profile
from tui.panes.profile_fields import ALL, FieldError, changed, flag_of, is_switch, restored, value
from widgets.form_record import ON

ADDED = "add-flag"
"""The row that takes the name of one more flag."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One state of the editing; every change gives another draft."""

    base: Profile
    """What it was when the editing began."""
    profile: Profile
    """What it is now."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Fields as they were typed, so that the text under the cursor is never rewritten."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Fields whose text is no value, and why; the profile still holds the value before."""
    flags: tuple[str, ...] = ()
    """Every flag seen since the editing began; a row stays while its value is being typed anew."""
    switches: frozenset[str] = SWITCHES
    """Flags that stand alone, by what is known of the image."""

    @classmethod
    def of(cls, profile: Profile, base: Profile | None = None) -> Draft:
        """Begin to edit a profile.

        Args:
            profile: What stands in the form.
            base: What it is compared with; by itself, the same profile.
        """
        start = profile if base is None else base
        return cls(start, profile, flags=_names(start, profile))

    def value(self, name: str) -> str:
        """Give the text of a field: as it was typed, while that still says the same."""
        given = value(self.profile, name)
        typed = self.typed.get(name)
        if typed is None:
            return given
        if name in self.errors:
            return typed
        try:
            same = changed(self.profile, name, typed, self.flags, self.switches) == self.profile
        except FieldError:
            return typed
        return typed if same else given

    def edit(self, name: str, text: str) -> Draft:
        """Put a text into a field."""
        typed = {**self.typed, name: text}
        errors = {key: why for key, why in self.errors.items() if key != name}
        try:
            profile = changed(self.profile, name, text, self.flags, self.switches)
        except FieldError as error:
            return replace(self, typed=typed, errors={**errors, name: str(error)})
        return replace(self, profile=profile, typed=typed, errors=errors, flags=_names(self, profile))

    def put(self, name: str, text: str) -> Draft:
        """Put in a value that was not typed; the field shows it the way it is written by us."""
        draft = self.edit(name, text)
        return replace(
            draft, typed={key: old for key, old in draft.typed.items() if key != name or name in draft.errors}
        )

    def add_flag(self, text: str) -> Draft | None:
        """Show a row for one more flag, as `name`, `--name` or `--name=value`; None when that is no flag's name."""
        name, _equals, given = text.strip().lstrip("-").partition("=")
        name = name.replace("_", "-")
        if not FLAG.fullmatch(name):
            return None
        flags = tuple(dict.fromkeys([*(flag for flag in self.flags if flag != name), name]))
        draft = replace(self, flags=flags, typed={key: old for key, old in self.typed.items() if key != ADDED})
        if draft.profile.flag(name) is None and (given or is_switch(draft.profile, name, self.switches)):
            draft = draft.edit(ALL + name, given or ON)
        return draft

    def undo(self, name: str) -> Draft:
        """Give a field back the value it had."""
        same = {key: why for key, why in self.errors.items() if key != name}
        typed = {key: text for key, text in self.typed.items() if flag_of(key) != flag_of(name) or key == ADDED}
        typed.pop(name, None)
        return replace(self, profile=restored(self.profile, self.base, name, self.flags), typed=typed, errors=same)

    def settle(self, name: str) -> Draft:
        """Write every field the way it is written by us, but the one that is being typed in and those that are no value."""
        kept = {key: text for key, text in self.typed.items() if key in {name, ADDED} or key in self.errors}
        return replace(self, typed=kept)

    def restart(self) -> Draft:
        """Give every field back the value it had."""
        return replace(Draft.of(self.base), switches=self.switches)

    def mended(self, profile: Profile) -> Draft:
        """Put in what a mend makes of the profile; what was typed gives way to it."""
        return replace(self, profile=profile, typed={}, errors={}, flags=_names(self, profile))

    def is_changed(self, name: str) -> bool:
        """Say whether a field holds another value than at first."""
        if name in self.errors:
            return True
        return restored(self.profile, self.base, name, self.flags) != self.profile

    @property
    def changed_fields(self) -> int:
        """How many fields differ from what they were."""
        return len({change.field for change in changes(self.base, self.profile)} | set(self.errors))

    @property
    def touched(self) -> bool:
        """Whether anything differs from what it was."""
        return bool(self.errors) or self.profile != self.base


def _names(before: Draft | Profile, profile: Profile) -> tuple[str, ...]:
    known = before.flags if isinstance(before, Draft) else tuple(name for name, _value in before.flags)
    return tuple(dict.fromkeys([*known, *(name for name, _value in profile.flags)]))
