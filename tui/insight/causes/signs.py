"""How the table of signs is written, and its compiled form."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui.insight.causes.records import Sign


class Row(NamedTuple):
    """A sign as the tables write it; see `Sign`."""

    cause: str
    literal: str
    pattern: str = ""
    """"" takes the literal itself."""
    rank: int = 1
    soft: bool = False
    fatal: bool = False
    frames: tuple[str, ...] = ()

    def compiled(self) -> Sign:
        """Make the sign."""
        return Sign(
            self.cause,
            self.literal.encode(),
            re.compile(self.pattern or re.escape(self.literal), re.MULTILINE),
            self.rank,
            self.soft,
            self.fatal,
            self.frames,
        )


def row(  # noqa: PLR0917
    cause: str, literal: str, pattern: str = "", rank: int = 1, soft: bool = False, frames: tuple[str, ...] = ()
) -> Row:
    """Write a sign that counts where something else shows that the start failed."""
    return Row(cause, literal, pattern, rank, soft, False, frames)


def fatal(cause: str, literal: str, pattern: str = "", rank: int = 1) -> Row:
    """Write a sign that shows the failure by itself."""
    return Row(cause, literal, pattern, rank, True, True)
