"""What must not stand in the repository: unfinished marks, paths of somebody's machine, empty names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.sources import OURS, PYTHON, ROOT, parsed, place, python_files, text_of

FORBIDDEN = {
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or open an issue",
    r"\bNotImplementedError\b": "a stub called done is a defect",
    r"/Users/\w|\.pyenv/|C:\\\\Users\\\\\w": "a path of one machine",
    r"(?<![\w.])/root/(?!\.cache/(huggingface|vllm|modelscope)\b)": "a path of one machine (/root/.cache/huggingface in the image is fine)",
    r"/home/(?!(me|you|user|someone)\b)\w": "a path of one machine; write /home/me in an example",
    r"\b[Ii]ssue #?\d+\b": "a word of how this was made, not of what it is",
    r"\bhf_[A-Za-z0-9]{20,}|\bsk-[A-Za-z0-9]{20,}": "looks like a real secret",
}
TEXT = {".py", ".md", ".toml", ".tcss", ".po", ".yml", ".yaml", ".cfg", ".txt", ".sh", ""}
SPARED = {Path(__file__).resolve(), ROOT / "LICENSE", ROOT / "uv.lock"}
EMPTY_NAMES = re.compile(r"(Manager|Helper|Util|Utils)$")
EMPTY_FILES = {"utils", "util", "helpers", "helper", "misc", "common", "manager"}


def test_no_file_holds_a_forbidden_word() -> None:
    found = []
    for path in _texts():
        for number, line in enumerate(text_of(path).splitlines(), 1):
            for pattern, why in FORBIDDEN.items():
                if match := re.search(pattern, line):
                    found.append(f"{place(path)}:{number} {match[0]!r}: {why}")
    assert not found, "\n".join(found)


def test_no_name_is_empty_of_meaning() -> None:
    files = [place(path) for path in python_files(*PYTHON) if path.stem in EMPTY_FILES]
    classes = [
        f"{place(path, node)} {node.name}"
        for path in python_files(*OURS)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and EMPTY_NAMES.search(node.name)
    ]
    assert not files + classes, f"name what it is: {files + classes}"


def _texts() -> list[Path]:
    """Every text file that belongs to the repository: the top level, and the folders that are ours."""
    folders = [*PYTHON, ".ci", ".github"]
    files = [path for path in ROOT.iterdir() if path.is_file()]
    files += [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(path for path in files if path.suffix in TEXT and path not in SPARED and path.name != ".gitignore")
