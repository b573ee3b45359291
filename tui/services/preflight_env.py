"""Are the variables that a profile takes by name there to be taken."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _

from profiles.flags import API_KEY, HUB_TOKENS
from profiles.paths import is_folder
from profiles.profile import Profile
from tui.services.preflight_check import Check


def check_environment(profile: Profile, environ: Mapping[str, str]) -> list[Check]:
    """Say which variables are not set; those that nothing will miss are left out."""
    given = {name for name, value in profile.env if value}
    missing = [name for name in profile.env_names if not environ.get(name) and name not in given]
    return [check for name in dict.fromkeys(missing) if (check := _check(name, profile)) is not None]


def _check(name: str, profile: Profile) -> Check | None:
    text = _("{name} is not set in your environment.").format(name=name)
    if name == API_KEY:  # without it the server would start, and answer whoever asks
        mend = _("Set {name} before you start llmtui, or take it out of the variables: the server then wants no key.")
        return Check("env", False, text, mend.format(name=name))
    if name in HUB_TOKENS:
        if profile.in_image or is_folder(profile.model):
            return None  # what is on the disk needs no token
        return Check("env", None, text)
    mend = _("Set {name} before you start llmtui, or take it out of the variables.").format(name=name)
    return Check("env", None, text, mend)
