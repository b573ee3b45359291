"""What a server runs with, as the launch form; changing it recreates the container."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from gettext import gettext as _
from typing import Any

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from profiles.inspected import profile_of
from profiles.render import docker_run
from tui.insight.phases import Boot
from tui.messages import CopyAsked, ServiceFailed
from tui.panes.flag_rows import spelled
from tui.panes.parameters_editing import Editing
from tui.panes.parameters_fit import ParametersFit
from tui.panes.parameters_focus import FormFocus
from tui.panes.parameters_image import image_agreed
from tui.panes.parameters_keys import PARAMETER_KEYS
from tui.panes.parameters_knowing import KnowingPane
from tui.panes.parameters_recreate import think
from tui.panes.parameters_view import (
    absent,
    change_words,
    failure_words,
    recreate_facts,
    running_groups,
)
from tui.panes.profile_draft import ADDED, Draft
from tui.panes.profile_form import host_words
from tui.services.catalogue import Catalogues
from tui.services.errors import ServiceError
from tui.services.fits import Fits
from tui.services.host import Host
from tui.services.preflight_place import place
from tui.services.recreate import Plan, Recreator
from tui.services.server import Server
from widgets.dialog_recreate import RecreateDialog
from widgets.form import Form
from widgets.gate import Gate


class ParametersPane(KnowingPane):
    """The launch form with what runs now; a change shows old → new and is carried out by a recreate."""

    DEFAULT_CSS = """
    ParametersPane {
        border: round $foreground 38%;
        border-title-color: $foreground;
        border-title-style: bold;
        border-subtitle-color: $foreground 62%;
        padding: 0 1;
    }
    ParametersPane:focus-within { border: round $accent; border-title-background: $accent; border-title-color: $background; }
    ParametersPane > .parameters--words { color: $foreground 62%; height: auto; max-height: 6; }
    ParametersPane > .parameters--words.-failed { color: $error; }
    """

    BINDINGS = PARAMETER_KEYS

    boot: reactive[Boot | None] = reactive(None, repaint=False)
    """How its boot went, as far as it was seen."""

    class RecreateAsked(Message):
        """The user saw what a recreate does, and wants it."""

        def __init__(self, plan: Plan, done: Callable[[], None]) -> None:
            super().__init__()
            self.plan = plan
            self.done = done
            """To be called when it came about."""

    def __init__(
        self,
        host: Host,
        recreator: Recreator,
        gate: Gate,
        catalogues: Catalogues | None = None,
        fits: Fits | None = None,
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(catalogues or Catalogues(None, None), id=id)
        self._host = host
        self._recreator = recreator
        self._mending: tuple[str, str] | None = None
        self._words = Static(markup=False, classes="parameters--words")
        self._fit = None if fits is None else ParametersFit(fits)
        self._gate = gate
        self._focus = FormFocus(self, self._form, gate, self._asking)

    def compose(self) -> ComposeResult:
        """Words while there is nothing to show, the form, and below it how the memory is divided."""
        yield self._words
        yield self._form
        if self._fit is not None:
            yield self._fit.data_bind(ParametersPane.boot)

    def on_mount(self) -> None:
        """Show the first server."""
        self._show()

    def on_show(self) -> None:
        """Ask for what was not asked for while the pane was hidden."""
        self._refresh()

    def focus_first(self) -> None:
        """Put the focus on the first field; as soon as there is one, unless it went elsewhere by then."""
        self._focus.first()

    def _asking(self) -> bool:
        """Whether the container's values are on their way."""
        return self.server is not None and self.server.kind == "container" and self.draft is None

    def mend(self, server: tuple[str, str]) -> None:
        """Put in what keeps a server to this machine, and go there, as soon as its values are known."""
        self._mending = server
        self.focus_first()
        self._show()

    def watch_server(self) -> None:
        """Show another server, or the same one recreated."""
        if self.is_mounted:
            self._refresh()

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        if (draft := self.draft) is None:
            return
        if event.name == ADDED:
            self._take(replace(draft, typed={**draft.typed, ADDED: event.value}))
        else:
            self._take(draft.edit(event.name, event.value))

    @on(Form.Moved)
    def _moved(self, event: Form.Moved) -> None:
        event.stop()
        if self.draft is not None:
            self._take(self.draft.settle(event.name))

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        if event.name == ADDED and self.draft is not None:
            typed = self.draft.typed.get(ADDED, "")
            self._add_flag(spelled(self._known, typed)[0] or typed)

    @work(group="copy", exclusive=True)
    async def action_copy(self) -> None:
        """Copy the command that these values make."""
        editing = self._drafts.of(self.server)
        if editing is not None:
            profile = editing.draft.profile
            config = editing.image_config
            if profile.image != editing.draft.base.image:
                config = await self._config(profile.image)
            entrypoint = config.get("Entrypoint") if config is not None else None
            self.post_message(CopyAsked(docker_run(profile, editing.place, entrypoint), _("the command")))

    async def _config(self, image: str) -> Mapping[str, Any] | None:
        try:
            found = await self._host.engine.image(image)
        except ServiceError:
            return None  # the command is worth copying all the same
        return found.config if found is not None else None

    @work(group="recreate", exclusive=True)
    async def action_recreate(self) -> None:
        """Think the recreate through, show it, and ask."""
        if self.server is not None:
            await self._gate.until(self._ask_to_recreate(self.server))

    async def _ask_to_recreate(self, server: Server) -> None:
        name, key = server.name, server.key
        try:
            if not await image_agreed(self.app, self._host, self._catalogues, self._drafts, server):
                return
            thought = await think(self._host, self._recreator, self._drafts, server)
        except (ValueError, ServiceError) as error:
            title = _("{name} cannot be recreated like this").format(name=name)
            self.post_message(
                ServiceFailed(error if isinstance(error, ServiceError) else ServiceError(title, str(error)))
            )
            return
        self._show()
        now = self.server
        if thought is None or now is None or now.key != key:
            # What is in view now is another server's: nothing is asked over it, and nobody moved in it.
            words = _("{name} was left before its recreate was thought through; nothing was changed.")
            self.notify(words.format(name=name), markup=False)
        elif thought.wrong is not None:
            self.notify(thought.wrong[1].text, title=_("Not recreated yet"), severity="error", markup=False)
            self._form.go(thought.wrong[0])
        elif thought.plan is not None:
            await self._confirm(now, thought.editing, thought.plan)

    async def _confirm(self, server: Server, editing: Editing, plan: Plan) -> None:
        changes = [RecreateDialog.Change(change.field, change.old, change.new) for change in plan.changes]
        facts = recreate_facts(plan, server)
        dialog = RecreateDialog(server.name, changes, facts, plan.warnings, runs=plan.running)
        if await self.app.push_screen_wait(dialog):
            self._drafts.attempt(server, editing)
            self.post_message(self.RecreateAsked(plan, lambda: self._drafts.let_go(server.key)))

    def _refresh(self) -> None:
        server = self.server
        known = self._drafts.of(server)
        if server is not None and server.kind == "container":
            self._drafts.revive(server)
            if self.display and (known is None or known.id != server.id):
                self._ask(server)
        self._show()

    @work(group="inspect", exclusive=True)
    async def _ask(self, server: Server) -> None:
        try:
            record = await self._host.engine.inspect(server.id)
            image = await self._host.engine.image(str(record.get("Image") or ""))
        except ServiceError as error:
            self._gate.open(forget=True)
            self.post_message(ServiceFailed(error))
            return
        config = image.config if image is not None else None
        profile = profile_of(record, config)
        where = await place(self._host, os.environ)
        self._drafts.learn(server, Editing(server.id, Draft.of(profile), config, bool(profile.model), where))
        if self.server is not None:
            self._drafts.revive(self.server)  # it may have failed while its container was asked
        self._show()
        self._learn(ask=False)

    def _show(self) -> None:
        server = self.server
        editing = self._drafts.of(server)
        words = absent(server, editing is not None)
        self._focus.follow(not words)
        if self._fit is not None:
            self._fit.follow(server, editing.draft.profile if editing is not None and editing.vllm else None)
        failure = self._drafts.failure(server) if server is not None and not words else ""
        self._tell(words or failure_words(failure), failed=bool(failure))
        title = _("Parameters · {name}").format(name=server.name) if server else _("Parameters")
        self.border_title = Content(f" {title} ")
        self.border_subtitle = Content("")
        if editing is None or server is None:
            return
        if self._mending == server.key and editing.id == server.id:
            self._mending = None
            editing, name = mended = editing.kept_to_this_machine()
            self._drafts.change(server, lambda known: mended[0])
            self.call_after_refresh(self._go_to, name)
        where = host_words(self._host.name, self._host.kind)
        self._form.groups = running_groups(editing, where)
        self.call_after_refresh(self._focus.again)
        self.border_subtitle = Content(change_words(editing.draft))

    def _tell(self, words: str, failed: bool) -> None:
        self._words.update(Content(words))
        self._words.display = bool(words)
        self._words.set_class(failed, "-failed")
