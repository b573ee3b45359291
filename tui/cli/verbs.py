"""The verbs that work without a screen: which there are, and what each is handed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tui.cli import headless
from tui.cli.arguments import CHANGING
from tui.cli.build import build_services
from tui.cli.folders import Folders
from tui.cli.headless import finish
from tui.settings import read_settings

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.services import Services

__all__ = ["finish", "run"]

Work = Callable[["Options", "Services"], Coroutine[Any, Any, int]]


def run(options: Options) -> int:
    """Run the verb of the command line over this machine's services; give the exit code."""
    folders = Folders.of(options.home)
    services = build_services(folders, read_settings(folders.settings), options.verb not in CHANGING)
    try:
        return headless.run(_work_of(options.verb)(options, services))
    finally:
        services.close()


def _work_of(verb: str) -> Work:
    """Import only the verb that is wanted: each is a module of its name."""
    found: Work = import_module(f"tui.cli.{verb}").work
    return found
