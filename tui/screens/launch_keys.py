"""The keys of the launch screen."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding, BindingType

BINDINGS: list[BindingType] = [
    Binding("ctrl+l", "launch", _("Launch"), id="launch.start", tooltip=_("Look once more, then start this server")),
    Binding(
        "ctrl+s", "save", _("Save profile"), id="launch.save", tooltip=_("Keep this form as a profile of your own")
    ),
    Binding(
        "slash,／,ctrl+f",
        "find",
        _("Find flag"),
        id="launch.find",
        tooltip=_("Go to a field, or add a flag by its name"),
    ),
    Binding(
        "i,ctrl+n",
        "paste",
        _("Paste command"),
        id="launch.paste",
        tooltip=_("Begin from a docker run, a compose file or a vllm serve; nothing in it is run"),
    ),
    Binding(
        "ctrl+g,c",
        "judge",
        _("Ask the image"),
        id="launch.judge",
        tooltip=_("Have this image's own parser judge the flags; esc stops it"),
    ),
    Binding("ctrl+o,p", "profiles", _("Profile"), id="launch.profile", tooltip=_("Begin from another profile")),
    Binding(
        "ctrl+y,y", "copy", _("Copy command"), id="launch.copy", tooltip=_("Copy the command in the form that is shown")
    ),
    Binding(
        "f4,f",
        "form",
        _("Other form"),
        show=False,
        id="launch.form",
        tooltip=_("Show the command for bash, PowerShell or cmd, as compose, as vLLM's arguments, or as its YAML"),
    ),
    Binding("ctrl+t", "mend", _("Mend"), show=False, id="launch.mend", tooltip=_("Put in what a note offers")),
    Binding(
        "X",
        "mend_all",
        _("Mend all"),
        show=False,
        id="launch.mend.all",
        tooltip=_("Do what the notes offer, where it only says better what was meant; ctrl+z takes it back"),
    ),
    Binding(
        "ctrl+z",
        "undo",
        _("Undo field"),
        show=False,
        id="launch.undo",
        tooltip=_("Take the last mend back, or give the field its first value"),
    ),
    Binding(
        "ctrl+r",
        "restart",
        _("Start over"),
        show=False,
        id="launch.restart",
        tooltip=_("Forget every change of this form"),
    ),
    Binding(
        "left_square_bracket,right_square_bracket,【,】",
        "side",
        _("Fit, command or notes"),
        show=False,
        id="launch.side",
        tooltip=_("Show the other tab under the form"),
    ),
    Binding(
        "escape",
        "leave",
        _("Back"),
        id="launch.leave",
        tooltip=_("Go back; what was changed is kept for the next time"),
    ),
]
