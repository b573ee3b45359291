"""Keeps what vLLM printed of its memory whenever a server got ready: the next estimate learns from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from profiles.fit.flags import settings
from profiles.fit.printed import Printed
from profiles.profile import Profile
from profiles.seen import profile_of
from profiles.serve_command import parse
from tui.services.errors import ServiceError
from tui.services.fit_card import card_of
from tui.services.fits import Cards, Fits
from tui.services.fleet_view import FleetView
from tui.services.history import History
from tui.services.history_boots import KeptBoot
from tui.services.host import Host
from tui.services.own_log import LOG
from tui.services.server import Server


@dataclass(frozen=True, slots=True)
class Start:
    """A server that got ready."""

    server: Server
    printed: Printed
    at: float
    """When it was ready, seconds since the epoch."""


class BootsKept:
    """Writes each good start down once.

    Args:
        host: Whose servers.
        fits: Knows the cards.
        history: Where it is written.
    """

    def __init__(self, host: Host, fits: Fits, history: History) -> None:
        self._host = host
        self._fits = fits
        self._history = history
        self._done: set[tuple[str, float]] = set()

    def fresh(self, view: FleetView) -> list[Start]:
        """Give the servers that got ready and were not given before."""
        found = []
        for server in view.servers:
            boot = view.boots.get(server.key)
            if boot is None or boot.ready_at is None or boot.printed == Printed() or server.version is None:
                continue
            run = server.id, boot.ready_at
            if run not in self._done:
                self._done.add(run)
                found.append(Start(server, boot.printed, boot.ready_at))
        return found

    async def keep(self, start: Start) -> None:
        """Write one start down, unless it cannot be told how it was launched, or cannot be written: nobody waits for it."""
        try:
            await self._history.keep_boot(await self._record(start))
        except (ServiceError, LookupError, TimeoutError) as error:
            LOG.info("the boot of %s was not kept: %s", start.server.name, error)

    async def _record(self, start: Start) -> KeptBoot:
        cards = await self._fits.cards()
        profile = await self._launched(start.server, cards)
        key = await self._fits.key(profile)
        wanted = settings(profile, start.server.version or "")
        card = cards.ram if wanted.cpu else card_of(cards.gpus, profile)
        # What others hold changes: the free memory of that moment says nothing of the next.
        return KeptBoot(key, wanted, replace(card, free_gib=None), start.printed, start.at)

    async def _launched(self, server: Server, cards: Cards) -> Profile:
        """See a server as the profile that would launch it; a process sees what GPUs there are."""
        if server.kind == "process":
            flags = parse(["vllm", "serve", *server.arguments])
            gpus = "all" if cards.gpus else "none"
            return Profile(server.name, server.path or "", gpus=gpus, flags=flags.flags if flags else ())
        record = await self._host.engine.inspect(server.id)
        image = await self._host.engine.image(str(record.get("Image") or ""))
        return profile_of(record, image.config if image is not None else None)
