"""Everything the screens are handed, in one bundle; each service is imported and built when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from profiles.store import ProfileStore
    from tui.services.answer import Ask
    from tui.services.beside import Beside
    from tui.services.boots_kept import BootsKept
    from tui.services.catalogue import Catalogues
    from tui.services.chat import Chat
    from tui.services.fits import Fits
    from tui.services.fleet import Fleet
    from tui.services.gpu import GpuSource
    from tui.services.gpu_owners import GpuOwners
    from tui.services.gpus import Gpus
    from tui.services.history import History
    from tui.services.host import Host
    from tui.services.journal import Journal
    from tui.services.launch import Launcher
    from tui.services.probe import Probing
    from tui.services.recreate import Recreator
    from tui.services.tried import Tried
    from tui.services.vllm import VllmClient


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""How an engine of this very machine is reached."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where services keep their things."""

    profiles: Path
    """The user's own profiles."""
    database: Path
    """Conversations."""
    journal: Path
    """What is under way."""
    log_bytes: int = 256_000_000
    """How much of one log is kept in memory."""
    models: tuple[Path, ...] = ()
    """Folders searched for models besides the HF cache."""


class Services:
    """The services of one host. The first frame needs none of them, so each waits for its first use.

    Args:
        host_name: What the host is called.
        open_host: Opens it; nothing is connected by that.
        places: Where things are kept.
        environ: The user's environment; profiles take variables from it by name.
        read_only: Nothing may be started, stopped or changed.
        ask: How a recreated server is asked for its one token; None asks over HTTP.
        client: Asks servers how they are; None makes one.
        open_probing: Says how often servers are asked for a token; None is as usual.
        open_beside: Says what may serve beside the containers; None knows of nothing.
        open_gpus: Says where this machine's GPUs are read from; None knows of none.
        open_catalogues: Says who asks images what they accept; None asks none, and the shipped catalogue judges.
    """

    simulated = False
    """Whether nothing of this host is real."""

    def __init__(
        self,
        host_name: str,
        open_host: Callable[[], Host],
        places: Places,
        environ: Mapping[str, str],
        *,
        read_only: bool = False,
        ask: Ask | None = None,
        client: VllmClient | None = None,
        open_probing: Callable[[], Probing] | None = None,
        open_beside: Callable[[], Beside] | None = None,
        open_gpus: Callable[[], Sequence[GpuSource]] | None = None,
        open_catalogues: Callable[[Host], Catalogues] | None = None,
    ) -> None:
        self.host_name = host_name
        self.places = places
        self.read_only = read_only
        self._environ = environ
        self._open_host = open_host
        self._ask = ask
        self._client = client
        self._open_probing = open_probing
        self._open_beside = open_beside
        self._open_gpus = open_gpus
        self._open_catalogues = open_catalogues

    @cached_property
    def host(self) -> Host:
        """The host in view."""
        return self._open_host()

    @cached_property
    def fleet(self) -> Fleet:
        """Its servers and containers, kept true."""
        from tui.services.fleet import Fleet
        from tui.services.vllm import VllmClient

        beside = self._open_beside() if self._open_beside is not None else None
        probing = self._open_probing() if self._open_probing is not None else None
        fleet = Fleet(self.host, self._client or VllmClient(), probing=probing, beside=beside)
        # What nobody has asked for yet knows of nothing, and need not be made for that.
        fleet.saved = lambda: self.recreator.saved if "recreator" in self.__dict__ else frozenset()
        return fleet

    @cached_property
    def gpus(self) -> Gpus | None:
        """Reads its GPUs: this machine's own, else those that a container there sees; None where nobody may look."""
        if self._open_gpus is None:
            return None
        from tui.services.gpu_inside import PATIENCE, Inside
        from tui.services.gpus import Gpus

        fleet, far = self.fleet, self.host.loopback not in LOOPBACK
        inside = Inside(self.host.engine, lambda: fleet.view, far)
        if far:
            return Gpus((inside,), self.gpu_owners.owned, patience=PATIENCE + 5.0)
        return Gpus((*self._open_gpus(), inside), self.gpu_owners.owned)

    @cached_property
    def gpu_owners(self) -> GpuOwners:
        """Knows whose processes are on them."""
        from tui.services.gpu_owners import GpuOwners, may_hold_gpus, natives_on_gpus

        fleet = self.fleet
        return GpuOwners(self.host.engine, lambda: may_hold_gpus(fleet.view), lambda: natives_on_gpus(fleet.view))

    @cached_property
    def chat(self) -> Chat:
        """Talks to servers."""
        from tui.services.chat import Chat

        return Chat()

    @cached_property
    def history(self) -> History:
        """Keeps conversations."""
        from tui.services.history import History

        return History(self.places.database)

    @cached_property
    def store(self) -> ProfileStore:
        """Keeps profiles."""
        from profiles.store import ProfileStore

        return ProfileStore(self.places.profiles)

    @cached_property
    def catalogues(self) -> Catalogues:
        """Knows what the images' own vLLM accepts."""
        from tui.services.catalogue import Catalogues

        return Catalogues(None, None) if self._open_catalogues is None else self._open_catalogues(self.host)

    @cached_property
    def fits(self) -> Fits:
        """Reads what tells whether a launch fits."""
        from tui.services.fits import Fits

        return Fits(self.host, lambda: self.gpus, lambda: self.history, self._environ)

    @cached_property
    def boots_kept(self) -> BootsKept:
        """Writes down what servers print while they start."""
        from tui.services.boots_kept import BootsKept

        return BootsKept(self.host, self.fits, self.history)

    @cached_property
    def tried(self) -> Tried:
        """Knows which fixes were tried."""
        from tui.services.tried import Tried

        return Tried()

    @cached_property
    def launcher(self) -> Launcher:
        """Launches profiles."""
        from tui.services.launch import Launcher

        return Launcher(self.host, self._journal, self._environ)

    @cached_property
    def recreator(self) -> Recreator:
        """Recreates containers, undoes it, and recovers what was broken off."""
        from tui.services.answer import one_token
        from tui.services.recreate import Recreator

        return Recreator(self.host, self._journal, self._ask or one_token)

    def tidy(self) -> None:
        """Take away what shall not outlast the process; nothing of a real host."""

    def close(self) -> None:
        """Write what waits to be written and let go of the engine; takes 0.2 s at most."""
        built = self.__dict__
        if built.get("gpus") is not None:
            built["gpus"].close()
        if "history" in built:
            self.history.close()
        if "host" in built:
            self.host.engine.close()

    @cached_property
    def _journal(self) -> Journal:
        from tui.services.journal import Journal

        return Journal(self.places.journal)
