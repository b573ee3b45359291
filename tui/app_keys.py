"""The keys that hold everywhere."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding, BindingType

APP_KEYS: list[BindingType] = [
    Binding(
        "ctrl+q",
        "quit",
        _("Quit"),
        show=False,
        priority=True,
        id="app.quit",
        tooltip=_("End llmtui; servers run on. While something is under way it asks: once more is a yes"),
    ),
    Binding("q", "quit", _("Quit"), show=False, id="app.quit.letter", tooltip=_("End llmtui; servers run on")),
    Binding("f2", "switch_mode('console')", _("Console"), show=False, id="app.console", tooltip=_("The console")),
    Binding("1", "switch_mode('console')", _("Console"), show=False, id="app.console.digit", tooltip=_("The console")),
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
