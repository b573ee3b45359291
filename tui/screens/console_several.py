"""What is asked before something is done with one server or with several: who it is for, and what ends with it."""

from __future__ import annotations

from collections.abc import Sequence
from gettext import gettext as _
from gettext import ngettext
from typing import TYPE_CHECKING

from textual.content import Content

from tui.services.errors import run_on
from tui.services.server import ALIVE, Server

if TYPE_CHECKING:
    from widgets.dialog import ConfirmDialog


def intent(action: str, servers: Sequence[Server]) -> tuple[str, list[Server]]:
    """Say what becomes of the marked ones (stop, start, restart or remove) and of which: those that run are stopped first."""
    if action != "toggle":
        return action, list(servers)
    alive = [server for server in servers if server.state in ALIVE]
    return ("stop", alive) if alive else ("start", list(servers))


def what_ends(change: str, server: Server) -> list[str]:
    """Say what is lost when a server is stopped, restarted or removed, a sentence each."""
    lines = []
    if change == "remove" and server.state in ALIVE:
        lines.append(_("It runs and is ended first."))
    if server.running:
        text = ngettext("{n} running request ends with it.", "{n} running requests end with it.", server.running)
        lines.append(text.format(n=server.running))
    if server.kept and change == "remove":
        lines.append(_("What it was before its last recreate, kept aside until now, is deleted too."))
    if server.auto_remove and change == "stop":  # a restart leaves it there, and what is removed is gone anyway
        lines.append(_("It was started with --rm: once stopped it is gone for good."))
    return lines


def question(change: str, servers: Sequence[Server], marked: Sequence[Server]) -> ConfirmDialog | None:
    """Make the one question for all of them; None where nothing ends, so that nothing need be asked."""
    if change == "start" or (change == "restart" and not any(server.state in ALIVE for server in servers)):
        return None
    from tui.screens.dialogs import ConfirmDialog
    from widgets.form_lines import HangingLine

    title, confirm, also = _words(change, len(servers))
    lines: list[str | HangingLine] = []
    for server in servers:
        ends = run_on(*what_ends(change, server))
        lines.append(HangingLine(Content.assemble((server.name, "bold"), f"  {ends}" if ends else ""), indent=2))
    if untouched := [server.name for server in marked if server not in servers]:
        lines.append(_("Not running, left as they are: {names}").format(names=", ".join(untouched)))
    return ConfirmDialog(title, [*lines, "", also], confirm, danger=True)


def _words(change: str, count: int) -> tuple[str, str, str]:
    """Give the title, the confirming verb and what holds for all of them."""
    title, confirm, also = {
        "stop": (
            ngettext("Stop {count} container?", "Stop {count} containers?", count),
            _("Stop"),
            _("s starts them again with the same parameters, unless they were started with --rm."),
        ),
        "restart": (
            ngettext("Restart {count} container?", "Restart {count} containers?", count),
            _("Restart"),
            _("They answer nobody until they have loaded their models again."),
        ),
        "remove": (
            ngettext("Remove {count} container?", "Remove {count} containers?", count),
            _("Remove"),
            _("The containers and what was written inside them are deleted; their images and models stay."),
        ),
    }[change]
    return title.format(count=count), confirm, also
