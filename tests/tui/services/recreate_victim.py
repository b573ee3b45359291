"""A process that recreates (or undoes, or launches) and is killed at a chosen moment: `victim.py FOLDER NAME VERB MOMENT`.

A moment is `before:N` or `after:N` (the N-th write of the journal), `call:N` (after the N-th call that changes something),
`during:N` (while that call is under way), or `never`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from profiles.profile import Profile
from tests.tui.services.recreate_scene import longer, steps, yes
from tui.services import answer_wait
from tui.services.docker_engine import DockerEngine
from tui.services.host import Host
from tui.services.journal import Entry, Journal
from tui.services.launch import Launcher
from tui.services.recreate import Recreator

CHANGES = ("create", "start", "stop", "remove", "rename", "set_restart_policy", "connect")


class Doom:
    """Counts, and kills this process when the moment has come."""

    def __init__(self, moment: str) -> None:
        self.kind, _, number = moment.partition(":")
        self.left = int(number or 0)

    def strikes(self, kind: str) -> bool:
        """Count one more of this kind; say whether it is the one."""
        if kind != self.kind:
            return False
        self.left -= 1
        return self.left == 0

    def kill(self) -> None:
        """End at once, as `kill -9` does."""
        os.kill(os.getpid(), signal.SIGKILL)


class MortalJournal(Journal):
    """Kills before or after a write."""

    def __init__(self, folder: Path, doom: Doom) -> None:
        super().__init__(folder)
        self._doom = doom

    async def record(self, entry: Entry) -> None:
        await self._around(lambda: super(MortalJournal, self).record(entry))

    async def forget(self, entry: Entry) -> None:
        await self._around(lambda: super(MortalJournal, self).forget(entry))

    async def _around(self, write: Callable[[], Awaitable[None]]) -> None:
        if self._doom.strikes("before"):
            self._doom.kill()
        await write()
        if self._doom.strikes("after"):
            self._doom.kill()


class MortalEngine:
    """Kills during or after a call that changes something."""

    def __init__(self, engine: DockerEngine, doom: Doom) -> None:
        self._engine = engine
        self._doom = doom

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._engine, name)
        if name not in CHANGES:
            return method

        async def call(*arguments: Any, **options: Any) -> Any:
            if self._doom.strikes("during"):
                asyncio.get_running_loop().call_later(0.01, self._doom.kill)
            answer = await method(*arguments, **options)
            if self._doom.strikes("call"):
                self._doom.kill()
            return answer

        return call


async def main(folder: str, name: str, verb: str, moment: str) -> None:
    """Do what is asked until the moment comes."""
    answer_wait.STEADY_SECONDS, answer_wait.LOOK_SECONDS = 0.2, 0.05
    doom = Doom(moment if verb != "undo" else "never")
    engine: Any = MortalEngine(DockerEngine(os.environ.get("DOCKER_HOST") or None), doom)
    host, journal = Host("local", "local", engine), MortalJournal(Path(folder), doom)
    if verb == "launch":
        profile = Profile(name, "sleep", image=sys.argv[5], port=0, gpus="none", in_image=True)
        await steps(Launcher(host, journal, {}).launch(profile))
        return
    recreator = Recreator(host, journal, yes, 20.0)
    await steps(recreator.recreate(await recreator.plan(name, longer)))
    if verb == "undo":
        doom.kind, number = moment.split(":")
        doom.left = int(number)
        await recreator.undo(name)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:5]))
    sys.stdout.write("survived\n")
    sys.stdout.flush()
    os._exit(0)
