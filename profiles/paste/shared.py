"""Reading a profile that somebody shares as llmtui's own TOML file."""

from __future__ import annotations

import re

from profiles.paste.profile import PROFILE_NAME
from profiles.profile import Profile
from profiles.render.public import public
from profiles.render.record import Rendered
from profiles.store import load

MODEL = re.compile(r"^model[ \t]*=", re.MULTILINE)
"""What every such file holds."""


def shared(text: str) -> tuple[Profile, tuple[str, ...]] | None:
    """Give the profile, and a sentence for each secret whose value was left behind; None when the text is no such file."""
    if not MODEL.search(text):
        return None
    try:
        profile = load(text.removeprefix("\ufeff"), PROFILE_NAME)
    except ValueError:
        return None
    done = Rendered()
    return public(profile, done), tuple(done.notes)
