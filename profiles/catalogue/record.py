"""What one vLLM accepts: its flags with their types, choices, ranges and help, and the environment variables it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any


class Kind(StrEnum):
    """What a flag's value is."""

    SWITCH = "switch"
    """It stands alone."""
    INT = "int"
    FLOAT = "float"
    SIZE = "size"
    """A whole number that may end in k, M, G, …"""
    LENGTH = "length"
    """A SIZE, `auto` or -1."""
    JSON = "json"
    JSON_OR_TEXT = "json or text"
    TEXT = "text"


class Source(StrEnum):
    """Where a catalogue comes from."""

    IMAGE = "image"
    """The image's own vLLM, asked inside it (or a native one)."""
    HELP = "help"
    """The text of `vllm serve --help=all`: names and help, hardly any types."""
    BUNDLED = "bundled"
    """Shipped with llmtui: not what this image said."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of `vllm serve`."""

    name: str
    """Its first long name without dashes in front: `max-model-len`."""
    kind: Kind = Kind.TEXT
    aliases: tuple[str, ...] = ()
    """Further long names."""
    short: tuple[str, ...] = ()
    """Forms with one dash, without it: `tp`."""
    twin: bool = False
    """`--no-NAME` exists as well."""
    nargs: str = ""
    """"" for one value, else argparse's `+`, `*`, `?` or a number."""
    repeated: bool = False
    """It may stand several times, each time with one more value."""
    choices: tuple[str, ...] = ()
    """Values that may be given; with `strict`, the only ones."""
    strict: bool = False
    optional: bool = False
    """`None` and an empty text are values too."""
    low: float | None = None
    high: float | None = None
    open_low: bool = False
    """`low` itself is refused."""
    open_high: bool = False
    default: Any = None
    """A JSON value; None where it has none or a whole configuration."""
    help: str = ""
    group: str = ""
    deprecated: bool = False
    config: str = ""
    """The class that the JSON fills: `CompilationConfig`."""
    keys: tuple[str, ...] = ()
    """The keys which that class has; a dotted flag (`--compilation-config.mode`) names one of them."""

    @property
    def is_switch(self) -> bool:
        """Whether it stands alone."""
        return self.kind is Kind.SWITCH

    @property
    def several(self) -> bool:
        """Whether it takes every value up to the next flag."""
        return self.nargs in ("+", "*")

    @property
    def names(self) -> tuple[str, ...]:
        """Every long name, without dashes in front, the `no-` twins not among them."""
        return (self.name, *self.aliases)

    @property
    def range_text(self) -> str:
        """The range as a person writes it: `0 < x ≤ 1`; "" when there is none."""
        low = "" if self.low is None else f"{self.low:g} {'<' if self.open_low else '≤'} "
        high = "" if self.high is None else f" {'<' if self.open_high else '≤'} {self.high:g}"
        return f"{low}x{high}" if low or high else ""


@dataclass(frozen=True)
class Catalogue:
    """Everything that one vLLM accepts."""

    version: str
    """vLLM's own: `0.32.0`; "" when it did not say."""
    flags: tuple[Flag, ...]
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The variables it reads, with what they are for ("" where its source does not say)."""
    source: Source = Source.IMAGE

    @cached_property
    def by_option(self) -> dict[str, tuple[Flag, bool]]:
        """Give every option string as argparse knows it (`--port`, `-tp`, `--no-enable-lora`), with its flag and whether it says no."""
        table: dict[str, tuple[Flag, bool]] = {}
        for flag in self.flags:
            table |= {f"--{name}": (flag, False) for name in flag.names}
            table |= {f"-{name}": (flag, False) for name in flag.short}
            if flag.twin:
                table |= {f"--no-{name}": (flag, True) for name in flag.names}
        return table

    @cached_property
    def by_name(self) -> dict[str, Flag]:
        """Give every flag by each of its long names."""
        return {name: flag for flag in self.flags for name in flag.names}
