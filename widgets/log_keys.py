"""The keys of a log, one table."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding

LOG_KEYS: tuple[Binding, ...] = (
    Binding("f", "follow", _("Follow"), id="log.follow", tooltip=_("Stay at the end as lines come, or stop here")),
    Binding(
        "slash,／", "find", _("Find"), id="log.find", tooltip=_("Find text or a regular expression"), key_display="/"
    ),
    Binding("n", "seek(False)", _("Next"), id="log.next", tooltip=_("Go to the next match")),
    Binding("N", "seek(True)", _("Previous"), id="log.previous", tooltip=_("Go to the match before"), show=False),
    Binding(
        "ampersand,＆", "filter", _("Filter"), id="log.filter", tooltip=_("Show matching lines only"), key_display="&"
    ),
    Binding("w", "wrap", _("Wrap"), id="log.wrap", tooltip=_("Wrap long lines, or scroll sideways")),
    Binding("z", "fold", _("Fold"), id="log.fold", tooltip=_("Fold or unfold the chosen traceback, or all")),
    Binding("t", "times", _("Times"), id="log.times", tooltip=_("Time of day, full time, or no time")),
    Binding(
        "h",
        "heads",
        _("Heads"),
        id="log.heads",
        tooltip=_("Show lines as written, with process and source file"),
        show=False,
    ),
    Binding(
        "p", "polls", _("Polling"), id="log.polls", tooltip=_("Show or hide the lines that polling leaves"), show=False
    ),
    Binding("m", "mark", _("Mark"), id="log.mark", tooltip=_("Mark this line, or take the mark away"), show=False),
    Binding(
        "apostrophe",
        "next_mark",
        _("Next mark"),
        id="log.next-mark",
        tooltip=_("Go to the next mark"),
        show=False,
        key_display="'",
    ),
    Binding("y", "copy", _("Copy"), id="log.copy", tooltip=_("Copy the chosen lines, or those in view")),
    Binding("ctrl+s", "save", _("Save"), id="log.save", tooltip=_("Save the log to a file")),
    Binding(
        "escape",
        "clear",
        _("Clear"),
        id="log.clear",
        tooltip=_("Let go of the choice, the match, the filter"),
    ),
    Binding(
        "shift+up",
        "choose(-1)",
        _("Choose up"),
        id="log.choose-up",
        tooltip=_("Choose one more line upwards"),
        show=False,
    ),
    Binding(
        "shift+down",
        "choose(1)",
        _("Choose down"),
        id="log.choose-down",
        tooltip=_("Choose one more line downwards"),
        show=False,
    ),
    Binding("k,up", "rows(-1)", _("Up"), id="log.up", tooltip=_("One row up"), show=False),
    Binding("j,down", "rows(1)", _("Down"), id="log.down", tooltip=_("One row down"), show=False),
    Binding("ctrl+u", "pages(-1)", _("Half page up"), id="log.half-up", tooltip=_("Half a page up"), show=False),
    Binding("ctrl+d", "pages(1)", _("Half page down"), id="log.half-down", tooltip=_("Half a page down"), show=False),
    Binding("pageup", "pages(-2)", _("Page up"), id="log.page-up", tooltip=_("A page up"), show=False),
    Binding("pagedown,space", "pages(2)", _("Page down"), id="log.page-down", tooltip=_("A page down"), show=False),
    Binding("g,home", "top", _("First line"), id="log.top", tooltip=_("Go to the first line"), show=False),
    Binding(
        "G,end", "bottom", _("Last line"), id="log.bottom", tooltip=_("Go to the last line and follow"), show=False
    ),
    Binding(
        "left",
        "sideways(-8)",
        _("Left"),
        id="log.left",
        tooltip=_("Scroll left when lines are not wrapped"),
        show=False,
    ),
    Binding(
        "right",
        "sideways(8)",
        _("Right"),
        id="log.right",
        tooltip=_("Scroll right when lines are not wrapped"),
        show=False,
    ),
)
