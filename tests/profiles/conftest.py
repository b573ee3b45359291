"""Fixtures of the tests that make containers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.profiles.containers import Bench


@pytest.fixture
def bench(busybox: str) -> Iterator[Bench]:
    """Containers and networks of one test, removed with it."""
    if shutil.which("docker") is None:
        pytest.skip("the docker command is not installed")
    made = Bench(busybox)
    yield made
    made.close()
