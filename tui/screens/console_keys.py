"""The keys of the console that belong to no panel."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding, BindingType

CONSOLE_KEYS: list[BindingType] = [
    Binding(
        "f7", "side", _("Side panel"), show=False, id="console.side", tooltip=_("Open or close the list of servers")
    ),
    Binding("f8", "next_server", _("Next server"), show=False, id="console.next", tooltip=_("Choose the next server")),
    Binding(
        "f9",
        "two_tabs",
        _("Two tabs"),
        show=False,
        id="console.two",
        tooltip=_("Show chat and log side by side (from 200 columns)"),
    ),
    Binding(
        "ctrl+n",
        "new",
        _("New server"),
        show=False,
        id="console.new",
        tooltip=_("Launch a new server from a profile"),
    ),
    Binding(
        "A",
        "add_endpoint",
        _("Add an endpoint"),
        show=False,
        id="console.endpoint",
        tooltip=_("Watch and talk to a server that is known by its address alone"),
    ),
    Binding(
        "slash,／",
        "filter",
        _("Filter"),
        show=False,
        id="console.filter",
        tooltip=_("Show only servers whose name holds a text"),
    ),
    Binding(
        "left_square_bracket,【",
        "tab(-1)",
        _("Tab left"),
        show=False,
        id="console.tab.left",
        tooltip=_("The tab to the left"),
    ),
    Binding(
        "right_square_bracket,】",
        "tab(1)",
        _("Tab right"),
        show=False,
        id="console.tab.right",
        tooltip=_("The tab to the right"),
    ),
    Binding(
        "z",
        "zoom",
        _("Zoom"),
        show=False,
        id="console.zoom",
        tooltip=_("Give the tab the whole width, or take it back"),
    ),
    Binding(
        "colon,：",
        "go_to",
        _("Go to"),
        show=False,
        id="console.goto",
        tooltip=_("Go to a server or a tab by name"),
    ),
    Binding("escape", "back", _("Servers"), show=False, id="console.back", tooltip=_("Back to the list of servers")),
]
