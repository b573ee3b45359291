"""Further options of `docker run` in a profile: read, written, changed, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from profiles import options
from profiles.create import create_body
from profiles.diff import changes
from profiles.edit import edited
from profiles.profile import Profile
from profiles.seen import profile_of

PLAIN = Profile("mine", "a/b", gpus="none")


def made(*words: str) -> dict[str, Any]:
    """Give the create body with these options."""
    return create_body(replace(PLAIN, options=words), {})


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [
        ("--device=/dev/dri", "Devices", [{"PathOnHost": "/dev/dri", "PathInContainer": "/dev/dri", "CgroupPermissions": "rwm"}]),
        ("--device=/dev/a:r", "Devices", [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "r"}]),
        ("--device /dev/a:/dev/b", "Devices", [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/b", "CgroupPermissions": "rwm"}]),
        ("--cap-add=SYS_NICE", "CapAdd", ["SYS_NICE"]),
        ("--runtime=nvidia", "Runtime", "nvidia"),
        ("--init", "Init", True),
        ("--pids-limit=99", "PidsLimit", 99),
        ("--memory-swap=-1", "MemorySwap", -1),
        ("--memory-reservation=1g", "MemoryReservation", 1 << 30),
        ("--sysctl=net.core.somaxconn=512", "Sysctls", {"net.core.somaxconn": "512"}),
        ("--tmpfs=/x:size=1m", "Tmpfs", {"/x": "size=1m"}),
        ("--log-opt=max-size=1m", "LogConfig", {"Type": "", "Config": {"max-size": "1m"}}),
    ],
)  # fmt: skip
def test_a_word_becomes_what_the_engine_is_told(word: str, key: str, value: Any) -> None:
    assert options.is_sound(word)
    assert made(word)["HostConfig"][key] == value


def test_an_option_of_the_container_itself_is_not_the_hosts() -> None:
    body = made("--workdir=/data", "--tty")
    assert (body["WorkingDir"], body["Tty"]) == ("/data", True)


@pytest.mark.parametrize(
    "word", ["--volume=/a:/b", "--pids-limit=many", "--device", "--device=dri", "--init=perhaps", "", "--memory-swap=x"]
)
def test_what_no_profile_can_carry_is_told(word: str) -> None:
    assert not options.is_sound(word)
    assert [one.field for one in replace(PLAIN, options=(word,)).problems()] == ["options"]


def test_what_the_engine_filled_in_is_nobodys_wish() -> None:
    host = {"Runtime": "runc", "Memory": 8, "MemorySwap": 16, "LogConfig": {"Type": "json-file", "Config": {}}}
    record = {"Id": "a" * 64, "Name": "/m", "Config": {"Hostname": "a" * 12, "WorkingDir": "/w"}, "HostConfig": host}
    assert profile_of(record, {"WorkingDir": "/w"}).options == ()


def test_cards_by_the_old_runtime_are_asked_for_once() -> None:
    record: dict[str, Any] = {"Name": "/m", "Config": {}, "HostConfig": {"Runtime": "nvidia"}}
    assert (profile_of(record).gpus, profile_of(record).options) == ("all", ())
    record["HostConfig"]["DeviceRequests"] = [{"Count": -1}]
    assert profile_of(record).options == ("--runtime=nvidia",)


def test_an_edit_changes_only_the_options_that_differ() -> None:
    before = replace(PLAIN, options=("--cap-add=A", "--init", "--workdir=/x"))
    after = replace(PLAIN, options=("--cap-add=A", "--cap-add=B", "--workdir=/x"))
    body = create_body(before, {})
    body["HostConfig"]["CapDrop"] = ["kept"]
    new = edited(body, before, after)
    assert (new["HostConfig"]["CapAdd"], new["HostConfig"]["CapDrop"], new["WorkingDir"]) == (
        ["A", "B"],
        ["kept"],
        "/x",
    )
    assert "Init" not in new["HostConfig"]
    assert [(one.field, one.old, one.new) for one in changes(before, after)] == [
        ("docker --cap-add", "A", "A, B"),
        ("docker --init", "on", ""),
    ]
