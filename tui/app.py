"""The app: modes, theme, keys, and the one place where failures are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual import on
from textual.filter import LineFilter
from textual.geometry import Region
from textual.reactive import reactive
from textual.screen import Screen

from tui.app_keys import APP_KEYS
from tui.host_line import badges, host_line
from tui.messages import CopyAsked, DemoAsked, GpusRead, ServiceFailed
from tui.pace import SLOW_SECONDS, Pace
from tui.panes.servers import WRITTEN_SECONDS, ServersPane
from tui.screens.console import ConsoleScreen
from tui.services.fleet_view import FleetView
from tui.services.own_log import guarded
from tui.services.services import Services
from tui.settings import Settings
from widgets.in_turn import InTurn
from widgets.line_filter import ControlFilter, GlyphFilter
from widgets.theme import DARK, LIGHT
from widgets.thrifty import Thrifty
from widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.command import Provider

    from tui.gpu_feed import GpuFeed
    from tui.services.gpu import GpuView


def _key_commands() -> type[Provider]:
    """The palette is imported when it is first opened."""
    from tui.commands import KeyCommands

    return KeyCommands


class LlmTui(Thrifty, InTurn):
    """The console for one host's model servers."""

    TITLE = "llmtui"
    CSS_PATH = "app.tcss"
    DEFAULT_MODE = "console"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (200, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS = {_key_commands}
    BINDINGS = APP_KEYS

    fleet: reactive[FleetView] = reactive(FleetView(""), repaint=False)
    """The newest picture of the host."""
    gpus: reactive[GpuView | None] = reactive(None, repaint=False)
    """The newest reading of its GPUs."""
    host_line: reactive[TopLine.HostLine] = reactive(TopLine.HostLine(), repaint=False)
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
        open_demo: Callable[[], Services] | None = None,
        keep_theme: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._keep_theme = keep_theme
        self.services = services
        self._open_demo = open_demo
        self.settings = settings
        self._quiet = low_bandwidth
        seconds = SLOW_SECONDS if low_bandwidth else 0.0
        self._fleets: Pace[FleetView] = Pace(seconds, self._take_fleet, self.set_timer)
        self._readings: Pace[GpuView] = Pace(seconds, self._take_gpus, self.set_timer)
        self._gpu_feed: GpuFeed | None = None
        self._first_filter: LineFilter = ControlFilter()
        self._last_filters: list[LineFilter] = [GlyphFilter()] if ascii_only else []
        for ours in (DARK, LIGHT):
            self.register_theme(ours)
        self._wanted_theme = theme
        # Here and not later: a change of theme reads every style sheet again.
        self.theme = self._coloured = theme if theme in self.available_themes else DARK.name
        self.stylesheet.set_variables(self.get_css_variables())
        self.badges = badges(services)
        self.add_mode("console", self._console)

    def get_line_filters(self) -> list[LineFilter]:
        """Control characters go first of all: nothing from outside speaks to the terminal."""
        return [self._first_filter, *super().get_line_filters(), *self._last_filters]

    def refresh_css(self, animate: bool = True) -> None:
        """Read the style sheets again when the colours change; Textual does it twice before the first frame, too."""
        if self._coloured != self.theme:
            self._coloured = self.theme
            super().refresh_css(animate)

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
        from widgets.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(_("Commands"), _("Type a command…"), id="--command-palette"))

    def action_change_theme(self) -> None:
        """Choose a theme from a list; it is kept for the next time, unless this run was given one."""
        from widgets.choice_list import ChoiceList
        from widgets.form_record import Option

        themes = tuple(Option(name) for name in sorted(self.available_themes))
        place = Region(max(0, self.size.width // 2 - 20), 2, min(40, self.size.width), 1)
        self.push_screen(ChoiceList(themes, self.theme, place, title=_("Themes")), self._take_theme)

    def _take_theme(self, name: str | None) -> None:
        if name is None:
            return
        self.theme = name
        if self._keep_theme is not None and not self.services.simulated:
            self._work(asyncio.to_thread(self._keep_theme, name), "keep the theme", "theme")

    def _work(self, work: Awaitable[None], what: str, group: str) -> None:
        """Do it in a worker; whatever goes wrong is told."""
        told = guarded(work, what, lambda error: self.post_message(ServiceFailed(error)))
        self.run_worker(told, name=what, group=group, exclusive=True, exit_on_error=False)

    @on(ServiceFailed)
    def _service_failed(self, event: ServiceFailed) -> None:
        error = event.error
        detail = "\n".join(part for part in (error.detail, error.mend) if part)
        self.notify(
            detail or error.title, title=error.title if detail else "", severity="error", timeout=10, markup=False
        )

    @on(CopyAsked)
    def _copy_asked(self, event: CopyAsked) -> None:
        self._work(self._copy(event.text, event.what), "copy", "copy")

    async def _copy(self, text: str, what: str) -> None:
        from tui.services.clipboard import copy

        self.copy_to_clipboard(text)
        try:
            place = await copy(text)
        except Exception as error:  # the terminal's own way was taken already
            self.notify(
                _("Copied {what}: {trouble}").format(what=what, trouble=error), severity="warning", markup=False
            )
            return
        self.notify(_("Copied {what} to {place}").format(what=what, place=place), timeout=3, markup=False)

    def _console(self) -> ConsoleScreen:
        offers_demo = self._open_demo is not None and not self.services.simulated
        screen = ConsoleScreen(self.services, offers_demo=offers_demo)
        self.stylesheet.apply(self)  # what is drawn before the app has its colour keeps having none: text as its ground
        # Else they come with its first size, and every style is worked out once more.
        for points, length in zip((self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), self.size, strict=True):
            screen.add_class(max(one for one in points if one[0] <= length)[1], update=False)
        return screen.data_bind(LlmTui.fleet, LlmTui.gpus, LlmTui.host_line, LlmTui.badges)

    @on(DemoAsked)
    async def _demo_asked(self) -> None:
        """Show the simulated host in place of this one; nothing of the earlier one goes on."""
        if self._open_demo is None or self.services.simulated:
            return
        before, self.services = self.services, self._open_demo()
        for group in ("fleet", "recover"):
            self.workers.cancel_group(self, group)
        self.badges = badges(self.services)
        self.fleet = FleetView(self.services.host_name)
        self._end_gpus()
        self._host_changed(self.fleet)
        # The first screen of a mode cannot be exchanged, only the mode as a whole, and only while another is shown.
        self.add_mode("between", Screen[None])
        await self.switch_mode("between")
        await self.remove_mode("console")
        self.add_mode("console", self._console)
        await self.switch_mode("console")
        await self.remove_mode("between")
        before.close()

    @on(ServersPane.Painted)
    def _begin(self) -> None:
        self.services.fleet.listen(self._fleet_changed)
        self.run_worker(self.services.fleet.run(), name="fleet", group="fleet", exit_on_error=True)

    def on_unmount(self) -> None:
        """Nothing that was said is lost."""
        self._end_gpus()
        self.services.close()

    async def action_quit(self) -> None:
        """End, unless something is under way that would be left half done; then ask."""
        consoles = [screen for screen in self.screen_stack if isinstance(screen, ConsoleScreen)]
        under_way = {name: work for screen in consoles for name, work in screen.under_way.items()}
        if not under_way:
            self.exit()
            return
        from tui.screens.under_way import QuitDialog, quit_question

        if isinstance(self.screen, QuitDialog):
            self.screen.action_confirm()
        else:
            self.push_screen(quit_question(under_way), lambda sure: self.exit() if sure else None)

    async def _recover(self) -> None:
        """Finish or undo what an earlier llmtui was killed in the middle of."""
        for recovered in await self.services.recreator.recover():
            self.notify(recovered.text, title=recovered.name, timeout=15, markup=False)
        self.services.fleet.nudge()

    def _fleet_changed(self, view: FleetView) -> None:
        self._fleets.put(view, at_once=view.events != self.fleet.events)

    def _take_fleet(self, view: FleetView) -> None:
        if view.host != self.services.host_name:
            return  # it waited while another host came into view
        before, self.fleet = self.fleet, view
        self._host_changed(view)
        if not before.loaded and view.loaded:
            # Not at once: a timer belongs to the task that makes it, and this may be the fleet's.
            self.call_later(self.set_timer, WRITTEN_SECONDS, self._begin_gpus)
        if view.trouble is None and (before.trouble is not None or (view.loaded and not before.loaded)):
            # What was cut off, perhaps while the engine was away, can be mended only now.
            self.call_later(self.set_timer, WRITTEN_SECONDS, self._begin_recovery)
        if any(boot.ready for boot in view.boots.values()):
            self.call_later(self._keep_boots, view)

    def _keep_boots(self, view: FleetView) -> None:
        """What servers printed until they were ready teaches the next estimate."""
        for start in self.services.boots_kept.fresh(view):
            self._work(self.services.boots_kept.keep(start), "keep a boot", f"boot of {start.server.id}")

    def _begin_recovery(self) -> None:
        if not self.services.read_only:
            self._work(self._recover(), "recover", "recover")

    def _begin_gpus(self) -> None:
        """The rows stand: what the GPUs do may be read."""
        gpus = self.services.gpus
        if gpus is not None and self._gpu_feed is None:
            from tui.gpu_feed import GpuFeed

            self._gpu_feed = GpuFeed(gpus, self.services.gpu_owners, lambda: self.post_message(GpusRead()))
            self._gpu_feed.start()

    def _end_gpus(self) -> None:
        if self._gpu_feed is not None:
            self._gpu_feed.close()
        self._gpu_feed = self.gpus = None

    @on(GpusRead)
    def _gpus_read(self) -> None:
        view = self._gpu_feed.take() if self._gpu_feed is not None else None
        if view is not None:
            self._readings.put(view)

    def _take_gpus(self, view: GpuView) -> None:
        if self._gpu_feed is not None:  # else it was of the host before
            self.gpus = view
            self._host_changed(self.fleet)

    def _host_changed(self, view: FleetView) -> None:
        self.host_line = host_line(view, self.gpus, self.services.simulated)
