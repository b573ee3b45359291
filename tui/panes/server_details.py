"""The facts of the chosen server, and what is wrong with it, in lines below the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from gettext import gettext as _
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import chop_cells

from tui.panes.cause_short import loop_words, short_title
from tui.panes.server_kinds import mendable, open_to_all, origin_lines
from tui.panes.server_words import age
from tui.services.server import Server, State
from tui.services.state_words import phase_words
from widgets.details import Details

if TYPE_CHECKING:
    from tui.services.engine import ContainerStats
    from tui.services.failures import Failure

ROOM, MOST_LINES, MOST_CAUSE_LINES = 42, 6, 3
"""Cells and lines that a reason may take below the facts."""


def details(
    server: Server,
    now: float,
    is_saved: Callable[[str], bool],
    usage: Iterable[Details.Line] = (),
    failure: Failure | None = None,
) -> list[Details.Line]:
    """List the facts about a server that matter most.

    Args:
        server: The server.
        now: Seconds since the epoch.
        is_saved: Whether there is a profile of a name; a server may have been launched from one that was never saved.
        usage: What its container uses, when that is known.
        failure: Why it failed, when that is known.
    """
    line = Details.Line
    lines = origin_lines(server)
    if not server.serves:
        return [*lines, line(_("command"), server.path or "—")]
    if server.kind == "container" and server.id == server.name:
        return [line("", _("its container is not made yet"), "dim"), *_warnings(server, now)]
    lines += [line(_("model"), server.model or "—"), *_path(server), *_context(server)]
    lines.append(line(_("url"), f"{server.url}/v1" if server.url else "—", "plain" if server.url else "dim"))
    lines.append(line(_("from"), origin_words(server.origin, is_saved)))
    if server.version:
        lines.append(line("vLLM", server.version))
    lines += usage
    if server.state is State.HEADLESS:
        lines.append(line("", _("a part of a server: its head answers"), "dim"))
    return lines + _ending(server, now, failure) + _warnings(server, now)


def usage_lines(usage: ContainerStats) -> list[Details.Line]:
    """Say what its container uses of the machine: `cpu 1.2 · mem 2.9/16 GiB`."""
    used = "" if usage.memory is None else f"{usage.memory / 2**30:.1f}"
    limit = "" if usage.limit is None else f"/{usage.limit / 2**30:.3g}"
    memory = f"{used}{limit} GiB" if used else ""
    if usage.cpu is None:
        return [Details.Line(_("mem"), memory)] if memory else []
    return [Details.Line("cpu", f" · {_('mem')} ".join(part for part in (f"{usage.cpu:.1f}", memory) if part))]


def origin_words(origin: str, is_saved: Callable[[str], bool]) -> str:
    """Say what started a server, from the label that it left."""
    kind, _blank, name = origin.partition(" ")
    if kind == "profile":
        return (_("profile {name}") if is_saved(name) else _("profile {name} (not saved)")).format(name=name)
    return origin or _("started by hand")


def _path(server: Server) -> list[Details.Line]:
    return [Details.Line(_("path"), server.path, "dim")] if server.path and server.path != server.model else []


def _context(server: Server) -> list[Details.Line]:
    if server.context_length is None:
        return []
    return [Details.Line(_("ctx"), f"{server.context_length:,}".replace(",", " "))]


def _ending(server: Server, now: float, failure: Failure | None) -> list[Details.Line]:
    """Say how it ended: the code, where it was, and the most telling line of its log."""
    if server.state is State.GONE and server.kind == "container":
        words = _("▲ removed {age} ago, not by llmtui").format(age=age(now, server.since))
        return [
            Details.Line("", words, "careful"),
            Details.Line("", _("the row goes when another one is chosen"), "dim"),
        ]
    cause = (short_title(failure) if failure is not None else "") or server.cause
    told = _wrapped(cause, "bad", MOST_CAUSE_LINES) if cause else []
    if server.loops:
        told = [Details.Line("", f"✖ {loop_words(server)}", "bad"), *told, Details.Line("", _("s stops it"), "dim")]
    if server.exit_code is None or (server.state is State.STOPPED and not server.exit_code):
        return told
    return [*_exit(server), *told]


def _exit(server: Server) -> list[Details.Line]:
    tone = "dim" if server.state is State.STOPPED else "bad"
    words = _("{code}, in phase {phase}") if server.phase else _("{code}")
    told = words.format(code=server.exit_code, phase=phase_words(server.phase or ""))
    lines = [Details.Line(_("exit"), told, tone)]
    if server.oom_killed:
        lines.append(Details.Line("", _("✖ killed by the kernel: out of memory (RAM)"), "bad"))
    elif server.killed:
        lines.append(Details.Line("", _("▲ killed: docker kill, or out of memory"), "careful"))
    return lines


def _wrapped(words: str, tone: str, most: int) -> list[Details.Line]:
    """Break a longer text into lines; the panel itself breaks none."""
    pieces = wrap(words, ROOM) if words[1:].isascii() else chop_cells(" ".join(words.split()), ROOM)
    shown = pieces[:most]
    if len(pieces) > most:
        shown[-1] = shown[-1][: ROOM - 1] + "…"
    return [Details.Line("", piece, tone) for piece in shown]


def _warnings(server: Server, now: float) -> list[Details.Line]:
    warnings = list[str]()
    if server.seen is not None:
        warnings.append(_("▲ as last seen {age} ago").format(age=age(now, server.seen)))
    warnings += _doubts(server, now)
    if server.state is State.UNKNOWN:
        warnings.append(_("▲ its log says ready, but no way leads to it: publish a port"))
    if open_to_all(server):
        warnings.append(_("▲ published on all interfaces, no key"))
    if server.auto_remove:
        warnings.append(_("▲ --rm: stopping deletes it"))
    lines = [Details.Line("", words, "careful") for words in warnings]
    if server.mishap:
        words = _("✖ last change failed: {why}").format(why=server.mishap)
        lines += _wrapped(words, "bad", MOST_LINES)
    if mendable(server):
        lines.append(Details.Line("", _("x prepares to keep it to this machine"), "dim"))
    if server.kept:
        lines.append(Details.Line("", _("u step back · ctrl+y forward · U drops it"), "dim"))
    return lines


def _doubts(server: Server, now: float) -> list[str]:
    """Say why a server that runs does not work."""
    words = {
        State.SILENT: [_("▲ no answer for {age}").format(age=age(now, server.doubted))] if server.doubted else [],
        State.HUNG: [_("✖ asked for a token, none came in 10 s"), _("▲ /health may still say that all is well")],
        State.HALF: [_("▲ some of its engines work, some do not")],
        State.BROKEN: [_("✖ engine dead: every answer is an error")],
    }
    return words.get(server.state, [])
