"""The terminal's modes: what the app switches on, and how all of it is switched off again."""

from __future__ import annotations

import contextlib
import os
import sys
import termios
from typing import Any

OFF = "".join(
    (
        "\x1b[?2026l",  # an unfinished synchronised frame
        "\x1b[0m",
        "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l",  # mouse
        "\x1b[?1004l",  # focus reports
        "\x1b[?2004l",  # bracketed paste
        "\x1b[?2048l",  # resize reports
        "\x1b[?7h",  # line wrap
        "\x1b[<u",  # kitty keyboard; its stack belongs to the alternate screen, so before leaving that
        "\x1b[?1049l",
        "\x1b[?25h",
    )
)
"""Every mode Textual may have switched on, off again."""
LEFT_BY_TEXTUAL = "\x1b[?1016l\x1b[0m"
"""What Textual's own ending forgets; leaving the alternate screen twice would move the cursor."""


class Terminal:
    """The terminal as it was before the app, to be given back from any thread."""

    def __init__(self) -> None:
        self._attributes = _attributes()

    def restore(self, sequences: str | None = None) -> None:
        """Write OFF (or less) and give the line discipline back; never raises."""
        with contextlib.suppress(OSError):
            os.write(_output(), (OFF if sequences is None else sequences).encode())
        if self._attributes is not None:
            with contextlib.suppress(OSError, termios.error, ValueError):
                termios.tcflush(0, termios.TCIFLUSH)
                termios.tcsetattr(0, termios.TCSANOW, self._attributes)


def reset_terminal() -> int:
    """Mend a terminal that some program left with mouse reports, raw input or a hidden cursor; give the exit code."""
    sys.stdout.write(OFF)
    sys.stdout.flush()
    attributes = _attributes()
    if attributes is None:
        return 0
    attributes[0] |= termios.ICRNL | termios.IXON | termios.BRKINT
    attributes[1] |= termios.OPOST | termios.ONLCR
    attributes[3] |= termios.ICANON | termios.ECHO | termios.ECHOE | termios.ECHOK | termios.ISIG | termios.IEXTEN
    with contextlib.suppress(OSError, termios.error):
        termios.tcsetattr(0, termios.TCSANOW, attributes)
    return 0


def _output() -> int:
    """Textual draws on stderr; where that is a file it still belongs there."""
    return 2 if os.isatty(2) or not os.isatty(1) else 1


def _attributes() -> list[Any] | None:
    try:
        return termios.tcgetattr(0)
    except (OSError, termios.error, ValueError):
        return None
