"""The first frame waits for no client library: each is imported by the function that needs it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import OURS, ROOT, parsed, place, python_files

HEAVY = ("docker", "openai", "pynvml", "huggingface_hub", "httpx2", "yaml", "tomlkit")
PROBE = "import sys, {module}; print(*sorted(sys.modules.keys() & set({heavy!r})))"


def test_heavy_libraries_are_imported_only_inside_functions() -> None:
    eager = [f"{place(path, node)} {name}" for path in python_files(*OURS) for node, name in _imports(path)]
    assert not eager, "import these where they are used:\n" + "\n".join(eager)


@pytest.mark.parametrize("module", ["tui.app", "tui.__main__"])
def test_starting_the_app_loads_no_heavy_library(module: str) -> None:
    if not (ROOT / Path(*module.split("."))).with_suffix(".py").exists():
        pytest.skip(f"there is no {module}")
    probe = PROBE.format(module=module, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def _imports(path: Path) -> Iterator[tuple[ast.stmt, str]]:
    for node in _eager(parsed(path)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        yield from ((node, name) for name in names if name.split(".")[0] in HEAVY)


def _eager(parent: ast.AST) -> Iterator[ast.stmt]:
    """Give the statements that run at import: not those of functions, nor of `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.stmt):
            yield node
        yield from _eager(node)
