"""A fix is written into the profile where the profile keeps such a thing, and what only a person knows is never guessed."""

from __future__ import annotations

import pytest

from profiles.profile import Mount, Profile
from tui.insight.causes.records import Fix
from tui.insight.fixing import fixed, is_open

PROFILE = Profile(
    "smol",
    "org/model",
    flags=(("max-model-len", "131072"), ("enforce-eager", None), ("port", "8000")),
    env=(("HF_HUB_OFFLINE", "1"), ("KEEP", "1")),
    options=("--runtime=other",),
)


def test_a_flag_keeps_its_place_and_gets_its_new_value() -> None:
    after = fixed(PROFILE, Fix(set={"max-model-len": 80752, "trust-remote-code": True}))
    assert after.flags == (
        ("max-model-len", "80752"),
        ("enforce-eager", None),
        ("port", "8000"),
        ("trust-remote-code", None),
    )


def test_what_is_unset_goes_whether_flag_variable_or_option() -> None:
    after = fixed(PROFILE, Fix(unset=("enforce-eager", "HF_HUB_OFFLINE", "runtime")))
    assert after.flag("enforce-eager") is None
    assert after.env == (("KEEP", "1"),)
    assert after.options == ()


def test_a_variable_takes_the_place_of_the_old_one() -> None:
    assert fixed(PROFILE, Fix(env={"KEEP": "2"})).env == (("HF_HUB_OFFLINE", "1"), ("KEEP", "2"))


@pytest.mark.parametrize(
    ("option", "field", "value"),
    [
        ("-p 8001:8000", "port", 8001),
        ("-p 127.0.0.1:8002:8000", "port", 8002),
        ("--ipc=host", "ipc", "host"),
        ("--shm-size 16g", "shm_size", "16g"),
        ("--gpus all", "gpus", "all"),
        ("--gpus '\"device=0,1\"'", "gpus", "device=0,1"),
        ("-v /data:/models", "mounts", (Mount("/data", "/models"),)),
        ("--security-opt seccomp=unconfined", "options", ("--runtime=other", "--security-opt=seccomp=unconfined")),
    ],
)
def test_an_option_of_docker_becomes_the_field_that_keeps_it(option: str, field: str, value: object) -> None:
    assert getattr(fixed(PROFILE, Fix(docker=(option,))), field) == value


@pytest.mark.parametrize(
    "fix", [Fix(advice=("retry-later",)), Fix(docker=("-v <folder>:/models",)), Fix(env={"HF_TOKEN": "<token>"})]
)
def test_what_a_person_has_to_fill_in_is_not_guessed(fix: Fix) -> None:
    assert is_open(fix)
    with pytest.raises(ValueError, match=r".*"):
        fixed(PROFILE, fix)
