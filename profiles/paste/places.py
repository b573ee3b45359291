"""Mounts and paths of a pasted text; Windows paths as WSL sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from gettext import gettext as _

from profiles import paths
from profiles.lint.finding import Kind
from profiles.paste.record import Pasted
from profiles.profile import Mount

MASKED = re.compile(r"\$\{[^}]*\}|\$\([^)]*\)|\$env:\w+|`[^`]*`", re.IGNORECASE)
WINDOWS_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|$|[^\\/:]*:/)")
GIT_BASH = re.compile(r"//([A-Za-z])(/.*)?|/([A-Za-z])(/Users/.*)", re.DOTALL)
BACKSLASHES = re.compile(r"(?:\.{1,2}|~|%\w+%|\$\{?(?:env:)?\w+\}?|\$\([^)]*\)|[\w.-]+)\\", re.IGNORECASE)
MODES = frozenset(
    {"ro", "rw", "z", "Z", "cached", "delegated", "consistent", "shared", "rshared", "slave", "rslave", "private",
     "rprivate", "nocopy", "U", "O", "readonly"}
)  # fmt: skip
READ_ONLY = frozenset({"ro", "readonly"})


def local(path: str) -> tuple[str, bool]:
    """Give a path as WSL sees it, and whether it was a Windows path; a slash at its end is dropped."""
    path = path.strip()
    if found := GIT_BASH.fullmatch(path):
        drive, rest = found[1] or found[3], found[2] or found[4] or ""
        return f"/mnt/{drive.lower()}{rest}".rstrip("/"), True
    if paths.is_windows(path):
        return paths.to_local(path), True
    if re.match(r"[A-Za-z]:[^\\/:]", path):
        return paths.to_local(f"{path[:2]}\\{path[2:]}"), True
    windows = bool(BACKSLASHES.match(path))
    if windows:
        path = re.sub(r"\\+", "/", path)
    return (path.rstrip("/") or "/") if len(path) > 1 else path, windows


def tidy_path(pasted: Pasted, path: str, flag: str) -> str:
    """Give a path as WSL sees it, with a note when it was a Windows path."""
    text, windows = local(path)
    if windows:
        pasted.note(Kind.WINDOWS, flag, _("A Windows path, written as WSL sees it: {path}").format(path=text))
    return text


def volume(pasted: Pasted, text: str, given: str, flag: str = "volume") -> None:
    """Read `source:target[:mode]` into the mounts."""
    parts = _parts(text.strip("\"'"))
    if len(parts) == 1:
        if parts[0].startswith("/"):
            pasted.further.append((flag, text, given))
            return
        parts.append("")
    source, target = parts[0], parts[1]
    modes = [mode for part in parts[2:] for mode in part.split(",")]
    pasted.mounts.append(
        Mount(tidy_path(pasted, source, flag), (target.rstrip("/") or target), bool(READ_ONLY.intersection(modes)))
    )
    if {"z", "Z", "U", "O", "nocopy"}.intersection(modes):
        pasted.further.append((f"{flag}-mode", ",".join(modes), given))


def mount_option(pasted: Pasted, fields: Sequence[str], flag: str = "mount") -> bool:
    """Read the fields of `--mount`; False when it is neither a folder nor a volume."""
    given = {}
    for one in fields:
        key, _mark, value = one.strip().strip("\"'").partition("=")
        given[key.lower()] = value
    if given.get("type", "volume") not in ("bind", "volume"):
        return False
    source = given.get("source", given.get("src", ""))
    target = given.get("target", given.get("dst", given.get("destination", "")))
    if not target:
        return False
    only = next((given[key] for key in ("readonly", "ro") if key in given), "false")
    text = tidy_path(pasted, source, flag)
    pasted.mounts.append(Mount(text, target.rstrip("/") or target, only not in ("false", "0")))
    return True


def _parts(text: str) -> list[str]:
    """Cut at the colons, those of drives, variables and commands apart."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\0{len(kept) - 1}\0"

    masked = MASKED.sub(keep, text.replace("\0", ""))
    parts: list[str] = []
    at = 0
    while at <= len(masked):
        start = at + 2 if WINDOWS_DRIVE.match(masked, at) and not parts else at
        end = masked.find(":", start)
        end = len(masked) if end < 0 else end
        parts.append(masked[at:end])
        at = end + 1
    return [re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], part) for part in parts]
