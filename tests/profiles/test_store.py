"""Profiles on disk: comments survive, a broken file breaks nothing else, nothing leaves the folder."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from profiles.checks import problems
from profiles.profile import Mount, Profile
from profiles.store import NOTES, ProfileStore, builtin, load
from tests.profiles.strategies import profiles

WRITTEN = """\
# my own notes about this model
name = "q8"       # short
model = "/srv/q8" # the AWQ one
port = 8001
future_key = { x = 1 }

[flags]
# found by trial
max-model-len = 4096   # fits
enforce-eager = true

[colour]
shade = "blue"
"""


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    """Give a store in a folder that does not exist yet."""
    return ProfileStore(tmp_path / "profiles")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profiles(), profiles())
def test_what_is_saved_is_read_again_also_over_another(tmp_path: Path, first: Profile, second: Profile) -> None:
    store = ProfileStore(tmp_path)
    for profile in (first, replace(second, name=first.name)):
        store.save(profile)
        assert store.get(profile.name) == profile
        assert store.broken == ()
    store.remove(first.name)


def test_a_comment_and_a_key_we_do_not_know_survive_an_edit(store: ProfileStore) -> None:
    store.folder.mkdir()
    path = store.folder / "q8.toml"
    path.write_text(WRITTEN, "utf-8")
    old = store.get("q8")
    assert old is not None and old.flags == (("max-model-len", "4096"), ("enforce-eager", None))
    store.save(old)
    assert path.read_text("utf-8") == WRITTEN
    changed = replace(old.with_flag("max-model-len", "8192"), port=8002, gpus="none", mounts=(Mount("/a", "/b"),))
    store.save(changed)
    text = path.read_text("utf-8")
    assert store.get("q8") == changed
    for kept in (
        "# my own notes",
        "# short",
        "# the AWQ one",
        "# found by trial",
        "# fits",
        "future_key",
        'shade = "blue"',
    ):
        assert kept in text
    assert tomllib.loads(text)["flags"]["max-model-len"] == "8192"


def test_an_option_is_read_in_one_form_and_stays_as_it_was_written(store: ProfileStore) -> None:
    store.folder.mkdir()
    path = store.folder / "q8.toml"
    text = 'name = "q8"\nmodel = "a/b"\noptions = ["--device /dev/a", "--init=", "  --rm", "--workdir=/a b"]\n'
    path.write_text(text, "utf-8")
    old = store.get("q8")
    assert old is not None and old.options == ("--device=/dev/a", "--init", "--rm", "--workdir=/a b")
    store.save(old)
    assert path.read_text("utf-8") == text
    store.save(replace(old, options=("--rm",)))
    assert tomllib.loads(path.read_text("utf-8"))["options"] == ["--rm"]
    path.write_text(text.replace('["--device', '["privileged", "--device'), "utf-8")
    wrong = store.get("q8")
    assert wrong is not None and [one.field for one in problems(wrong)] == ["options"]


def test_a_key_added_to_a_file_that_ends_in_a_table_does_not_fall_into_the_table(store: ProfileStore) -> None:
    store.folder.mkdir()
    (store.folder / "q8.toml").write_text('model = "a/b"\n[flags]\nport = 9\n', "utf-8")
    store.save(replace(load('model = "a/b"\n[flags]\nport = 9\n', "q8"), note="hello", env_names=("HF_TOKEN",)))
    again = store.get("q8")
    assert again is not None and (again.note, again.env_names, again.flags) == (
        "hello",
        ("HF_TOKEN",),
        (("port", "9"),),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('model = "a/b\nport = 8', "line 1"),
        ('name = "x"\n', '"model" is missing'),
        ('model = "a/b"\nport = "8000"\n', '"port" must be a whole number'),
        ('model = "a/b"\nmounts = ["/x"]\n', '"mounts" must be a table'),
        ('model = "a/b"\n[[mounts]]\nsource = "/x"\n', 'a mount needs "source" and "target"'),
        ('model = "a/b"\nflags = 3\n', '"flags" must be a table'),
        ('model = ["a/b"]\n', '"model" must be a text'),
    ],
)
def test_a_broken_file_is_told_by_name_and_the_others_still_load(store: ProfileStore, text: str, reason: str) -> None:
    store.save(Profile("good", "a/b"))
    (store.folder / "bad.toml").write_text(text, "utf-8")
    assert store.get("good") is not None
    assert len(store.broken) == 1
    assert store.broken[0].text.startswith("bad.toml cannot be read as a profile: ")
    assert reason in store.broken[0].text


def test_bytes_that_are_no_text_and_a_folder_in_the_way_break_nothing(store: ProfileStore) -> None:
    store.save(Profile("good", "a/b"))
    (store.folder / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    (store.folder / "folder.toml").mkdir()
    assert store.get("good") is not None
    assert [broken.path.name for broken in store.broken] == ["bytes.toml", "folder.toml"]


def test_saving_over_a_broken_file_keeps_the_broken_one_aside(store: ProfileStore) -> None:
    store.folder.mkdir()
    (store.folder / "q8.toml").write_text("model = ", "utf-8")
    store.save(Profile("q8", "a/b"))
    assert store.get("q8") == Profile("q8", "a/b")
    assert (store.folder / "q8.toml.broken").read_text("utf-8") == "model = "


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "..", "x" * 80, "a\0b", "a b", "模型"])
def test_no_name_leaves_the_folder(store: ProfileStore, name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a profile"):
        store.save(Profile(name, "a/b"))
    with pytest.raises(ValueError, match="is no name for a profile"):
        store.remove(name)


def test_a_profile_of_the_users_shadows_the_shipped_one_and_uncovers_it_when_removed(store: ProfileStore) -> None:
    shipped = store.get("qwen3-8b")
    assert shipped is not None and shipped.builtin
    store.save(replace(shipped, port=8123))
    mine = store.get("qwen3-8b")
    assert mine is not None and (mine.builtin, mine.port) == (False, 8123)
    assert sum(profile.name == "qwen3-8b" for profile in store.all()) == 1
    assert store.remove("qwen3-8b")
    assert not store.remove("qwen3-8b")
    assert store.get("qwen3-8b") == shipped


def test_a_file_whose_name_is_not_the_profiles_is_saved_where_it_is(store: ProfileStore) -> None:
    store.folder.mkdir()
    (store.folder / "old name.toml").write_text('name = "q8"\nmodel = "a/b"\n', "utf-8")
    store.save(Profile("q8", "c/d"))
    assert [path.name for path in store.folder.iterdir()] == ["old name.toml"]


def test_nothing_half_written_is_left_when_the_disk_refuses(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(Profile("q8", "a/b"))
    before = (store.folder / "q8.toml").read_text("utf-8")
    monkeypatch.setattr("os.fsync", lambda _handle: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space left"):
        store.save(Profile("q8", "c/d"))
    assert [(path.name, path.read_text("utf-8")) for path in store.folder.iterdir()] == [("q8.toml", before)]


@pytest.mark.parametrize("profile", builtin(), ids=lambda profile: profile.name)
def test_a_shipped_profile_is_sound(profile: Profile) -> None:
    assert problems(profile) == ()
    assert profile.builtin
    assert profile.bind == "127.0.0.1"
    assert "/metrics" in (profile.flag("disable-access-log-for-endpoints") or "")


def test_the_five_shipped_profiles_are_there() -> None:
    assert {profile.model for profile in builtin()} == {
        "Qwen/Qwen3-0.6B",
        "Qwen/Qwen3-8B",
        "Qwen/Qwen3-8B-AWQ",
        "BAAI/bge-m3",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
    }


def test_dotted_repeated_and_bare_flags_come_back_as_they_were(store: ProfileStore) -> None:
    flags = (("compilation-config.mode", "3"), ("middleware", "a"), ("middleware", "b"), ("enforce-eager", None))
    store.save(Profile("q8", "a/b", flags=flags))
    again = store.get("q8")
    assert again is not None and again.flags == flags
    store.save(replace(again, flags=flags[:2]))
    again = store.get("q8")
    assert again is not None and again.flags == flags[:2]


def test_the_notes_of_shipped_profiles_are_the_ones_in_their_files() -> None:
    folder = Path(__file__).parents[2] / "profiles" / "builtin"
    assert {path.stem: tomllib.loads(path.read_text("utf-8"))["note"] for path in folder.glob("*.toml")} == NOTES


def test_a_profile_is_known_by_its_name_wherever_it_stands(store: ProfileStore) -> None:
    store.save(replace(load(WRITTEN, "q8"), name="mine"))
    (store.folder / "mine.toml").rename(store.folder / "other.toml")
    assert [store.has(name) for name in ("mine", builtin()[0].name, "other", "../mine", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_whether_there_is_a_profile_is_told_without_reading_what_did_not_change(
    store: ProfileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"mine-{number}" for number in range(20)]
    for name in names:
        store.save(replace(load(WRITTEN, "q8"), name=name))
    read: list[str] = []
    monkeypatch.setattr("profiles.store.load", lambda text, name, builtin=False: read.append(name) or load(text, name))
    assert all(store.has(name) for name in names) and not store.has("other")
    read.clear()
    assert all(store.has(name) for name in names) and not store.has("other") and not read
    (store.folder / "mine-7.toml").write_text('name = "theirs"\nmodel = "/m"\n', "utf-8")
    (store.folder / "mine-8.toml").unlink()
    (store.folder / "mine-9.toml").write_text("name = ", "utf-8")
    assert [store.has(name) for name in ("mine-7", "theirs", "mine-8", "mine-9", "mine-10")] == [
        False,
        True,
        False,
        False,
        True,
    ]
    assert sorted(read) == ["mine-7", "mine-9"]
