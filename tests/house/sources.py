"""The repository's own files, found and parsed once for every house test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("tui", "widgets", "profiles")
"""The three packages of the wheel."""
PYTHON = (*OURS, "tests", "bench", "docs")
"""Every folder that may hold Python."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> list[Path]:
    """Give every Python file below these folders of the repository, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def text_of(path: Path) -> str:
    """Give a file's text."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """Give a file's syntax tree."""
    return ast.parse(text_of(path), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Say where something stands, as an editor can open it: `tui/app.py:12`."""
    line = getattr(node, "lineno", None)
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{line}" if line else name


def functions(path: Path) -> Iterator[Function]:
    """Give every function of a file, methods and nested ones as well."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called(node: ast.Call) -> str:
    """Give the dotted name of what is called, "" where it is not a plain name (`Content.from_markup`, `self.notify`)."""
    parts: list[str] = []
    target: ast.expr = node.func
    while isinstance(target, ast.Attribute):
        parts.append(target.attr)
        target = target.value
    if isinstance(target, ast.Name):
        return ".".join(reversed([*parts, target.id]))
    return f".{'.'.join(reversed(parts))}" if parts else ""
