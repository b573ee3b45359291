"""Which containers and processes are vLLM servers, whoever started them: by their command and image, never by a name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from profiles.serve_command import ServeCommand, behind_a_script, parse
from profiles.wrappers import shell_script

VARIABLES = re.compile(r"VLLM_(USAGE_SOURCE|TARGET_DEVICE|VERSION|INSTALL_\w+|BUILD_\w+|COMMIT|ENABLE_\w+|WORKER_\w+)=")
"""Variables that vLLM's own image builds leave in an image."""
SOURCES = re.compile(r"(^|[/\s])vllm-project/vllm(\b|$)|^vllm$", re.IGNORECASE)


def recognised(
    command: str | Sequence[str],
    image_config: Mapping[str, Any] | None = None,
    labels: Mapping[str, str] | None = None,
) -> ServeCommand | None:
    """Give the vLLM server that a command starts, or None.

    `command` is an argv, or the one line of the engine's list, where arguments with spaces are in single quotes.
    `image_config` is the image's Config; it settles what an entry script runs. `labels` are the container's.
    """
    words = split(command) if isinstance(command, str) else tuple(command)
    config = image_config or {}
    found = None
    if any("vllm" in word for word in words):
        environ = dict(entry.split("=", 1) for entry in config.get("Env") or () if "=" in entry)
        found = parse(words, environ)
    if found is not None or not words:
        return found
    if not says_vllm(config, labels):
        return None
    return behind_a_script(words)


def says_vllm(config: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> bool:
    """Say whether an image's own config tells that vLLM serves in it."""
    entry = [*(config.get("Entrypoint") or ()), *(config.get("Cmd") or ())]
    if parse([*entry, "x"]) is not None:
        return True
    if any(VARIABLES.match(entry) for entry in config.get("Env") or ()):
        return True
    marks = {**(config.get("Labels") or {}), **(labels or {})}
    return any(SOURCES.search(value) for key, value in marks.items() if key.endswith((".source", ".title", ".url")))


def split(line: str) -> tuple[str, ...]:
    """Cut the engine's one-line command into words.

    The engine puts single quotes around an argument with a space and escapes nothing, so a quote ends an argument only
    before a space or at the end; a shell's script takes the rest of the line, as it may hold quotes of its own.
    """
    words: list[str] = []
    at = 0
    while at < len(line):
        if line[at] == "'" and shell_script((*words, "")) == len(words):
            end = line.rstrip().rfind("'")
            end = _closing(line, at + 1) if end <= at else end
        elif line[at] == "'":
            end = _closing(line, at + 1)
        else:
            end = line.find(" ", at)
            end = len(line) if end < 0 else end
            words.append(line[at:end])
            at = end + 1
            continue
        words.append(line[at + 1 : end])
        at = end + 2
    return tuple(words)


def _closing(line: str, at: int) -> int:
    found = line.find("' ", at)
    return found if found >= 0 else (len(line) - 1 if line.endswith("'") else len(line))
