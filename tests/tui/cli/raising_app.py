"""llmtui itself, but for one key: what opens the help raises."""

from __future__ import annotations

import sys

from tui.__main__ import main
from tui.screens.console import ConsoleScreen


def _raise(screen: ConsoleScreen) -> None:
    raise LookupError(type(screen).__name__)


if __name__ == "__main__":
    ConsoleScreen.action_help = _raise  # type: ignore[method-assign]
    sys.exit(main())
