"""A catalogue out of the text of `vllm serve --help=all`: names, choices and help; types only as far as a text tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profiles.catalogue.json_form import CatalogueError
from profiles.catalogue.record import Catalogue, Flag, Kind, Source

GROUP = re.compile(r"([A-Za-z][\w ]*):\s*")
OPTION = re.compile(r" {2}(-\S.*)")
HELP = re.compile(r" {4,}(\S.*)")
NAME = re.compile(r"(--?[A-Za-z][\w-]*)(?:[ =](.*))?", re.DOTALL)
CHOICES = re.compile(r"\{([^}]*)\}")
DEFAULT = re.compile(r"\(default: (.*)\)\s*$", re.DOTALL)
KEY = "Should either be a valid JSON string"
FEWEST = 20
"""Fewer flags than this are no help of `vllm serve`."""


def from_help(text: str) -> Catalogue:
    """Read the help's text.

    Raises:
        CatalogueError: It lists hardly any flag.
    """
    flags = [flag for flag in (_flag(*one) for one in _entries(text)) if flag is not None]
    if len(flags) < FEWEST:
        raise CatalogueError(text.strip()[-300:])
    return Catalogue("", tuple({flag.name: flag for flag in flags}.values()), source=Source.HELP)


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Give the group, the option strings and the help of every entry."""
    group, options, said = "", "", list[str]()
    for line in text.splitlines():
        option = OPTION.fullmatch(line)
        further = HELP.fullmatch(line)
        title = GROUP.fullmatch(line)
        if option or title:
            if options:
                yield group, options, " ".join(said)
            options, said = "", []
        if title:
            group = title[1]
        elif option:
            options, _, first = option[1].partition("  ")
            said = [first.strip()] if first.strip() else []
        elif further and options:
            said.append(further[1])
    if options:
        yield group, options, " ".join(said)


def _flag(group: str, options: str, said: str) -> Flag | None:
    strings, values = [], ""
    for one in re.split(r", (?=-)", options):
        found = NAME.fullmatch(one.strip())
        if found:
            strings.append(found[1])
            values = found[2] or values
    longs = [name[2:] for name in strings if name.startswith("--")]
    positives = [name for name in longs if not (name.startswith("no-") and name[3:] in longs)]
    if not positives:
        return None
    choices = CHOICES.search(values)
    default = DEFAULT.search(said)
    return Flag(
        name=positives[0],
        aliases=tuple(positives[1:]),
        short=tuple(name[1:] for name in strings if not name.startswith("--")),
        kind=Kind.SWITCH if not values else Kind.JSON if KEY in said else Kind.TEXT,
        twin=len(positives) < len(longs),
        nargs="+" if values.rstrip().endswith("...]") else "",
        choices=tuple(one for one in choices[1].split(",") if one != "None") if choices else (),
        strict=bool(choices),
        optional=bool(choices and "None" in choices[1].split(",")) or not choices,
        default=None if not default or default[1] == "None" else default[1],
        help=said,
        group=group,
    )
