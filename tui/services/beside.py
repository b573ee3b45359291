"""What may serve beside the engine's containers, and how an address is asked that may not be vLLM."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.services.endpoints import Endpoints
from tui.services.natives import Natives
from tui.services.probe import Probing
from tui.services.vllm import VllmClient


@dataclass(frozen=True, slots=True)
class Beside:
    """What may serve beside the containers."""

    natives: Natives | None = None
    """Finds processes; None looks for none."""
    endpoints: Endpoints = field(default_factory=Endpoints)
    probing: Probing = field(default_factory=Probing)
    """How often processes are asked for a token; an address is asked for none, as an answer may cost money."""


class AnyServer:
    """Asks a server that may not be vLLM: without /health, that it names its models means that it is well.

    Args:
        client: Puts the questions; whatever else is asked goes to it as it is.
    """

    def __init__(self, client: VllmClient) -> None:
        self._client = client

    async def healthy(self, url: str, key: str | None = None) -> bool:
        """Whether it answers at all."""
        return await self._client.healthy(url, key) or await self._client.identity(url, key) is not None

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)
