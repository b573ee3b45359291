"""Waiting with a time limit lets a cancellation through."""

from __future__ import annotations

import ast

from tests.house.sources import called, parsed, place, python_files


def test_nothing_waits_with_wait_for() -> None:
    found = [
        place(path, node)
        for path in python_files("tui", "widgets", "profiles")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and called(node) in BAD
    ]
    assert not found, (
        f"Python 3.11's wait_for may swallow a cancellation; write `async with asyncio.timeout(…)`: {found}"
    )


BAD = frozenset({"asyncio.wait_for", "wait_for"})
