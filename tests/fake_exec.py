"""Commands in containers that exist in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.fake_records import FakeContainer
from tui.services.errors import ServiceError


class FakeExec:
    """The part of a `FakeEngine` that runs commands: what `programs` say, by the container's name and the program's."""

    @property
    def programs(self) -> dict[tuple[str, str], tuple[int, str] | Exception]:
        """What each program answers: exit code and output, or how it fails."""
        found: dict[tuple[str, str], tuple[int, str] | Exception] = self.__dict__.setdefault("_programs", {})
        return found

    async def exec(self, container: str, command: Sequence[str], patience: float = 10.0) -> tuple[int, str]:
        await self._gate("exec", container, *command)
        one = self._known(container)
        if (state := one.record["State"]["Status"]) != "running":
            raise ServiceError(f"Docker could not run {command[0]} in {one.name}", f"Container {one.name} is {state}")
        answer = self.programs.get((one.name, command[0]), (127, ""))
        if isinstance(answer, Exception):
            raise answer
        return answer

    if TYPE_CHECKING:  # what the engine itself has

        async def _gate(self, method: str, *arguments: Any) -> None: ...

        def _known(self, container: str) -> FakeContainer: ...
