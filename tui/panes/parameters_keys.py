"""The keys of the parameters pane."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding, BindingType

PARAMETER_KEYS: list[BindingType] = [
    Binding(
        "ctrl+l,ctrl+r",
        "recreate",
        _("Recreate"),
        id="parameters.recreate",
        tooltip=_("Make the container anew with these values; shows first what happens"),
    ),
    Binding(
        "ctrl+z,u",
        "undo",
        _("Undo"),
        id="parameters.undo",
        tooltip=_("Give this field back the value that runs now"),
    ),
    Binding(
        "slash,／,ctrl+f",
        "find",
        _("Find"),
        id="parameters.find",
        tooltip=_("Go to a field, or add a flag by its name"),
    ),
    Binding(
        "y,ctrl+y",
        "copy",
        _("Copy command"),
        id="parameters.copy",
        tooltip=_("Copy a docker run command with these values"),
    ),
    Binding(
        "ctrl+t",
        "take_offer",
        _("Take offer"),
        show=False,
        id="parameters.offer",
        tooltip=_("Put in what a check offers"),
    ),
]
