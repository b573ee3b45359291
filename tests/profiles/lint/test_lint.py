"""Findings about a profile: each with its reason, and a mend that leaves nothing to find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from profiles.lint import Kind, findings
from profiles.lint.dead import DEAD
from profiles.profile import Mount, Profile

SOUND = Profile("chat", "Qwen/Qwen3-0.6B")


def test_a_sound_profile_has_no_findings() -> None:
    flags = (("max-model-len", "32k"), ("enforce-eager", None), ("compilation-config.mode", "3"), ("dtype", "half"))
    assert findings(replace(SOUND, flags=flags, env=(("VLLM_LOGGING_LEVEL", "DEBUG"),), env_names=("HF_TOKEN",))) == ()


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("quantization", "int8", Kind.INVALID),
        ("quantization", "bitsandbytes", Kind.INVALID),
        ("quantize", "nf4", Kind.UNKNOWN),
        ("quantization", "fp8", Kind.DEPRECATED),
        ("dtype", "int8", Kind.INVALID),
        ("device", "cuda", Kind.REMOVED),
        ("max-gpu-memory", "0.8", Kind.UNKNOWN),
        ("swap-space", "4", Kind.REMOVED),
        ("task", "embed", Kind.REMOVED),
        ("gpu-memory-utilization", "1.5", Kind.INVALID),
        ("tensor-parallel-size", "0", Kind.INVALID),
        ("max-num-seqs", "many", Kind.INVALID),
        ("limit-mm-per-prompt", "{image: 4}", Kind.INVALID),
        ("compilation-config.modus", "3", Kind.INVALID),
        ("max-model-length", "4096", Kind.UNKNOWN),
        ("log-config-file", "x", Kind.DEPRECATED),
    ],
)
def test_one_key_mends_what_this_vllm_would_not_take(name: str, value: str, kind: Kind) -> None:
    profile = SOUND.with_flag(name, value)
    found = findings(profile)
    assert [one.kind for one in found] == [kind]
    assert found[0].text and found[0].flag == name
    assert found[0].mend is not None
    assert findings(found[0].mend.apply(profile)) == ()


def test_an_ambiguous_flag_is_left_to_the_person() -> None:
    found = findings(SOUND.with_flag("max-num", "3"))
    assert [(one.kind, one.mend) for one in found] == [(Kind.AMBIGUOUS, None)]


def test_a_variable_that_is_never_read_becomes_the_flag() -> None:
    profile = replace(SOUND, env=(("VLLM_GPU_MEM_FRACTION", "0.8"),))
    (found,) = findings(profile)
    assert found.kind is Kind.NEVER_READ and found.mend is not None
    mended = found.mend.apply(profile)
    assert (mended.env, mended.flag("gpu-memory-utilization")) == ((), "0.8")


def test_a_secret_is_taken_by_name_and_never_said() -> None:
    profile = replace(SOUND, env=(("HF_TOKEN", "hf_0123456789abcdef"),)).with_flag("api-key", "sk-very-secret")
    found = findings(profile)
    assert [one.kind for one in found] == [Kind.SECRET, Kind.SECRET]
    assert not any("sk-" in one.text or "hf_0" in one.text for one in found)
    for one in found:
        assert one.mend is not None
        profile = one.mend.apply(profile)
    assert profile.env_names == ("HF_TOKEN", "VLLM_API_KEY")
    assert (profile.env, profile.flags) == ((), ())


def test_an_open_server_is_told_until_it_has_a_key() -> None:
    opened = replace(SOUND, bind="0.0.0.0")
    (found,) = findings(opened)
    assert found.kind is Kind.OPEN and found.mend is not None
    assert found.mend.apply(opened).bind == "127.0.0.1"
    assert findings(replace(opened, env_names=("VLLM_API_KEY",))) == ()


def test_risky_options_and_mounts_can_be_taken_away() -> None:
    socket = Mount("/var/run/docker.sock", "/var/run/docker.sock")
    profile = replace(SOUND, options=("--privileged", "--init"), mounts=(socket,)).with_flag("trust-remote-code", None)
    found = findings(profile)
    assert [one.kind for one in found] == [Kind.RISKY] * 3
    for one in found:
        profile = one.mend.apply(profile) if one.mend else profile
    assert (profile.options, profile.mounts) == (("--init",), ())


def test_every_dead_flag_is_told_with_what_it_became() -> None:
    for name, dead in DEAD.items():
        found = findings(SOUND.with_flag(name, "x" if dead.takes else None))
        assert (found[0].kind, found[0].text) == (dead.kind, dead.text)
