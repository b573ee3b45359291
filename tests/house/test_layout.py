"""The tests mirror the tree, so that a reader finds the one beside the other."""

from __future__ import annotations

from tests.house.sources import OURS, ROOT, place, python_files


def test_every_folder_of_tests_is_that_of_a_package() -> None:
    folders = {path.parent for path in python_files(*(f"tests/{package}" for package in OURS))}
    lost = [place(folder) for folder in folders if not (ROOT / folder.relative_to(ROOT / "tests")).is_dir()]
    assert not lost, f"no such folder in the packages: {lost}"


def test_every_folder_of_tests_is_a_package() -> None:
    bare = {place(path.parent) for path in python_files("tests") if not (path.parent / "__init__.py").exists()}
    assert not bare, f"add __init__.py: {bare}"
