"""What must be known before the command line can be parsed: its parser already speaks the chosen language."""

from __future__ import annotations

from collections.abc import Sequence


def value(argv: Sequence[str], option: str) -> str:
    """Give what follows `--option` or `--option=`, "" where it is not there; judges nothing."""
    for position, argument in enumerate(argv):
        if argument == option and position + 1 < len(argv):
            return argv[position + 1]
        if argument.startswith(f"{option}="):
            return argument.removeprefix(f"{option}=")
    return ""
