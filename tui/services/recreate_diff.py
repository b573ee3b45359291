"""The difference between two create bodies, in the words of the command line where it has some."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from profiles.diff import Change
from profiles.masking import MASK, SECRET, SECRET_FLAG, masked_line, masked_text
from profiles.serve_command import ServeCommand
from tui.insight.recognise import recognised


def body_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Give every field that differs, secrets masked."""
    yield from _command(old, new)
    yield from _pairs("", _environment(old), _environment(new))
    labels = (old.get("Labels") or {}, new.get("Labels") or {})
    yield from _pairs("label ", *labels)
    for name in _names(old, new):
        if name not in ("Cmd", "Env", "Labels"):
            yield from _deep(name, old.get(name), new.get(name))


def _command(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _words(old), _words(new)
    if before == after:
        return
    one, two = recognised(before, old), recognised(after, new)
    if one is None or two is None or one.prefix != two.prefix:
        yield Change("Cmd", _line(old.get("Cmd")), _line(new.get("Cmd")))
        return
    if one.model != two.model:
        yield Change("model", one.model or "", two.model or "")
    yield from _pairs("--", _flags(one), _flags(two), SECRET_FLAG.fullmatch)


def _line(command: Any) -> str:
    """Write a command that is not ours to read as one line, without what looks like a secret in it."""
    words = [command] if isinstance(command, str) else [str(word) for word in command or ()]
    return masked_line(" ".join(words))


def _words(body: Mapping[str, Any]) -> list[str]:
    return [str(word) for word in (*(body.get("Entrypoint") or ()), *(body.get("Cmd") or ()))]


def _flags(command: ServeCommand) -> dict[str, str]:
    return {name: "on" if value is None else value for name, value in command.flags}


def _environment(body: Mapping[str, Any]) -> dict[str, str]:
    return dict(str(entry).partition("=")[::2] for entry in body.get("Env") or ())


def _deep(name: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and name in ("HostConfig", "NetworkingConfig"):
        for key in _names(old, new):
            yield from _deep(key, old.get(key), new.get(key))
        return
    yield Change(name, _text(name, old), _text(name, new))


def _pairs(
    mark: str, old: Mapping[str, str], new: Mapping[str, str], is_secret: Callable[[str], object] = SECRET.search
) -> Iterator[Change]:
    for name in _names(old, new):
        if old.get(name) != new.get(name):
            yield Change(mark + name, *(_text(name, side.get(name), is_secret) for side in (old, new)))


def _text(name: str, value: Any, is_secret: Callable[[str], object] = SECRET.search) -> str:
    if value is None:
        return ""
    if is_secret(name) and value != "":
        return MASK
    if name in ("Entrypoint", "Healthcheck"):
        return _line(value if not isinstance(value, dict) else json.dumps(value, sort_keys=True))
    return masked_text(value if isinstance(value, str) else json.dumps(value, sort_keys=True))


def _names(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [*old, *(name for name in new if name not in old)]
