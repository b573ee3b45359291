"""What stands on the command line of `llmtui export` besides: the form, one line or several, a file, a running server."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from typing import NamedTuple

NAMES = ("as", "one_line", "output", "server")
"""The options, as they stand among the parsed arguments."""
FORMS = ("bash", "powershell", "cmd", "compose", "argv", "yaml", "toml")
"""Those of `profiles.render`, named here because its import takes four times as long as the rest of `llmtui --version`."""


class Export(NamedTuple):
    """What is wanted of `llmtui export`."""

    form: str = ""
    one_line: bool = False
    output: str = ""
    """The file to write; "" prints it."""
    server: str = ""
    """The container whose profile is meant, in place of a profile's name."""


def add_to(group: argparse._ArgumentGroup) -> None:
    """Add the options of `llmtui export`."""
    group.add_argument("--as", choices=FORMS, help=_("the form; without it bash"))
    group.add_argument("--one-line", action="store_true", help=_("a command without line breaks"))
    group.add_argument("-o", "--output", metavar="FILE", help=_("write it to this file"))
    group.add_argument("--server", metavar="NAME", help=_("a running server's, in place of PROFILE"))


def given(found: argparse.Namespace) -> Export:
    """Give what was asked for."""
    return Export(getattr(found, "as") or "", found.one_line, found.output or "", found.server or "")
