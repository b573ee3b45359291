"""How the app ends: at once, with the terminal as it was, whatever hangs and whoever asks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from textual import constants
from textual.app import App

from tui.cli import crash, garbage
from tui.cli.driver import prepared
from tui.cli.modes import LEFT_BY_TEXTUAL, Terminal

PATIENCE_SECONDS = 0.3
"""How long the app may take to end by itself once it was asked to."""
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(
    app: App[Any], state: Path, motion: bool = True, typed: bytes = b"", tidy: Callable[[], None] = lambda: None
) -> NoReturn:
    """Run the app and end the process with its exit code; a signal's code is 128 more than its number.

    Args:
        app: The app, not yet running; `app.exit` is how it ends.
        state: The folder a crash report goes to.
        motion: Whether the mouse reports movements without a button.
        typed: Keys pressed before the app started.
        tidy: Takes away what shall not outlast the process, whichever way it ends; quick.
    """
    ending = _Ending(app, state, tidy)
    ending.install()
    if not constants.DRIVER:
        app.driver_class = prepared(motion, typed, ending.hung)
    # No asyncio.run: after the app has ended it would wait for every call that hangs in the loop's thread pool.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    garbage.resume(loop)
    try:
        app.run(loop=loop)
    except BaseException as error:
        ending.crashed(error)
        ending.leave(restored=False)
    ending.leave(restored=True)


class _Ending:
    """The three ways out (the app ends, a signal, an error) and the watchman who waits at each of them."""

    def __init__(self, app: App[Any], state: Path, tidy: Callable[[], None]) -> None:
        self._app = app
        self._state = state
        self._tidy = tidy
        self._terminal = Terminal()
        self._code = 0
        self._asked = False
        self._sentence = ""
        self._last = threading.Lock()
        self._bell, self._ring = os.pipe()

    def install(self) -> None:
        """Take the signals, the app's exit and its failures; start the watchman."""
        # He waits at a pipe: a signal handler may write to one, while starting a thread there could deadlock.
        threading.Thread(target=self._watch, name="ending", daemon=True).start()
        for number in SIGNALS:
            signal.signal(number, self._signalled)
        leave = self._app.exit

        def exit_soon(result: Any = None, return_code: int = 0, message: Any = None) -> None:
            self._ask(return_code)
            leave(result, return_code, message)

        self._app.exit = exit_soon  # type: ignore[method-assign]
        # Textual's own report prints every local variable to the terminal, and those hold keys.
        self._app._handle_exception = self.crashed  # type: ignore[method-assign]
        self._app.panic = self._panicked  # type: ignore[method-assign]

    def crashed(self, error: BaseException) -> None:
        """Write the report of the first error, and end."""
        self._ask(1)
        if not self._sentence:
            self._code = 1
            self._sentence = crash.told(error, self._state)
            with contextlib.suppress(Exception):
                self._app._close_messages_no_wait()

    def hung(self) -> None:
        """End an app that no longer takes keys."""
        if not self._asked:
            self.leave(restored=False)

    def leave(self, restored: bool) -> NoReturn:
        """End the process; never waits longer than a tenth of a second for a terminal that takes nothing."""
        if not self._last.acquire(blocking=False):
            threading.Event().wait()
        final = threading.Thread(target=self._speak, args=(restored,), daemon=True)
        final.start()
        final.join(0.1)
        os._exit(self._code)

    def _speak(self, restored: bool) -> None:
        self._terminal.restore(LEFT_BY_TEXTUAL if restored else None)
        with contextlib.suppress(OSError, ValueError):
            if self._sentence and sys.__stderr__ is not None:
                sys.__stderr__.write(self._sentence + "\n")
            for stream in (sys.__stdout__, sys.__stderr__):
                if stream is not None:
                    stream.flush()
        with contextlib.suppress(Exception):
            self._tidy()

    def _panicked(self, *renderables: Any) -> None:
        self.crashed(RuntimeError(" ".join(str(getattr(one, "trace", one)) for one in renderables)))

    def _ask(self, code: int) -> None:
        if not self._asked:
            self._asked = True
            self._code = code
            os.write(self._ring, b"!")

    def _watch(self) -> None:
        os.read(self._bell, 1)
        threading.Event().wait(PATIENCE_SECONDS)
        self.leave(restored=False)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self._last.locked():
            return
        if number == signal.SIGINT and self._app.is_running and _cooked():
            return  # ctrl+c in a program the app gave the terminal to: that program's, not ours
        if self._asked:
            self.leave(restored=False)
        self._ask(128 + number)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.leave(restored=False)
        loop.call_soon_threadsafe(lambda: self._app.exit(return_code=128 + number))


def _cooked() -> bool:
    try:
        return bool(termios.tcgetattr(0)[3] & termios.ISIG)
    except (OSError, termios.error):
        return False
