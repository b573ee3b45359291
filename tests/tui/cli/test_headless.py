"""How a verb without a screen ends, and how it says what went wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal import ROOT
from tui.cli.headless import clean, failed, unknown
from tui.services.errors import ServiceError

ENDLESS = """
import asyncio, sys
from tui.cli.headless import finish, run
async def work():
    print("begun", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("tidied", flush=True)
finish(run(work()))
"""
SPEAKING = """
import asyncio
from tui.cli.headless import finish, run
async def work():
    while True:
        print("word", flush=True)
        await asyncio.sleep(0.01)
finish(run(work()))
"""


@pytest.mark.parametrize("number", [2, 15])
def test_a_signal_calls_it_off_in_order_and_gives_its_code(number: int) -> None:
    process = subprocess.Popen([sys.executable, "-c", ENDLESS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    said, _none = process.communicate(timeout=20)
    assert (process.returncode, said) == (128 + number, "tidied\n")


def test_who_closes_our_output_has_had_enough_and_that_is_no_failure() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SPEAKING], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "word\n"
    process.stdout.close()
    assert process.wait(20) == 0
    assert process.stderr.read() == ""


def test_the_nearest_names_are_offered() -> None:
    error = unknown("qwen3-8", ["smol", "qwen3-8b", "qwen3-8b-awq", "bge"], "There is no server {name}")
    assert str(error) == "There is no server qwen3-8. Near to it: qwen3-8b, qwen3-8b-awq"
    assert "Near to it: Smol" in str(unknown("smol", ["Smol"], "No {name}"))


def test_with_nothing_near_all_names_are_told_and_with_none_that() -> None:
    assert "There is: alpha, beta" in str(unknown("zzz", ["beta", "alpha"], "No {name}"))
    assert "none at all" in str(unknown("zzz", [], "No {name}"))


def test_a_failure_is_a_sentence_on_stderr_and_an_object_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    error = ServiceError("Docker \x1b[31mdoes not answer", "", "Start it.")
    assert failed(error, True, servers=[]) == 1
    said = capsys.readouterr()
    assert said.err == "llmtui: Docker ?[31mdoes not answer. Start it\n"
    assert json.loads(said.out) == {"servers": [], "error": {"title": error.title, "mend": "Start it."}}
    assert failed(error, False) == 1
    assert capsys.readouterr().out == ""


@given(st.text())
def test_nothing_from_outside_speaks_to_the_terminal(text: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in clean(text))
