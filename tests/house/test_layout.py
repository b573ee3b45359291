"""The tests mirror the tree, so that a reader finds the one beside the other."""

from __future__ import annotations

from pathlib import Path

from tests.house.sources import OURS, ROOT, place, python_files


def test_every_test_stands_where_its_subject_stands() -> None:
    lost = [
        place(path)
        for path in python_files(*(f"tests/{package}" for package in OURS))
        if path.name.startswith("test_") and not _subjects(path)
    ]
    assert not lost, f"no module of that name in the same place of the packages: {lost}"


def test_every_folder_of_tests_is_a_package() -> None:
    bare = {place(path.parent) for path in python_files("tests") if not (path.parent / "__init__.py").exists()}
    assert not bare, f"add __init__.py: {bare}"


def _subjects(test: Path) -> list[str]:
    """Give the modules a test may be about: `test_docker_logs_hang.py` is about `docker_logs.py`, or a family `docker*`."""
    folder = ROOT / test.parent.relative_to(ROOT / "tests")
    name = test.stem.removeprefix("test_")
    stems = [entry.stem.strip("_") for entry in folder.iterdir()] if folder.is_dir() else []
    stems += [folder.name]
    return [stem for stem in stems if stem and (name.startswith(stem) or stem.startswith(name))]
