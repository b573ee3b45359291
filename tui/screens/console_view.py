"""What of the console is seen: the servers' panel as a strip, whole or not at all; the tabs beside it or under it; the filter's line."""

from __future__ import annotations

from gettext import gettext as _

from textual import on
from textual.binding import Binding
from textual.widgets import Input

from tui.panes.servers import ServersPane
from tui.screens.console_side import Side
from tui.screens.frame import FramedScreen
from widgets.in_order import InOrder
from widgets.key_bar import KeyBar


class FilterLine(InOrder, Input):
    """Where one types a part of the names that are to be shown."""

    BINDINGS = [
        Binding("enter", "submit", _("Keep"), id="filter.keep", tooltip=_("Go to the servers that match")),
        Binding("escape", "screen.back", _("Show all"), id="filter.end", tooltip=_("End the filter")),
    ]


class ViewedScreen(FramedScreen):
    """Never leaves the focus in what it hides."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self._narrow = False

    def show_tab(self) -> None:
        """Give the tab in front the focus."""

    def urgent(self) -> tuple[KeyBar.Key, ...]:
        """What stands over the tabs says how it goes away."""
        whole = self.has_class("-side") and self.has_class("-narrow")
        return (KeyBar.Key("F7", _("Close panel"), "console.side"),) if whole else ()

    def on_resize(self) -> None:
        """What one sees whole where there is little room, one hides where there is much."""
        if (narrow := self.has_class("-narrow")) != self._narrow:
            self._narrow = narrow
            self.show_side(False)

    def show_side(self, other: bool) -> None:
        """Have the panel in the other state than it is by itself: whole where it is a strip, hidden where it is whole."""
        self.set_class(other, "-side")
        self.refresh_bindings()

    def show_list(self) -> None:
        """Give the list the focus, and take away what hides it."""
        self.remove_class("-zoomed")
        self.show_side(False)
        self.query_one(ServersPane).focus_list()

    def action_side(self) -> None:
        """Open the strip of servers whole, or close it; on a wide screen hide the panel."""
        self.remove_class("-zoomed")
        self.show_side(not self.has_class("-side"))
        if self.has_class("-side") and not self.has_class("-narrow"):
            self._leave_side()
        else:
            self.query_one(ServersPane).focus_list()

    def action_zoom(self) -> None:
        """Give the tab everything."""
        self.show_side(False)
        self.toggle_class("-zoomed")
        if self.has_class("-zoomed"):
            self._leave_side()

    def action_filter(self) -> None:
        """Open the filter line."""
        if not self.query("#filter"):
            line = FilterLine(self.query_one(ServersPane).filter, _("Filter servers by name; esc ends it"), id="filter")
            self.mount(line, before=self.query_one(KeyBar))
            line.focus()

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        self.query_one(ServersPane).filter = event.value

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query("#filter").remove()
        self.show_list()

    def _leave_side(self) -> None:
        if self.focused is None or self.query_one(Side) in self.focused.ancestors:
            self.show_tab()
