"""The app: modes, theme, keys, and the one place where failures are told."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from textual import on
from textual.app import App
from textual.binding import Binding
from textual.filter import LineFilter
from textual.reactive import reactive

from tui.messages import CopyAsked, ServiceFailed
from tui.panes.servers import ServersPane
from tui.screens.console import ConsoleScreen
from tui.services.fleet_view import FleetView
from tui.services.services import Services
from tui.settings import Settings
from widgets.line_filter import ControlFilter, GlyphFilter
from widgets.theme import DARK, LIGHT
from widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.command import Provider


def _key_commands() -> type[Provider]:
    """The palette is imported when it is first opened."""
    from tui.commands import KeyCommands

    return KeyCommands


class LlmTui(App[None]):
    """The console for one host's model servers."""

    TITLE = "llmtui"
    CSS_PATH = "app.tcss"
    DEFAULT_MODE = "console"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (200, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS = {_key_commands}
    BINDINGS = [
        Binding(
            "ctrl+q",
            "quit",
            _("Quit"),
            show=False,
            priority=True,
            id="app.quit",
            tooltip=_("End llmtui; servers run on"),
        ),
        Binding("q", "quit", _("Quit"), show=False, id="app.quit.letter", tooltip=_("End llmtui; servers run on")),
        Binding("f2", "switch_mode('console')", _("Console"), show=False, id="app.console", tooltip=_("The console")),
        Binding(
            "1", "switch_mode('console')", _("Console"), show=False, id="app.console.digit", tooltip=_("The console")
        ),
        Binding("T", "change_theme", _("Theme"), show=False, id="app.theme", tooltip=_("Choose another theme")),
        Binding(
            "ctrl+c",
            "screen.copy_text",
            _("Copy selection"),
            show=False,
            id="app.copy",
            tooltip=_("Copy the selected text"),
        ),
    ]

    fleet: reactive[FleetView] = reactive(FleetView(""))
    """The newest picture of the host."""
    host_line: reactive[TopLine.HostLine] = reactive(TopLine.HostLine())
    """What the top line says of it."""
    badges: reactive[tuple[str, ...]] = reactive(())
    """READ ONLY and the like."""

    def __init__(
        self,
        services: Services,
        settings: Settings,
        *,
        theme: str = "llmtui",
        ascii_only: bool = False,
        low_bandwidth: bool = False,
    ) -> None:
        super().__init__()
        self.services = services
        self.settings = settings
        self._quiet = low_bandwidth
        self._first_filter: LineFilter = ControlFilter()
        self._last_filters: list[LineFilter] = [GlyphFilter()] if ascii_only else []
        for ours in (DARK, LIGHT):
            self.register_theme(ours)
        self._wanted_theme = theme
        # Here and not later: a change of theme reads every style sheet again.
        self.theme = theme if theme in self.available_themes else DARK.name
        self.badges = (_("READ ONLY"),) if services.read_only else ()
        self.add_mode("console", self._console)

    def get_line_filters(self) -> list[LineFilter]:
        """Control characters go first of all: nothing from outside speaks to the terminal."""
        return [self._first_filter, *super().get_line_filters(), *self._last_filters]

    def on_mount(self) -> None:
        """Keys as settled."""
        if self._wanted_theme not in self.available_themes:
            self.notify(
                _("There is no theme {name}.").format(name=self._wanted_theme), severity="warning", markup=False
            )
        if self._quiet:
            self.animation_level = "none"
        self.set_keymap(self.settings.keys)
        for mistake in self.settings.mistakes:
            self.notify(mistake, title=_("Settings"), severity="warning", markup=False)
        self._host_changed(self.fleet)

    def action_command_palette(self) -> None:
        """Open the palette, with its invitation in the user's language."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(
                CommandPalette(placeholder=_("What shall be done? Type a part of its name"), id="--command-palette")
            )

    def action_change_theme(self) -> None:
        """Choose a theme from a list."""
        self.search_themes()

    @on(ServiceFailed)
    def _service_failed(self, event: ServiceFailed) -> None:
        error = event.error
        detail = "\n".join(part for part in (error.detail, error.mend) if part)
        self.notify(
            detail or error.title, title=error.title if detail else "", severity="error", timeout=10, markup=False
        )

    @on(CopyAsked)
    def _copy_asked(self, event: CopyAsked) -> None:
        self.run_worker(self._copy(event.text, event.what), group="copy", exit_on_error=False)

    async def _copy(self, text: str, what: str) -> None:
        from tui.services.clipboard import copy

        self.copy_to_clipboard(text)
        try:
            way = await copy(text)
        except Exception as error:  # the terminal's own way was taken already
            way = str(error)
        self.notify(_("Copied {what}: {way}").format(what=what, way=way), timeout=3, markup=False)

    def _console(self) -> ConsoleScreen:
        screen = ConsoleScreen(self.services)
        return screen.data_bind(LlmTui.fleet, LlmTui.host_line, LlmTui.badges)

    @on(ServersPane.Painted)
    def _begin(self) -> None:
        self.services.fleet.listen(self._fleet_changed)
        self.run_worker(self.services.fleet.run(), name="fleet", group="fleet", exit_on_error=True)
        if not self.services.read_only:
            self.run_worker(self._recover(), name="recover", group="recover", exit_on_error=False)

    def on_unmount(self) -> None:
        """Nothing that was said is lost."""
        self.services.close()

    async def action_quit(self) -> None:
        """End, unless something is under way that would be left half done; then ask."""
        names = [name for screen in self.screen_stack if isinstance(screen, ConsoleScreen) for name in screen.under_way]
        if not names:
            self.exit()
            return
        from tui.screens.dialogs import ConfirmDialog

        title = _("Quit while {name} is being recreated?").format(name=", ".join(names))
        body = [_("It is left as it stands now; the next start of llmtui finishes or undoes it.")]
        dialog = ConfirmDialog(title, body, _("Quit"), danger=True, refuse=_("Stay"))
        self.push_screen(dialog, lambda sure: self.exit() if sure else None)

    async def _recover(self) -> None:
        """Finish or undo what an earlier llmtui was killed in the middle of."""
        from tui.services.errors import ServiceError

        try:
            for recovered in await self.services.recreator.recover():
                self.notify(recovered.text, title=recovered.name, timeout=15, markup=False)
        except ServiceError as error:
            self.post_message(ServiceFailed(error))
        self.services.fleet.nudge()

    def _fleet_changed(self, view: FleetView) -> None:
        if self.fleet.trouble is not None and view.trouble is None and not self.services.read_only:
            # What was cut off while the engine was away can be mended only now.
            self.run_worker(self._recover(), name="recover", group="recover", exit_on_error=False)
        self.fleet = view
        self._host_changed(view)

    def _host_changed(self, view: FleetView) -> None:
        engine = view.engine
        self.host_line = TopLine.HostLine(
            name=_("this machine"),
            kind=_kind(engine.product) if engine else "",
            engine=f"docker {engine.version.partition('+')[0]}" if engine else "",
            answers=None if not view.loaded else view.trouble is None,
            trouble=view.trouble.title if view.trouble else "",
        )


def _kind(product: str) -> str:
    """WSL2 or Linux; Docker Desktop and Podman say their own name."""
    if product and product != "Docker Engine":
        return product
    import platform

    return "WSL2" if "microsoft" in platform.release().lower() else platform.system()
