"""`llmtui diagnose`: one object or a card, exit 0 whether or not something failed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tui.__main__ import main

LOG = "docker: Error response from daemon: Bind for 0.0.0.0:8000 failed: port is already allocated\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A file with a refusal of Docker's."""
    path = tmp_path / "container.log"
    path.write_text(LOG)
    return path


def test_a_file_gives_one_json_object(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", "--json", str(log)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["cause"], record["line"], record["fix"]["docker"]) == ("port-in-use", 1, "-p 8001:8000")


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(LOG.encode())))
    assert main(["diagnose", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["cause"] == "port-in-use"


def test_the_state_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "state.json").write_text(json.dumps({"Status": "exited", "ExitCode": 137, "OOMKilled": True}))
    assert main(["diagnose", "--json", "--state", str(tmp_path / "state.json"), str(tmp_path / "empty.log")]) == 0
    assert json.loads(capsys.readouterr().out)["cause"] == "host-oom-killed"


def test_people_get_the_line_and_the_ways_out(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(log)]) == 0
    card = capsys.readouterr().out
    assert "Port 8000 is already in use" in card
    assert "line 1: docker: Error response" in card
    assert "Fix: -p 8001:8000" in card


def test_nothing_failed_is_said_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.log").write_text("INFO:     Application startup complete.\n")
    assert main(["diagnose", str(tmp_path / "good.log")]) == 0
    assert capsys.readouterr().out == "Nothing failed.\n"


@pytest.mark.parametrize("content", ["[1", "7"])
def test_a_state_that_is_none_is_refused(
    log: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state.json").write_text(content)
    assert main(["diagnose", "--state", str(tmp_path / "state.json"), str(log)]) == 1
    assert "cannot be read" in capsys.readouterr().err
