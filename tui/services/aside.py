"""Containers kept aside: what a server was before its last recreate, under a name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tui.services.engine import Container

MARK = "-llmtui-old"
"""What the name of a container set aside ends in, perhaps with a number behind it."""
_ASIDE = re.compile(rf"(.+){MARK}(?:-\d+)?")


def kept_for(name: str) -> str | None:
    """Say for which server a container is kept aside; None when it is not one of those."""
    found = _ASIDE.fullmatch(name)
    return found[1] if found else None


def who_is_kept(containers: Iterable[Container], actions: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Give the ids of what is kept aside for whom; what was kept for a server that is gone is a server like any other.

    Args:
        containers: All there are.
        actions: The keys of the servers with which something is done now.
    """
    all_of_them = tuple(containers)
    names = {container.name for container in all_of_them} | {name for _host, name in actions}
    aside: dict[str, tuple[str, ...]] = {}
    for container in all_of_them:
        name = kept_for(container.name)
        if name in names and container.state != "running":
            aside[name] = (*aside.get(name, ()), container.id)
    return aside
