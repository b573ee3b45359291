"""Containers kept aside: what a server was before its last recreate, under a name of its own."""

from __future__ import annotations

import re

MARK = "-llmtui-old"
"""What the name of a container set aside ends in, perhaps with a number behind it."""
_ASIDE = re.compile(rf"(.+){MARK}(?:-\d+)?")


def kept_for(name: str) -> str | None:
    """Say for which server a container is kept aside; None when it is not one of those."""
    found = _ASIDE.fullmatch(name)
    return found[1] if found else None
