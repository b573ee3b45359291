"""A failure in a few words, for the list of servers and the lines below it."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.services.failures import Failure
    from tui.services.server import Server


def short_title(failure: Failure) -> str:
    """Say a failure in one short sentence; "" where it is not recognised: then the log's own line says more."""
    from tui.insight.causes.records import UNKNOWN
    from tui.insight.causes.words import title

    return "" if failure.cause == UNKNOWN else title(failure.found)


def loop_words(server: Server) -> str:
    """Name a crash loop."""
    return _("crash loop ({count} restarts)").format(count=server.restarts)
