"""The keys of the servers' panel, the most useful first: so they stand in the bottom line."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding, BindingType

LOOKING = frozenset({"open", "logs", "chat", "edit", "copy", "demo"})
"""Wishes that change nothing."""
FOR_ALL_MARKED = frozenset({"toggle", "restart", "remove"})
"""Wishes that several servers can have fulfilled at once."""
SERVER_KEYS: list[BindingType] = [
    Binding("escape", "unmark", _("Unmark"), id="servers.unmark", tooltip=_("Take all marks away")),
    Binding("n", "ask('launch')", _("New"), id="servers.new", tooltip=_("Launch a new server from a profile")),
    Binding(
        "N",
        "ask('paste')",
        _("New from a command"),
        show=False,
        id="servers.paste",
        tooltip=_("Paste a docker run, a compose file or a vllm serve and launch what it says"),
    ),
    Binding(
        "s", "ask('toggle')", _("Stop/start"), id="servers.toggle", tooltip=_("Stop the chosen server, or start it")
    ),
    Binding("e", "ask('edit')", _("Edit"), id="servers.edit", tooltip=_("Change its parameters and recreate it")),
    Binding(
        "x",
        "ask('mend')",
        _("Mend"),
        id="servers.mend",
        tooltip=_("Put into its parameters what ends the warning; nothing is changed before you recreate it"),
    ),
    Binding(
        "u",
        "ask('undo')",
        _("Undo"),
        id="servers.undo",
        tooltip=_("Bring back what it was before the last recreate; pressed again, what it was before that"),
    ),
    Binding(
        "ctrl+y",
        "ask('redo')",
        _("Redo"),
        show=False,
        id="servers.redo",
        tooltip=_("After an undo, go forward again to what it was after it"),
    ),
    Binding(
        "U",
        "ask('drop')",
        _("Drop the old one"),
        show=False,
        id="servers.drop",
        tooltip=_(
            "Delete the container that is kept from the last recreate, and the saved configurations of all before"
        ),
    ),
    Binding(
        "D",
        "ask('demo')",
        _("Demo"),
        id="servers.demo",
        tooltip=_("Open a simulated host with four servers: nothing real is touched"),
    ),
    Binding("l", "ask('logs')", _("Logs"), id="servers.logs", tooltip=_("Read its log")),
    Binding("c", "ask('chat')", _("Chat"), id="servers.chat", tooltip=_("Talk to it")),
    Binding(
        "r",
        "ask('restart')",
        _("Restart"),
        id="servers.restart",
        tooltip=_("Stop and start it with the same parameters"),
    ),
    Binding("d", "ask('remove')", _("Remove"), id="servers.remove", tooltip=_("Delete its container")),
    Binding("R", "ask('rename')", _("Rename"), id="servers.rename", tooltip=_("Give it another name")),
    Binding(
        "p",
        "ask('profile')",
        _("Profile from it"),
        id="servers.profile",
        tooltip=_("Open a new launch with what it runs with"),
    ),
    Binding(
        "space", "mark", _("Mark"), id="servers.mark", tooltip=_("Mark it: s, r and d then act on all that are marked")
    ),
    Binding(
        "y",
        "ask('copy')",
        _("Copy"),
        show=False,
        id="servers.copy",
        tooltip=_("Copy its URL, model, name or image"),
    ),
    Binding(
        "a",
        "others",
        _("Other containers"),
        id="servers.others",
        tooltip=_("Show or hide containers that serve no model"),
    ),
    Binding(
        "E",
        "ask('shell')",
        _("Shell"),
        id="servers.shell",
        tooltip=_("Open a shell in its container; exit comes back here"),
    ),
]
