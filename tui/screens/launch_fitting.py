"""The part of the launch screen that knows what fits: the model's facts, the cards as they are now, earlier starts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from gettext import gettext as _

from textual import on, work

from profiles.fit.flags import settings
from profiles.fit.records import Model
from profiles.profile import Profile
from tui.screens.launch_fit import FitPanel, fit_word
from tui.screens.launch_knowing import KnowingScreen
from tui.screens.launch_state import LaunchState
from tui.services.catalogue import Catalogues
from tui.services.fit_reckoned import starts
from tui.services.fits import Cards, Fits, Ground
from tui.services.models_on_disk import LocalModel

CARDS_SECONDS = 2.0
"""How often the cards are looked at: what others hold changes while one types."""
PAUSE_SECONDS = 0.3
"""How long the settings rest before every model is judged anew."""
STEP = 10
"""Parts of a GiB; memory that moves by less is no change."""


class FittingScreen(KnowingScreen):
    """Reckons whether what stands in the form fits.

    Args:
        host: The host's name.
        catalogues: Asks images what they accept.
        state: What is shown first.
        fits: Reads what an estimate needs; None knows of no model.
    """

    def __init__(self, host: str, catalogues: Catalogues, state: LaunchState, fits: Fits | None) -> None:
        self._fits = fits
        self._subject: object = None
        self._sized: tuple[LocalModel, ...] | None = None
        self._sizes: dict[str, Model] = {}
        self._judged: object = None
        super().__init__(host, catalogues, state)

    def on_mount(self) -> None:
        """Look at the cards now and from now on."""
        if self._fits is not None:
            self._look_at_cards()
            self.set_interval(CARDS_SECONDS, self._look_at_cards)

    def show_state(self, state: LaunchState) -> None:
        """Show another state; another model is read first."""
        if self._fits is not None and self.is_mounted:
            if subject(state.profile) != self._subject:
                self._subject = subject(state.profile)
                state = replace(state, ground=Ground(missing=_("reading the model …")))
                self._learn_model(state.profile)
            if state.found.models and state.found.models is not self._sized:
                self._sized = state.found.models
                self._size_models(state.found.models)
            judged = settings(state.profile, state.version), held(state.cards), len(self._sizes)
            if self._sizes and judged != self._judged:
                self._judged = judged
                self._judge_models()
        super().show_state(state)

    @work(group="fit", exclusive=True)
    async def _learn_model(self, profile: Profile) -> None:
        if self._fits is not None:
            ground = await self._fits.ground(profile)
            if subject(self._state.profile) == subject(profile):
                self.show_state(replace(self._state, ground=ground))

    @work(group="cards", exclusive=True)
    async def _look_at_cards(self) -> None:
        if self._fits is not None:
            cards = await self._fits.cards()
            if held(cards) != held(self._state.cards):
                self.show_state(replace(self._state, cards=cards))

    @work(group="sizes", exclusive=True)
    async def _size_models(self, models: tuple[LocalModel, ...]) -> None:
        if self._fits is None:
            return
        whole = {model.path: model.size for model in models if model.size and not model.problem}
        self._sizes = {str(path): model for path, model in (await self._fits.sized(whole)).items()}
        self.show_state(self._state)

    @work(group="judgements", exclusive=True)
    async def _judge_models(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        state = self._state
        fits = await asyncio.to_thread(starts, self._sizes, state.profile, state.version, state.cards)
        words = {path: fit_word(fit) for path, fit in fits.items()}
        self.show_state(replace(self._state, found=replace(self._state.found, fits=words)))

    @on(FitPanel.Asked)
    def _asked_to_fit(self, event: FitPanel.Asked) -> None:
        event.stop()
        self.take_state(replace(self._state, draft=self._state.draft.put(event.field, event.value)))

    def action_mend(self) -> None:
        """In a field for which a value is known that fits, put it in; else do what a note offers."""
        offered = self._body.offered
        if offered is None or self._body.marked is not None or self._state.draft.value(offered[0]) == offered[1]:
            super().action_mend()
        else:
            self.take_state(replace(self._state, draft=self._state.draft.put(*offered)))


def subject(profile: Profile) -> object:
    """Give what decides which model is read, and from where."""
    return profile.model, profile.in_image, profile.mounts, dict(profile.env).get("HF_HOME")


def held(cards: Cards) -> object:
    """Give what moves an estimate, to a tenth of a GiB."""
    gpus = tuple(
        (gpu.index, gpu.memory_total, None if gpu.memory_used is None else gpu.memory_used * STEP >> 30)
        for gpu in cards.gpus
    )
    free = cards.ram.free_gib
    return gpus, cards.trouble, cards.ram.total_gib, None if free is None else int(free * STEP)
