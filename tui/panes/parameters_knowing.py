"""The part of the parameters pane that knows the container's image: its flags, and what mends a draft."""

from __future__ import annotations

from textual import work
from textual.containers import Vertical
from textual.reactive import reactive

from profiles.catalogue import Catalogue, Source, bundled
from tui.panes.parameters_drafts import Drafts
from tui.panes.profile_draft import ADDED, Draft
from tui.panes.profile_fields import ALL
from tui.panes.profile_form import flag_finder
from tui.services.catalogue import Catalogues
from tui.services.server import Server
from widgets.form import Form


class KnowingPane(Vertical):
    """Holds the drafts of servers' parameters and what is known of their images.

    Args:
        catalogues: Asks images what they accept.
    """

    server: reactive[Server | None] = reactive(None, repaint=False)
    """Whose parameters are shown."""

    def __init__(self, catalogues: Catalogues, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._catalogues = catalogues
        self._drafts = Drafts()
        self._form = Form(id="parameters-form")

    @property
    def draft(self) -> Draft | None:
        """The draft of the server in view; None while its container has not been asked."""
        editing = self._drafts.of(self.server)
        return editing.draft if editing else None

    def action_undo(self) -> None:
        """Give the field that has the focus the value that runs now."""
        name = self._form.current
        if self.draft is not None and name not in {None, ADDED, "host"}:
            self._take(self.draft.undo(str(name)))

    def action_find(self) -> None:
        """Ask for a field or a flag, and go there."""
        self._learn()
        self.app.push_screen(flag_finder(self._form.groups, self._known), self._go_to)

    @property
    def _known(self) -> Catalogue:
        editing = self._drafts.of(self.server)
        return editing.catalogue if editing is not None else bundled()

    @work(group="catalogue")
    async def _learn(self, ask: bool = True) -> None:
        """Ask the image for its flags, once; without `ask` only what is kept of it counts: looking starts nothing."""
        server, editing = self.server, self._drafts.of(self.server)
        image = editing.draft.profile.image if editing is not None else ""
        if server is None or editing is None or editing.known_image == image:
            return
        if ask:  # said at once: the keys that follow ask nothing more
            self._drafts.change(server, lambda known: known.knowing(known.catalogue, image))
        found = await self._catalogues.of_image(image, ask=ask)
        if ask or found.source is not Source.BUNDLED:
            self._drafts.change(server, lambda known: known.knowing(found, image))
            self._show()

    def action_take_offer(self) -> None:
        """Put in the value that a check offers."""
        editing = self._drafts.of(self.server)
        if editing is not None and editing.check is not None and editing.check.offer:
            self._take(editing.draft.put(editing.check.name, editing.check.offer))
            self._form.go(editing.check.name)
        elif editing is not None:
            self._take(editing.mended(self._form.current or "").draft)

    def _go_to(self, name: str | None) -> None:
        if name is not None and any(name == field.name for group in self._form.groups for field in group.fields):
            self._form.go(name)
        elif name:
            self._add_flag(name)

    def _add_flag(self, text: str) -> None:
        draft = self.draft.add_flag(text) if self.draft is not None else None
        if draft is not None:
            self._take(draft)
            self._form.go(ALL + draft.flags[-1])

    def _take(self, draft: Draft) -> None:
        if self.server is not None:
            self._drafts.change(self.server, lambda known: known.edited(draft))
            self._show()

    def _show(self) -> None:
        """Show what stands in the draft."""
