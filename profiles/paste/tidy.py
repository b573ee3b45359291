"""Leaving out of a profile what follows from its other fields anyway: it is what a launch of ours writes by itself."""

from __future__ import annotations

from dataclasses import replace

from profiles import container
from profiles.profile import Profile

CARDS = "CUDA_VISIBLE_DEVICES"
"""The variable that chooses the cards where no container does."""
LABELS = (container.LABEL, "llmtui.version")


def tidied(profile: Profile, native: bool) -> Profile:
    """Give the profile without what a launch adds; `native`: it was read from a command without a container."""
    if native:
        profile = _cards(profile)
    labels = tuple(pair for pair in profile.labels if pair[0] not in LABELS or _is_own(pair, profile))
    flags = tuple(pair for pair in profile.flags if not _is_address(pair, profile, native))
    return _mounted(replace(profile, labels=labels, flags=flags))


def _is_address(flag: tuple[str, str | None], profile: Profile, native: bool) -> bool:
    """Say whether a flag repeats the address or the port; a native server's own address means nothing in a container."""
    if not native and profile.network != "host":
        return False
    return flag == ("port", str(profile.port)) or flag == ("host", profile.bind) or (native and flag[0] == "host")


def _is_own(label: tuple[str, str], profile: Profile) -> bool:
    """Say whether a container carries the name of a profile that is not called as it is."""
    return label[0] == container.LABEL and label[1] != profile.name


def _cards(profile: Profile) -> Profile:
    """Make the cards that a variable chooses the profile's."""
    cards = dict(profile.env).get(CARDS, "")
    if not cards or not all(card.isdecimal() for card in cards.split(",")):
        return profile
    env = tuple(pair for pair in profile.env if pair[0] != CARDS)
    return replace(profile, env=env, gpus=f"device={cards}")


def _mounted(profile: Profile) -> Profile:
    """Leave out a mount that the model brings along."""
    for mount in profile.mounts:
        less = replace(profile, mounts=tuple(one for one in profile.mounts if one != mount))
        if _made(less) == _made(profile):
            profile = less
    return profile


def _made(profile: Profile) -> tuple[object, ...]:
    return set(container.all_mounts(profile)), container.arguments(profile), container.all_env(profile)
