"""The `docker run` line: it can be pasted, it says the same as the create body, and no secret's value is in it."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from profiles import create
from profiles.command import argv
from profiles.create import create_body
from profiles.profile import Mount, Profile
from profiles.render import docker_run
from profiles.serve_command import parse
from profiles.sizes import size
from tests.profiles.strategies import profiles

SMALL = Profile("smol", "HuggingFaceTB/SmolLM2-135M-Instruct", gpus="none")
ALONE = {"-d"}


def options(words: list[str]) -> tuple[list[tuple[str, str]], str, list[str]]:
    """Cut `docker run …` as the CLI does: options, image, arguments."""
    assert words[:2] == ["docker", "run"]
    found: list[tuple[str, str]] = []
    rest: Iterator[str] = iter(words[2:])
    for word in rest:
        if word in ALONE:
            continue
        if word in FURTHER:
            found.append((word, ""))
            continue
        if not word.startswith("-"):
            return found, word, list(rest)
        found.append((word, next(rest)))
    raise AssertionError("no image")


def mount(text: str) -> dict[str, Any]:
    """Read `--mount` as the CLI does."""
    fields = next(csv.reader([text]))
    read = dict(field.partition("=")[::2] for field in fields)
    keys = {"Type": read["type"], "Source": read["source"], "Target": read["target"]}
    return keys | {"ReadOnly": "readonly" in read}


def body_of(words: list[str], environ: dict[str, str]) -> dict[str, Any]:
    """Give the create body that the CLI would make of the words."""
    given, image, arguments = options(words)
    host: dict[str, Any] = {"Mounts": [], "RestartPolicy": create.restart_policy("no")}
    body: dict[str, Any] = {"Image": image, "Cmd": arguments, "Env": [], "Labels": {}, "HostConfig": host}
    for flag, value in given:
        if flag == "--mount":
            host["Mounts"].append(mount(value))
        elif flag == "-e":
            body["Env"] += [value] if "=" in value else [f"{value}={environ[value]}"] if value in environ else []
        elif flag == "--label":
            body["Labels"] |= dict([value.split("=", 1)])
        elif flag == "--user":
            body["User"] = value
        elif flag == "--ulimit":
            host.setdefault("Ulimits", []).append(create.ulimit(value))
        elif flag == "-p":
            address, outer, inner = value.replace("[::1]", "::1").rsplit(":", 2)
            body["ExposedPorts"] = {f"{inner}/tcp": {}}
            host["PortBindings"] = {f"{inner}/tcp": [{"HostIp": address, "HostPort": outer}]}
        elif flag == "--gpus":
            host["DeviceRequests"] = create.device_requests(next(csv.reader([value]))[0])
        elif flag in FURTHER:
            key, read = FURTHER[flag]
            host[key] = read
        elif flag != "--name":
            key, read = HOST_OPTIONS[flag]
            host[key] = read(value)
    return body


FURTHER: dict[str, tuple[str, Any]] = {
    "--init": ("Init", True),
    "--cap-add=SYS_NICE": ("CapAdd", ["SYS_NICE"]),
    "--device=/dev/null:/dev/x:rw": (
        "Devices",
        [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x", "CgroupPermissions": "rw"}],
    ),
}
HOST_OPTIONS: dict[str, tuple[str, Any]] = {
    "--ipc": ("IpcMode", str),
    "--shm-size": ("ShmSize", size),
    "--memory": ("Memory", size),
    "--cpus": ("NanoCpus", create.nano_cpus),
    "--restart": ("RestartPolicy", create.restart_policy),
    "--network": ("NetworkMode", str),
}


@settings(max_examples=60, deadline=None)
@given(profiles())
def test_the_line_says_the_same_as_the_create_body(profile: Profile) -> None:
    environ = {"HF_TOKEN": "hf_secret"}
    assert body_of(argv(profile), environ) == create_body(profile, environ)


@settings(max_examples=25, deadline=None)
@given(profiles())
def test_bash_reads_the_line_as_the_words_it_was_made_of(profile: Profile) -> None:
    script = f"docker() {{ printf '%s\\0' docker \"$@\"; }}\n{docker_run(profile)}"
    shown = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout
    assert shown.decode().split("\0")[:-1] == argv(profile)


def test_the_line_has_one_flag_on_each_line() -> None:
    lines = docker_run(SMALL.with_flag("max-model-len", "4096").with_flag("enforce-eager", None)).split(" \\\n  ")
    assert lines[:3] == ["docker run -d", "--name smol", "--ipc host"]
    assert lines[-3:] == ["HuggingFaceTB/SmolLM2-135M-Instruct", "--max-model-len 4096", "--enforce-eager"]


def test_no_value_of_a_secret_is_in_the_line() -> None:
    profile = Profile("smol", "a/b", env_names=("HF_TOKEN", "VLLM_API_KEY"))
    assert "-e HF_TOKEN \\\n" in docker_run(profile)
    assert create_body(profile, {"HF_TOKEN": "hf_x"})["Env"] == ["HF_TOKEN=hf_x"]


def test_several_cards_get_the_quotes_that_the_cli_wants() -> None:
    assert "--gpus '\"device=0,1\"'" in docker_run(Profile("q8", "a/b", gpus="device=0,1"))
    assert "--gpus" not in docker_run(SMALL)


def test_a_path_with_a_comma_and_a_quote_is_one_mount() -> None:
    profile = Profile("q8", "a/b", mounts=(Mount('/srv/a,b "c"/大 模型', "/x"),))
    mounts = [mount(value)["Source"] for flag, value in options(argv(profile))[0] if flag == "--mount"]
    assert mounts == ["llmtui-hf", '/srv/a,b "c"/大 模型']


def test_an_image_without_a_server_in_it_is_told_to_serve() -> None:
    rocm = Profile("amd", "a/b", image="rocm/vllm")
    body = create_body(rocm, {}, entrypoint=[])
    assert (body["Entrypoint"], body["Cmd"][:2]) == (["vllm"], ["serve", "a/b"])
    assert "--entrypoint vllm" in docker_run(rocm, entrypoint=["/bin/bash"])
    old = create_body(rocm, {}, entrypoint=["python3", "-m", "vllm.entrypoints.openai.api_server"])
    assert "Entrypoint" not in old and old["Cmd"][:2] == ["--model", "a/b"]
    assert "Entrypoint" not in create_body(rocm, {}, entrypoint=["vllm", "serve"])


def test_under_the_hosts_network_vllm_itself_binds_the_address_and_port() -> None:
    body = create_body(Profile("q8", "a/b", network="host", port=8123), {})
    assert body["Cmd"] == ["a/b", "--host", "127.0.0.1", "--port", "8123"]
    assert "PortBindings" not in body["HostConfig"]


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text(), st.text())
def test_a_preview_never_fails_on_what_is_half_typed(one: str, two: str, three: str) -> None:
    flags = ((one, two), (two, None), ("served-model-name", three), ("lora-modules", one))
    mounts = (Mount(one, two), Mount(three, one))
    profile = Profile(one, two, three, gpus=one, bind=two, flags=flags, mounts=mounts, ulimits=(three,), cpus=one)
    for network in ("", "host"):
        assert docker_run(replace(profile, network=network)).startswith("docker run -d")


def test_json_typed_for_a_flag_with_several_values_is_one_of_them() -> None:
    profile = Profile("q8", "a/b", flags=(("lora-modules", '{"name": "sql", "path": "/x y"}'),))
    assert argv(profile)[-2:] == ["--lora-modules", '{"name": "sql", "path": "/x y"}']
    again = parse(["vllm", "serve", "a/b", *argv(profile)[-2:]])
    assert again is not None and again.arguments[-1].values == ('{"name": "sql", "path": "/x y"}',)
