"""Saving a log to a file."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections.abc import Iterable
from gettext import gettext as _
from pathlib import Path

from tui.services.errors import ServiceError


def proposed_path(name: str, stamp: str) -> str:
    """Propose where to save: the current folder, or the home folder where one may not write there."""
    folder = Path.cwd()
    if not os.access(folder, os.W_OK):
        folder = Path.home()
    return str(folder / f"{name}-{stamp}.log")


async def save(path: str, pieces: Iterable[bytes]) -> Path:
    """Write the pieces to a file beside its place and put it there when it is whole; the event loop goes on meanwhile.

    Raises:
        ServiceError: The file could not be written.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Path] = loop.create_future()

    def work() -> None:
        try:
            result = _write(Path(path).expanduser().absolute(), pieces)
        except OSError as error:
            failure = ServiceError(
                _("The log was not saved"), f"{error.filename or path}: {error.strerror}", _("Choose another place.")
            )
            loop.call_soon_threadsafe(_fail, done, failure)
        else:
            loop.call_soon_threadsafe(_finish, done, result)

    threading.Thread(target=work, name="save log", daemon=True).start()
    return await done


def _write(path: Path, pieces: Iterable[bytes]) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            for piece in pieces:
                file.write(piece)
            file.flush()
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return path


def _finish(done: asyncio.Future[Path], path: Path) -> None:
    if not done.done():
        done.set_result(path)


def _fail(done: asyncio.Future[Path], error: ServiceError) -> None:
    if not done.done():
        done.set_exception(error)
