"""Every public name says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import OURS, parsed, place, python_files

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def test_every_public_module_class_and_function_has_a_docstring() -> None:
    silent = [where for path in python_files(*OURS) for where in undocumented(path)]
    assert not silent, "no docstring:\n" + "\n".join(silent)


def undocumented(path: Path) -> Iterator[str]:
    """Name what has no docstring in a file: the module, its public classes and functions, and theirs."""
    tree = parsed(path)
    if tree.body and not ast.get_docstring(tree):
        yield place(path)
    yield from _silent(path, tree)


def _silent(path: Path, parent: Documented) -> Iterator[str]:
    setters = {"setter", "deleter", "overload"}
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        marks = {getattr(mark, "attr", getattr(mark, "id", "")) for mark in node.decorator_list}
        if not ast.get_docstring(node) and not marks & setters:
            yield f"{place(path, node)} {node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _silent(path, node)
