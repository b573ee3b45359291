"""Further ports and files of variables are what docker's own command line makes of them."""

from __future__ import annotations

import pytest

from profiles import env_file, options, published
from profiles.create import create_body
from profiles.edit import edited
from profiles.paste import read, services, to_profile
from profiles.profile import Profile


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9090:9090", {"9090/tcp": [{"HostIp": "", "HostPort": "9090"}]}),
        ("9090", {"9090/tcp": [{"HostIp": "", "HostPort": ""}]}),
        ("127.0.0.1:1:2/udp", {"2/udp": [{"HostIp": "127.0.0.1", "HostPort": "1"}]}),
        ("[::1]:1:2", {"2/tcp": [{"HostIp": "::1", "HostPort": "1"}]}),
        ("7-8:17-18", {"17/tcp": [{"HostIp": "", "HostPort": "7"}], "18/tcp": [{"HostIp": "", "HostPort": "8"}]}),
        ("7-8:17", {"17/tcp": [{"HostIp": "", "HostPort": "7-8"}]}),
    ],
)
def test_a_published_port_is_read_as_docker_reads_it(text: str, found: published.Bindings) -> None:
    assert published.bindings([text]) == found


@pytest.mark.parametrize("text", ["", "a:b", "0:1:2:3", "7-9:17-18", "9:0", "70000"])
def test_what_is_no_port_is_refused(text: str) -> None:
    assert not options.is_sound(f"--publish={text}")


def test_another_further_port_leaves_the_servers_own() -> None:
    before = Profile("a", "b/c", port=8001, options=("--publish=9:9",))
    after = Profile("a", "b/c", port=8001, options=("--publish=10:9", "--publish=11:8000"))
    body = edited(create_body(before, {}), before, after)
    assert body["HostConfig"]["PortBindings"] == create_body(after, {})["HostConfig"]["PortBindings"]


def test_a_file_of_variables_is_read_without_a_shell() -> None:
    text = "\ufeff# no\n\nA=1 # 2\n  B='x y'\nHOME\nNONE\nC="
    assert env_file.variables(text, {"HOME": "/me"}) == (("A", "1 # 2"), ("B", "'x y'"), ("HOME", "/me"), ("C", ""))
    with pytest.raises(ValueError, match="2"):
        env_file.variables("A=1\nno name=2", {})


def test_nothing_that_was_pasted_is_lost() -> None:
    words = "docker run -p 8000:8000 -p 127.0.0.1:9090:9090/udp --env-file ~/a.env --entrypoint python3 vllm/vllm-openai:v0.32.0 "
    profile, notes = to_profile(read(words + "-m vllm.entrypoints.openai.api_server --model X/Y --seed 1"))
    kept = (
        "--publish=127.0.0.1:9090:9090/udp",
        "--entrypoint=python3 -m vllm.entrypoints.openai.api_server",
        "--env-file=~/a.env",
    )
    assert profile.options == kept
    assert not [note for note in notes if note.kind == "left-out"]
    body = create_body(profile, {})
    assert body["Entrypoint"] == ["python3"]
    assert body["Cmd"] == ["-m", "vllm.entrypoints.openai.api_server", "--model", "X/Y", "--seed", "1"]


def test_one_chooses_among_the_servers_of_a_compose_file() -> None:
    service = "  {}:\n    image: vllm/vllm-openai\n    command: --model a/{}\n"
    text = "services:\n" + service.format("one", "one") + service.format("two", "two") + "  db:\n    image: redis\n"
    assert services(text) == ("one", "two")
    assert [read(text, service=name).model for name in ("", "one", "two", "db")] == ["a/one", "a/one", "a/two", "a/one"]
    assert services("docker run vllm/vllm-openai --model a/b") == ()
