"""Values as YAML that every reader reads alike."""

from __future__ import annotations

import re
from typing import Any

from profiles.paste.clean import cleaned

DOUBTFUL = re.compile(r"[-+]?[.\d].*|[yYnN~]|[oO](?:n|ff)")
"""Texts that one reader takes for a number or a switch and another does not (YAML 1.1 and 1.2)."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def dumped(values: Any) -> str:
    """Write values in their own order; texts that YAML could take for something else are quoted.

    Where word processors' characters stand in it, which a reader of pasted text mends, all is written in ASCII.
    """
    text = _dumped(values, allow_unicode=True)
    return text if text.isascii() or cleaned(text)[0] == text else _dumped(values, allow_unicode=False)


def _dumped(values: Any, allow_unicode: bool) -> str:
    import yaml

    class Plain(yaml.SafeDumper):
        """Writes no anchors (two equal lists are two lists), and a text with line breaks in one line."""

        def ignore_aliases(self, data: Any) -> bool:
            return True

    Plain.add_representer(
        str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, _style(text))
    )
    return str(yaml.dump(values, Dumper=Plain, sort_keys=False, allow_unicode=allow_unicode, width=10_000_000))


def _style(text: str) -> str | None:
    if CONTROL.search(text):
        return '"'
    return "'" if DOUBTFUL.fullmatch(text) else None
