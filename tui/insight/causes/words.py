"""The card's words: title and detail of a diagnosis in the user's language, and the sentences of the advices."""

from __future__ import annotations

import string
from gettext import gettext

from tui.insight.causes.records import Diagnosis
from tui.insight.causes.words_docker import DOCKER_WORDS, GPU_WORDS, MEMORY_WORDS
from tui.insight.causes.words_model import FLAG_WORDS, HUB_WORDS

TABLES = (DOCKER_WORDS, GPU_WORDS, MEMORY_WORDS, HUB_WORDS, FLAG_WORDS)
MOST_QUOTED = 360
"""Characters of the log's own words in a detail."""


class _Named(dict[str, str]):
    """Names that are not known become an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def all_words() -> dict[str, tuple[str, ...]]:
    """Say every cause: a title, then sentences."""
    return {cause: tuple(map(gettext, texts)) for table in TABLES for cause, texts in table.items()}


def title(found: Diagnosis) -> str:
    """Say what happened, one sentence without a full stop."""
    return all_words()[found.cause][0].format_map(_Named(found.values))


def detail(found: Diagnosis) -> str:
    """Say more: the sentences of which all names are known; one that names nothing new after another one is left out."""
    said: list[str] = []
    used: set[str] = set()
    for text in all_words()[found.cause][1:]:
        names = _names(text)
        if names <= found.values.keys() and not (used and names <= used):
            said.append(text.format_map(found.values))
            used |= names
    return " ".join(said)


def quoted(found: Diagnosis) -> str:
    """Give the log's own words, cut to a readable length."""
    text = " ".join(found.evidence.split())
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"


def _names(text: str) -> set[str]:
    return {name for _text, name, _spec, _conv in string.Formatter().parse(text) if name}
