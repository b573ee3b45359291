"""Everything that is wrong with a profile for one vLLM, or worth knowing, with what mends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from profiles.arguments import several
from profiles.catalogue import Catalogue, bundled, find_name
from profiles.lint import environment, flags, risks
from profiles.lint.finding import Finding
from profiles.profile import Profile

Check = Callable[[Profile, Catalogue], Iterator[Finding]]


def findings(profile: Profile, catalogue: Catalogue | None = None) -> tuple[Finding, ...]:
    """Give what this vLLM would refuse or ignore, and what is risky, open or secret; in the order of the form.

    `catalogue` is the image's own; without it the shipped one judges.
    """
    known = catalogue or bundled()
    return tuple(finding for check in CHECKS for finding in check(profile, known))


def _flags(profile: Profile, catalogue: Catalogue) -> Iterator[Finding]:
    given = [name for name, _value in profile.flags]
    for name, value in profile.flags:
        found = find_name(catalogue, name)
        takes_several = found.flag is not None and found.flag.several and not found.key
        values = [] if value is None else several(value) if takes_several else [value]
        if found.flag is not None and found.flag.is_switch and value in ("true", "false"):
            values = []  # how a file may write it; it is written out as the bare switch
        yield from flags.judge(catalogue, name, values, found, given)


def _environment(profile: Profile, catalogue: Catalogue) -> Iterator[Finding]:
    for name, value in (*profile.env, *((name, None) for name in profile.env_names)):
        yield from environment.judge(catalogue, name, value)


def _risks(profile: Profile, _catalogue: Catalogue) -> Iterator[Finding]:
    yield from risks.of_profile(profile)


CHECKS: tuple[Check, ...] = (_risks, _environment, _flags)
"""Every check, in the order in which a form shows the fields."""
