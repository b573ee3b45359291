"""What the images of the simulated host accept: what vLLM 0.32 does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from profiles.catalogue import Catalogue, Source, bundled
from profiles.lint import findings
from profiles.profile import Profile
from profiles.serve_command import parse
from tui.services.catalogue import Catalogues

ASKING = 2.0
"""Seconds that a simulated image takes for its answer; a real one takes ten and more."""


class DemoCatalogues(Catalogues):
    """Gives the shipped catalogue as every image's own.

    Args:
        pace: How many times faster than this everything goes.
    """

    def __init__(self, pace: float = 1.0) -> None:
        super().__init__(None, None)
        self._pace = pace
        self._told: dict[str, Catalogue] = {}

    async def of_image(self, reference: str, *, ask: bool = True) -> Catalogue:
        """Give it, after a while for an image that was not asked yet."""
        if reference not in self._told and not ask:
            return bundled()
        if reference not in self._told:
            await asyncio.sleep(ASKING / self._pace)
            self._told[reference] = replace(bundled(), source=Source.IMAGE)
        return self._told[reference]

    async def judged(self, image: str, words: Sequence[str]) -> str:
        """Give the first thing that vLLM would refuse."""
        await asyncio.sleep(ASKING / self._pace)
        command = parse(["vllm", "serve", *words])
        flags = command.flags if command is not None else ()
        found = findings(Profile("demo", "", flags=tuple(flags)), bundled())
        return next((one.text for one in found if one.refused), "")
