"""Launching a profile: looking before anything starts, then pull, create, start; what breaks half-way is taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from gettext import gettext as _

from profiles.create import create_body
from profiles.profile import Profile
from tui.services.errors import ServiceError
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.launch_pull import pulled
from tui.services.launch_step import Step
from tui.services.preflight import Check, preflight

__all__ = ["Check", "Launcher", "Step"]

MENDS = (
    # What the engine says when a start fails -> what to do, in plain words.
    ("port is already allocated", _("Choose another port, or stop what holds this one.")),
    ("address already in use", _("Choose another port, or stop what holds this one.")),
    (
        "could not select device driver",
        _("Install the NVIDIA container toolkit, or set GPUs to none with a CPU image."),
    ),
    ("nvidia-container-cli", _("Check the NVIDIA driver: does nvidia-smi work on the host?")),
    ("unresolvable CDI devices", _("Generate the CDI specification again: nvidia-ctk cdi generate.")),
    ("unknown or invalid runtime name", _("Install the NVIDIA container toolkit and restart Docker.")),
    ("mount path must be absolute", _("Write the mount's folder as a full path.")),
    ("mounts denied", _("Share the folder in Docker Desktop: Settings, Resources, File sharing.")),
    ("No such image", _("Pull the image first.")),
    ("no space left on device", _("Make room on the engine's disk: docker system df shows what lies there.")),
)


class Launcher:
    """Launches profiles on one host.

    Args:
        host: Where.
        journal: Knows what is under way.
        environ: The user's own environment; variables a profile names are taken from it.
    """

    def __init__(self, host: Host, journal: Journal, environ: Mapping[str, str]) -> None:
        self.host = host
        self._journal = journal
        self._environ = environ

    async def preflight(self, profile: Profile) -> list[Check]:
        """Look at everything that a launch needs; nothing is started or changed. A check with ok False must stop the launch."""
        return await preflight(self.host, profile, self._environ)

    async def launch(self, profile: Profile) -> AsyncIterator[Step]:
        """Pull the image if it is missing, create the container and start it. Ending the iteration early cancels.

        Raises:
            ServiceError: It could not be done; the half-made container is gone again.
        """
        engine = self.host.engine
        body = create_body(profile, self._environ)
        with await self._journal.hold(self.host.name, profile.name):
            entry = Entry("launch", self.host.name, profile.name, "pull")
            await self._journal.record(entry)
            try:
                if await engine.image(profile.image) is None:
                    async for step in pulled(engine, profile.image):
                        yield step
                yield Step("create", _("Creating and starting {name}").format(name=profile.name))
                await self._run(replace(entry, data={"body": body}))
            finally:
                await self._journal.forget(entry)
        yield Step("done", _("{name} has started").format(name=profile.name), 1.0)

    async def _run(self, entry: Entry) -> None:
        work = asyncio.ensure_future(self._create_and_start(entry))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            # An engine's call cannot be called back: let it end, then take away what it made.
            with suppress(ServiceError):
                await self.host.engine.remove(await work, force=True, volumes=True)
            raise

    async def _create_and_start(self, entry: Entry) -> str:
        engine = self.host.engine
        await self._journal.record(replace(entry, step="create"))
        container = await engine.create(entry.name, entry.data["body"])
        try:
            await self._journal.record(replace(entry, step="start", data={**entry.data, "new": container}))
            await engine.start(container)
        except ServiceError as error:
            await engine.remove(container, force=True, volumes=True)
            raise explained(error, _("{name} did not start; it is removed again").format(name=entry.name)) from error
        return container


def explained(error: ServiceError, title: str) -> ServiceError:
    """Say in plain words why a container did not start, with the mend where the engine's words are known."""
    said = f"{error.title} {error.detail}".lower()
    mend = next((mend for words, mend in MENDS if words.lower() in said), error.mend)
    return ServiceError(title, error.detail or error.title, mend)
