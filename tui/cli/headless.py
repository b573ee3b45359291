"""What all verbs without a screen share: how they are called off, how they end, how they say what went wrong."""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import json
import os
import signal
import sys
from collections.abc import Coroutine, Iterable
from gettext import gettext as _
from typing import Any, NoReturn

from tui.services.errors import ServiceError

DONE, FAILED, WRONG = 0, 1, 2
"""Exit codes: it is done, it could not be done, the call was wrong."""
NEAREST = 3
"""Most names that are offered in place of an unknown one."""


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a verb to its end and give its exit code.

    SIGINT and SIGTERM call it off (128 more than the signal's number), a second one ends the process at once. Who closes
    our output early has had enough of it: that is no failure.
    """
    asked: list[int] = []
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        return asyncio.run(_called_off_by_signals(work, asked))
    except asyncio.CancelledError:
        return 128 + asked[0] if asked else FAILED
    except BrokenPipeError:
        hush()
        return DONE


async def _called_off_by_signals(work: Coroutine[Any, Any, int], asked: list[int]) -> int:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def call_off(number: int) -> None:
        if asked or task is None:
            os._exit(128 + number)
        asked.append(number)
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, call_off, number)
    return await work


def hush() -> None:
    """Let what is still to be written to the closed output go nowhere, so that Python does not complain of it either."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def finish(code: int) -> NoReturn:
    """End the process with what was said: a thread that waits for a hanging engine must not hold it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def complain(what: ServiceError | str) -> None:
    """Say on stderr what went wrong, as one sentence of llmtui's."""
    print(f"llmtui: {clean(str(what))}", file=sys.stderr, flush=True)


def failed(error: ServiceError, as_json: bool, **fields: Any) -> int:
    """Say why it could not be done, on stderr and, where JSON is asked for, in an object with these fields; give the exit code."""
    complain(error)
    if as_json:
        show_json({**fields, "error": error_record(error)})
    return FAILED


def error_record(error: ServiceError) -> dict[str, str]:
    """Write a failure as JSON."""
    return {"title": error.title, "mend": error.mend}


def show_json(record: dict[str, Any]) -> None:
    """Print one JSON object."""
    print(json.dumps(record, ensure_ascii=False, indent=2), flush=True)


def unknown(name: str, names: Iterable[str], title: str) -> ServiceError:
    """Make the failure that a name is not known, with the names that are near to it.

    Args:
        name: What was asked for.
        names: What there is.
        title: The sentence, with {name} in it.
    """
    known = sorted(set(names), key=str.casefold)
    folded = {one.casefold(): one for one in reversed(known)}
    near = [folded[one] for one in difflib.get_close_matches(name.casefold(), folded, NEAREST)]
    near += [one for one in known if one not in near and name and name.casefold() in one.casefold()]
    mend = _("There is none at all.") if not known else _("There is: {names}.").format(names=", ".join(known[:12]))
    if near:
        mend = _("Near to it: {names}.").format(names=", ".join(near[:NEAREST]))
    return ServiceError(title.format(name=name), "", mend)


def clean(text: str) -> str:
    """Make a text from outside harmless to the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
