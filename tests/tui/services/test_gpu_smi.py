"""GPUs through nvidia-smi, from its recorded words."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gpu_ranges import assert_sound
from tui.services.gpu import Gpu, GpuAbsent, GpuProcess
from tui.services.gpu_command import run_here
from tui.services.gpu_smi import COLUMNS, NvidiaSmi, parse, parse_processes

DATA = Path(__file__).parents[2] / "data"
TWO = (DATA / "nvidia-smi-two.csv").read_text("utf-8")
GAPS = (DATA / "nvidia-smi-gaps.csv").read_text("utf-8")
APPS = """GPU-11111111-aaaa-bbbb-cccc-000000000001, 4321, 20480, VLLM::EngineCore
GPU-11111111-aaaa-bbbb-cccc-000000000001, 55, [N/A], /opt/venv/bin/python3
GPU-11111111-aaaa-bbbb-cccc-000000000001, 56, 12, [Not Found]
No running processes found
"""
MIB = 1 << 20
FIRST = Gpu(
    0,
    "NVIDIA GeForce RTX 4090",
    "GPU-11111111-aaaa-bbbb-cccc-000000000001",
    0.87,
    21504 * MIB,
    24564 * MIB,
    temperature=71.0,
    power=342.51,
    power_limit=450.0,
    clock=2520,
    clock_memory=10501,
    fan=0.62,
    throttle=("SW power cap",),
)


class Smi:
    """Answers as nvidia-smi does, and keeps what it was asked."""

    def __init__(self, text: str = TWO, code: int = 0, *, apps: str = APPS, unknown: Sequence[str] = ()) -> None:
        self.text, self.code, self.apps, self.unknown = text, code, apps, unknown
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, command: Sequence[str]) -> tuple[int, str]:
        self.asked.append(tuple(command))
        if command == ("cat", "/proc/meminfo"):
            return 0, "MemTotal:       131072 kB\nMemAvailable:    32768 kB\n"
        if command == ("nvidia-smi",):
            return 0, "| NVIDIA-SMI 570.124.06   Driver Version: 570.124.06   CUDA Version: 12.8 |"
        if "compute-apps" in command[1]:
            return 0, self.apps
        for field in self.unknown:
            if field in command[1]:
                return 2, f'Field "{field}" is not a valid field to query.\n'
        return self.code, self.text


def test_every_field_of_a_row() -> None:
    reading = parse(TWO)
    assert reading.gpus[0] == FIRST
    assert reading.driver == "570.124.06"


def test_a_name_may_hold_a_comma() -> None:
    second = parse(TWO).gpus[1]
    assert (second.name, second.throttle, second.ecc_errors) == ("NVIDIA RTX 6000, Ada Generation", (), 0)


def test_what_is_not_told_is_absent_and_never_zero() -> None:
    old, broken, _unified, _lost, mig, wreck = parse(GAPS).gpus
    name = "GPU-aaaaaaaa-0000-0000-0000-000000000000"
    assert old == Gpu(0, "GeForce 410M", name, None, 411 * MIB, 981 * MIB, temperature=52.0, fan=0.4)
    assert (broken.temperature, broken.power, broken.fan, broken.power_limit) == (None, None, None, 350.0)
    assert broken.throttle == ("HW thermal slowdown",)
    assert (mig.utilization, mig.ecc_errors, mig.throttle) == (None, 0, None)
    assert wreck == Gpu(5)


def test_a_lost_card_is_lost_and_the_others_are_not() -> None:
    troubles = {gpu.index: gpu.trouble for gpu in parse(GAPS).gpus}
    assert troubles == {0: None, 1: None, 2: None, 3: "lost", 4: None, 5: None}


def test_a_reading_has_the_processes_of_each_card() -> None:
    first, second = NvidiaSmi(Smi(), wsl=lambda: False).read().gpus
    assert first.processes == (
        GpuProcess(4321, 20480 * MIB, "VLLM::EngineCore"),
        GpuProcess(55, None, "python3"),
        GpuProcess(56, 12 * MIB, None),
    )
    assert second.processes == ()


@pytest.mark.parametrize(("wsl", "told"), [(True, None), (False, ())])
def test_an_empty_list_of_processes_tells_nothing_on_wsl2(wsl: bool, told: tuple[()] | None) -> None:
    reading = NvidiaSmi(Smi(apps=""), wsl=lambda: wsl).read()
    assert [gpu.processes for gpu in reading.gpus] == [told, told]


def test_in_a_container_no_processes_are_asked_for() -> None:
    smi = Smi()
    reading = NvidiaSmi(smi, processes=False).read()
    assert [gpu.processes for gpu in reading.gpus] == [None, None]
    assert not any("compute-apps" in word for command in smi.asked for word in command)


def test_shared_memory_is_that_of_the_machine() -> None:
    unified = NvidiaSmi(Smi(GAPS), processes=False).read().gpus[2]
    assert (unified.name, unified.shared) == ("NVIDIA GB10", True)
    assert (unified.memory_used, unified.memory_total) == (96 * MIB, 128 * MIB)


def test_cuda_is_asked_once() -> None:
    smi = Smi()
    source = NvidiaSmi(smi)
    assert [source.read().cuda, source.read().cuda] == ["12.8", "12.8"]
    assert smi.asked.count(("nvidia-smi",)) == 1


def test_a_column_that_is_unknown_is_asked_by_its_older_name_or_left_out() -> None:
    unknown = ("clocks_event_reasons.active", "ecc.errors.uncorrected.volatile.total")
    rows = TWO.replace("62, [N/A], 0x", "62, 0x").replace("30, 0, 0x", "30, 0x")
    smi = Smi(rows, unknown=unknown)
    source = NvidiaSmi(smi)
    assert source.read().gpus[0].throttle == ("SW power cap",)
    assert any("clocks_throttle_reasons.active" in command[-2] for command in smi.asked if len(command) > 2)
    before = len(smi.asked)
    assert source.read().gpus[1].ecc_errors is None
    assert len(smi.asked) == before + 2, "what is unknown is not asked again"


@pytest.mark.parametrize(
    ("code", "text", "sentence"),
    [
        (9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", "not loaded"),
        (18, "Failed to initialize NVML: Driver/library version mismatch", "was updated"),
        (15, "Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.", "lost a GPU"),
        (4, "Failed to initialize NVML: Insufficient Permissions", "may not talk"),
        (255, "Failed to initialize NVML: Unknown Error", "gives no answer (Failed to initialize NVML: Unknown Error)"),
        (124, "nvidia-smi: no answer within 10 s", "gives no answer (nvidia-smi: no answer within 10 s)"),
        (0, "No devices were found", "shows no GPU"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(code: int, text: str, sentence: str) -> None:
    with pytest.raises(GpuAbsent) as absent:
        NvidiaSmi(Smi(text, code)).read()
    assert sentence in str(absent.value)
    assert not absent.value.bare


def test_no_nvidia_smi_is_no_trouble() -> None:
    with pytest.raises(GpuAbsent) as absent:
        NvidiaSmi(Smi("sh: nvidia-smi: not found", 127)).read()
    assert absent.value.bare


def test_a_tool_is_run_here() -> None:
    assert run_here(("there-is-no-such-tool",))[0] == 127
    code, text = run_here(
        (sys.executable, "-c", "import sys; print('out'); print('why', file=sys.stderr); sys.exit(9)")
    )
    assert (code, text.split()) == (9, ["out", "why"])
    assert run_here((sys.executable, "-c", "import sys; print('out'); print('noise', file=sys.stderr)")) == (0, "out\n")


def test_the_tool_of_this_machine_is_found_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\ncase $1 in --query-gpu*) cat <<E\n{TWO}E\n;; *) echo 'CUDA Version: 12.8';; esac\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    reading = NvidiaSmi(wsl=lambda: False).read()
    assert (reading.gpus[0], reading.cuda) == (replace(FIRST, processes=()), "12.8")


CELLS = st.one_of(
    st.sampled_from(["[N/A]", "N/A", "[Not Supported]", "ERR!", "[Unknown Error]", "[GPU is lost]", "", "0x", "-5"]),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
    st.text(st.characters(exclude_characters="\n\r,"), max_size=20),
)


@given(st.lists(st.lists(CELLS, min_size=len(COLUMNS) - 2, max_size=len(COLUMNS) + 1).map(", ".join)).map("\n".join))
def test_any_table_is_read_without_a_failure(text: str) -> None:
    for gpu in parse(text).gpus:
        assert_sound(gpu)


@given(st.text())
def test_any_text_is_read_without_a_failure(text: str) -> None:
    parse(text)
    parse_processes(text)


@given(st.integers(0, 31), st.integers(0, 100), st.integers(0, 10**6), st.floats(0, 2000))
def test_what_was_written_is_read(index: int, percent: int, mebibytes: int, watts: float) -> None:
    cells = [str(index), "GPU-1", "570", str(percent), str(mebibytes), str(mebibytes), "40", f"{watts:.2f}"]
    (gpu,) = parse(", ".join([*cells, "400.00", "210", "405", "30", "0", "0x0", "A, card"])).gpus
    assert (gpu.index, gpu.utilization, gpu.memory_used) == (index, percent / 100, mebibytes * MIB)
    assert gpu.power == pytest.approx(watts, abs=0.01)
    assert gpu.name == "A, card"
