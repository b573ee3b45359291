"""The lists that the console opens: where to go, what to copy."""

from __future__ import annotations

from gettext import gettext as _

from textual.geometry import Region

from tui.panes.server_words import state_words
from tui.services.fleet_view import FleetView
from tui.services.server import Server
from widgets.choice_list import ChoiceList
from widgets.form_record import Option

TAB_PREFIX, SERVER_PREFIX = "tab:", "server:"


def places(fleet: FleetView, tabs: dict[str, str], anchor: Region) -> ChoiceList:
    """Offer every tab and every server; dismissed with `tab:NAME`, `server:NAME` or None."""
    options = [Option(TAB_PREFIX + name, words, _("tab")) for name, words in tabs.items()]
    options += [Option(SERVER_PREFIX + one.name, one.name, state_words(one)) for one in fleet.servers]
    options += [Option(SERVER_PREFIX + one.name, one.name, one.image) for one in fleet.others]
    return ChoiceList(tuple(options), "", anchor, title=_("Go to"))


def copies(server: Server, anchor: Region) -> ChoiceList:
    """Offer what of a server can be copied; dismissed with the text, or None."""
    facts = (
        (_("URL"), f"{server.url}/v1" if server.url else None),
        (_("model"), server.model),
        (_("name"), server.name),
        (_("container id"), server.id),
        (_("image"), server.image),
        (_("path"), server.path),
    )
    options = tuple(Option(text, words, text) for words, text in facts if text)
    return ChoiceList(options, "", anchor, title=_("Copy of {name}").format(name=server.name))
