"""What a container looks like as a profile."""

from __future__ import annotations

from typing import Any

import pytest

from profiles.profile import Mount
from profiles.seen import gpus_of, mounts_of, profile_of
from profiles.sizes import size_text


def record(command: list[str] | None = None, *, env: tuple[str, ...] = (), **host: Any) -> dict[str, Any]:
    """Give a small inspect record."""
    config = {"Image": "vllm/vllm-openai", "Entrypoint": ["vllm", "serve"], "Cmd": command, "Env": list(env)}
    return {"Id": "1" * 64, "Name": "/q8", "Config": config, "HostConfig": host}


def test_a_record_with_nothing_in_it_is_still_a_profile() -> None:
    seen = profile_of({"Name": "/x", "Config": {}, "HostConfig": {}})
    assert (seen.name, seen.model, seen.port, seen.gpus, seen.flags) == ("x", "", 0, "none", ())


def test_a_model_in_a_mounted_folder_is_named_by_the_hosts_folder() -> None:
    seen = profile_of(record(["/models/q8"], Binds=["/srv/m:/models:ro", "cache:/root/.cache/huggingface"]))
    assert (seen.model, seen.in_image) == ("/srv/m/q8", False)
    assert seen.mounts == (Mount("/srv/m", "/models"), Mount("cache", "/root/.cache/huggingface", read_only=False))


def test_a_model_without_a_mount_or_in_a_volume_is_the_containers_own() -> None:
    assert profile_of(record(["/models/q8"])).in_image
    seen = profile_of(record(["/models/q8"], Binds=["vol:/models"]))
    assert (seen.model, seen.in_image) == ("/models/q8", True)


@pytest.mark.parametrize(
    ("bind", "mount"),
    [
        (r"D:\m\x:/models:ro,z", Mount(r"D:\m\x", "/models")),
        ("/a b:/c", Mount("/a b", "/c", read_only=False)),
        ("vol:/c:rw", Mount("vol", "/c", read_only=False)),
    ],
)
def test_a_bind_is_read_in_every_form(bind: str, mount: Mount) -> None:
    assert mounts_of({"Binds": [bind, "/anonymous"]}) == (mount,)


@pytest.mark.parametrize(
    ("host", "gpus"),
    [
        ({}, "none"),
        ({"DeviceRequests": [{"Count": -1, "DeviceIDs": None}]}, "all"),
        ({"DeviceRequests": [{"Count": 2}]}, "2"),
        ({"DeviceRequests": [{"DeviceIDs": ["0", "GPU-1"]}]}, "device=0,GPU-1"),
        ({"DeviceRequests": [{"Driver": "cdi", "DeviceIDs": ["nvidia.com/gpu=all"]}]}, "all"),
        ({"DeviceRequests": [{"Driver": "cdi", "DeviceIDs": ["nvidia.com/gpu=1"]}]}, "device=1"),
        ({"Runtime": "nvidia"}, "all"),
    ],
)
def test_cards_are_read_from_requests_and_runtimes(host: dict[str, Any], gpus: str) -> None:
    assert gpus_of({}, host) == gpus


def test_the_old_nvidia_runtime_names_its_cards_in_a_variable() -> None:
    seen = profile_of(record(["M"], env=("NVIDIA_VISIBLE_DEVICES=0,1",), Runtime="nvidia"))
    assert (seen.gpus, seen.env) == ("device=0,1", ())


def test_what_the_image_brought_is_not_the_users() -> None:
    made = record(["M"], env=("PATH=/x", "OWN=1", "VLLM_CPU_CI_ENV=1", "HF_TOKEN=hf"))
    made["Config"]["Labels"] = {"maker": "us", "mine": "1", "com.docker.compose.project": "p"}
    image = {"Env": ["PATH=/x", "VLLM_CPU_CI_ENV=1"], "Labels": {"maker": "us"}}
    seen = profile_of(made, image)
    assert (seen.env, seen.env_names, seen.labels) == ((("OWN", "1"),), ("HF_TOKEN",), (("mine", "1"),))


def test_a_port_that_the_engine_chose_is_the_one_it_gave() -> None:
    made = record(["M"], PortBindings={"8000/tcp": [{"HostIp": "", "HostPort": ""}]})
    made["NetworkSettings"] = {"Ports": {"8000/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}]}}
    seen = profile_of(made)
    assert (seen.bind, seen.port) == ("0.0.0.0", 49153)


def test_one_served_name_is_a_field_and_several_are_a_flag() -> None:
    one = profile_of(record(["M", "--served-model-name", "a"]))
    two = profile_of(record(["M", "--served-model-name", "a", "b c"]))
    assert (one.served_name, one.flags) == ("a", ())
    assert (two.served_name, two.flags) == ("", (("served-model-name", "a 'b c'"),))


def test_podmans_entrypoint_in_one_text_is_understood() -> None:
    made = record(["M", "--port", "9"])
    made["Config"]["Entrypoint"] = "vllm serve"
    assert profile_of(made).model == "M"


@pytest.mark.parametrize(("amount", "text"), [(16 << 30, "16g"), (512 << 20, "512m"), (1000, "1000"), (0, "")])
def test_a_size_is_written_in_its_shortest_exact_form(amount: int, text: str) -> None:
    assert size_text(amount) == text
