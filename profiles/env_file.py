"""Reading a file of variables the way `docker run --env-file` does."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext as _


def variables(text: str, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Give the variables of a file: one a line, `#` begins a comment line, quotes are part of the value.

    A line without `=` takes the variable from `environ`, where it is set.

    Raises:
        ValueError: A line has no name, or a name with a blank; the text says which line.
    """
    found: list[tuple[str, str]] = []
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        line = raw.lstrip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not name or any(char.isspace() for char in (name if equals else name.rstrip())):
            raise ValueError(_("line {number} has no variable's name").format(number=number))
        if equals:
            found.append((name, value))
        elif name.rstrip() in environ:
            found.append((name.rstrip(), environ[name.rstrip()]))
    return tuple(found)
