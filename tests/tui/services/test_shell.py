"""The command that opens a shell in a container: at the same engine, and nothing in a name is anything but a name."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.docker_context import Endpoint, resolve
from tui.services.shell import INSIDE, as_line, docker_command, shell_command

SOCKET = "unix:///var/run/docker.sock"


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        (Endpoint(SOCKET, "default", "default"), ["docker", "--host", SOCKET]),
        (Endpoint("unix:///tmp/d.sock", "default", "argument"), ["docker", "--host", "unix:///tmp/d.sock"]),
        (Endpoint("tcp://gpu1:2376", "gpu1", "config"), ["docker", "--context", "gpu1"]),
        (Endpoint("tcp://gpu1:2376", "gpu1", "DOCKER_CONTEXT"), ["docker", "--context", "gpu1"]),
        (Endpoint("tcp://gpu1:2376", "DOCKER_HOST", "DOCKER_HOST"), ["docker"]),
    ],
)
def test_the_docker_command_is_sent_to_the_engine_that_the_app_speaks_to(endpoint: Endpoint, words: list[str]) -> None:
    assert docker_command(endpoint) == words


def test_a_variable_of_the_environment_is_left_to_the_command_that_inherits_it(tmp_path: Path) -> None:
    endpoint = resolve(None, None, {"DOCKER_HOST": "unix:///tmp/d.sock", "HOME": str(tmp_path)})
    assert docker_command(endpoint) == ["docker"]


def test_a_shell_is_asked_for_with_a_terminal_and_prefers_bash() -> None:
    words = shell_command(["docker"], "smol")
    assert words == ["docker", "exec", "-it", "smol", "sh", "-c", INSIDE]
    assert INSIDE.index("exec bash") < INSIDE.index("exec sh")


@given(st.text(st.characters(exclude_characters="\0"), min_size=1))
def test_what_is_copied_is_read_by_a_shell_as_the_same_words(name: str) -> None:
    words = shell_command(["docker", "--context", name], name)
    assert shlex.split(as_line(words)) == words
