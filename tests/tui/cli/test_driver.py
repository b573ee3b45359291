"""Keys in strange forms are read or swallowed, never typed; what was typed early is not lost."""

from __future__ import annotations

import pytest
from textual import events

from tui.cli.driver import Parser


def keys(data: str) -> list[tuple[str, str | None]]:
    """What the app would get."""
    parser = Parser()
    found = [*parser.feed(data), *parser.feed("")]
    return [(event.key, event.character) for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    ("sequence", "key"),
    [
        ("\x1b[97;5u", "ctrl+a"),
        ("\x1b[27;5;113~", "ctrl+q"),
        ("\x1b[13;2u", "shift+enter"),
        ("\x1b[A", "up"),
        ("\x1b[3~", "delete"),
    ],
)
def test_a_key_in_the_long_form_is_that_key(sequence: str, key: str) -> None:
    assert [name for name, _ in keys(sequence)] == [key]


@pytest.mark.parametrize("sequence", ["\x1b[57999;99u", "\x1b[1;2;3;4;5u", "\x1b[999999999999u", "\x1b[25;;~"])
def test_what_cannot_be_read_is_never_typed(sequence: str) -> None:
    assert [character for _, character in keys(sequence + "x") if character and character.isprintable()] == ["x"]


def test_the_mouse_still_works() -> None:
    found = list(Parser().feed("\x1b[<0;10;5M"))
    assert [type(event) for event in found] == [events.MouseDown]
