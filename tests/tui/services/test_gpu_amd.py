"""GPUs through amd-smi, from its recorded words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gpu_ranges import assert_sound
from tui.services.gpu import Gpu, GpuAbsent
from tui.services.gpu_amd import AmdSmi, parse

DATA = Path(__file__).parents[2] / "data"
MIB = 1 << 20


def recorded(name: str) -> str:
    return (DATA / name).read_text("utf-8")


def test_every_field_in_the_shape_of_rocm_6() -> None:
    reading = parse(recorded("amd-smi-metric-6.json"), recorded("amd-smi-static-6.json"))
    assert reading.driver == "6.8.5"
    assert reading.gpus == (
        Gpu(
            0,
            "AMD Instinct MI300X OAM",
            None,
            0.93,
            150000 * MIB,
            196592 * MIB,
            temperature=63.0,
            power=612.0,
            power_limit=750.0,
            clock=2104,
            clock_memory=1300,
            ecc_errors=1,
            throttle=(),
        ),
        Gpu(
            1,
            "Radeon RX 7900 XTX",
            None,
            None,
            12 * 1024 * MIB,
            24560 * MIB,
            temperature=48.0,
            power_limit=303.0,
            fan=0.2,
            throttle=("throttled",),
        ),
    )


def test_every_field_in_the_shape_of_rocm_7_behind_a_warning() -> None:
    reading = parse(recorded("amd-smi-metric-7.txt"), recorded("amd-smi-static-7.json"))
    assert reading.driver == "6.14.14"
    assert reading.gpus == (
        Gpu(
            0,
            "AMD Instinct MI355X",
            None,
            0.07,
            283 * MIB,
            294896 * MIB,
            temperature=39.0,
            power=139.0,
            power_limit=1400.0,
            clock=132,
            clock_memory=900,
        ),
    )


def test_a_number_may_stand_with_its_unit_in_one_text() -> None:
    (gpu,) = parse('[{"gpu": 3, "power": {"average_socket_power": "43 W"}, "mem_usage": {"used_vram": "2 GB"}}]').gpus
    assert (gpu.index, gpu.power, gpu.memory_used) == (3, 43.0, 2048 * MIB)


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-5", "1e300", "true", "null", '"N/A"', '"-"', "[]", '{"value": {}}']
)
def test_what_is_no_number_of_this_world_is_absent(value: str) -> None:
    text = f'[{{"power": {{"socket_power": {value}}}, "usage": {{"gfx_activity": {{"value": {value}, "unit": "%"}}}}}}]'
    assert parse(text).gpus == (Gpu(0),)


def answering(metric: tuple[int, str], asked: list[str]) -> Any:
    def run(command: Sequence[str]) -> tuple[int, str]:
        asked.append(command[1])
        return metric if command[1] == "metric" else (0, recorded("amd-smi-static-6.json"))

    return run


def test_what_never_changes_is_asked_once() -> None:
    asked: list[str] = []
    source = AmdSmi(answering((0, recorded("amd-smi-metric-6.json")), asked))
    assert [source.read().gpus[0].name, source.read().gpus[0].name] == ["AMD Instinct MI300X OAM"] * 2
    assert asked == ["metric", "static", "metric"]


@pytest.mark.parametrize(
    ("code", "text", "bare", "sentence"),
    [
        (127, "", True, "There is no amd-smi here"),
        (0, "[]", False, "amd-smi shows no GPU"),
        (1, "Unable to initialize\nthe driver", False, "amd-smi shows no GPU (Unable to initialize the driver)"),
    ],
)
def test_nothing_to_tell_is_told(code: int, text: str, bare: bool, sentence: str) -> None:
    with pytest.raises(GpuAbsent) as absent:
        AmdSmi(answering((code, text), [])).read()
    assert (str(absent.value), absent.value.bare) == (sentence, bare)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("N/A"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["value", "unit", "clk"]), inner),
    max_leaves=6,
)
GROUPS = st.dictionaries(
    st.sampled_from(["gfx_activity", "used_vram", "total_vram", "edge", "socket_power", "gfx_0", "throttle_status"]),
    VALUES,
)
ROWS = st.dictionaries(
    st.sampled_from(["gpu", "usage", "mem_usage", "temperature", "power", "clock", "fan", "ecc", "asic", "limit"]),
    GROUPS | VALUES,
)
DOCUMENTS = st.lists(ROWS, max_size=3) | st.lists(ROWS).map(lambda rows: {"gpu_data": rows}) | VALUES


@given(DOCUMENTS, DOCUMENTS)
def test_any_document_is_read_without_a_failure(metric: Any, static: Any) -> None:
    for gpu in parse(json.dumps(metric), json.dumps(static)).gpus:
        assert_sound(gpu)


@given(st.text())
def test_any_text_is_read_without_a_failure(text: str) -> None:
    parse(text, text)
