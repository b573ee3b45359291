"""What the settings make of the services."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.cli.build import probing_of
from tui.settings import read_settings


@pytest.mark.parametrize(
    ("text", "read_only", "seconds", "of_its_own"),
    [
        ("", False, 60, 60),
        ("", True, 0, 0),
        ("probe_seconds = 5", True, 5, 5),
        ("probe_seconds = 0", False, 0, 0),
        ("[probe]\nqwen = 7", False, 60, 7),
        ("[probe]\nqwen = 7", True, 0, 7),
        ("[probe]\nqwen = 0", False, 60, 0),
    ],
)
def test_how_often_servers_are_asked_for_a_token(
    tmp_path: Path, text: str, read_only: bool, seconds: float, of_its_own: float
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    found = probing_of(read_settings(tmp_path / "settings.toml"), read_only)
    assert (found.of("other"), found.of("qwen")) == (seconds, of_its_own)


def test_a_time_that_is_no_number_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('probe_seconds = true\n[probe]\nqwen = "often"')
    settings = read_settings(tmp_path / "settings.toml")
    assert len(settings.mistakes) == 2 and "probe.qwen" in "".join(settings.mistakes)
    assert settings.probe == {} and settings.probe_seconds is None
