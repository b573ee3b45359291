"""Style sheets choose widgets by the bare name of their class: two classes of one name would dress each other."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.house.sources import OURS, parsed, place, python_files


def _styled(node: ast.AST) -> bool:
    """Whether it is a class with styles of its own."""
    return isinstance(node, ast.ClassDef) and any(
        isinstance(target, ast.Name) and target.id == "DEFAULT_CSS"
        for line in node.body
        if isinstance(line, ast.Assign)
        for target in line.targets
    )


def test_no_two_styled_widgets_share_a_name() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in python_files(*OURS):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and _styled(node):
                places[node.name].append(place(path))
    assert len(places) > 20
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice, f"their styles reach each other: {twice}"
