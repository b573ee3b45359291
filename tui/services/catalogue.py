"""What one image's own vLLM accepts, asked inside it once and kept; else its help text, else the shipped catalogue."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from profiles.catalogue import (
    MARK,
    Catalogue,
    CatalogueError,
    bundled,
    dumps,
    from_help,
    from_image,
    joined,
    loads,
    script,
)
from tui.services import one_shot
from tui.services.engine import Engine
from tui.services.errors import ServiceError

HELP = ("vllm", "serve", "--help=all")
SECONDS = 180.0
"""The longest that one attempt may take: vLLM's import takes 15 s here, minutes from a slow disk."""


class Catalogues:
    """Gives catalogues, each asked for once.

    Args:
        engine: Where the images are; None when no image is asked.
        folder: Where catalogues are kept, one file for each image id and version; made when it is needed. None keeps none.
    """

    def __init__(self, engine: Engine | None, folder: Path | None) -> None:
        self._engine = engine
        self._folder = folder
        self._known: dict[str, Catalogue] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def of_image(self, reference: str, *, ask: bool = True) -> Catalogue:
        """Give an image's catalogue; the shipped one, marked as such, where the image is not there or cannot be asked.

        Without `ask`, only what is kept of it is given, and no container is started.
        """
        try:
            image = await self._engine.image(reference) if self._engine is not None else None
        except ServiceError:
            image = None
        if image is None or self._engine is None:
            return bundled()
        key = image.id.removeprefix("sha256:")[:32]
        async with self._asking.setdefault(key, asyncio.Lock()):
            found = self._kept(key)
            if found is None and ask:
                found = await _asked(self._engine, image.id)
                self._keep(key, found)
        return found or bundled()

    async def of_native(self, program: str = "vllm") -> Catalogue:
        """Give the catalogue of a vLLM on PATH; the shipped one where there is none or it cannot be asked."""
        path = shutil.which(program)
        if path is None:
            return bundled()
        key = hashlib.sha256(f"{path}\0{Path(path).stat().st_mtime_ns}".encode()).hexdigest()[:32]  # noqa: ASYNC240
        async with self._asking.setdefault(key, asyncio.Lock()):
            found = self._kept(key)
            if found is None:
                found = await _asked_natively(path)
                self._keep(key, found)
        return found

    async def judged(self, image: str, words: Sequence[str]) -> str:
        """Give what the image's own vLLM says against `vllm serve WORDS`, one sentence; "" when it accepts them.

        Raises:
            ServiceError: The image could not be asked.
        """
        from gettext import gettext as _

        if self._engine is None:
            raise ServiceError(_("{image} could not be asked").format(image=image), _("Nothing may be started here."))
        return await judged(self._engine, image, words)

    def _kept(self, key: str) -> Catalogue | None:
        if key in self._known or self._folder is None:
            return self._known.get(key)
        for path in self._folder.glob(f"{key}-*.json.gz"):
            with suppress(OSError, EOFError, ValueError):  # a broken file is asked for anew
                self._known[key] = loads(gzip.decompress(path.read_bytes()).decode())
                return self._known[key]
        return None

    def _keep(self, key: str, catalogue: Catalogue) -> None:
        self._known[key] = catalogue
        if catalogue is bundled() or self._folder is None:
            return  # the next start of llmtui may have more luck
        version = "".join(char if char.isalnum() or char in ".+" else "-" for char in catalogue.version) or "help"
        with suppress(OSError):  # without a cache it is only slower
            _write(self._folder / f"{key}-{version}.json.gz", gzip.compress(dumps(catalogue).encode(), 6))


async def judged(engine: Engine, image: str, words: Sequence[str], seconds: float = SECONDS) -> str:
    """Give what the image's own vLLM says against `vllm serve WORDS`, one sentence; "" when it accepts them.

    Raises:
        ServiceError: The image could not be asked.
    """
    import json
    from gettext import gettext as _

    command = ["python3", "-c", script(), "check", *words]
    try:
        text = await one_shot.run(engine, image, command, seconds=seconds)
        return str(json.loads(joined(text.split(MARK)[-2]))["sentence"])
    except (IndexError, KeyError, ValueError, TimeoutError) as error:
        raise ServiceError(_("{image} could not be asked").format(image=image), str(error)) from error


async def _asked(engine: Engine, image: str) -> Catalogue:
    """Ask inside the image: without a card, with cards, for its help text; else give the shipped catalogue."""
    command = ("python3", "-c", script())
    for gpus in (False, True):
        with suppress(ServiceError, CatalogueError, TimeoutError):
            return from_image(await one_shot.run(engine, image, command, gpus=gpus, seconds=SECONDS), MARK)
    with suppress(ServiceError, CatalogueError, TimeoutError):
        return from_help(await one_shot.run(engine, image, HELP, seconds=SECONDS))
    return bundled()


async def _asked_natively(path: str) -> Catalogue:
    """Ask the Python that a `vllm` program runs with, then its help."""
    with suppress(OSError, CatalogueError, TimeoutError):
        return from_image(await _output(_python_of(path), "-c", script()), MARK)
    with suppress(OSError, CatalogueError, TimeoutError):
        return from_help(await _output(path, *HELP[1:]))
    return bundled()


def _python_of(path: str) -> str:
    """Give the interpreter that a script names in its first line."""
    with Path(path).open("rb") as file:
        first = file.readline(400).decode("utf-8", "replace").strip()
    words = first.removeprefix("#!").split() if first.startswith("#!") else []
    return words[0] if words and not words[0].endswith("/env") else str(Path(path).with_name("python3"))


async def _output(*command: str) -> str:
    """Run a program without a terminal and give what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1"},
    )
    try:
        async with asyncio.timeout(SECONDS):
            written, _nothing = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return written.decode("utf-8", "replace")


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    Path(draft).replace(path)
