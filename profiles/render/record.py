"""What a profile is written as, and where it is to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from profiles.paths import LINUX, Place


class Form(StrEnum):
    """The forms a profile can be written in."""

    BASH = "bash"
    POWERSHELL = "powershell"
    CMD = "cmd"
    COMPOSE = "compose"
    ARGV = "argv"
    """`vllm serve …` without a container, for bash."""
    YAML = "yaml"
    """What `vllm serve --config` reads."""
    TOML = "toml"
    """llmtui's own: the whole profile in one file."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the profile that is written."""

    place: Place = LINUX
    entrypoint: Sequence[str] | None = None
    """The image's own where it is known."""
    distribution: str = ""
    """The WSL distribution whose folders Windows sees as `\\\\\\\\wsl.localhost\\\\NAME`; "" outside WSL."""
    one_line: bool = False


@dataclass(slots=True)
class Rendered:
    """A profile in one form, and what that form could not carry."""

    text: str = ""
    notes: list[str] = field(default_factory=list)
    """Sentences for the user, never with a secret's value in them."""

    def note(self, text: str) -> None:
        """Add a sentence, once."""
        if text not in self.notes:
            self.notes.append(text)
