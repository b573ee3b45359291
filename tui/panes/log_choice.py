"""Which way a server's log is read: from the engine, from the file or journal of a process, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import Protocol

from tui.panes.log_follow import LogFollower, Reader, Span
from tui.panes.log_pump import pump
from tui.panes.server_words import age
from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.native_log import LogPlace
from tui.services.server import ALIVE, Server

TAIL = 1000
"""Lines, where only the last ones are wanted."""

LogOf = Callable[[Server], LogPlace | None]
"""Says where the log of a server without a container is."""


class Follower(Protocol):
    """Reads a log for as long as it is followed."""

    def poke(self) -> None:
        """Look again now: something happened to the server."""
        ...

    async def follow(self) -> None:
        """Read on for ever; cancelling closes everything."""
        ...


class PlaceFollower:
    """Reads the log of one process; what it wrote last stays to be read after its end.

    Args:
        place: Where the log is.
        name: What the server is called.
        span: How much to read at first; a file knows no times, so that anything but its last lines is all of it.
        reader: Who is shown it.
    """

    def __init__(self, place: LogPlace, name: str, span: Span, reader: Reader) -> None:
        self._place = place
        self._name = name
        self._span = span
        self._reader = reader

    def poke(self) -> None:
        """What is written comes by itself."""

    async def follow(self) -> None:
        """Read on for ever."""
        try:
            tail = TAIL if self._span is Span.LINES else None
            await pump(self._place.follow(tail), self._name, self._reader.lines_came)
        except ServiceError as error:
            self._reader.told(error.title, ". ".join(part for part in (error.detail, error.mend) if part))


def no_log(server: Server | None, log_of: LogOf) -> str:
    """Say in one sentence why there is no log to open; "" when there is one."""
    if server is None:
        return _("No server is chosen. Choose one in Servers, and its log stands here.")
    if server.kind == "container":
        # Until there is a container the row stands for its name.
        return _("It has no container yet. Its log begins with the container.") if server.id == server.name else ""
    place = log_of(server)
    if place is None:
        return _("This server is known by its address alone, so its log cannot be read here.")
    return place.why


def silence(server: Server | None, now: float) -> str:
    """Say of one that runs and whose log is empty how long it has kept silent; "" of any other."""
    if server is None or server.state not in ALIVE or server.since is None or server.seen is not None:
        return ""
    words = _("{name} has printed nothing yet (started {age} ago).")
    return words.format(name=server.name, age=age(now, server.since))


def follower(server: Server, engine: Engine, log_of: LogOf, span: Span, reader: Reader) -> Follower:
    """Choose who reads the log of a server that has one."""
    place = log_of(server) if server.kind != "container" else None
    return PlaceFollower(place, server.name, span, reader) if place else LogFollower(engine, server.name, span, reader)
