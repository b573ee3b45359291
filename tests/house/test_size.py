"""Small rooms: no long file, no long function."""

from __future__ import annotations

from tests.house.sources import OURS, PYTHON, functions, place, python_files, text_of

FILE_LINES = 300
TEST_FILE_LINES = 400
FUNCTION_LINES = 40


def test_no_file_of_the_packages_is_over_300_lines() -> None:
    long = {place(path): count for path in python_files(*OURS) if (count := text_of(path).count("\n")) > FILE_LINES}
    assert not long, f"make two rooms of: {long}"


def test_no_file_of_the_tests_and_tools_is_over_400_lines() -> None:
    files = [path for path in python_files(*PYTHON) if path not in python_files(*OURS)]
    long = {place(path): count for path in files if (count := text_of(path).count("\n")) > TEST_FILE_LINES}
    assert not long, f"make two rooms of: {long}"


def test_no_function_is_over_40_lines() -> None:
    long = {
        f"{place(path, node)} {node.name}": lines
        for path in python_files(*PYTHON)
        for node in functions(path)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert not long, f"divide: {long}"
