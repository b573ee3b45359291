"""Servers and containers in words: glyph, state, age, details."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from gettext import gettext as _
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import chop_cells

from tui.panes.server_kinds import origin_lines
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State
from tui.services.state_words import phase_words, state_name
from widgets.details import Details
from widgets.server_list import ServerList

if TYPE_CHECKING:
    from tui.services.engine import Container, ContainerStats

GLYPHS: dict[State, tuple[str, str]] = {
    State.CREATED: ("○", "dim"),
    State.STARTING: ("◐", "moving"),
    State.READY: ("●", "good"),
    State.BUSY: ("●", "good"),
    State.SILENT: ("▲", "moving"),
    State.HUNG: ("✖", "bad"),
    State.HALF: ("▲", "moving"),
    State.BROKEN: ("✖", "bad"),
    State.HEADLESS: ("●", "plain"),
    State.RESTARTING: ("✖", "bad"),
    State.STOPPED: ("○", "dim"),
    State.FAILED: ("✖", "bad"),
    State.PAUSED: ("◐", "moving"),
    State.GONE: ("○", "dim"),
    State.UNKNOWN: ("●", "plain"),
}
ROOM, MOST_LINES = 42, 6
"""Cells and lines that a reason may take below the facts."""


def state_words(server: Server) -> str:
    """Say a server's state in one or two words."""
    if server.action:
        return server.action
    if not server.serves and server.state is State.UNKNOWN:
        return _("running")
    if server.state is State.STARTING:
        return _starting(server)
    if server.state is State.BUSY and server.running:
        return _("busy {count}").format(count=server.running)
    return state_name(server.state)


def _starting(server: Server) -> str:
    phase = phase_words(server.phase) if server.phase else _("starting")
    return phase if server.progress is None else f"{phase} {server.progress:.0%}"


def server_row(server: Server, answering: bool, now: float) -> ServerList.Row:
    """Make the row of a server."""
    glyph, tone = GLYPHS[server.state]
    words = state_words(server)
    if answering:
        words = _("answering")
    if server.seen is not None:
        glyph, tone = "○", "dim"
    elif server.action:
        glyph, tone = "◐", "moving"
    return ServerList.Row(
        server.name,
        glyph,
        server.name,
        words,
        tone,
        port="" if server.port is None else str(server.port),
        age=age(now, server.since),
    )


def container_row(fleet: FleetView, container: Container, now: float) -> tuple[ServerList.Row, Server]:
    """Make the row of a container that serves no model, and a server record so that panes can treat it alike."""
    state = {
        "created": State.CREATED,
        "running": State.UNKNOWN,
        "paused": State.PAUSED,
        "removing": State.GONE,
        "restarting": State.RESTARTING,
    }.get(container.state, State.STOPPED)
    port = next((one.public for one in container.ports if one.public), None)
    server = Server(
        fleet.host,
        container.id,
        container.name,
        "container",
        state,
        container.image,
        path=container.command,
        port=port,
        since=container.created,
        seen=fleet.seen if fleet.trouble else None,
        serves=False,
    )
    running = state is State.UNKNOWN and server.seen is None
    row = ServerList.Row(
        container.name,
        "·" if running else "○",
        container.name,
        state_words(server),
        "plain" if running else "dim",
        port="" if port is None else str(port),
        age=age(now, container.created),
    )
    return row, server


def details(
    server: Server, now: float, is_saved: Callable[[str], bool], usage: Iterable[Details.Line] = ()
) -> list[Details.Line]:
    """List the facts about a server that matter most.

    Args:
        server: The server.
        now: Seconds since the epoch.
        is_saved: Whether there is a profile of a name; a server may have been launched from one that was never saved.
        usage: What its container uses, when that is known.
    """
    line = Details.Line
    lines = origin_lines(server)
    if not server.serves:
        return [*lines, line(_("command"), server.path or "—")]
    lines += [line(_("model"), server.model or "—"), *_path(server), *_context(server)]
    lines.append(line(_("url"), f"{server.url}/v1" if server.url else "—", "plain" if server.url else "dim"))
    lines.append(line(_("from"), origin_words(server.origin, is_saved)))
    if server.version:
        lines.append(line("vLLM", server.version))
    lines += usage
    if server.state is State.HEADLESS:
        lines.append(line("", _("a part of a server: its head answers"), "dim"))
    return lines + _ending(server, now) + _warnings(server, now)


def usage_lines(usage: ContainerStats) -> list[Details.Line]:
    """Say what its container uses of the machine: `cpu 1.2 · mem 2.9/16 GiB`."""
    used = "" if usage.memory is None else f"{usage.memory / 2**30:.1f}"
    limit = "" if usage.limit is None else f"/{usage.limit / 2**30:.3g}"
    memory = f"{used}{limit} GiB" if used else ""
    if usage.cpu is None:
        return [Details.Line(_("mem"), memory)] if memory else []
    return [Details.Line("cpu", f" · {_('mem')} ".join(part for part in (f"{usage.cpu:.1f}", memory) if part))]


def open_to_all(server: Server) -> bool:
    """Say whether anybody in the network may use it."""
    return server.all_interfaces and server.api_key is None


def mendable(server: Server) -> bool:
    """Say whether one of its warnings can be ended by a change of its parameters."""
    return open_to_all(server) and server.kind == "container" and server.seen is None


def origin_words(origin: str, is_saved: Callable[[str], bool]) -> str:
    """Say what started a server, from the label that it left."""
    kind, _blank, name = origin.partition(" ")
    if kind == "profile":
        return (_("profile {name}") if is_saved(name) else _("profile {name} (not saved)")).format(name=name)
    return origin or _("started by hand")


def border_words(fleet: FleetView, count: int, marked: int, wanted: str) -> str:
    """Say at the edge of the list how many rows there are, and what is special about them."""
    if fleet.trouble is not None and count and fleet.seen is not None:
        return _("as last seen {age} ago").format(age=age(time.time(), fleet.seen))
    if marked:
        return _("{count} marked · esc unmarks").format(count=marked)
    return f"{count} · " + (f"/{wanted}" if wanted else _("/ filter"))


def nothing_words(fleet: FleetView, wanted: str, offers_demo: bool = False) -> str:
    """Say why the list is empty and what to do about it."""
    if not fleet.loaded:
        return _("Looking for servers…")
    demo = _("D opens a demo: simulated servers, nothing real is touched.") if offers_demo and not fleet.servers else ""
    return "\n\n".join(part for part in (*_missing(fleet, wanted), demo) if part)


def _missing(fleet: FleetView, wanted: str) -> tuple[str, ...]:
    """Say what is missing and how to get it, a paragraph each."""
    if wanted and (fleet.servers or fleet.others):
        return (_("No name holds {text}. esc ends the filter.").format(text=wanted),)
    if trouble := fleet.trouble:
        engine = "\n".join(part for part in (trouble.title, trouble.detail, trouble.mend) if part)
        beside = _(
            "No vLLM runs without Docker either: one started with vllm serve shows up here, A adds one by address."
        )
        return engine, beside
    if fleet.others:
        return (_("No model server runs here. n launches one; a shows the other containers."),)
    return (_("There is no container here yet. n launches a model server."),)


def _path(server: Server) -> list[Details.Line]:
    return [Details.Line(_("path"), server.path, "dim")] if server.path and server.path != server.model else []


def _context(server: Server) -> list[Details.Line]:
    if server.context_length is None:
        return []
    return [Details.Line(_("ctx"), f"{server.context_length:,}".replace(",", " "))]


def _ending(server: Server, now: float) -> list[Details.Line]:
    if server.state not in {State.FAILED, State.RESTARTING} or server.exit_code is None:
        return []
    words = _("{code}, in phase {phase}") if server.phase else _("{code}")
    lines = [Details.Line(_("exit"), words.format(code=server.exit_code, phase=phase_words(server.phase or "")), "bad")]
    if server.oom_killed:
        lines.append(Details.Line("", _("✖ killed by the kernel: out of memory (RAM)"), "bad"))
    return lines


def _warnings(server: Server, now: float) -> list[Details.Line]:
    warnings = list[str]()
    if server.seen is not None:
        warnings.append(_("▲ as last seen {age} ago").format(age=age(now, server.seen)))
    warnings += _doubts(server)
    if server.state is State.UNKNOWN:
        warnings.append(_("▲ its log says ready, but no way leads to it: publish a port"))
    if open_to_all(server):
        warnings.append(_("▲ published on all interfaces, no key"))
    if server.auto_remove:
        warnings.append(_("▲ --rm: stopping deletes it"))
    lines = [Details.Line("", words, "careful") for words in warnings]
    if server.mishap:
        words = _("✖ last change failed: {why}").format(why=server.mishap)
        pieces = wrap(words, ROOM) if words[1:].isascii() else chop_cells(" ".join(words.split()), ROOM)
        lines += [Details.Line("", piece, "bad") for piece in pieces[:MOST_LINES]]
    if mendable(server):
        lines.append(Details.Line("", _("x prepares to keep it to this machine"), "dim"))
    if server.kept:
        lines.append(Details.Line("", _("u brings back the one before, U drops it"), "dim"))
    return lines


def _doubts(server: Server) -> list[str]:
    """Say why a server that runs does not work."""
    words = {
        State.HUNG: [_("✖ asked for a token, none came in 10 s"), _("▲ /health may still say that all is well")],
        State.HALF: [_("▲ some of its engines work, some do not")],
        State.BROKEN: [_("✖ engine dead: every answer is an error")],
    }
    return words.get(server.state, [])


def ticks(fleet: FleetView, now: float) -> bool:
    """Say whether an age reads otherwise than a second ago: by the second in the first minute and at a start, else by the minute."""
    ages = [(now - server.since, server.state) for server in fleet.servers if server.since is not None]
    moving = any(age < 61 or int(age) % 60 == 0 or state is State.STARTING for age, state in ages)
    return moving or fleet.trouble is not None or int(now) % 60 == 0


def age(now: float, since: float | None) -> str:
    """Say how long ago: 9s, 12m, 2h14m, 3d; empty when unknown."""
    if since is None:
        return ""
    seconds = max(0, int(now - since))
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m"
    if seconds < 86400:
        return f"{seconds // 3600}h{seconds % 3600 // 60:02}m"
    return f"{seconds // 86400}d"
