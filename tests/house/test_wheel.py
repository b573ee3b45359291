"""The wheel carries the three packages and everything they read at run time."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.house.sources import OURS, ROOT

DATA = {".toml", ".mo", ".tcss", ".typed", ".json", ".txt"}
"""Endings of the files that are read at run time."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as hatchling builds it from this tree, without network."""
    builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    built = next(iter(builders.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))
    return zipfile.ZipFile(Path(built))


def test_the_wheel_holds_three_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(OURS)


def test_the_wheel_holds_every_file_that_is_read_at_run_time(wheel: zipfile.ZipFile) -> None:
    needed = {
        path.relative_to(ROOT).as_posix()
        for package in OURS
        for path in (ROOT / package).rglob("*")
        if path.suffix in DATA or path.suffix == ".py"
    }
    assert any(name.startswith("profiles/builtin/") for name in needed)
    assert any(name.startswith("tui/demo/data/") for name in needed)
    assert needed <= set(wheel.namelist())


def test_the_wheel_gives_the_command_llmtui(wheel: zipfile.ZipFile) -> None:
    points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "llmtui = tui.__main__:main" in wheel.read(points).decode()
