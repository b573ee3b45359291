"""`llmtui fit`, as a person and as a script read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.profiles.fit import families as known
from tui.cli.arguments import Options, parse

LLAMA = known.plain("llama", 32, 4096, 32, 14336, 128256, num_key_value_heads=8, max_position_embeddings=131072)


def fit(home: Path, *arguments: str, question: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tui", "--home", str(home), "--lang", "en", "fit", *arguments]
    return subprocess.run(
        command, input=question, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "config.json").write_text(json.dumps(LLAMA))
    return tmp_path / "m"


def test_a_question_in_json_is_answered_in_json(tmp_path: Path) -> None:
    asked = {"model_facts": LLAMA, "vllm_version": "0.19.0", "gpu_total_gib": 79.19, "gpu_memory_utilization": 0.95}
    done = fit(tmp_path, "--json", "-", question=json.dumps(asked))
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["starts"] is True and found["why"] is None
    assert found["kv_bytes_per_token"] == 131072


@pytest.mark.parametrize("question", ["", "[1]", "{", "null"])
def test_what_is_no_question_is_refused_in_one_sentence(tmp_path: Path, question: str) -> None:
    done = fit(tmp_path, "-", question=question)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("llmtui: ") and done.stderr.count("\n") == 1


def test_a_folder_is_reckoned_for_a_card_that_is_named(tmp_path: Path, folder: Path) -> None:
    done = fit(tmp_path, str(folder), "--total", "24", "--image-version", "0.19.0", "--max-model-len", "16k")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "It fits."
    assert len(lines[2]) == 62 and set(lines[2]) <= set("[]WnagKo.")
    assert "requests of 16,000 tokens" in done.stdout


def test_what_does_not_fit_says_why_and_ends_with_one(tmp_path: Path, folder: Path) -> None:
    done = fit(tmp_path, str(folder), "--total", "24", "--image-version", "0.19.0")
    assert done.returncode == 1
    assert done.stdout.startswith("It does not fit. One request of 131,072 tokens needs 16.00 GiB of KV cache")


def test_a_model_that_is_not_here_is_said_so(tmp_path: Path) -> None:
    done = fit(tmp_path, "qwen3-8b", "--json")
    assert done.returncode == 1
    assert "Qwen/Qwen3-8B" in done.stderr
    assert json.loads(done.stdout)["error"]["mend"]


def test_the_command_line_is_understood() -> None:
    wanted = Options("fit", True, subject="-", fit=(("total", "24"), ("max-model-len", "8k")))
    assert parse(["fit", "--json", "-", "--total", "24", "--max-model-len", "8k"]) == wanted


@pytest.mark.parametrize(
    "argv", [["fit"], ["status", "--total", "24"], ["fit", "x", "--total", "-1"], ["fit", "x", "--total", "nan"]]
)
def test_a_mistake_is_refused(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("llmtui: ")
