"""Where profiles are kept: those shipped with llmtui, and the user's own, one TOML file each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from gettext import gettext as _
from importlib import resources
from pathlib import Path

from profiles import document
from profiles.profile import NAME, Profile

NOTES = {
    "qwen3-0.6b": _("Small and quick: a first try, 2 GB of weights."),
    "qwen3-8b": _("An 8 B model in bf16 with reasoning and tools: 24 GB cards and up."),
    "qwen3-8b-awq": _("The 8 B model in 4 bits (AWQ): 12 GB cards. vLLM sees the quantization itself."),
    "bge-m3-embedding": _("An embedding model: it answers /v1/embeddings and has no chat."),
    "smollm2-cpu": _("For an image built for the CPU: no card, 3 GB of RAM."),
}
"""What the shipped profiles are for, in the user's language."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A file in the user's folder that is no profile."""

    path: Path
    text: str
    """One sentence that names the file and, where it is known, the line."""


class ProfileStore:
    """All profiles; the user's folder is read anew on every question, so that an editor beside us is seen."""

    def __init__(self, folder: Path) -> None:
        """Keep the user's profiles in `folder`; it need not exist yet."""
        self.folder = folder
        self.broken: tuple[Broken, ...] = ()
        """What the last reading could not understand."""
        self._known: dict[str, tuple[tuple[int, int, int], str | None]] = {}
        """The name in each of the user's files, and the file's time, size and number when it was read for it."""

    def all(self) -> tuple[Profile, ...]:
        """Give every profile by name, the user's in place of a shipped one of the same name."""
        found = {profile.name: profile for profile in builtin()}
        for profile in self._own():
            found[profile.name] = profile
        return tuple(found[name] for name in sorted(found, key=str.casefold))

    def get(self, name: str) -> Profile | None:
        """Give one profile by its name."""
        return next((profile for profile in self.all() if profile.name == name), None)

    def has(self, name: str) -> bool:
        """Say whether there is a profile of this name; of the user's files only those are read that changed since."""
        return bool(NAME.fullmatch(name)) and (name in _shipped_names() or name in self._names())

    def save(self, profile: Profile) -> Path:
        """Write a profile into the user's folder; comments and keys we do not know survive.

        Raises:
            ValueError: The name is none that Docker accepts.
            OSError: The folder cannot be written.
        """
        import tomlkit

        path = self._path(profile.name)
        text = path.read_text("utf-8") if path.exists() else ""
        try:
            parsed = tomlkit.parse(text)
        except tomlkit.exceptions.ParseError:
            path.replace(path.with_suffix(".toml.broken"))
            parsed = tomlkit.document()
        document.write(parsed, replace(profile, builtin=False))
        write_text(path, tomlkit.dumps(parsed))
        return path

    def remove(self, name: str) -> bool:
        """Delete the user's profile of this name; a shipped one stays. Say whether there was one."""
        path = self._path(name)
        if not path.exists():
            return False
        path.unlink()
        return True

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(
                _("{name} is no name for a profile: letters, digits, dot, dash and underscore.").format(name=repr(name))
            )
        for path, profile in self._files():
            if profile is not None and profile.name == name:
                return path
        return self.folder / f"{name}.toml"

    def _names(self) -> set[str | None]:
        known, self._known = self._known, {}
        for entry in _entries(self.folder):
            with suppress(OSError):  # gone since it was listed
                status = entry.stat()
                state = (status.st_mtime_ns, status.st_size, status.st_ino)
                found = known.get(entry.name)
                self._known[entry.name] = found if found and found[0] == state else (state, _name_in(Path(entry.path)))
        return {name for _state, name in self._known.values()}

    def _own(self) -> list[Profile]:
        return [profile for _path, profile in self._files() if profile is not None]

    def _files(self) -> list[tuple[Path, Profile | None]]:
        broken: list[Broken] = []
        found: list[tuple[Path, Profile | None]] = []
        for path in sorted(self.folder.glob("*.toml")) if self.folder.is_dir() else []:
            try:
                found.append((path, load(path.read_text("utf-8"), path.stem)))
            except (ValueError, OSError) as error:
                found.append((path, None))
                broken.append(Broken(path, _told(path, error)))
        self.broken = tuple(broken)
        return found


def load(text: str, name: str, builtin: bool = False) -> Profile:
    """Read one profile from TOML.

    Raises:
        ValueError: It is no TOML, or no profile.
    """
    import tomllib

    return document.read(tomllib.loads(text), name, builtin)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry in entries if entry.name.endswith(".toml")]
    except OSError:
        return []


def _name_in(path: Path) -> str | None:
    try:
        return load(path.read_text("utf-8"), path.stem).name
    except (ValueError, OSError):
        return None


@cache
def _shipped_names() -> frozenset[str]:
    shipped = resources.files("profiles").joinpath("builtin").iterdir()
    return frozenset(file.name.removesuffix(".toml") for file in shipped if file.name.endswith(".toml"))


@cache
def builtin() -> tuple[Profile, ...]:
    """Give the profiles shipped with llmtui."""
    return tuple(_shipped())


def _shipped() -> Iterator[Profile]:
    for file in sorted(resources.files("profiles").joinpath("builtin").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            profile = load(file.read_text("utf-8"), file.name.removesuffix(".toml"), builtin=True)
            yield replace(profile, note=NOTES.get(profile.name, profile.note))


def write_text(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(draft).unlink()
        raise


def _told(path: Path, error: Exception) -> str:
    return _("{file} cannot be read as a profile: {reason}.").format(file=path.name, reason=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return _("it is not UTF-8 text")
    if isinstance(error, OSError):
        return error.strerror or _("it cannot be opened")
    return str(error).rstrip(".")
