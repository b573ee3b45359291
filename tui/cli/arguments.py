"""What stands on the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import NoReturn

from tui.language import LANGUAGES

VERBS = ("status", "reset-terminal")


@dataclass(frozen=True, slots=True)
class Options:
    """One call of llmtui."""

    verb: str = ""
    """"" opens the app; else one of VERBS."""
    json: bool = False
    """For `status`: machine-readable."""
    demo: bool = False
    """The app shows the simulated host."""
    read_only: bool = False
    """Nothing is started, stopped, changed or removed."""
    lang: str = ""
    """The language asked for; "" leaves it to the settings and the environment."""
    ascii: bool = False
    """Draw with ASCII only."""
    low_bandwidth: bool = False
    """No animation, 2 s refresh, no mouse motion."""
    no_color: bool = False
    theme: str = ""
    """A theme's name; "" leaves it to the settings."""
    home: Path | None = None
    """One folder for settings, data, state and cache; None uses the user's own folders."""
    typed: bytes = b""
    """Keys pressed while the terminal was measured, to be handed to the app."""


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence."""

    def error(self, message: str) -> NoReturn:
        print("llmtui: " + _("{message}. llmtui --help tells what there is.").format(message=message), file=sys.stderr)
        raise SystemExit(2)


def parse(argv: Sequence[str]) -> Options:
    """Read the command line.

    Raises:
        SystemExit: 0 after --help or --version, 2 on a mistake (one sentence has been printed).
    """
    parser = _parser()
    found = parser.parse_args(list(argv))
    if found.version:
        print(f"llmtui {_version()}")
        raise SystemExit(0)
    if found.json and found.verb != "status":
        parser.error(_("--json belongs to llmtui status"))
    if found.demo and found.verb:
        parser.error(_("--demo belongs to the app, not to a verb"))
    return Options(
        verb=found.verb or "",
        json=found.json,
        demo=found.demo,
        read_only=found.read_only,
        lang=found.lang or "",
        ascii=found.ascii,
        low_bandwidth=found.low_bandwidth,
        no_color=found.no_color,
        theme=found.theme or "",
        home=found.home.expanduser() if found.home else None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="llmtui",
        description=_("The terminal console for people who serve models with vLLM in Docker."),
        epilog="\n".join(
            (
                _("Without a verb the app opens. Verbs:"),
                "  status          " + _("print the servers and their states, then end"),
                "  reset-terminal  " + _("mend a terminal that another program left in disorder"),
            )
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("verb", nargs="?", choices=VERBS, metavar="VERB", help=_("status or reset-terminal"))
    add("--json", action="store_true", help=_("with status: print JSON"))
    add("--demo", action="store_true", help=_("a simulated host with four servers; nothing real is touched"))
    add("--read-only", action="store_true", help=_("look and chat, but start, stop, change and remove nothing"))
    add("--lang", choices=LANGUAGES, help=_("language of the texts; otherwise from the settings, then LANG"))
    add("--ascii", action="store_true", help=_("draw with plain ASCII"))
    add("--low-bandwidth", action="store_true", help=_("for slow lines: no animation, slower refresh"))
    add("--no-color", action="store_true", help=_("no colors; NO_COLOR=1 does the same"))
    add("--theme", metavar="NAME", help=_("theme for this run"))
    add("--home", type=Path, metavar="DIR", help=_("keep settings, profiles and data in this folder"))
    add("--version", action="store_true", help=_("show the version and end"))
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("llmtui")
    except PackageNotFoundError:
        return "0"
