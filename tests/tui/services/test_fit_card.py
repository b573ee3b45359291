"""Which card a launch is reckoned for, and what a model's folder says of its weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from profiles.fit.records import GIB, Card
from profiles.profile import Profile
from tui.services.fit_card import card_of, ram
from tui.services.gpu import Gpu
from tui.services.models_on_disk_weights import facts, header

CARDS = (
    Gpu(0, "RTX 4090", "GPU-a", memory_total=24 * GIB, memory_used=2 * GIB),
    Gpu(1, "RTX 3090", "GPU-b", memory_total=23 * GIB, memory_used=GIB),
)


@pytest.mark.parametrize(
    ("gpus", "card"),
    [
        ("all", Card(23, 22, "RTX 4090")),
        ("device=0", Card(24, 22, "RTX 4090")),
        ('"device=1"', Card(23, 22, "RTX 3090")),
        ("device=GPU-b", Card(23, 22, "RTX 3090")),
        ("device=0,1", Card(23, 22, "RTX 4090")),
        ("device=7", Card()),
    ],
)
def test_the_smallest_of_the_cards_that_are_taken_counts(gpus: str, card: Card) -> None:
    assert card_of(CARDS, Profile("x", "m", gpus=gpus)) == card


def test_a_card_that_says_nothing_of_its_memory_stays_unknown() -> None:
    assert card_of((Gpu(0, "RTX"),), Profile("x", "m")) == Card(name="RTX")


def test_this_machines_memory_is_read(tmp_path: Path) -> None:
    file = tmp_path / "meminfo"
    file.write_text("MemTotal: 16777216 kB\nMemFree: x\nMemAvailable: 8388608 kB\n")
    assert ram(file) == Card(16.0, 8.0, "CPU")
    assert ram(tmp_path / "none") == Card()


def test_a_folder_gives_config_and_headers_together(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        json.dumps({"model_type": "llama", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 2})
    )
    safetensors(tmp_path / "model.safetensors", {"model.layers.0.mlp.up_proj.weight": 128})
    safetensors(tmp_path / "consolidated.safetensors", {"layers.0.feed_forward.w1.weight": 128})
    found = facts(tmp_path)
    assert found.hidden == 8 and found.files is not None
    assert found.files.parameters == 64


def test_other_kinds_of_files_are_counted_by_their_size(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"x" * 100)
    assert facts(tmp_path).total == 50


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\xff" * 20, b"\x02\x00\x00\x00\x00\x00\x00\x00[]", b"\x02\x00\x00\x00\x00\x00\x00\x00{x"]
)
def test_a_damaged_file_has_no_header(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(data)
    assert header(file) == {}
    assert facts(tmp_path).files is None


def test_a_folder_that_is_not_there_says_nothing(tmp_path: Path) -> None:
    assert facts(tmp_path / "none").blocks == ()


def safetensors(path: Path, sizes: dict[str, int]) -> None:
    record, start = {}, 0
    for name, size in sizes.items():
        record[name] = {"dtype": "BF16", "shape": [size // 2], "data_offsets": [start, start + size]}
        start += size
    head = json.dumps(record).encode()
    path.write_bytes(len(head).to_bytes(8, "little") + head + b"\0" * start)
