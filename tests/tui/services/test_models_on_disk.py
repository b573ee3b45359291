"""Finding models on disk: what is one, what is wrong with it, and that nothing on a disk can hang or break the search."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.services.models_on_disk_look import look

NOWHERE = Path("/nowhere/hub")


def safetensors(size: int = 4, written: int | None = None) -> bytes:
    """A weights file whose header promises `size` bytes."""
    header = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    return len(header).to_bytes(8, "little") + header + b"x" * (size if written is None else written)


def model(folder: Path, **config: Any) -> Path:
    """A whole model's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {"architectures": ["Qwen3ForCausalLM"], "torch_dtype": "bfloat16", **config}
    (folder / "config.json").write_text(json.dumps(told))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(safetensors())
    return folder


def test_a_whole_model(tmp_path: Path) -> None:
    found = look(model(tmp_path / "qwen"))
    assert (found.name, found.architecture, found.dtype, found.kind, found.problem) == (
        "qwen",
        "Qwen3ForCausalLM",
        "bfloat16",
        "chat",
        "",
    )
    assert found.size == len(safetensors())


@pytest.mark.parametrize(
    ("config", "dtype"),
    [
        ({"quantization_config": {"quant_method": "awq"}}, "awq"),
        ({"torch_dtype": None, "dtype": "float16"}, "float16"),
        ({"torch_dtype": "torch.float32"}, "float32"),
        ({"torch_dtype": None, "text_config": {"dtype": "bfloat16"}}, "bfloat16"),
        ({"torch_dtype": 16}, ""),
        ({"quantization_config": "awq"}, "bfloat16"),
    ],
)
def test_how_the_weights_are_stored(config: dict[str, Any], dtype: str, tmp_path: Path) -> None:
    assert look(model(tmp_path / "m", **config)).dtype == dtype


@pytest.mark.parametrize(
    ("architecture", "file", "kind"),
    [
        ("BertModel", "", "embedding"),
        ("Qwen3ForCausalLM", "modules.json", "embedding"),
        ("Qwen3ForCausalLM", "", "chat"),
        ("Qwen2_5_VLForConditionalGeneration", "", "chat"),
    ],
)
def test_an_embedding_model_is_guessed(architecture: str, file: str, kind: str, tmp_path: Path) -> None:
    folder = model(tmp_path / "m", architectures=[architecture])
    if file:
        (folder / file).write_text("[]")
    assert look(folder).kind == kind


def truncate(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(safetensors(100, 10))


def missing_shard(folder: Path) -> None:
    index = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def pointer(folder: Path) -> None:
    (folder / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")


def config_pointer(folder: Path) -> None:
    (folder / "config.json").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def incomplete(folder: Path) -> None:
    (folder / "x.safetensors.incomplete").write_text("")


def incomplete_in_the_cache(folder: Path) -> None:
    (folder / ".cache/huggingface/download").mkdir(parents=True)
    (folder / ".cache/huggingface/download/abc.incomplete").write_text("")


def dead_link(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").symlink_to("/nowhere")


def pipe(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    os.mkfifo(folder / "model.safetensors")


def config_pipe(folder: Path) -> None:
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")


def huge_config(folder: Path) -> None:
    with (folder / "config.json").open("wb") as file:
        file.truncate(5_000_000)


def deep_config(folder: Path) -> None:
    (folder / "config.json").write_text("[" * 100_000)


def garbage(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\xff" * 64)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (truncate, "is cut off"),
        (missing_shard, "1 weight file of the index is missing: model-00002"),
        (pointer, "git-lfs pointer"),
        (config_pointer, "git-lfs pointer"),
        (no_tokenizer, "no tokenizer"),
        (no_weights, "no weights"),
        (no_config, "config.json is missing"),
        (incomplete, "partly downloaded"),
        (incomplete_in_the_cache, "partly downloaded"),
        (dead_link, "a file that is gone"),
        (pipe, "not a plain file"),
        (config_pipe, "cannot be read as JSON"),
        (huge_config, "cannot be read as JSON"),
        (deep_config, "cannot be read as JSON"),
        (garbage, "cut off or damaged"),
    ],
)
def test_what_is_wrong_is_said(harm: Callable[[Path], None], words: str, tmp_path: Path) -> None:
    folder = model(tmp_path / "m")
    harm(folder)
    assert words in look(folder).problem


def test_no_folder_an_empty_one_and_a_file(tmp_path: Path) -> None:
    assert "does not exist" in look(tmp_path / "none").problem
    assert "empty" in look(tmp_path).problem
    (tmp_path / "file").write_text("")
    assert "not a model's folder" in look(tmp_path / "file").problem


def test_a_cache_folder_is_told_from_the_model_in_it(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "snapshots").mkdir()
    assert "without a finished snapshot" in look(tmp_path).problem
    model(tmp_path / "snapshots" / "abc")
    assert str(tmp_path / "snapshots" / "abc") in look(tmp_path).problem


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(["architectures", "model_type", "quantization_config", "dtype", "torch_dtype", "text_config"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(fields, json_values) | json_values)
def test_no_config_breaks_the_look(tmp_path_factory: pytest.TempPathFactory, config: Any) -> None:
    folder = model(tmp_path_factory.mktemp("m"))
    (folder / "config.json").write_text(json.dumps(config))
    found = look(folder)
    assert all(isinstance(text, str) for text in (found.architecture, found.dtype, found.problem))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), json_values)
def test_no_weights_and_no_index_break_the_look(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, index: Any
) -> None:
    folder = model(tmp_path_factory.mktemp("m"))
    header = json.dumps(index).encode()
    (folder / "model.safetensors").write_bytes(data)
    (folder / "b.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))
    assert isinstance(look(folder).problem, str)
