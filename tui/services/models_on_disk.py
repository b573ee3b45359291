"""Finding the models on this machine's disks: the Hugging Face cache and plain folders, in bounded time."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import Any

from tui.services.models_on_disk_look import LocalModel, look

__all__ = ["LocalModel", "find", "hub_cache", "likely_folders", "look", "newest_snapshot"]

DEPTH = 3
MOST_MODELS = 500
MOST_FOLDERS = 20_000
"""A root with more folders than this below it is no model folder."""
MOUNTS = Path("/mnt")
"""Where drives are mounted, those of Windows in WSL among them."""
MOST_DRIVES = 40
USUAL = ("models", "huggingface")
"""What people call a folder of models on a drive."""
SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "proc", "sys", "lost+found", "$RECYCLE.BIN"})


async def find(folders: Iterable[Path], seconds: float = 10.0, cache: Path | None = None) -> list[LocalModel]:
    """Look for models in the Hugging Face cache, in these folders and where people keep models, three levels deep.

    Each place has a thread of its own: one that does not answer (a dead network mount) costs nobody else anything, and after
    `seconds` what was found by then is given.

    Args:
        folders: Where to look besides; what does not exist is skipped.
        seconds: The longest it may take.
        cache: The HF cache (`…/hub`); None takes the one that the environment names.
    """
    hub = hub_cache(os.environ) if cache is None else cache
    loop, found, changed = asyncio.get_running_loop(), _Found(), asyncio.Event()
    places = dict.fromkeys([*(Path(folder) for folder in folders), *likely_folders()])
    searches = [_Search(found, hub, _in_hub), *(_Search(found, place, _below) for place in places)]

    def tell() -> None:
        with suppress(RuntimeError):  # a late one, whose loop has closed
            loop.call_soon_threadsafe(changed.set)

    def drives(root: Path, closed: Callable[[], bool]) -> Iterator[LocalModel]:
        for drive in _drives(root):
            searches.append(search := _Search(found, drive, _on_drive))
            if closed():
                search.close()
            search.start(tell)
        return iter(())

    searches.append(_Search(found, MOUNTS, drives))
    for search in searches[:]:
        search.start(tell)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _all_ended(searches, changed)
    finally:
        for search in searches:
            search.close()
    return found.models()


def hub_cache(environ: Mapping[str, str]) -> Path:
    """Give the Hugging Face cache of this user, by the environment's names for it."""
    if chosen := environ.get("HF_HUB_CACHE") or environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(chosen).expanduser()
    home = environ.get("HF_HOME") or str(Path(environ.get("XDG_CACHE_HOME") or "~/.cache") / "huggingface")
    return Path(home).expanduser() / "hub"


def likely_folders(home: Path | None = None) -> list[Path]:
    """Name the places where people keep models, without looking into them (a dead mount would hang the caller)."""
    home = Path.home() if home is None else home
    return [home / "models", home / ".cache" / "modelscope" / "hub" / "models", Path("/models"), Path("/data/models")]


def newest_snapshot(repo: Path) -> Path | None:
    """Give the finished snapshot of one `models--owner--name` folder that its `main` points to, else the newest; blocking."""
    snapshots = repo / "snapshots"
    try:
        main = repo / "refs" / "main"
        if main.is_file() and (chosen := snapshots / main.read_text(encoding="utf-8")[:64].strip()).is_dir():
            return chosen
        folders = [path for path in snapshots.iterdir() if path.is_dir()]
        return max(folders, key=lambda path: path.stat().st_mtime, default=None)
    except (OSError, ValueError):
        return None


class _Found:
    """What all threads found, each folder once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._models: dict[Path, LocalModel] = {}

    def add(self, model: LocalModel) -> None:
        with self._lock:
            if len(self._models) < MOST_MODELS:
                self._models.setdefault(model.path, model)

    def models(self) -> list[LocalModel]:
        with self._lock:
            return sorted(self._models.values(), key=lambda model: (model.name.lower(), str(model.path)))


class _Search:
    """One daemon thread over one root."""

    def __init__(
        self, found: _Found, root: Path, walk: Callable[[Path, Callable[[], bool]], Iterator[LocalModel]]
    ) -> None:
        self.ended = False
        self._found = found
        self._root = root
        self._walk = walk
        self._closed = False

    def start(self, told: Callable[[], object]) -> None:
        threading.Thread(target=self._run, args=(told,), name=f"models in {self._root}", daemon=True).start()

    def close(self) -> None:
        self._closed = True

    def _run(self, told: Callable[[], object]) -> None:
        try:
            for model in self._walk(self._root, lambda: self._closed):
                self._found.add(model)
        except (OSError, ValueError):
            pass  # a root that cannot be read holds no model for us
        self.ended = True
        if not self._closed:
            told()


async def _all_ended(searches: list[_Search], changed: asyncio.Event) -> None:
    while any(not search.ended for search in searches):
        await changed.wait()
        changed.clear()


def _drives(mounts: Path) -> list[Path]:
    """Name what is mounted there, without touching it."""
    with os.scandir(mounts) as entries:
        names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    return [mounts / name for name in names[:MOST_DRIVES]]


def _on_drive(drive: Path, closed: Callable[[], bool]) -> Iterator[LocalModel]:
    for folder in [drive] if drive.name.lower() in USUAL else [drive / name for name in USUAL]:
        yield from _below(folder, closed)


def _below(root: Path, closed: Callable[[], bool]) -> Iterator[LocalModel]:
    queue, seen = [(root.resolve(), 0)], 0
    while queue and not closed() and seen < MOST_FOLDERS:
        folder, depth = queue.pop(0)
        seen += 1
        children, has_config, has_gguf = _inside(folder)
        if has_config or has_gguf:
            yield look(folder)
        elif depth < DEPTH:
            queue += [(child, depth + 1) for child in children]


def _inside(folder: Path) -> tuple[list[Path], bool, bool]:
    children, config, gguf = [], False, False
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                config = config or entry.name == "config.json"
                gguf = gguf or entry.name.endswith(".gguf")
                hidden = entry.name.startswith(".") or entry.name in SKIPPED or entry.name.startswith("models--")
                if not hidden and entry.is_dir(follow_symlinks=True):
                    children.append(Path(entry.path))
    except OSError:
        return [], False, False
    return sorted(children), config, gguf


def _in_hub(root: Path, closed: Callable[[], bool]) -> Iterator[LocalModel]:
    if not root.is_dir():
        return
    from huggingface_hub import scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        cache = scan_cache_dir(root)
    except CacheNotFound:
        return
    unfinished = {path.parent.parent for path in (Path(one.file_path) for one in cache.incomplete_files)}
    for repo in cache.repos:
        if repo.repo_type == "model" and not closed():
            yield from _repo(repo, unfinished)
    known = {Path(repo.repo_path) for repo in cache.repos}
    for folder in sorted(root.glob("models--*--*")):  # a download that was broken off before its first file
        if folder not in known and not closed():
            hub_id = folder.name.removeprefix("models--").replace("--", "/", 1)
            yield look(folder, hub_id, hub_id)


def _repo(repo: Any, unfinished: set[Path]) -> Iterator[LocalModel]:
    revisions = sorted(repo.revisions, key=lambda one: ("main" in one.refs, one.last_modified))
    if not revisions:
        yield look(Path(repo.repo_path), repo.repo_id, repo.repo_id)
        return
    found = look(Path(revisions[-1].snapshot_path), repo.repo_id, repo.repo_id)
    if found.problem and Path(repo.repo_path) in unfinished:
        found = replace(found, problem=_("Its download did not end: {why}").format(why=found.problem))
    yield found
