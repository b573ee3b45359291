"""The one family of failures that services raise."""

from __future__ import annotations


class ServiceError(Exception):
    """Something outside did not work: what happened, to what, and what to do next.

    Args:
        title: What happened to what, one plain sentence without a full stop ("Docker does not answer").
        detail: What the outside said, kept short; it may hold hostile bytes and is never markup.
        mend: What to do next, one plain sentence; empty only where nothing helps.
    """

    def __init__(self, title: str, detail: str = "", mend: str = "") -> None:
        super().__init__(title, detail, mend)
        self.title = title
        self.detail = detail
        self.mend = mend

    def __str__(self) -> str:
        said = ": ".join(part.rstrip(".") for part in (self.title, self.detail) if part)
        return ". ".join(part.rstrip(".") for part in (said, self.mend) if part)
