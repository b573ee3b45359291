"""What the shells make of the lines: bash by running them, PowerShell and cmd by their rules written down."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from profiles import command
from profiles.profile import Profile
from profiles.render import Form, Setting, docker_run, render
from profiles.render import words as quoting
from profiles.render.shells import LEGACY
from tests.profiles.render.carried import LINES, carried, without_breaks
from tests.profiles.render.windows_oracle import cmd_line, passed_by_5, powershell_words, program_words

SHOWS = '#!/bin/sh\nprintf \'%s\\0\' "$@" "A=$A"\n'
ENVIRON = {"P": "put in", "PATH": "C:\\x", "a": "b", "0": "1"}
WORDS = st.lists(
    st.one_of(LINES, st.text("\\\"' a", max_size=6), st.text('%^&Pa" ', max_size=8)), min_size=1, max_size=4
)
AWKWARD = [
    "",
    " ",
    "\\",
    "a b\\",
    "a b\\\\",
    '\\"',
    '"',
    'a"',
    '{"a": "b c"}',
    "%P%",
    '%P% "x" & y\\',
    "it's",
    "--%",
    "-a.b",
    "^",
    "!x!",
]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=300, deadline=None)


@pytest.fixture(scope="session")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `docker` and a `vllm` that print their arguments and $A."""
    folder = tmp_path_factory.mktemp("stubs")
    for name in ("docker", "vllm"):
        (folder / name).write_text(SHOWS)
        (folder / name).chmod(0o755)
    return folder


def ran(line: str, stubs: Path, shell: tuple[str, ...] = ("bash", "-c")) -> list[str]:
    """Run a line where docker and vllm are the stubs; give their arguments and, last, `A=…`."""
    program = shutil.which(shell[0])
    assert program is not None
    environ = {"PATH": str(stubs), "LC_ALL": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}
    shown = subprocess.run([program, *shell[1:], line], env=environ, capture_output=True, check=True).stdout
    return shown.decode().split("\0")[:-1]


@FEW
@given(profile=carried(), one_line=st.booleans())
def test_bash_hands_docker_the_very_words(profile: Profile, one_line: bool, stubs: Path) -> None:
    line = render(profile, Form.BASH, Setting(one_line=one_line)).text
    assert one_line is ("\n" not in line)
    assert ran(line, stubs)[:-1] == command.argv(profile)[1:]


@FEW
@given(words=WORDS)
@example(words=AWKWARD)
def test_bash_hands_over_any_words(words: list[str], stubs: Path) -> None:
    assert ran("docker " + " ".join(quoting.bash(word) for word in words), stubs)[:-1] == words


@FEW
@given(value=LINES)
def test_bash_exports_what_a_native_server_wants(value: str, stubs: Path) -> None:
    profile = Profile("q8", "a/b", env=(("A", value),), flags=(("chat-template", value),))
    done = ran(render(profile, Form.ARGV).text, stubs)
    assert done[:2] == ["serve", "a/b"] and done[-1] == f"A={value}"
    assert value in (done[-2], done[-2].removeprefix("--chat-template="))


@MANY
@given(WORDS)
@example(AWKWARD)
def test_every_powershell_hands_over_any_words(words: list[str]) -> None:
    legacy = any(quoting.needs_legacy(word) for word in words)
    read = powershell_words(" ".join(quoting.powershell(word, legacy) for word in words))
    for last_doubled in (False, True):
        assert program_words(passed_by_5(read, last_doubled)) == words
    if not legacy:  # 7.3 and later pass them as they are
        assert read == words


@MANY
@given(WORDS)
@example(AWKWARD)
def test_cmd_hands_over_any_words_without_line_breaks(words: list[str]) -> None:
    plain = [word.replace("\n", " ") for word in words]
    line = "docker " + " ^\n  ".join(quoting.cmd(word) for word in words)
    assert program_words(cmd_line(line, ENVIRON)) == ["docker", *plain]


@FEW
@given(carried(), st.booleans())
def test_windows_shells_hand_docker_the_same_words(profile: Profile, one_line: bool) -> None:
    setting = Setting(one_line=one_line)
    text = render(profile, Form.POWERSHELL, setting).text
    mark = LEGACY + ("; " if one_line else "\n")
    read = powershell_words(text.removeprefix(mark))
    words = program_words(passed_by_5(read, False)) if text.startswith(mark) else read
    assert [_local(word) for word in words] == [_local(word) for word in command.argv(profile)]
    line = cmd_line(render(profile, Form.CMD, setting).text, ENVIRON)
    assert [_local(word) for word in program_words(line)] == [
        _local(word) for word in command.argv(without_breaks(profile))
    ]


def _local(word: str) -> str:
    """Write the source of a mount as Linux does."""
    if not word.startswith(("type=bind", '"', "type")):
        return word
    return word.replace("D:\\", "/mnt/d/").replace("\\", "/")


def test_a_powershell_that_is_there_hands_docker_the_very_words(stubs: Path) -> None:
    if shutil.which("pwsh") is None:
        pytest.skip("there is no pwsh here: its rules are held by the oracle alone")
    profile = Profile("q8", "a/b", env=(("A", 'it\'s "$5" `\n 模\\'),), flags=(("hf-overrides", '{"a": "b c"}'),))
    line = render(profile, Form.POWERSHELL).text
    assert ran(line, stubs, ("pwsh", "-NoProfile", "-Command"))[:-1] == command.argv(profile)[1:]


def test_cmd_says_what_it_cannot_carry() -> None:
    profile = Profile("q8", "a/b", env=(("A", "two\nlines"), ("B", "100%")))
    done = render(profile, Form.CMD)
    assert "two lines" in done.text and "100^%" in done.text
    assert ["cannot carry" in note for note in done.notes] == [True, False]
    assert ".bat" in done.notes[1]


def test_windows_shells_are_given_windows_paths() -> None:
    profile = Profile("q8", "/mnt/d/大 模型/Qwen")
    for form in (Form.POWERSHELL, Form.CMD):
        assert "source=D:\\大 模型\\Qwen," in render(profile, form).text
        share = render(Profile("q8", "/srv/m"), form, Setting(distribution="Ubuntu"))
        assert "source=\\\\wsl.localhost\\Ubuntu\\srv\\m," in share.text and not share.notes
        assert "no drive of Windows" in render(Profile("q8", "/srv/m"), form).notes[0]
    assert "source=/mnt/d/大 模型/Qwen," in docker_run(profile)


@pytest.mark.parametrize("form", list(Form))
def test_no_value_of_a_secret_is_in_any_form(form: Form) -> None:
    token = "hf_" + "x" * 20
    env = (("HF_TOKEN", token), ("PLAIN", token))
    flags = (("api-key", token), ("chat-template", token))
    done = render(Profile("q8", "a/b", env=env, flags=flags, labels=(("l", token),)), form)
    assert token not in done.text + " ".join(done.notes)
    assert len(done.notes) >= 5
