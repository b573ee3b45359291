"""Further options of `docker run` in a profile: read, written, changed, refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        ("--device-cgroup-rule=c 188:* rmw", "DeviceCgroupRules", ["c 188:* rmw"]),
        ("--device-cgroup-rule c 188:* rmw", "DeviceCgroupRules", ["c 188:* rmw"]),
        ("--sysctl=net.ipv4.ip_local_port_range=1024 65000", "Sysctls", {"net.ipv4.ip_local_port_range": "1024 65000"}),
        ("--log-opt=tag=a b", "LogConfig", {"Type": "", "Config": {"tag": "a b"}}),
        ("--add-host=my=1.2.3.4", "ExtraHosts", ["my:1.2.3.4"]),
        ("--add-host=my:1.2.3.4", "ExtraHosts", ["my:1.2.3.4"]),
        ("--add-host=my=[::1]", "ExtraHosts", ["my:::1"]),
    ],
)  # fmt: skip
def test_a_word_becomes_what_the_engine_is_told(word: str, key: str, value: Any) -> None:
    assert options.is_sound(word)
    assert made(word)["HostConfig"][key] == value


def test_an_option_of_the_container_itself_is_not_the_hosts() -> None:
    body = made("--workdir=/a b", "--tty")
    assert (body["WorkingDir"], body["Tty"]) == ("/a b", True)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("  --init", "--init"),
        ("--init=", "--init"),
        ("--device /dev/a", "--device=/dev/a"),
        ("--device   /dev/a ", "--device=/dev/a"),
        ("--workdir=/a b", "--workdir=/a b"),
        ("privileged", "privileged"),
    ],
)
def test_an_option_is_given_in_one_form_however_it_is_written(written: str, word: str) -> None:
    assert options.normal(written) == word


def test_a_swap_limit_below_memory_is_told_beside_both_fields() -> None:
    swapping = replace(PLAIN, memory="8g", options=("--memory-swap=12g",))
    assert swapping.problems() == () == replace(swapping, memory="16g", options=("--memory-swap=-1",)).problems()
    for memory in ("16g", ""):
        found = replace(swapping, memory=memory).problems()
        assert [(one.field, one.warning) for one in found] == [("memory", False), ("options", False)]
        assert "12g" in found[0].text


ODD = st.text("ab =:/,'\"$\\\n\t`#", min_size=1, max_size=12)
PAIRS = st.tuples(ODD.filter(lambda key: "=" not in key), ODD).map("=".join)
PATHS = ODD.filter(lambda path: ":" not in path).map("/{}".format)
PORTS = st.tuples(
    st.sampled_from(["", "127.0.0.1:", "[::1]:", "0.0.0.0:"]),
    st.sampled_from(["9090:", "8000-8010:"]),
    st.integers(1, 65535).map(str),
).map("".join)
KINDS: dict[str, st.SearchStrategy[str]] = {
    "device": st.tuples(PATHS, PATHS, st.sampled_from(["r", "rwm"])).map(":".join),
    "tmpfs": st.tuples(PATHS, ODD).map(":".join),
    "sysctl": PAIRS,
    "publish": PORTS.filter(lambda text: not text.endswith(":8000")),
    "log-opt": PAIRS,
    "add-host": st.tuples(st.just("my"), st.sampled_from(["1.2.3.4", "::1", "host-gateway"])).map(":".join),
}
ALONE = {"privileged", "init", "read-only", "rm", "publish-all", "tty", "interactive", "oom-kill-disable"}
NUMBERS = {"cpu-shares", "cpu-period", "cpu-quota", "pids-limit", "oom-score-adj", "stop-timeout"}
SIZES = {"memory-swap", "memory-reservation"}


def words(name: str) -> st.SearchStrategy[str]:
    """Give the words that this option can be, in the form in which a container's are told."""
    if name in ALONE:
        return st.just(f"--{name}")
    values = st.integers(1, 999).map(str) if name in NUMBERS else st.just("3g") if name in SIZES else ODD
    return KINDS.get(name, values).map(f"--{name}={{}}".format)


@settings(max_examples=300, deadline=None)
@given(st.one_of(words(name) for row in options.ROWS for name in row.names if name != "entrypoint"))
def test_an_option_with_anything_in_its_value_is_the_same_once_it_is_made(word: str) -> None:
    assert options.normal(word) == word and options.is_sound(word)
    body = made(word)
    record = {"Id": "a" * 64, "Name": "/m", "Config": body, "HostConfig": body["HostConfig"]}
    assert profile_of(record).options == (word,)


@settings(max_examples=300, deadline=None)
@given(
    st.tuples(
        st.sampled_from(["", " ", "-", "--"]),
        st.sampled_from(["init", "device", "x"]),
        st.sampled_from(["", "=", " ", "\n"]),
        ODD,
    )
)
def test_what_is_read_once_is_read_alike_again(parts: tuple[str, ...]) -> None:
    once = options.normal("".join(parts))
    assert options.normal(once) == once


@pytest.mark.parametrize(
    "word",
    [
        *("--volume=/a:/b", "--pids-limit=many", "--device", "--device=dri", "--init=perhaps", "", "--memory-swap=x"),
        *("privileged", "-privileged", "device=/dev/dri", "--add-host=my", "--add-host==1.2.3.4"),
    ],
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


@pytest.mark.parametrize("shared", [{"IpcMode": "host"}, {"PidMode": "host"}, {"Privileged": True}])
def test_labels_that_the_engine_turned_off_are_nobodys_wish(shared: dict[str, Any]) -> None:
    host = {**shared, "SecurityOpt": ["seccomp=unconfined", "label=disable"]}
    seen = profile_of({"Name": "/m", "Config": {}, "HostConfig": host}).options
    assert [word for word in seen if "security" in word] == ["--security-opt=seccomp=unconfined"]


def test_labels_that_somebody_turned_off_are_a_wish() -> None:
    host = {"IpcMode": "private", "SecurityOpt": ["label=disable"]}
    assert profile_of({"Name": "/m", "Config": {}, "HostConfig": host}).options == ("--security-opt=label=disable",)


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
