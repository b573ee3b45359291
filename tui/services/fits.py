"""What a launch is reckoned on: the model's facts, the cards as they are now, and what earlier starts printed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from gettext import gettext as _
from pathlib import Path
from typing import TypeVar

from profiles.fit.records import Card, Model
from profiles.paths import hub_folder, is_folder, is_hub_id
from profiles.profile import Profile
from tui.services.errors import ServiceError
from tui.services.fit_card import ram
from tui.services.gpu import Gpu
from tui.services.gpus import Gpus
from tui.services.history import History
from tui.services.history_boots import KeptBoot
from tui.services.host import Host
from tui.services.models_on_disk import hub_cache, newest_snapshot
from tui.services.models_on_disk_weights import facts
from tui.services.preflight_model import model_folder
from tui.services.preflight_place import place

SECONDS = 15.0
"""The longest that one look at a disk or at the cards may take."""
MOST_MODELS = 64
"""Models whose facts are kept."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Cards:
    """The memory of a host at one moment."""

    gpus: tuple[Gpu, ...] = ()
    trouble: str = ""
    """Why there are no GPUs, in one line; "" where there are some."""
    ram: Card = field(default_factory=Card)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of one model on one host."""

    key: str = ""
    """By what its starts are kept: the hub id, or the folder of this machine."""
    model: Model | None = None
    missing: str = ""
    """Why the model's facts are not known, in one sentence."""
    boots: tuple[KeptBoot, ...] = ()
    """Its starts that went well, the newest first."""


class Fits:
    """Reads what estimates need, each model once; what is on a disk is read in a private pool.

    Args:
        host: Where the launch would be.
        gpus: Gives who reads its GPUs; None where nobody may look.
        history: Keeps the starts that went well.
        environ: The user's environment.
    """

    def __init__(
        self, host: Host, gpus: Callable[[], Gpus | None], history: Callable[[], History], environ: Mapping[str, str]
    ) -> None:
        self._host = host
        self._gpus = gpus
        self._history = history
        self._environ = environ
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="fit")
        self._known: dict[tuple[Path, float], Model] = {}

    async def ground(self, profile: Profile) -> Ground:
        """Give what is known of a profile's model; never raises, `missing` says what is not known."""
        if why := self._unseen(profile):
            return Ground(missing=why)
        where = await place(self._host, self._environ)
        try:
            found = await self._read(lambda: self._facts(profile, self._folder(model_folder(profile, where), profile)))
        except TimeoutError:
            return Ground(missing=_("The disk did not answer in time."))
        if found is None:
            return Ground(missing=_("{model} is not on this machine yet.").format(model=profile.model))
        folder, model = found
        key = key_of(profile, folder)
        return Ground(key, model, boots=await self.boots(key))

    async def key(self, profile: Profile) -> str:
        """Give by what the starts of a profile's model are kept."""
        if self._host.kind != "local":
            return profile.model
        where = await place(self._host, self._environ)
        return key_of(profile, await self._read(lambda: model_folder(profile, where)))

    async def boots(self, key: str) -> tuple[KeptBoot, ...]:
        """Give the starts of a model; none where they cannot be read."""
        try:
            return tuple(await self._history().boots(key))
        except ServiceError:
            return ()  # an estimate without them is still one

    async def cards(self) -> Cards:
        """Give the memory of the host as it is now."""
        gpus = self._gpus()
        try:
            memory = await self._read(ram) if self._host.kind == "local" else Card()
            view = None
            if gpus is not None:
                view = gpus.newest or await self._read(gpus.once)
        except TimeoutError:
            return Cards(trouble=_("The cards did not answer in time."))
        if view is None:
            return Cards(trouble=_("Nobody here can say what the GPUs hold."), ram=memory)
        return Cards(view.gpus, view.trouble or "", memory)

    async def sized(self, folders: Mapping[Path, int]) -> dict[Path, Model]:
        """Give the facts of many models by their config.json and the bytes of their files alone, without opening those."""
        try:
            return await self._read(lambda: {path: _sized(path, size) for path, size in folders.items()})
        except TimeoutError:
            return {}

    def _unseen(self, profile: Profile) -> str:
        """Say why a model cannot be looked at at all; "" where it can."""
        if not profile.model:
            return _("No model is chosen.")
        if profile.in_image:
            return _("The model lies in the image itself; it cannot be looked at before.")
        if self._host.kind != "local":
            return _("The model lies on another machine and cannot be looked at from here.")
        return ""

    def _folder(self, folder: Path | None, profile: Profile) -> Path | None:
        """Take a hub's model from this user's own cache where the server is shown none: its facts are the same."""
        if folder is None and is_hub_id(profile.model):
            return newest_snapshot(hub_cache(self._environ) / f"models--{profile.model.replace('/', '--')}")
        return folder

    def _facts(self, profile: Profile, folder: Path | None) -> tuple[Path, Model] | None:
        """Read the facts of a folder, blocking, once as long as it stays the same."""
        if folder is None or not folder.is_dir():
            return None
        try:
            mark = folder, (folder / "config.json").stat().st_mtime
        except OSError:
            mark = folder, 0.0
        if mark not in self._known:
            if len(self._known) >= MOST_MODELS:
                self._known.clear()
            self._known[mark] = facts(folder)
        return folder, self._known[mark]

    async def _read(self, work: Callable[[], Found]) -> Found:
        async with asyncio.timeout(SECONDS):
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def key_of(profile: Profile, folder: Path | None) -> str:
    """Give by what the starts of a model are kept: the hub id wherever it lies, else its folder here, else what was written."""
    if not is_folder(profile.model):
        return profile.model
    cached = hub_folder(str(folder or profile.model))
    return cached[1] if cached is not None else str(folder or profile.model)


def boots_for(boots: Sequence[KeptBoot], card: Card, version: tuple[int, int, int] | None) -> tuple[KeptBoot, ...]:
    """Give the starts on the same kind of card with the same version; any version where it is not known."""
    from profiles.fit import versions

    return tuple(
        one for one in boots if one.card.name == card.name and version in (None, versions.version(one.settings.version))
    )


def _sized(path: Path, size: int) -> Model:
    from profiles.fit.config import model
    from profiles.fit.records import GIB
    from tui.services.models_on_disk_look import MOST_CONFIG_BYTES, read_json

    return replace(model(read_json(path / "config.json", MOST_CONFIG_BYTES)), measured_gib=(size / GIB,))
