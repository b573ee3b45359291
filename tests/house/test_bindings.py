"""Every key can be remapped by its id, and says what it does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import called, parsed, place, python_files

NEEDED = {"id", "tooltip"}


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


def test_one_id_means_one_action() -> None:
    actions: defaultdict[str, set[str]] = defaultdict(set)
    for _, call in bindings():
        name = next((word.value for word in call.keywords if word.arg == "id"), None)
        action = call.args[1] if len(call.args) > 1 else None
        if isinstance(name, ast.Constant) and isinstance(action, ast.Constant):
            actions[str(name.value)].add(str(action.value))
    doubled = {name: found for name, found in actions.items() if len(found) > 1}
    assert not doubled, f"a keymap entry would move both: {doubled}"


def bindings() -> Iterator[tuple[Path, ast.Call]]:
    """Give every `Binding(…)` written in the packages."""
    for path in python_files("tui", "widgets"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and called(node) == "Binding":
                yield path, node


def _targets(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}
