"""Every key can be remapped by its id, and says what it does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from textual.dom import DOMNode

from tests.house.sources import called, parsed, place, python_files
from tui.app import LlmTui
from tui.panes.chat import ChatPane
from tui.panes.logs import LogsPane
from tui.panes.parameters import ParametersPane
from tui.panes.servers import ServersPane
from tui.screens.console import ConsoleScreen
from tui.screens.launch import LaunchScreen
from widgets.cause_card import CauseCard
from widgets.choice import Choice
from widgets.conversation import Conversation
from widgets.form import Form
from widgets.form_editors import FixedEditor, LinesEditor, NumberEditor, SwitchEditor, TextEditor
from widgets.log_bar import LogBar, LogField
from widgets.log_view import LogView
from widgets.prompt import Prompt
from widgets.server_list import ServerList

NEEDED = {"id", "tooltip"}

CONSOLE = (ConsoleScreen, LlmTui)
EDITORS = (TextEditor, NumberEditor, LinesEditor, Choice, SwitchEditor, FixedEditor)
CHAINS: tuple[tuple[type[DOMNode], ...], ...] = (
    (ServerList, ServersPane, *CONSOLE),
    (Prompt, ChatPane, *CONSOLE),
    (Conversation, ChatPane, *CONSOLE),
    (LogView, LogsPane, *CONSOLE),
    (CauseCard, LogsPane, *CONSOLE),
    (LogField, LogBar, LogsPane, *CONSOLE),
    *((editor, Form, ParametersPane, *CONSOLE) for editor in EDITORS),
    *((editor, Form, LaunchScreen, LlmTui) for editor in EDITORS),
)
"""Who hears a key: whoever has the focus, then what it lies in, then the screen, then the app."""

TYPING = "in a text the key moves or edits, and out of it at its ends"
ARROWS = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "ctrl+pageup", "ctrl+pagedown")
SHADOWED: dict[tuple[type[DOMNode], type[DOMNode], str], str] = {
    (ChatPane, ConsoleScreen, "escape"): "it ends the answer first; the next one goes back",
    (LogBar, ConsoleScreen, "escape"): "it closes the line at the bottom first",
    (ServersPane, ConsoleScreen, "escape"): "it takes the marks away first",
    (LogView, ConsoleScreen, "escape"): "it drops the choice of lines first",
    (LogView, ConsoleScreen, "slash"): "it finds in what is looked at, as in every pane",
    (LogView, ConsoleScreen, "fullwidth_solidus"): "slash, as a Chinese keyboard types it",
    (CauseCard, ConsoleScreen, "escape"): "it goes to the log first",
    (CauseCard, ConsoleScreen, "z"): "it folds the card; elsewhere the key zooms",
    (ParametersPane, ConsoleScreen, "slash"): "it finds in what is looked at, as in every pane",
    (ParametersPane, ConsoleScreen, "fullwidth_solidus"): "slash, as a Chinese keyboard types it",
    (LogView, ConsoleScreen, "z"): "it folds what is under the cursor; elsewhere the key zooms",
    (Conversation, ConsoleScreen, "z"): "it folds what is under the cursor; elsewhere the key zooms",
    (Form, ConsoleScreen, "tab"): "a row of the form is one stop, its editor none of its own",
    (Form, ConsoleScreen, "shift+tab"): "a row of the form is one stop, its editor none of its own",
    (Form, LaunchScreen, "tab"): "a row of the form is one stop, its editor none of its own",
    (Form, LaunchScreen, "shift+tab"): "a row of the form is one stop, its editor none of its own",
    (TextEditor, Form, "enter"): "it hands in what was typed, and Form hears of that",
    (NumberEditor, Form, "enter"): "it hands in what was typed, and Form hears of that",
    **{(Choice, Form, key): "it opens the list of what has the focus" for key in ("enter", "space")},
    **{(editor, Form, key): TYPING for editor in (TextEditor, NumberEditor, LinesEditor) for key in ARROWS},
}
"""Inner, outer, key: where one key deliberately has two meanings and the inner one wins; and why."""
TWINS = {
    "question_mark": "？",
    "slash": "／",
    "colon": "：",
    "left_square_bracket": "【",
    "right_square_bracket": "】",
}
"""What an active Chinese input method sends for a key."""
COPYING = frozenset({"ctrl+c", "super+c"})
"""They copy what is chosen where the focus is, whoever hears them."""


def test_every_binding_has_an_id_and_a_tooltip() -> None:
    bare = [
        f"{place(path, call)} lacks {', '.join(sorted(missing))}"
        for path, call in bindings()
        if (missing := NEEDED - {word.arg for word in call.keywords})
    ]
    assert not bare, "\n".join(bare)


def test_no_binding_is_a_bare_tuple() -> None:
    tuples = [
        place(path, entry)
        for path in python_files("tui", "widgets")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Assign | ast.AnnAssign) and "BINDINGS" in _targets(node)
        for entry in getattr(node.value, "elts", [])
        if isinstance(entry, ast.Tuple)
    ]
    assert not tuples, f"write Binding(…): {tuples}"


def test_a_key_that_a_chinese_keyboard_types_full_width_is_bound_so_too() -> None:
    lacking = []
    for path, call in bindings():
        keys = str(call.args[0].value).split(",") if isinstance(call.args[0], ast.Constant) else []
        lacking += [
            f"{place(path, call)}: {TWINS[key]} beside {key}" for key in keys if TWINS.get(key, key) not in keys
        ]
    assert not lacking, "\n".join(lacking)


def test_one_id_means_one_action() -> None:
    actions: defaultdict[str, set[str]] = defaultdict(set)
    for _, call in bindings():
        name = next((word.value for word in call.keywords if word.arg == "id"), None)
        action = call.args[1] if len(call.args) > 1 else None
        if isinstance(name, ast.Constant) and isinstance(action, ast.Constant):
            actions[str(name.value)].add(str(action.value))
    doubled = {name: found for name, found in actions.items() if len(found) > 1}
    assert not doubled, f"a keymap entry would move both: {doubled}"


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: "-".join(link.__name__ for link in chain))
def test_one_key_means_one_thing_along_a_focus_chain(chain: tuple[type[DOMNode], ...]) -> None:
    doubled = [
        f"{key}: {inner.__name__} hides what it means in {outer.__name__}"
        for inner, outer in combinations(chain, 2)
        for key in keys_of(inner) & keys_of(outer)
        if key not in COPYING and (inner, outer, key) not in SHADOWED
    ]
    assert not doubled, "\n".join(sorted(doubled))


def test_no_allowed_double_is_out_of_date() -> None:
    gone = [
        (inner.__name__, outer.__name__, key)
        for inner, outer, key in SHADOWED
        if SHADOWED[inner, outer, key] != TYPING and key not in keys_of(inner) & keys_of(outer)
    ]
    assert not gone, f"take these out of the list: {gone}"


def keys_of(link: type[DOMNode]) -> set[str]:
    """Give the keys that a class answers; those whose action it leaves to others are none of them."""
    editor = link() if link in {LinesEditor, Prompt} else None
    return {
        key
        for key, given in link._merge_bindings().key_to_bindings.items()
        if editor is None or any(editor.check_action(one.action, ()) for one in given)
    }


def bindings() -> Iterator[tuple[Path, ast.Call]]:
    """Give every `Binding(…)` written in the packages."""
    for path in python_files("tui", "widgets"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) == "Binding":
                yield path, node


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}
