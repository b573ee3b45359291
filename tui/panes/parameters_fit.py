"""How the memory of a running server is divided: the estimate for the values in the form, and what vLLM printed itself."""

from __future__ import annotations

from gettext import gettext as _

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.reactive import reactive

from profiles.profile import Profile
from tui.insight.phases import Boot
from tui.panes.fit_block import FitBlock
from tui.panes.fit_words import mark, title_words
from tui.services.fit_reckoned import reckon, without
from tui.services.fits import Cards, Fits, Ground
from tui.services.server import ALIVE, Server


class ParametersFit(VerticalScroll, can_focus=False):
    """Follows the server in view and the values in its form.

    Args:
        fits: Reads what an estimate needs.
    """

    DEFAULT_CSS = """
    ParametersFit {
        height: auto;
        max-height: 9;
        border-top: solid $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        scrollbar-size-vertical: 1;
    }
    .-short ParametersFit { max-height: 4; }
    """

    boot: reactive[Boot | None] = reactive(None, init=False, repaint=False)
    """How the server's boot went, as far as it was seen."""

    def __init__(self, fits: Fits) -> None:
        super().__init__()
        self._fits = fits
        self._block = FitBlock(keys=False)
        self._server: Server | None = None
        self._profile: Profile | None = None
        self._asked: object = None
        self._ground = Ground()
        self._cards = Cards()
        self.display = False

    def compose(self) -> ComposeResult:
        """The bar and its lines."""
        yield self._block

    def follow(self, server: Server | None, profile: Profile | None) -> None:
        """Show another server, or other values of it; None shows nothing."""
        self._server, self._profile = server, profile
        self.display = server is not None and profile is not None and bool(profile.model)
        if server is None or profile is None or not self.display:
            return
        asked = server.key, server.id, server.state, profile.model
        if asked != self._asked:
            self._asked = asked
            self._learn(server, profile)
        self._draw()

    def watch_boot(self) -> None:
        """What was printed since."""
        self._draw()

    @work(group="fit", exclusive=True)
    async def _learn(self, server: Server, profile: Profile) -> None:
        self._ground = Ground(missing=_("reading the model …"))
        ground, cards = await self._fits.ground(profile), await self._fits.cards()
        self._ground = ground
        # A server that runs is no hindrance to itself.
        self._cards = without(cards, server.name) if server.state in ALIVE else cards
        self._draw()

    def _draw(self) -> None:
        server, profile = self._server, self._profile
        if server is None or profile is None or not self.display:
            return
        found = reckon(profile, server.version or "", self._ground, self._cards)
        printed = self.boot.printed if self.boot is not None else None
        if printed is None and found is not None and found.same and found.boot is not None:
            printed = found.boot.printed
        self._block.show(found, self._ground, self._cards, low=True, printed=printed)
        glyph, tone = mark(found)
        self.border_title = Content.assemble(_("Memory"), " ", (glyph, tone), "  ", title_words(found, self._cards))
