"""Editing a container's body: only what differs changes, wherever the command lives."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from profiles.create import create_body
from profiles.diff import Change, changes
from profiles.edit import CommandError, edited
from profiles.inspected import profile_of, recreation
from profiles.profile import Mount, Profile
from tests.profiles.strategies import profiles

ENV = {"HF_TOKEN": "hf_1", "VLLM_API_KEY": "k"}


def inspected(body: dict[str, Any], name: str = "q8") -> dict[str, Any]:
    """Give an inspect record of a container made from a create body, as far as it is read here."""
    config = {key: value for key, value in copy.deepcopy(body).items() if key not in ("HostConfig", "NetworkingConfig")}
    config = {"Entrypoint": ["vllm", "serve"], "Hostname": "0123456789ab", **config}
    networks = {"bridge": {"IPAMConfig": None, "Links": None, "Aliases": None, "NetworkID": "n1"}}
    record = {"Id": "0123456789ab" * 5, "Name": f"/{name}", "Config": config, "Image": "sha256:1", "Mounts": []}
    return {**record, "HostConfig": copy.deepcopy(body["HostConfig"]), "NetworkSettings": {"Networks": networks}}


def by_hand(*argv: str, entrypoint: list[str] | None = None, **host: Any) -> dict[str, Any]:
    """Give the body of a container that somebody started by hand."""
    config = {
        "NetworkMode": "default",
        "IpcMode": "private",
        "PortBindings": {"8000/tcp": [{"HostIp": "", "HostPort": "8000"}]},
    }
    body: dict[str, Any] = {"Image": "vllm/vllm-openai:v0.11", "Cmd": list(argv), "Env": ["PATH=/bin", "A=1"]}
    return {**body, "Entrypoint": entrypoint or [], "HostConfig": {**config, **host}}


@settings(max_examples=40, deadline=None)
@given(profiles())
def test_a_container_of_ours_is_seen_as_the_profile_it_was_made_of(profile: Profile) -> None:
    seen = profile_of(inspected(create_body(profile, ENV), profile.name))
    assert (seen.name, seen.image, seen.flags) == (profile.name, profile.image, tuple(seen.flags))
    assert (seen.gpus, seen.user, seen.restart) == (profile.gpus, profile.user, profile.restart)
    assert dict(seen.env) | dict(profile.env) == dict(seen.env)
    assert seen.env_names == tuple(name for name in profile.env_names if name in ENV)
    if profile.network not in ("host", "none"):
        assert (seen.bind, seen.port, seen.flags) == (profile.bind, profile.port, profile.flags)
    if not any(profile.model.startswith(mount.source) for mount in profile.mounts):
        assert seen.model == profile.model


@settings(max_examples=40, deadline=None)
@given(profiles())
def test_no_difference_is_the_same_body(profile: Profile) -> None:
    body = create_body(profile, ENV)
    assert edited(body, profile, profile) == body
    record = inspected(body)
    seen = profile_of(record)
    assert edited(recreation(record).body, seen, seen) == recreation(record).body


@settings(max_examples=40, deadline=None)
@given(profiles(), profiles())
def test_an_edited_container_is_seen_as_what_was_asked_for(old: Profile, new: Profile) -> None:
    old, new = replace(old, network=""), replace(new, network="")
    body = edited(create_body(old, ENV), old, new, ENV)
    wanted = create_body(new, ENV)
    host, expected = body.pop("HostConfig"), wanted.pop("HostConfig")
    assert sorted(body.pop("Env")) == sorted(wanted.pop("Env"))
    assert set(body["Cmd"]) == set(wanted["Cmd"])
    assert {key: value for key, value in body.items() if value and key != "Cmd"} == {
        key: value for key, value in wanted.items() if key != "Cmd"
    }
    host["Mounts"] = sorted(host.get("Mounts", []), key=lambda mount: mount["Target"])
    expected["Mounts"] = sorted(expected["Mounts"], key=lambda mount: mount["Target"])
    host.pop("MemorySwap", None)
    assert {key: value for key, value in host.items() if value} == {
        key: value for key, value in expected.items() if value
    }


def change(body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """See a body as a profile, change fields, and give the edited body."""
    seen = profile_of(inspected(body))
    return edited(body, seen, replace(seen, **fields), ENV)


def test_a_flag_is_changed_inside_cmd() -> None:
    body = by_hand("/m", "--max_model_len", "4096", "--port=9", entrypoint=["vllm", "serve"])
    after = change(body, flags=(("max-model-len", "8192"), ("port", "9"), ("enforce-eager", None)))
    assert after == {**body, "Cmd": ["/m", "--max_model_len", "8192", "--port=9", "--enforce-eager"]}


def test_a_flag_is_changed_inside_an_entrypoint_that_holds_it_all() -> None:
    body = {**by_hand(entrypoint=["vllm", "serve", "M", "--seed", "1"]), "Cmd": None}
    assert change(body, flags=(("seed", "2"),)) == {**body, "Entrypoint": ["vllm", "serve", "M", "--seed", "2"]}
    assert change(body, flags=())["Entrypoint"] == ["vllm", "serve", "M"]


def test_a_flag_is_changed_inside_a_shell_line_and_quoted() -> None:
    body = by_hand("cd /x && exec vllm serve M --seed 1 > /log 2>&1", entrypoint=["bash", "-lc"])
    after = change(body, flags=(("seed", "1"), ("chat-template", "a 'b'")))
    assert after["Entrypoint"] == ["bash", "-lc"]
    assert after["Cmd"] == ["cd /x && exec vllm serve M --seed 1 --chat-template 'a '\"'\"'b'\"'\"'' > /log 2>&1"]


def test_a_flag_is_changed_where_the_images_entrypoint_was_taken_away() -> None:
    body = by_hand("vllm", "serve", "M", entrypoint=[""])
    assert change(body, flags=(("seed", "2"),)) == {**body, "Cmd": ["vllm", "serve", "M", "--seed", "2"]}


def test_a_flag_is_changed_behind_an_entry_script() -> None:
    body = by_hand("--model", "M", "--seed", "1", entrypoint=["/entrypoint.sh"])
    assert change(body, flags=(("seed", "2"),))["Cmd"] == ["--model", "M", "--seed", "2"]


def test_another_model_brings_its_mount_and_takes_the_old_ones_away() -> None:
    body = create_body(Profile("q8", "/srv/old"), {})
    after = edited(body, Profile("q8", "/srv/old"), Profile("q8", "/srv/new"))
    assert after["Cmd"] == ["/models/new"]
    assert [mount["Source"] for mount in after["HostConfig"]["Mounts"]] == ["/srv/new"]
    shared = by_hand("/models/a", entrypoint=["vllm", "serve"], Binds=["/srv/m:/models:ro"])
    assert change(shared, model="/srv/m/b") == {**shared, "Cmd": ["/models/b"]}


def test_a_key_on_the_command_line_never_reaches_the_profile_and_stays_where_it_is() -> None:
    body = by_hand("M", "--api-key", "sk-abc", entrypoint=["vllm", "serve"]) | {"Env": ["HF_TOKEN=hf_abc", "A=1"]}
    seen = profile_of(inspected(body))
    assert "sk-abc" not in repr(seen) and "hf_abc" not in repr(seen)
    assert set(seen.env_names) == {"HF_TOKEN", "VLLM_API_KEY"}
    after = edited(body, seen, seen.with_flag("seed", "1"))
    assert after["Cmd"] == ["M", "--api-key", "sk-abc", "--seed", "1"]
    assert after["Env"] == body["Env"]


def test_another_port_takes_the_place_of_the_old_one_and_leaves_others_alone() -> None:
    other = {"9000/tcp": [{"HostIp": "", "HostPort": "9000"}]}
    body = by_hand("M", entrypoint=["vllm", "serve"])
    body["HostConfig"]["PortBindings"] |= other
    after = change(body, port=8001, bind="127.0.0.1")
    assert after["HostConfig"]["PortBindings"] == {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8001"}]} | other


def test_under_the_hosts_network_another_port_is_a_flag() -> None:
    body = by_hand("M", "--port", "8000", entrypoint=["vllm", "serve"], NetworkMode="host", PortBindings={})
    seen = profile_of(inspected(body))
    assert (seen.network, seen.port) == ("host", 8000)
    after = edited(body, seen, replace(seen, flags=(("port", "8001"),), port=8001))
    assert after["Cmd"] == ["M", "--port", "8001"]
    plain = by_hand("M", entrypoint=["vllm", "serve"], NetworkMode="host", PortBindings={})
    assert change(plain, port=8001)["Cmd"] == ["M", "--port", "8001"]


def test_variables_keep_their_order_and_secrets_come_from_the_environment() -> None:
    body = by_hand("M", entrypoint=["vllm", "serve"])
    after = change(body, env=(("A", "2"), ("B", "3")), env_names=("HF_TOKEN",))
    assert after["Env"] == ["PATH=/bin", "A=2", "B=3", "HF_TOKEN=hf_1"]
    assert change(body, env=())["Env"] == ["PATH=/bin"]


def test_a_mount_is_taken_out_of_binds_and_a_new_one_is_an_object() -> None:
    body = by_hand("M", entrypoint=["vllm", "serve"], Binds=["/a:/x:ro", "vol:/y"])
    after = change(body, mounts=(Mount("vol", "/y", read_only=False), Mount("/b", "/x")))
    assert after["HostConfig"]["Binds"] == ["vol:/y"]
    assert after["HostConfig"]["Mounts"] == [{"Type": "bind", "Source": "/b", "Target": "/x", "ReadOnly": True}]


def test_the_containers_own_settings_are_changed() -> None:
    body = by_hand("M", entrypoint=["vllm", "serve"], Memory=1 << 30, MemorySwap=2 << 30, Runtime="nvidia")
    after = change(
        body, memory="2g", cpus="1.5", gpus="device=0,1", restart="always", ipc="host", shm_size="1g", user="1"
    )
    host = after["HostConfig"]
    assert (host["Memory"], host["MemorySwap"], host["NanoCpus"], host["ShmSize"]) == (
        2 << 30,
        0,
        1_500_000_000,
        1 << 30,
    )
    assert host["DeviceRequests"][0]["DeviceIDs"] == ["0", "1"]
    assert (host["RestartPolicy"]["Name"], host["IpcMode"], after["User"]) == ("always", "host", "1")


def test_a_swap_limit_of_the_users_own_outlives_another_memory() -> None:
    body = by_hand("M", entrypoint=["vllm", "serve"], Memory=8 << 30, MemorySwap=12 << 30)
    assert change(body, memory="10g")["HostConfig"]["MemorySwap"] == 12 << 30
    unlimited = by_hand("M", entrypoint=["vllm", "serve"], Memory=8 << 30, MemorySwap=-1)
    assert change(unlimited, memory="16g")["HostConfig"]["MemorySwap"] == -1


def test_labels_are_on_again_once_a_container_shares_nothing_with_the_host() -> None:
    given = ["seccomp=unconfined", "label=disable"]
    body = by_hand("M", entrypoint=["vllm", "serve"]) | {"HostConfig": {"IpcMode": "host", "SecurityOpt": given}}
    assert change(body, ipc="private")["HostConfig"]["SecurityOpt"] == ["seccomp=unconfined"]
    assert change(body, memory="8g")["HostConfig"]["SecurityOpt"] == given
    body["HostConfig"]["PidMode"] = "host"
    assert change(body, ipc="private")["HostConfig"]["SecurityOpt"] == given
    wished = ("--security-opt=seccomp=unconfined", "--security-opt=label=disable")
    assert change(body, ipc="private", options=wished)["HostConfig"]["SecurityOpt"] == given
    del body["HostConfig"]["SecurityOpt"]
    assert "SecurityOpt" not in change(body, ipc="private", options=())["HostConfig"]


def test_another_image_brings_its_own_defaults() -> None:
    image = {
        "Entrypoint": ["python3", "-m", "vllm.entrypoints.openai.api_server"],
        "Env": ["PATH=/bin"],
        "WorkingDir": "/w",
    }
    body = by_hand("--model", "M", entrypoint=image["Entrypoint"]) | {"WorkingDir": "/w"}
    seen = profile_of(inspected(body))
    after = edited(body, seen, replace(seen, image="vllm/vllm-openai:v0.32.0"), image_config=image)
    assert after["Image"] == "vllm/vllm-openai:v0.32.0"
    assert after["Env"] == ["A=1"] and "WorkingDir" not in after


def test_flags_of_a_command_that_is_not_vllms_cannot_be_changed() -> None:
    body = by_hand("-g", "daemon off;", entrypoint=["nginx"])
    seen = profile_of(inspected(body))
    with pytest.raises(CommandError, match="not one of vLLM's"):
        edited(body, seen, seen.with_flag("seed", "1"))
    assert edited(body, seen, replace(seen, port=9))["HostConfig"]["PortBindings"]["8000/tcp"][0]["HostPort"] == "9"


def test_the_differences_are_told_field_by_field() -> None:
    before = Profile("q8", "a/b", flags=(("max-model-len", "4096"), ("seed", "1")), env=(("A", "1"),))
    after = replace(
        before, port=8001, flags=(("max-model-len", "8192"), ("enforce-eager", None)), env=(), in_image=True
    )
    after = replace(after, mounts=(Mount("/a", "/b"),), env_names=("HF_TOKEN",), ulimits=("memlock=-1",))
    assert set(changes(before, after)) == {
        Change("in_image", "no", "yes"),
        Change("port", "8000", "8001"),
        Change("--max-model-len", "4096", "8192"),
        Change("--seed", "1", ""),
        Change("--enforce-eager", "", "on"),
        Change("A", "1", ""),
        Change("HF_TOKEN", "", "by name"),
        Change("/b", "", "/a (read-only)"),
        Change("ulimit memlock", "", "-1"),
    }


@settings(max_examples=40, deadline=None)
@given(profiles())
def test_a_profile_does_not_differ_from_itself(profile: Profile) -> None:
    assert changes(profile, profile) == ()
