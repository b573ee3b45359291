"""One folder, four names: as Windows, WSL and Docker Desktop's own machine say it, and as the container sees it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from profiles.profile import Mount

WINDOWS = re.compile(r"(?:[\\/]{2}\?[\\/])?([A-Za-z]):(?:[\\/](.*))?", re.DOTALL)
WSL = re.compile(r"/mnt/([a-z])(?:/(.*))?", re.DOTALL)
DESKTOP_DRIVE = re.compile(r"/(?:run/desktop/mnt/host|host_mnt)/([a-z])(?:/(.*))?", re.DOTALL)
DESKTOP_WSL = re.compile(
    r"/run/desktop/mnt/host/wsl(?:/docker-desktop-bind-mounts/[^/]+/[0-9a-f]{32,})?(/.*)?", re.DOTALL
)
WSL_SHARE = re.compile(r"[\\/]{2}wsl(?:\$|\.localhost)[\\/]([^\\/]+)(?:[\\/](.*))?", re.DOTALL | re.IGNORECASE)
HUB_ID = re.compile(r"(?![.-])[A-Za-z0-9_.-]{1,96}(?<![.-])/(?![.-])[A-Za-z0-9_.-]{1,96}(?<![.-])")
HUB_CACHE = re.compile(r"models--([^/]+?)--([^/]+)")


class Kind(StrEnum):
    """Where the engine and we live, seen from each other."""

    LINUX = "linux"
    """One Linux machine, or an engine on another: paths are the engine's own."""
    WSL = "wsl"
    """We and the engine are in one WSL distribution."""
    DESKTOP = "desktop"
    """We are in WSL, the engine is Docker Desktop's."""


@dataclass(frozen=True, slots=True)
class Place:
    """How paths that a person writes are to be understood here."""

    kind: Kind = Kind.LINUX
    home: str = ""
    """What a leading `~` stands for; empty leaves it."""
    here: str = ""
    """What completes a relative path; empty leaves it."""


LINUX = Place()
WSL_DOCKER = Place(Kind.WSL)
DESKTOP = Place(Kind.DESKTOP)


def is_hub_id(text: str) -> bool:
    """Say whether a model is a hub's `owner/name` and not a folder."""
    found = HUB_ID.fullmatch(text)
    return bool(found) and "--" not in text and ".." not in text


def is_windows(path: str) -> bool:
    """Say whether a path starts with a drive letter or a `\\\\wsl$` share."""
    return bool(WINDOWS.fullmatch(path) or WSL_SHARE.fullmatch(path))


def is_folder(text: str) -> bool:
    """Say whether a model names a folder, in any form: absolute, `~`, `./`, with a drive letter."""
    return text.startswith(("/", "~", "./", "../", "\\")) or text in (".", "..") or is_windows(text)


def to_local(path: str, place: Place = LINUX) -> str:
    """Give a path as WE see it: drive letters become `/mnt/x`, Docker Desktop's names become the distribution's."""
    translated = _from_windows(path)
    if translated is None and (place.kind is not Kind.LINUX or path.startswith("/run/desktop/")):
        translated = _from_desktop(path)
    if translated is not None:
        return translated
    if place.home and (path == "~" or path.startswith("~/")):
        return _joined(place.home, path[2:])
    if place.here and not path.startswith(("/", "~")):
        return _joined(place.here, path)
    return _joined("", path) if path.startswith("/") else path


def _from_windows(path: str) -> str | None:
    if found := WSL_SHARE.fullmatch(path):
        return _joined("/", (found[2] or "").replace("\\", "/"))
    if found := WINDOWS.fullmatch(path):
        return _joined(f"/mnt/{found[1].lower()}", (found[2] or "").replace("\\", "/"))
    return None


def _from_desktop(path: str) -> str | None:
    if found := DESKTOP_WSL.fullmatch(path):
        return _joined("/", found[1] or "")
    if found := DESKTOP_DRIVE.fullmatch(path):
        return _joined(f"/mnt/{found[1]}", found[2] or "")
    return None


def to_engine(path: str, place: Place = LINUX) -> str:
    """Give a path as the engine must be told it.

    Docker Desktop's WSL integration itself translates what the distribution calls a path, so that form is right for both.
    """
    return to_local(path, place)


def to_windows(path: str, distribution: str = "") -> str | None:
    """Give `D:\\models\\x` for a folder on a Windows drive, `\\\\wsl.localhost\\NAME\\…` for one of a WSL distribution.

    None for a folder that Windows has no name for.
    """
    local = to_local(path, WSL_DOCKER)
    if found := WSL.fullmatch(local):
        return f"{found[1].upper()}:\\" + (found[2] or "").replace("/", "\\")
    if distribution and local.startswith("/"):
        return f"\\\\wsl.localhost\\{distribution}" + local.replace("/", "\\")
    return None


def is_slow(path: str) -> bool:
    """Say whether a folder lies on a Windows drive, from which WSL and Docker read models very slowly."""
    return bool(WSL.fullmatch(to_local(path, WSL_DOCKER)))


def in_container(path: str, mounts: Sequence[Mount], place: Place = LINUX) -> str | None:
    """Give the name that a folder of the host has inside the container; None when no mount shows it."""
    local = to_local(path, place)
    best: tuple[int, str] | None = None
    for mount in mounts:
        source = to_local(mount.source, place)
        rest = _below(local, source)
        if source.startswith("/") and rest is not None and (best is None or len(source) > best[0]):
            best = (len(source), _joined(mount.target, rest))
    return best[1] if best else None


def on_host(path: str, mounts: Sequence[Mount]) -> str | None:
    """Give the host's folder (or `volume/rest`) behind a path in the container; None when it is the image's own."""
    best: tuple[int, str] | None = None
    for mount in mounts:
        rest = _below(posixpath.normpath(path), posixpath.normpath(mount.target))
        if rest is not None and (best is None or len(mount.target) > best[0]):
            best = (len(mount.target), _joined(mount.source, rest) if rest else mount.source)
    return best[1] if best else None


def hub_folder(path: str) -> tuple[str, str, str | None] | None:
    """Read a folder of the HF cache: the hub folder above it, the model's hub id, and the rest (`snapshots/<hash>`) or None."""
    parts = to_local(path, WSL_DOCKER).split("/")
    for at, part in enumerate(parts):
        if found := HUB_CACHE.fullmatch(part):
            rest = "/".join(parts[at + 1 :])
            return "/".join(parts[:at]) or "/", f"{found[1]}/{found[2]}", rest or None
    return None


def base(path: str) -> str:
    """Give a folder's own name, whatever slashes it is written with."""
    return posixpath.basename(to_local(path, WSL_DOCKER).rstrip("/")) or "model"


def _below(path: str, folder: str) -> str | None:
    folder = folder.rstrip("/")
    if path == folder:
        return ""
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else None


def _joined(folder: str, rest: str) -> str:
    path = posixpath.normpath(f"{folder}/{rest}")
    return "/" + path.lstrip("/") if path.startswith("/") else path
