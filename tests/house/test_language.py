"""Every text the user reads stands in both languages."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PLACES = ("tui", "widgets", "profiles")
WORDS = re.compile(r"[A-Za-z]{3,}")


@pytest.fixture(scope="module")
def language() -> ModuleType:
    """The tool itself, which lies outside every package."""
    spec = importlib.util.spec_from_file_location("language_tool", ROOT / ".ci/language.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call in the source."""
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield path.relative_to(ROOT), node


def name(call: ast.Call) -> str:
    """The called function's last name."""
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def bare(node: ast.expr | None) -> bool:
    """Whether this is words without `_()` around them."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.Constant) and WORDS.search(str(part.value)) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORDS.search(node.value))


def test_every_text_is_translated_and_compiled(language: ModuleType) -> None:
    assert language.complaints() == []


def test_only_whole_texts_are_handed_to_the_catalogue() -> None:
    wrong = [
        f"{path}:{call.lineno}"
        for path, call in calls()
        if name(call) in ("_", "ngettext")
        for argument in call.args[:1]
        if not isinstance(argument, ast.Constant | ast.Name | ast.Attribute | ast.Subscript)
    ]
    assert wrong == []


def test_no_binding_or_notice_speaks_english_only() -> None:
    wrong = []
    for path, call in calls():
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        spoken: list[ast.expr | None] = [keywords.get("tooltip")]
        if name(call) == "Binding":
            spoken += [*call.args[2:3], keywords.get("description")]
        if name(call) == "notify":
            spoken += [*call.args[:1], keywords.get("title"), keywords.get("message")]
        if name(call) == "ServiceError":
            spoken += [*call.args[:1], *call.args[2:3], keywords.get("title"), keywords.get("mend")]
        wrong += [f"{path}:{call.lineno}" for node in spoken if bare(node)]
    assert wrong == []


def test_the_command_line_speaks_chinese() -> None:
    def said(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tui", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    shown = said("--help", "--lang", "zh")
    assert shown.returncode == 0
    assert "用法" in shown.stdout
    assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", shown.stdout), shown.stdout
    assert "无法识别" in said("--foo", "--lang=zh").stderr
