"""The keys of a conversation, one table."""

from __future__ import annotations

from gettext import gettext as _

from textual.binding import Binding

CONVERSATION_KEYS: tuple[Binding, ...] = (
    Binding(
        "up,k",
        "choose(-1)",
        _("Earlier"),
        id="conversation.up",
        tooltip=_("Choose the message above, for e to edit"),
    ),
    Binding(
        "down,j", "choose(1)", _("Later"), show=False, id="conversation.down", tooltip=_("Choose the message below")
    ),
    Binding("g,home", "scroll_home", _("Top"), show=False, id="conversation.top", tooltip=_("To the first message")),
    Binding("G,end", "scroll_end", _("End"), show=False, id="conversation.end", tooltip=_("To the end, and follow")),
    Binding(
        "ctrl+d,pagedown",
        "page_down",
        _("Page down"),
        show=False,
        id="conversation.page_down",
        tooltip=_("A page down"),
    ),
    Binding("ctrl+u,pageup", "page_up", _("Page up"), show=False, id="conversation.page_up", tooltip=_("A page up")),
    Binding("i,enter", "want('write')", _("Write"), id="conversation.write", tooltip=_("To the prompt")),
    Binding(
        "e",
        "want('edit')",
        _("Edit"),
        id="conversation.edit",
        tooltip=_("Edit the chosen question, or the last one, and send it again"),
    ),
    Binding("R", "want('retry')", _("Retry"), id="conversation.retry", tooltip=_("Ask the last question again")),
    Binding(
        "y", "want('copy')", _("Copy"), id="conversation.copy", tooltip=_("Copy the answer, its code or everything")
    ),
    Binding(
        "v",
        "want('snippet')",
        _("As code"),
        id="conversation.snippet",
        tooltip=_("The question as curl, Python or PowerShell"),
    ),
    Binding("z", "fold", _("Reasoning"), id="conversation.fold", tooltip=_("Fold or unfold the reasoning")),
)
