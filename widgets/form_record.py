"""What a form is shown: groups of fields, each with a value and a note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.message import Message

Kind = Literal["text", "number", "choice", "switch", "lines", "fixed"]
"""text and number are typed; choice opens a list; switch is on or off; lines holds one entry a line; fixed only shows."""

Level = Literal["", "good", "careful", "bad"]
"""How serious a note is: nothing in particular, all well (✔), take care (▲), wrong (✖)."""

GLYPHS: dict[Level, str] = {"": " ", "good": "✔", "careful": "▲", "bad": "✖"}
"""The mark in the left margin for each level."""

COLOURS: dict[Level, str] = {"": "$foreground 62%", "good": "$success", "careful": "$warning", "bad": "$error"}
"""The colour of a note for each level."""

ON = "on"
"""The value of a switch that is on; off is the empty string."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a choice."""

    value: str
    label: str = ""
    """What is read instead of the value; empty shows the value itself."""
    detail: str = ""
    """A dim word beside it in the list: a size, an age."""
    choosable: bool = True
    """Whether it can be taken; one that cannot is shown for what is said of it."""
    also: str = ""
    """Other names under which it is found, with blanks between."""
    help: str = ""
    """What is read below a list while the cursor is on it; a newline starts another line."""

    @property
    def shown(self) -> str:
        """What stands in the list."""
        return self.label or self.value


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a form."""

    name: str
    """The identity; it comes back in `Form.Changed`."""
    label: str
    kind: Kind = "text"
    value: str = ""
    """Always text: ON or "" for a switch, entries joined by newlines for lines."""
    choices: tuple[Option, ...] = ()
    note: str = ""
    """What stands beside the field; a newline starts another line."""
    level: Level = ""
    free: bool = False
    """A choice that also takes what is typed."""
    placeholder: str = ""
    """Dim words in an empty field."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together under one title."""

    name: str
    title: str
    fields: tuple[Field, ...]
    folds: bool = False
    """It starts folded, as a title among others in one line, and opens below."""


class Edited(Message):
    """A field's editor holds another value now."""

    def __init__(self, value: str) -> None:
        super().__init__()
        self.value = value


class Entered(Message):
    """Enter was pressed in a typed field."""


class Left(Message):
    """The cursor wants out of an editor that has lines of its own.

    Args:
        step: -1 to the row above, 1 to the row below.
    """

    def __init__(self, step: int) -> None:
        super().__init__()
        self.step = step
