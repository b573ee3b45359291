"""What a catalogue holds, and its ways from the image's answer to the disk and back."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest

from profiles.catalogue import MARK, CatalogueError, Kind, Source, bundled, dumps, from_help, from_image, loads, script
from profiles.catalogue.bundled import pack

HELP = "options:\n" + "\n".join(f"  --flag-{n} FLAG_{n}\n                        Help of {n}." for n in range(30))
HELP += """

ModelConfig:
  What it is for.

  --dtype {auto,half}   The type. (default: auto)
  --trust-remote-code, --no-trust-remote-code
                        Trust. (default: False)
  --tensor-parallel-size TENSOR_PARALLEL_SIZE, -tp TENSOR_PARALLEL_SIZE
                        Cards.
  --served-model-name SERVED_MODEL_NAME [SERVED_MODEL_NAME ...]
                        Names.
"""


def test_the_shipped_catalogue_knows_flags_types_choices_and_help() -> None:
    known = bundled()
    assert known.source is Source.BUNDLED
    assert known.version.startswith("0.32")
    assert len(known.flags) >= 300
    assert all(flag.help for flag in known.flags)
    assert known.by_name["tensor-parallel-size"].kind is Kind.INT
    assert known.by_name["gpu-memory-utilization"].range_text == "0 < x ≤ 1"
    assert known.by_name["gpu-memory-utilization"].default == 0.92
    assert "half" in known.by_name["dtype"].choices
    assert "awq" in known.by_name["quantization"].choices
    assert "hermes" in known.by_name["tool-call-parser"].choices
    assert "safetensors" in known.by_name["load-format"].choices
    assert "mode" in known.by_name["compilation-config"].keys
    assert known.by_name["served-model-name"].several
    assert known.by_name["enable-prefix-caching"].twin
    assert known.by_name["log-config-file"].deprecated
    assert "VLLM_API_KEY" in known.env
    assert "VLLM_GPU_MEM_FRACTION" not in known.env


def test_a_catalogue_survives_its_form_on_disk() -> None:
    known = bundled()
    again = loads(dumps(known))
    assert again.flags == known.flags
    assert dict(again.env) == dict(known.env)
    assert gzip.decompress(pack(replace(known, source=Source.IMAGE))).decode() == dumps(known)


def test_what_the_script_prints_is_read_between_its_marks() -> None:
    told = {
        "names": ["--max-num-seqs", "-s"], "dest": "max_num_seqs", "type": "optional:int", "range": {"ge": 1},
        "action": "StoreAction", "nargs": None, "default": 8, "help": "How many.", "group": "SchedulerConfig",
    }  # fmt: skip
    place = {"names": ["model_tag"], "dest": "model_tag"}
    text = json.dumps({"vllm": "0.9", "flags": [told, place], "env": {"VLLM_X": ""}})
    read = from_image(f"noise\n{MARK}\n{text[:40]}\n{text[40:]}\n{MARK}\nmore", MARK)
    assert (read.version, [flag.name for flag in read.flags], dict(read.env)) == (
        "0.9",
        ["max-num-seqs"],
        {"VLLM_X": ""},
    )
    assert (read.flags[0].kind, read.flags[0].optional, read.flags[0].low) == (Kind.INT, True, 1)


@pytest.mark.parametrize("text", ["", "x", f"{MARK}\nnull\n{MARK}", f"{MARK}\n{{}}\n{MARK}", f"{MARK}\n[1\n{MARK}"])
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(CatalogueError):
        from_image(text, MARK)
    with pytest.raises(CatalogueError):
        loads(text)


def test_a_help_text_gives_names_choices_and_help() -> None:
    read = from_help(HELP)
    assert read.source is Source.HELP
    assert read.by_name["dtype"].choices == ("auto", "half")
    assert read.by_name["dtype"].default == "auto"
    assert read.by_name["trust-remote-code"].is_switch and read.by_name["trust-remote-code"].twin
    assert read.by_name["tensor-parallel-size"].short == ("tp",)
    assert read.by_name["served-model-name"].several
    assert read.by_name["dtype"].group == "ModelConfig"
    with pytest.raises(CatalogueError):
        from_help("usage: something else")


def test_the_script_is_plain_python_that_knows_nothing_of_us() -> None:
    compile(script(), "script", "exec")
    assert "import profiles" not in script()
    assert "from profiles" not in script()
