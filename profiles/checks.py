"""What can be wrong with a profile."""

from __future__ import annotations

from profiles.profile import Problem, Profile


def problems(profile: Profile) -> tuple[Problem, ...]:
    """Give everything that is wrong, in the order of the form."""
    return ()
