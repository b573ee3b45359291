"""What stands on the command line."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import NamedTuple, NoReturn

from tui import __version__
from tui.cli import export_arguments, fit_arguments
from tui.language import LANGUAGES

VERBS = ("status", "logs", "launch", "stop", "import", "export", "fit", "diagnose", "reset-terminal")
NAMED = {
    "logs": "NAME", "launch": "PROFILE", "stop": "NAME", "import": "FILE", "export": "PROFILE", "fit": "PROFILE",
    "diagnose": "FILE",
}  # fmt: skip
"""Verbs that are about one thing, and what that is."""
BELONGS: dict[str, tuple[str, ...]] = {
    "json": ("status", "launch", "stop", "import", "fit", "diagnose"),
    "follow": ("logs",),
    "tail": ("logs",),
    "since": ("logs",),
    "all": ("logs",),
    "wait": ("launch",),
    "name": ("launch",),
    "host_port": ("launch",),
    "any": ("stop",),
    "save": ("import",),
    "state": ("diagnose",),
    **dict.fromkeys(fit_arguments.NAMES, ("fit",)),
    **dict.fromkeys(export_arguments.NAMES, ("export",)),
    "demo": ("",),
}
"""Options that not every verb knows, and whose they are; "" is the app's."""
CHANGING = frozenset({"launch", "stop"})
"""Verbs that change something."""


class Options(NamedTuple):
    """One call of llmtui."""

    verb: str = ""
    """"" opens the app; else one of VERBS."""
    json: bool = False
    """For `status`, `launch`, `stop`, `import`, `fit` and `diagnose`: machine-readable."""
    demo: bool = False
    """The app shows the simulated host."""
    read_only: bool = False
    """Nothing is started, stopped, changed or removed."""
    lang: str = ""
    """The language asked for; "" leaves it to the settings and the environment."""
    ascii: bool = False
    """Draw with ASCII only."""
    low_bandwidth: bool = False
    """No animation, figures drawn anew every 2 s, no mouse motion."""
    no_color: bool = False
    theme: str = ""
    """A theme's name; "" leaves it to the settings."""
    home: Path | None = None
    """One folder for settings, data, state and cache; None uses the user's own folders."""
    typed: bytes = b""
    """Keys pressed while the terminal was measured, to be handed to the app."""
    subject: str = ""
    """What a verb of NAMED is about: a server's name, a profile's name or file, a text's file (`-` is standard input)."""
    follow: bool = False
    """For `logs`: go on until called off."""
    tail: int | None = None
    """For `logs`: only so many of the last lines."""
    since: float | None = None
    """For `logs`: only lines from this moment on, seconds since the epoch."""
    all: bool = False
    """For `logs`: our own polling lines and overtaken progress too."""
    wait: bool = False
    """For `launch`: until it is ready, or has failed."""
    name: str = ""
    """For `launch`: the container's name in place of the profile's."""
    host_port: int | None = None
    """For `launch`: the port in place of the profile's."""
    any: bool = False
    """For `stop`: also what is no model server."""
    save: str = ""
    """For `import`: keep the profile under this name."""
    state: Path | None = None
    """For `diagnose`: a file with the container's State, as `docker inspect` gives it."""
    fit: tuple[tuple[str, str], ...] = ()
    """For `fit`: options by name, without dashes in front."""
    export: export_arguments.Export = export_arguments.Export()
    """For `export`: the form and where it goes."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Wraps at the terminal's width without `shutil`, whose import is a tenth of what `--version` costs."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 0
        super().__init__(prog, width=(columns or 80) - 2)


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
    found = parser.parse_intermixed_args(list(argv))  # an option may stand between a verb and its subject
    if found.version:
        print(f"llmtui {__version__}")
        raise SystemExit(0)
    _judge(parser, found)
    return Options(
        verb=found.verb or "",
        subject=found.subject or "",
        follow=found.follow,
        tail=found.tail,
        since=found.since,
        all=found.all,
        wait=found.wait,
        name=found.name or "",
        host_port=found.host_port,
        any=found.any,
        save=found.save or "",
        state=found.state,
        fit=fit_arguments.given(found),
        export=export_arguments.given(found),
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


def _judge(parser: argparse.ArgumentParser, found: argparse.Namespace) -> None:
    """Refuse what does not belong together."""
    verb = found.verb or ""
    for option, verbs in BELONGS.items():
        value = getattr(found, option)
        if verb not in verbs and value is not None and value is not False:
            words = {"option": "--" + option.replace("_", "-"), "verbs": ", ".join(f"llmtui {one}" for one in verbs)}
            text = (
                _("{option} belongs to {verbs}") if verbs != ("",) else _("{option} belongs to the app, not to a verb")
            )
            parser.error(text.format(**words))
    if verb in NAMED and not (found.subject or found.server):
        parser.error(_("llmtui {verb} needs a {what}").format(verb=verb, what=NAMED[verb]))
    if found.subject and found.server:
        parser.error(_("a PROFILE and --server contradict each other"))
    if found.subject and verb not in NAMED:
        parser.error(_("llmtui {verb} takes no name").format(verb=verb))
    if found.read_only and verb in CHANGING:
        parser.error(_("--read-only and llmtui {verb} contradict each other").format(verb=verb))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="llmtui",
        usage="llmtui [VERB [NAME]] [OPTION …]",
        description=_("The terminal console for people who serve models with vLLM in Docker."),
        epilog="\n".join((_("Without a verb the app opens. Verbs:"), *verb_lines())),
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("verb", nargs="?", choices=VERBS, metavar="VERB", help=_("what to do without the app, see below"))
    add("subject", nargs="?", metavar="NAME", help=_("the server, or the profile, that a verb is about"))
    add("--json", action="store_true", help=_("with status, launch, stop, import, fit, diagnose: print JSON"))
    add("--demo", action="store_true", help=_("a simulated host with four servers; nothing real is touched"))
    add("--read-only", action="store_true", help=_("look and chat, but start, stop, change and remove nothing"))
    add("--lang", choices=LANGUAGES, help=_("language of the texts; otherwise from the settings, then LANG"))
    add("--ascii", action="store_true", help=_("draw with plain ASCII"))
    add(
        "--low-bandwidth",
        action="store_true",
        help=_("for slow lines: no animation, figures every 2 s, no mouse motion"),
    )
    add("--no-color", action="store_true", help=_("no colors; NO_COLOR=1 does the same"))
    add("--theme", metavar="NAME", help=_("theme for this run"))
    add("--home", type=Path, metavar="DIR", help=_("keep settings, profiles and data in this folder"))
    add("--version", action="store_true", help=_("show the version and end"))
    _add_for_logs(parser.add_argument_group("llmtui logs NAME"))
    _add_for_launch(parser.add_argument_group("llmtui launch PROFILE"))
    add = parser.add_argument_group("llmtui stop NAME").add_argument
    add("--any", action="store_true", help=_("also a container that serves no model"))
    add = parser.add_argument_group("llmtui import FILE|-").add_argument
    add("--save", metavar="NAME", help=_("keep the profile under this name"))
    export_arguments.add_to(parser.add_argument_group("llmtui export PROFILE"))
    fit_arguments.add_to(parser.add_argument_group("llmtui fit PROFILE|FOLDER|-"))
    add = parser.add_argument_group("llmtui diagnose FILE|-|NAME").add_argument
    add("--state", type=Path, metavar="FILE", help=_("the container's State, as docker inspect gives it, in JSON"))
    return parser


def verb_lines() -> list[str]:
    """Say what each verb does, a line each."""
    told = {
        "status": _("print the servers and their states, then end"),
        "logs NAME": _("print a server's log"),
        "launch PROFILE": _("start a server from a profile: its name, or a TOML file"),
        "stop NAME": _("stop a server at once"),
        "import FILE|-": _("read a docker run, compose or vllm serve text as a profile; nothing is run"),
        "export PROFILE": _("write a profile as docker run, compose, vllm serve, its YAML, or TOML to share"),
        "fit PROFILE": _("reckon vLLM's memory before the start; also a model's folder, or - for a question in JSON"),
        "diagnose FILE": _("say why a server failed: from its log's file, from - or from a container"),
        "reset-terminal": _("mend a terminal that another program left in disorder"),
    }
    return [f"  {verb:<16} {what}" for verb, what in told.items()]


def _add_for_logs(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("-f", "--follow", action="store_true", help=_("go on, also through restarts, until ctrl+c"))
    add("--tail", type=_count, metavar="N", help=_("only the last N lines"))
    add("--since", type=_moment, metavar="T", help=_("only since then: 10m, 2h, or a time like 2026-01-31T09:30"))
    add("--all", action="store_true", help=_("also llmtui's own polling lines and overtaken progress"))


def _add_for_launch(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--wait", action="store_true", help=_("until it is ready (exit code 0) or has failed (1)"))
    add("--name", metavar="NAME", help=_("the server's name, otherwise the profile's"))
    add("--host-port", type=_port, metavar="PORT", help=_("the port on this machine, otherwise the profile's"))


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(_("{text} is no number of lines").format(text=text))
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(_("{text} is no port: 1 to 65535").format(text=text))
    return int(text)


def _moment(text: str) -> float:
    from tui.cli.moments import moment

    try:
        return moment(text, time.time())
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{text} is no time: write 90s, 10m, 2h, 1d, or a date like 2026-01-31T09:30").format(text=text)
        ) from error
