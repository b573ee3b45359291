"""Saving a log to a file."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
import threading
from collections.abc import Iterable
from gettext import gettext as _
from itertools import count
from pathlib import Path

from tui.services.errors import ServiceError


def proposed_path(name: str, stamp: str) -> str:
    """Propose where to save: the current folder, or the home folder where it is gone or one may not write there."""
    try:
        folder = Path.cwd()
    except OSError:
        folder = Path.home()
    if not os.access(folder, os.W_OK):
        folder = Path.home()
    return str(folder / f"{name}-{stamp}.log")


async def save(path: str, pieces: Iterable[bytes]) -> Path:
    """Write the pieces to a file beside its place and put it there when it is whole; the event loop goes on meanwhile.

    Returns:
        Where it is: a file that was there already is left alone, and the next free name taken (`x-2.log`).

    Raises:
        ServiceError: The file could not be written.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Path] = loop.create_future()

    def work() -> None:
        try:
            result = _write(meant(path), pieces)
        except Exception as error:  # whatever it is, it has to be told: nobody else hears of this thread
            failure = ServiceError(_("The log was not saved"), _why(path, error), _("Choose another place."))
            loop.call_soon_threadsafe(_fail, done, failure)
        else:
            loop.call_soon_threadsafe(_finish, done, result)

    threading.Thread(target=work, name="save log", daemon=True).start()
    return await done


def meant(path: str) -> Path:
    """Give the file that a typed path means.

    Raises:
        RuntimeError: It names the home folder of somebody who has none.
    """
    return Path(path.strip()).expanduser().absolute()


def _why(path: str, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or path}: {error.strerror}"
    if isinstance(error, RuntimeError):
        return _("{path}: there is no such user, so no such home folder").format(path=path)
    return _("{path} is no name for a file").format(path=repr(path)) if isinstance(error, ValueError) else repr(error)


def _write(path: Path, pieces: Iterable[bytes]) -> Path:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:100]}.", delete=False) as file:
        try:
            for piece in pieces:
                file.write(piece)
            file.flush()
            place = _reserved(path)
            Path(file.name).replace(place)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return place


def _reserved(path: Path) -> Path:
    """Make an empty file of this name, or of the next one that is free: nobody's file is replaced."""
    place = path
    for number in count(2):
        try:
            place.touch(exist_ok=False)
            break
        except FileExistsError:
            place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def _finish(done: asyncio.Future[Path], path: Path) -> None:
    if not done.done():
        done.set_result(path)


def _fail(done: asyncio.Future[Path], error: ServiceError) -> None:
    if not done.done():
        done.set_exception(error)
