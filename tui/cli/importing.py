"""`llmtui import`: a pasted launch as a profile with notes, or as JSON; nothing in the text is ever run."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from profiles.lint.finding import Finding, Kind
from profiles.paste import Pasted, read, shared, to_profile
from profiles.render import docker_run
from profiles.store import ProfileStore
from tui.cli.folders import Folders

if TYPE_CHECKING:
    from profiles.profile import Profile
    from tui.cli.arguments import Options

MOST = 32 << 20
"""Bytes of a text that are looked at."""


def run(options: Options) -> int:
    """Read the text and print what it says; 0 when it holds a launch of vLLM, 1 when it does not, or cannot be read or kept."""
    try:
        text = _text(options.subject)
    except OSError as error:
        return _fail(_("{file} cannot be read: {reason}").format(file=options.subject, reason=error.strerror or error))
    pasted, profile, notes = _understood(text, options.save)
    found = pasted.run_as is not None and not any(note.kind == "not-vllm" for note in pasted.notes)
    if options.json:
        print(json.dumps(pasted.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(pasted, profile, notes, found)
    if options.save and found:
        try:
            path = ProfileStore(Folders.of(options.home).config / "profiles").save(profile)
        except (ValueError, OSError) as error:
            return _fail(str(error))
        print(_("The profile is kept in {path}").format(path=path), file=sys.stderr)
    return 0 if found else 1


def _understood(text: str, name: str) -> tuple[Pasted, Profile, tuple[Finding, ...]]:
    """Read a launch in any form; a shared profile is judged as the command that it stands for."""
    found = shared(text)
    if found is None:
        pasted = read(text)
        return pasted, *to_profile(pasted, name)
    profile, secrets = found
    pasted = read(docker_run(profile))
    left = tuple(Finding(Kind.SECRET, None, sentence) for sentence in secrets)
    return pasted, replace(profile, name=name or profile.name), (*left, *pasted.notes)


def _text(subject: str) -> str:
    """Read the file, or standard input for `-`; bytes that are no UTF-8 (PowerShell writes UTF-16) are made the best of."""
    if subject == "-":
        data = sys.stdin.buffer.read(MOST)
    else:
        with Path(subject).open("rb") as file:
            data = file.read(MOST)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8", "replace")


def _show(pasted: Pasted, profile: Profile, notes: tuple[Finding, ...], found: bool) -> None:
    """Print the profile as TOML, and the notes on standard error."""
    if found:
        import tomlkit

        from profiles import document

        table = tomlkit.document()
        document.write(table, profile)
        print(tomlkit.dumps(table), end="")
    for note in notes:
        where = f"{note.flag}: " if note.flag else ""
        print(_clean(f"{note.kind}: {where}{note.text}"), file=sys.stderr)


def _fail(sentence: str) -> int:
    print("llmtui: " + _clean(sentence), file=sys.stderr)
    return 1


def _clean(text: str) -> str:
    """A text from outside must not speak to the terminal."""
    return "".join(char if char.isprintable() else "?" for char in text)
