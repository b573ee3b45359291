"""A profile's fields as text, and the draft that holds what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.profile import Mount, Profile
from tui.panes.profile_draft import Draft
from tui.panes.profile_fields import FieldError, changed, value
from widgets.form_record import ON

NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
PATHS = st.from_regex(r"/[a-z0-9/._-]{1,12}", fullmatch=True)
PROFILES = st.builds(
    Profile,
    name=st.just("qwen"),
    model=st.just("Qwen/Qwen3-0.6B"),
    port=st.integers(1, 65535),
    bind=st.sampled_from(["127.0.0.1", "0.0.0.0", "::1", ""]),
    env=st.lists(st.tuples(NAMES, WORDS), max_size=4).map(tuple),
    env_names=st.lists(NAMES, max_size=3).map(tuple),
    mounts=st.lists(st.builds(Mount, PATHS, PATHS, st.booleans()), max_size=3).map(tuple),
    labels=st.lists(st.tuples(NAMES, WORDS), max_size=3).map(tuple),
    ulimits=st.lists(st.sampled_from(["memlock=-1", "nofile=1024:4096"]), max_size=2).map(tuple),
    flags=st.lists(
        st.tuples(st.sampled_from(["seed", "dtype", "max-model-len"]), WORDS.filter(bool)),
        max_size=3,
        unique_by=lambda flag: flag[0],
    ).map(tuple),
)
FIELDS = (
    "port",
    "env",
    "mounts",
    "labels",
    "ulimits",
    "--seed",
    "--dtype",
    "flag:max-model-len",
    "image",
    "api_key",
    "in_image",
)


@given(PROFILES, st.sampled_from(FIELDS))
def test_a_field_written_as_it_reads_changes_nothing(profile: Profile, name: str) -> None:
    assert changed(profile, name, value(profile, name)) == profile


@given(PROFILES, st.sampled_from(FIELDS), st.text(max_size=20))
def test_whatever_is_typed_is_kept_and_undo_brings_the_profile_back(profile: Profile, name: str, text: str) -> None:
    draft = Draft.of(profile).edit(name, text)
    assert name in draft.errors or draft.profile == changed(profile, name, text, draft.flags)
    if name not in {"api_key", "in_image"}:
        assert draft.value(name) == text
    undone = draft.undo(name)
    assert undone.profile == profile
    assert not undone.touched


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "x"),
        ("port", "0"),
        ("port", "70000"),
        ("port", "host:80"),
        ("env", "1A=b"),
        ("mounts", "no-target"),
        ("ulimits", "much"),
        ("labels", "=x"),
    ],
)
def test_what_is_no_value_is_refused_with_a_reason(name: str, text: str) -> None:
    with pytest.raises(FieldError, match=r"\w+ .*\.$"):
        changed(Profile("qwen", "m"), name, text)


def test_a_windows_folder_can_be_mounted() -> None:
    profile = changed(Profile("qwen", "m"), "mounts", "D:\\models:/models\n/data:/data:rw")
    assert profile.mounts == (Mount("D:\\models", "/models", True), Mount("/data", "/data", False))


def test_a_switch_is_set_without_a_value_and_taken_away() -> None:
    draft = Draft.of(Profile("qwen", "m")).edit("--enforce-eager", ON)
    assert draft.profile.flags == (("enforce-eager", None),)
    assert draft.value("--enforce-eager") == ON
    assert draft.edit("--enforce-eager", "").profile.flags == ()


def test_the_key_of_the_server_is_named_and_never_valued() -> None:
    profile = changed(Profile("qwen", "m"), "api_key", ON)
    assert profile.env_names == ("VLLM_API_KEY",)
    assert changed(profile, "api_key", "").env_names == ()


def test_a_flag_added_by_name_is_read_in_every_spelling() -> None:
    draft = Draft.of(Profile("qwen", "m"))
    for text, flags in (
        ("--swap_space=4", (("swap-space", "4"),)),
        ("enforce-eager", (("enforce-eager", None),)),
        ("seed", ()),
    ):
        added = draft.add_flag(text)
        assert added is not None
        assert added.profile.flags == flags
    assert draft.add_flag("not a flag") is None
