"""Nobody looks for garbage while the app starts: nearly all that is made then stays, and each look costs more than it finds."""

from __future__ import annotations

import asyncio
import gc

START_SECONDS = 3.0
"""By then the tabs stand."""


def wait() -> None:
    """Look for none until the app has started; a tenth of the time to the first frame went there."""
    gc.disable()


def resume(loop: asyncio.AbstractEventLoop) -> None:
    """Look again when it has, and only among what is made from then on."""
    loop.call_later(START_SECONDS, _look_again)


def _look_again() -> None:
    gc.freeze()
    gc.enable()
