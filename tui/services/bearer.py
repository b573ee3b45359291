"""The header that carries a server's API key; a key that no header can carry is refused without being shown."""

from __future__ import annotations

import re
from gettext import gettext as _

from tui.services.errors import ServiceError

VISIBLE = re.compile(r"[!-~]+")


def bearer(key: str) -> str:
    """Give the value of the Authorization header for a key.

    Raises:
        ServiceError: The key holds a space, a line end or a letter beyond ASCII; the error does not show the key.
    """
    if VISIBLE.fullmatch(key) is None:
        raise ServiceError(
            _("The API key of the server holds a character that no header can carry"),
            mend=_("Start the server with a key of letters, digits and signs, without spaces or line ends."),
        )
    return f"Bearer {key}"
