"""What nobody foresaw: told in a sentence, and written down with where it happened for whoever mends it."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from gettext import gettext as _
from pathlib import Path

from tui.services.errors import ServiceError

LOG = logging.getLogger("llmtui")
LOG.addHandler(logging.NullHandler())  # without one, logging would write over the screen
MOST_BYTES = 1 << 20
"""When the log is longer, it becomes the old one and another is begun."""


class OwnLog(logging.Handler):
    """Appends to a file that only its user may read; nothing is opened before there is something to write.

    Args:
        path: The log. Where it cannot be written nothing is.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self.path = path
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Write one entry."""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.path.exists() and self.path.stat().st_size > MOST_BYTES:
                self.path.replace(self.path.with_suffix(".old.log"))
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(self.format(record) + "\n")


def unforeseen(what: str, error: Exception) -> ServiceError:
    """Write down where it happened; give what is told of it. Only its kind: its words may hold a key.

    Args:
        what: What was done, in a few words.
        error: What nobody thought of.
    """
    kinds: list[str] = []
    one = error.__cause__ or error.__context__
    while one is not None and len(kinds) < 9:
        kinds.append(type(one).__name__)
        one = one.__cause__ or one.__context__
    after = f" (after {', '.join(kinds)})" if kinds else ""
    places = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    LOG.error("%s: %s%s\n%s", what, type(error).__name__, after, places)
    path = next((handler.path for handler in LOG.handlers if isinstance(handler, OwnLog)), None)
    mend = _("Look at what is there now, then retry.") if path is None else _("Where it happened stands in {path}.")
    return ServiceError(_("llmtui failed at: {what}").format(what=what), type(error).__name__, mend.format(path=path))


async def guarded(work: Awaitable[None], what: str, tell: Callable[[ServiceError], object]) -> None:
    """Wait for something and tell how it failed, whatever it is that went wrong.

    Args:
        work: What is waited for.
        what: What is done, in a few words, should nobody have thought of its failure.
        tell: Is called with what went wrong.
    """
    try:
        await work
    except ServiceError as error:
        tell(error)
    except Exception as error:
        tell(unforeseen(what, error))
