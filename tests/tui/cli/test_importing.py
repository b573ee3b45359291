"""`llmtui import`: a text in, a profile or JSON out."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from profiles.store import ProfileStore, load
from tui.__main__ import main

TOKEN = "hf_" + "x" * 20
LINE = f"docker run --gpus all -p 127.0.0.1:8001:8000 -e HF_TOKEN={TOKEN} vllm/vllm-openai X/Y --dtype half"


def test_a_file_becomes_a_profile_with_notes_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "run.txt"
    file.write_bytes(b"\xff\xfe" + LINE.encode("utf-16-le"))  # as PowerShell writes it
    assert main(["import", str(file), "--home", str(tmp_path), "--lang", "en"]) == 0
    said = capsys.readouterr()
    profile = load(said.out, "x")
    assert (profile.model, profile.port, profile.flag("dtype"), profile.env_names) == (
        "X/Y",
        8001,
        "half",
        ("HF_TOKEN",),
    )
    assert "secret-on-command-line: HF_TOKEN" in said.err
    assert TOKEN not in said.out + said.err


def test_standard_input_becomes_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE.encode())))
    assert main(["import", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["run_as"], found["model"], found["args"]) == ("docker", "X/Y", {"dtype": "half"})


def test_it_is_kept_under_a_name(tmp_path: Path) -> None:
    file = tmp_path / "run.txt"
    file.write_text(LINE)
    assert main(["import", str(file), "--save", "mine", "--home", str(tmp_path)]) == 0
    kept = ProfileStore(tmp_path / "config/profiles").get("mine")
    assert kept is not None and kept.model == "X/Y"


@pytest.mark.parametrize("text", ["", "nothing of use", "docker run nginx"])
def test_a_text_without_a_vllm_launch_ends_with_1(tmp_path: Path, text: str) -> None:
    file = tmp_path / "run.txt"
    file.write_text(text)
    assert main(["import", str(file), "--save", "mine", "--home", str(tmp_path)]) == 1
    assert not (tmp_path / "config").exists()


def test_a_missing_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "gone")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
