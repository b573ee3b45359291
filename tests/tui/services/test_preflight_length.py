"""The context length against the model's own: read as vLLM reads it, silent where nothing is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from profiles.paths import Kind, Place
from profiles.profile import Mount, Profile
from tests.fakes import FakeEngine
from tests.tui.services.test_preflight import model_folder
from tui.services.engine import ImageInfo
from tui.services.host import Host
from tui.services.preflight import check_context, preflight
from tui.services.preflight_length import check_length, longest_length, token_count

HERE = Place(Kind.LINUX)
LONGER = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"


def folder(place: Path, config: Any, **others: Any) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "config.json").write_text(json.dumps(config))
    for name, record in others.items():
        (place / f"{name}.json").write_text(json.dumps(record))
    return place


def asking(model: Path | str, length: str, *flags: tuple[str, str | None], **fields: Any) -> Profile:
    return Profile("m", str(model), flags=(("max-model-len", length), *flags), **fields)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("4096", 4096),
        (" 8k ", 8000),
        ("16K", 16384),
        ("1M", 1048576),
        ("1m", 1000000),
        ("25.6k", 25600),
        ("1.5K", None),
        ("auto", None),
        ("-1", None),
        ("", None),
        ("many", None),
    ],
)
def test_a_length_is_read_as_vllm_reads_it(text: str, tokens: int | None) -> None:
    assert token_count(text) == tokens


@pytest.mark.parametrize(
    ("config", "longest"),
    [
        ({"max_position_embeddings": 4096}, 4096),
        ({"n_positions": 1024}, 1024),
        ({"max_position_embeddings": 8192, "model_max_length": 131072}, 131072),
        ({"text_config": {"max_position_embeddings": 32768}, "max_position_embeddings": 77}, 32768),
        ({"max_position_embeddings": 4096, "rope_scaling": {"type": "linear", "factor": 4.0}}, 16384),
        ({"max_position_embeddings": 4096, "rope_parameters": {"rope_type": "default", "rope_theta": 1e4}}, 4096),
        ({"max_position_embeddings": 131072, "rope_scaling": {"rope_type": "llama3", "factor": 8.0}}, 131072),
        (
            {
                "max_position_embeddings": 32768,
                "rope_scaling": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768},
            },
            131072,
        ),
        (
            {
                "model_type": "gemma3_text",
                "max_position_embeddings": 131072,
                "rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8.0}},
            },
            131072,
        ),
        ({"max_position_embeddings": True}, None),
        ({"max_position_embeddings": "4096"}, None),
        ({"architectures": ["Qwen3ForCausalLM"]}, None),
        ([], None),
    ],
)
def test_the_models_own_length_is_read_from_its_config(tmp_path: Path, config: Any, longest: int | None) -> None:
    assert longest_length(folder(tmp_path / "m", config)) == longest


def test_a_sentence_transformer_is_as_long_as_it_says_itself(tmp_path: Path) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 512}, sentence_bert_config={"max_seq_length": 256})
    assert longest_length(model) == 256


def test_more_than_the_model_has_is_refused_with_the_number_that_fits(tmp_path: Path) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096})
    check = check_length(asking(model, "8k"), {}, HERE, True)
    assert check is not None
    assert (check.name, check.ok, check.offer) == ("--max-model-len", False, "4096")
    assert check.text == "8000 tokens are more than the model's own 4096: vLLM refuses to start."
    assert "4096" in check.mend and LONGER in check.mend


def test_of_a_length_given_twice_the_last_counts_as_for_vllm(tmp_path: Path) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096})
    assert check_length(asking(model, "9999", ("max-model-len", "4096")), {}, HERE, True) is None
    assert check_length(asking(model, "4096", ("max-model-len", "9999")), {}, HERE, True) is not None


def test_a_hub_model_is_looked_at_in_the_cache_that_is_mounted(tmp_path: Path) -> None:
    folder(tmp_path / "hub/models--Qwen--Q/snapshots/abc", {"max_position_embeddings": 2048})
    mounts = (Mount(str(tmp_path), "/root/.cache/huggingface"),)
    check = check_length(asking("Qwen/Q", "4096", mounts=mounts), {}, HERE, True)
    assert check is not None and check.offer == "2048"


@pytest.mark.parametrize(
    ("flags", "fields", "environ"),
    [
        ((("hf-overrides", "{}"),), {}, {}),
        ((("hf-overrides.rope_parameters.factor", "4"),), {}, {}),
        ((), {"env": ((LONGER, "1"),)}, {}),
        ((), {"env_names": (LONGER,)}, {LONGER: "true"}),
        ((), {"in_image": True}, {}),
        ((("revision", "v2"),), {}, {}),
        ((("code-revision", "v2"),), {}, {}),
        ((("hf-config-path", "/x"),), {}, {}),
    ],
    ids=[
        "overridden",
        "overridden in part",
        "allowed",
        "allowed by name",
        "in the image",
        "revision",
        "code",
        "config",
    ],
)
def test_where_it_may_be_meant_or_is_not_known_nothing_is_said(
    tmp_path: Path, flags: Any, fields: Any, environ: dict[str, str]
) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096})
    assert check_length(asking(model, "9999"), {}, HERE, True) is not None
    assert check_length(asking(model, "9999", *flags, **fields), environ, HERE, True) is None


@pytest.mark.parametrize("length", ["4096", "auto", "-1", "4k"])
def test_what_fits_is_not_spoken_of(tmp_path: Path, length: str) -> None:
    assert (
        check_length(asking(folder(tmp_path / "m", {"max_position_embeddings": 4096}), length), {}, HERE, True) is None
    )


def test_a_folder_of_another_machine_is_not_looked_at(tmp_path: Path) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096})
    assert check_length(asking(model, "9999"), {}, HERE, False) is None
    assert check_length(asking(tmp_path / "gone", "9999"), {}, HERE, True) is None


def test_a_folder_in_mistrals_own_format_is_left_to_vllm(tmp_path: Path) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096}, params={"max_position_embeddings": 131072})
    assert check_length(asking(model, "9999"), {}, HERE, True) is not None
    (model / "consolidated-00001-of-00001.safetensors").touch()
    assert check_length(asking(model, "9999"), {}, HERE, True) is None
    (model / "params.json").unlink()
    assert check_length(asking(model, "9999"), {}, HERE, True) is not None


@pytest.mark.parametrize(
    ("fields", "refused"),
    [({}, False), ({"env_names": (LONGER,)}, False), ({"env": ((LONGER, "0"),)}, True)],
    ids=["the image's", "by a name that is not set", "the profile's own"],
)
def test_what_the_image_allows_counts_where_the_profile_says_nothing_else(
    tmp_path: Path, fields: Any, refused: bool
) -> None:
    model = folder(tmp_path / "m", {"max_position_embeddings": 4096})
    check = check_length(asking(model, "9999", **fields), {}, HERE, True, {LONGER: "1"})
    assert (check is not None) == refused


@pytest.mark.parametrize("allowed", [False, True])
async def test_the_image_is_asked_before_a_launch_and_before_a_recreate(tmp_path: Path, allowed: bool) -> None:
    model = model_folder(tmp_path / "m")
    folder(model, {"architectures": ["Qwen3ForCausalLM"], "max_position_embeddings": 4096})
    profile, engine = asking(model, "9999", port=0), FakeEngine()
    own = {"Env": [f"{LONGER}=1"]} if allowed else {"Env": None}
    engine.image_list.append(ImageInfo("sha256:1", (profile.image,), 1, 0.0, own))
    host = Host("local", "local", engine)
    checks = await preflight(host, profile, {}, 5.0)
    assert ("--max-model-len" in {check.name for check in checks}) == (not allowed)
    assert (await check_context(host, profile, {}, HERE, 5.0) is None) == allowed


async def test_a_dead_engine_hides_nothing_of_what_the_files_tell(tmp_path: Path) -> None:
    model = model_folder(tmp_path / "m")
    folder(model, {"architectures": ["Qwen3ForCausalLM"], "max_position_embeddings": 4096})
    engine = FakeEngine()
    engine.dead = True
    checks = await preflight(Host("local", "local", engine), asking(model, "9999", port=0), {}, 5.0)
    assert {check.name: check.ok for check in checks}["--max-model-len"] is False


async def test_a_launch_is_stopped_by_it(tmp_path: Path) -> None:
    model = model_folder(tmp_path / "m")
    folder(model, {"architectures": ["Qwen3ForCausalLM"], "max_position_embeddings": 4096})
    checks = await preflight(Host("local", "local", FakeEngine()), asking(model, "999999", port=0), {}, 5.0)
    assert {check.name: check.ok for check in checks}["--max-model-len"] is False
