"""What can be done with a server, by its kind: a container everything, a process it can be ended, an address little."""

from __future__ import annotations

from dataclasses import replace
from gettext import gettext as _

from tui.services.fleet_view import FleetView
from tui.services.server import ALIVE, Server, State
from widgets.details import Details

CHANGES = frozenset({"toggle", "restart", "remove", "rename", "profile", "undo", "redo", "edit", "mend"})
"""Wishes that a container can have fulfilled, and what is none only where it says so below."""
WITHOUT_CONTAINER = {"process": frozenset({"toggle"}), "endpoint": frozenset({"remove"})}


def possible(wish: str, server: Server) -> bool:
    """Say whether a wish makes sense for this kind of server."""
    if removed(server):
        return wish not in {*CHANGES, "shell"}
    if server.kind == "container" or wish not in CHANGES:
        return True
    return wish in WITHOUT_CONTAINER[server.kind] and (wish != "toggle" or server.state in ALIVE)


def removed(server: Server) -> bool:
    """Say whether somebody removed its container; the row stands until the reader moves on."""
    return server.kind == "container" and server.state is State.GONE


def server_now(view: FleetView, server: Server) -> Server:
    """Give a server as it is now; one that is in no picture any more, and was in one, is gone."""
    if server.kind != "container" or not server.serves or not view.loaded:
        return server
    return view.server(server.key) or replace(server, state=State.GONE)


def impossible_words(wish: str, server: Server) -> str:
    """Say why a wish makes no sense for this kind of server; "" when it does."""
    if possible(wish, server):
        return ""
    if removed(server):
        return _("{name} was removed; there is nothing left to work on. n launches a new one.").format(name=server.name)
    if server.kind == "endpoint":
        return _("{name} is known by its address alone: llmtui can talk to it, and forget it.").format(name=server.name)
    if wish == "toggle":
        return _("{name} has ended; start it again where it was started.").format(name=server.name)
    return _("{name} runs without a container: llmtui can stop it, and change nothing about it.").format(
        name=server.name
    )


def origin_lines(server: Server) -> list[Details.Line]:
    """List what runs: the image of a container, the command line of a process, nothing of an address."""
    if server.kind == "container":
        return [Details.Line(_("image"), server.image)]
    if server.kind == "process":
        return [Details.Line(_("command"), " ".join(server.arguments), "dim")]
    return []


def open_to_all(server: Server) -> bool:
    """Say whether anybody in the network may use it."""
    return server.all_interfaces and server.api_key is None


def mendable(server: Server) -> bool:
    """Say whether one of its warnings can be ended by a change of its parameters."""
    return open_to_all(server) and server.kind == "container" and server.seen is None


def offered(wish: str, server: Server, under_way: bool) -> bool:
    """Say whether the bottom line offers a wish: it is possible, and there is something to fulfil it with."""
    undoable = server.kept or server.auto_remove or under_way
    needs = {
        "undo": undoable,
        "redo": server.kept,
        "chat": server.serves,
        "mend": mendable(server),
        "drop": server.kept,
    }
    return possible(wish, server) and needs.get(wish, True)
