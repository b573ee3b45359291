"""Servers and containers in words: glyph, state, age, details."""

from __future__ import annotations

import time
from gettext import gettext as _
from typing import TYPE_CHECKING

from profiles.masking import masked_line
from tui.services.fleet_view import FleetView
from tui.services.server import Server, State
from tui.services.state_words import phase_words, state_name
from widgets.server_list import ServerList

if TYPE_CHECKING:
    from tui.services.engine import Container

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


def state_words(server: Server) -> str:
    """Say a server's state in one or two words."""
    if server.action:
        return server.action
    if server.loops:
        return _("crash loop {count}").format(count=server.restarts)
    if server.state is State.STARTING:
        return _starting(server)
    if server.killed:
        return _("out of memory") if server.oom_killed else _("killed")
    if server.state is State.BUSY and server.running:
        return _("busy {count}").format(count=server.running)
    return _("running") if not server.serves and server.state is State.UNKNOWN else state_name(server.state)


def _starting(server: Server) -> str:
    phase = phase_words(server.phase) if server.phase else _("starting")
    return phase if server.progress is None else f"{phase} {server.progress:.0%}"


def server_row(server: Server, answering: bool, now: float) -> ServerList.Row:
    """Make the row of a server."""
    glyph, tone = GLYPHS[State.FAILED if server.loops else server.state]
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
        path=masked_line(container.command),
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
