"""What is kept of an error nobody expected: a report in the state folder and one sentence for the user."""

from __future__ import annotations

import os
import sys
import time
from gettext import gettext as _
from pathlib import Path


def told(error: BaseException, folder: Path) -> str:
    """Write the report, then give the sentences to print once the terminal is in order; never raises."""
    inner = getattr(error, "error", None)  # Textual's WorkerFailed holds the real one there
    if isinstance(inner, BaseException):
        error = inner
    name = type(error).__name__
    said = "".join(character if character.isprintable() else " " for character in str(error))[:200]
    what = f"{name}: {said}" if said else name
    where = _written(_report(error), folder)
    first = _("llmtui ended because of an error it did not expect ({what}).").format(what=what)
    second = _("Your servers go on running. The report is in {path}.").format(path=where)
    return f"{first}\n{second}" if where else first


def _report(error: BaseException) -> str:
    """No local variables: they may hold keys."""
    import platform
    import traceback

    lines = [
        f"{name} {_version(name)}\n"
        for name in ("llmtui", "textual", "docker", "openai")
        if name in sys.modules or name == "llmtui"
    ]
    lines.append(f"Python {platform.python_version()} {platform.platform()} TERM={os.environ.get('TERM', '')}\n\n")
    return "".join(lines + traceback.format_exception(error))


def _written(report: str, folder: Path) -> str:
    import tempfile

    name = time.strftime("crash-%Y%m%d-%H%M%S.txt")
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(parents=True, exist_ok=True)
            path = place / name
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(report)
        except OSError:
            continue
        return str(path)
    return ""


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "?"
