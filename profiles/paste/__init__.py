"""Reading what people paste: a launch in any of its forms becomes one record, a profile, and notes. Nothing is ever run."""

from __future__ import annotations

from profiles.paste.profile import PROFILE_NAME, to_profile
from profiles.paste.reading import read, services
from profiles.paste.record import Pasted, Port
from profiles.paste.shared import shared

__all__ = ["PROFILE_NAME", "Pasted", "Port", "read", "services", "shared", "to_profile"]
