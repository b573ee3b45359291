"""The one family of failures that services raise."""

from __future__ import annotations

from gettext import gettext as _

STOPS = "。！？"
"""After these no space follows."""


def run_on(*sentences: str) -> str:
    """Put sentences behind each other, with a space only where the language has one."""
    whole = ""
    for sentence in filter(None, sentences):
        whole += sentence if not whole or whole.endswith(tuple(STOPS)) else f" {sentence}"
    return whole


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

    def about(self, id_: str, name: str) -> ServiceError:
        """Give the same failure with a name in place of an id, which tells a reader nothing."""
        return ServiceError(*(part.replace(id_, name) for part in (self.title, self.detail, self.mend)))

    def __str__(self) -> str:
        title, detail, mend = (part.rstrip(".。") for part in (self.title, self.detail, self.mend))
        said = _("{title}: {detail}").format(title=title, detail=detail) if title and detail else title or detail
        return _("{sentence}. {mend}").format(sentence=said, mend=mend) if said and mend else said or mend
