"""GPUs through NVIDIA's own binding, over a library that plays the cards."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.nvml_stub.build import LIBRARY, build, compiler
from tests.nvml_stub.cards import CARDS, DESKTOP, GIB, LOST, MIG, UNIFIED, WSL2, Card, without
from tests.nvml_stub.stubbed import ROOT, Stubbed

Reader = Callable[..., Stubbed]

DESKTOP_CARD = {
    "index": 0,
    "name": "NVIDIA GeForce RTX 4090",
    "uuid": "GPU-11111111-aaaa-bbbb-cccc-000000000001",
    "utilization": 0.87,
    "memory_used": 21 * GIB,
    "memory_total": 24 * GIB,
    "shared": False,
    "temperature": 71.0,
    "power": 342.5,
    "power_limit": 450.0,
    "clock": 2520,
    "clock_memory": 10501,
    "fan": 0.62,
    "ecc_errors": None,
    "throttle": ["SW power cap"],
    "mig": [],
    "processes": [
        {"pid": 900, "memory": GIB // 2, "name": "Xorg", "owner": None},
        {"pid": 4321, "memory": 20 * GIB, "name": "VLLM::EngineCore", "owner": None},
    ],
    "trouble": None,
}
IDLE_CARD = {
    "index": 1,
    "name": "NVIDIA RTX 6000 Ada Generation",
    "uuid": "GPU-22222222-aaaa-bbbb-cccc-000000000002",
    "utilization": 0.0,
    "memory_used": 3_145_728,
    "memory_total": 48 * GIB,
    "shared": False,
    "temperature": 34.0,
    "power": 18.123,
    "power_limit": 300.0,
    "clock": 210,
    "clock_memory": 405,
    "fan": 0.0,
    "ecc_errors": 2,
    "throttle": [],
    "mig": [],
    "processes": [],
    "trouble": None,
}
SILENT = dict.fromkeys(IDLE_CARD) | {"shared": False, "mig": []}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if compiler() is None:
        pytest.skip("there is no C compiler (cc or gcc)")
    folder = tmp_path_factory.mktemp("nvml")
    build(folder / "new")
    build(folder / "old", old_driver=True)
    return folder


@pytest.fixture
def reader(libraries: Path, tmp_path: Path) -> Iterator[Reader]:
    readers: list[Stubbed] = []

    def start(card: Card, driver: str | None = "new", **how: Any) -> Stubbed:
        if driver is not None and not (tmp_path / LIBRARY).exists():
            shutil.copy(libraries / driver / LIBRARY, tmp_path / LIBRARY)
        readers.append(Stubbed(tmp_path, card, **how))
        return readers[-1]

    yield start
    for one in readers:
        assert one.close() == 0


def test_every_field_of_two_cards(reader: Reader) -> None:
    reading = reader(DESKTOP).say()
    assert reading == {"gpus": [DESKTOP_CARD, IDLE_CARD], "driver": "570.124.06", "cuda": "12.8"}


@pytest.mark.parametrize("error", ["!3", "!4", "!13", "!16", "!999", "!12345"])
def test_what_one_question_does_not_answer_is_absent_alone(error: str, reader: Reader) -> None:
    one = reader(DESKTOP)
    fields = {
        field: field for field in ("utilization", "temperature", "power", "power_limit", "clock", "fan", "throttle")
    }
    for asked, field in (fields | {"clock_memory": "clock_memory", "uuid": "uuid", "name": "name"}).items():
        one.put(without(DESKTOP, 0, **{asked: error}))
        assert one.say()["gpus"] == [DESKTOP_CARD | {field: None}, IDLE_CARD]
    one.put(without(DESKTOP, 0, compute=error))
    assert one.say()["gpus"] == [DESKTOP_CARD | {"processes": None}, IDLE_CARD]


def test_an_old_driver_without_the_newer_functions(reader: Reader) -> None:
    first, second = reader(DESKTOP, "old").say()["gpus"]
    alone = [{"pid": 4321, "memory": 20 * GIB, "name": "VLLM::EngineCore", "owner": None}]
    assert first == DESKTOP_CARD | {"memory_used": 21 * GIB + 400_000_000, "processes": alone}
    assert second == IDLE_CARD | {"memory_used": 500_000_000}


def test_a_temperature_that_only_the_newest_question_knows(reader: Reader) -> None:
    card = without(DESKTOP, 0, "temperature", temperature_v=55)
    assert reader(card).say()["gpus"][0] == DESKTOP_CARD | {"temperature": 55.0}


def test_a_fan_above_its_rating_is_full(reader: Reader) -> None:
    assert reader(without(DESKTOP, 0, fan=112)).say()["gpus"][0]["fan"] == 1.0


def test_every_reason_that_holds_the_clocks_down_is_named(reader: Reader) -> None:
    said = reader(without(DESKTOP, 0, throttle=0x7FF)).say()["gpus"][0]["throttle"]
    assert said == [
        "SW power cap",
        "HW slowdown",
        "SW thermal slowdown",
        "HW thermal slowdown",
        "HW power brake",
        "board limit",
        "reliability",
    ]


def test_wsl2_tells_no_processes(reader: Reader) -> None:
    (card,) = reader(WSL2).say()["gpus"]
    assert card["processes"] is None
    told = {"utilization": 0.12, "memory_used": 2 * GIB, "temperature": 48.0, "power": 14.0, "clock": 1980}
    assert card | told == card
    assert [card[field] for field in ("power_limit", "fan", "ecc_errors")] == [None] * 3


def test_an_empty_list_of_processes_tells_nothing_on_wsl2_only(reader: Reader) -> None:
    none = without(WSL2, 0, compute=[], graphics=[])
    assert reader(none, wsl=True).say()["gpus"][0]["processes"] is None
    assert reader(none, wsl=False).say()["gpus"][0]["processes"] == []


def test_a_process_whose_memory_is_not_told(reader: Reader) -> None:
    (card,) = reader(without(WSL2, 0, compute=[{"pid": 12}])).say()["gpus"]
    assert card["processes"] == [{"pid": 12, "memory": None, "name": None, "owner": None}]


def test_mig_slices_have_memory_of_their_own_and_the_card_has_no_utilization(reader: Reader) -> None:
    (card,) = reader(MIG).say()["gpus"]
    uuid = "MIG-00000000-aaaa-bbbb-cccc-00000000000"
    assert card["mig"] == [
        {"index": 0, "profile": "3g.40gb", "uuid": f"{uuid}1", "memory_used": 29 * GIB, "memory_total": 40 * GIB},
        {"index": 2, "profile": "1g.10gb", "uuid": f"{uuid}2", "memory_used": 1 * GIB, "memory_total": 10 * GIB},
    ]
    assert card["utilization"] is None
    assert (card["memory_used"], card["memory_total"]) == (30 * GIB, 80 * GIB)
    assert card["processes"] == [{"pid": 77, "memory": 28 * GIB, "name": "python3", "owner": None}]


def test_a_card_without_memory_of_its_own_shares_the_machines(reader: Reader) -> None:
    (card,) = reader(UNIFIED).say()["gpus"]
    assert (card["memory_used"], card["memory_total"], card["shared"]) == (96 << 20, 128 << 20, True)
    assert card["processes"] == [{"pid": 5000, "memory": 70 * GIB, "name": "VLLM::EngineCore", "owner": None}]


@pytest.mark.parametrize(
    "memory", [{"memory_total": "!4"}, {"memory_total": "!999"}, {"memory_total": 5, "memory_used_v1": "!4"}]
)
def test_memory_that_is_only_refused_is_not_taken_for_shared(memory: dict[str, Any], reader: Reader) -> None:
    (card,) = reader(without(UNIFIED, 0, **memory)).say()["gpus"]
    assert (card["memory_used"], card["memory_total"], card["shared"]) == (None, None, False)


def test_a_card_that_is_lost_keeps_its_name_and_the_other_goes_on(reader: Reader) -> None:
    one = reader(DESKTOP)
    assert one.say()["gpus"] == [DESKTOP_CARD, IDLE_CARD]
    one.put(without(DESKTOP, 1, all=LOST))
    lost = SILENT | {"index": 1, "name": IDLE_CARD["name"], "uuid": IDLE_CARD["uuid"], "trouble": "lost"}
    for _reading in range(3):
        assert one.say()["gpus"] == [DESKTOP_CARD, lost]


def test_a_card_that_came_back_is_seen_when_nvml_is_opened_anew_every_half_minute(reader: Reader) -> None:
    one = reader(DESKTOP)
    one.put(without(DESKTOP, 1, all=LOST))
    assert [one.say()["gpus"][1]["trouble"] for _reading in range(2)] == ["lost", "lost"]
    one.put(DESKTOP)
    assert one.say("clock 29")["gpus"][1]["trouble"] == "lost"
    assert one.say("clock 31")["gpus"][1]["trouble"] == "lost"
    assert one.say()["gpus"] == [DESKTOP_CARD, IDLE_CARD]


def test_a_card_is_lost_whichever_question_tells(reader: Reader) -> None:
    one = reader(DESKTOP)
    for question in ("handle", "power", "memory_used", "uuid", "graphics", "mig_mode"):
        one.put(without(DESKTOP, 0, **{question: LOST}))
        first, second = one.say()["gpus"]
        assert (first["index"], first["trouble"], first["power"], second) == (0, "lost", None, IDLE_CARD)


def test_nvml_is_opened_anew_when_the_driver_was_loaded_again(reader: Reader) -> None:
    one = reader(DESKTOP)
    one.say()
    one.put({**without(DESKTOP, 0, utilization=3), "driver": "575.51", "stale": 1})
    reading = one.say()
    assert (reading["gpus"][0]["utilization"], reading["driver"]) == (0.03, "575.51")


def test_what_ends_for_good_is_told_and_then_found_again(reader: Reader) -> None:
    one = reader(DESKTOP)
    one.say()
    one.put({**DESKTOP, "stale": 1, "init": "!9"})
    assert one.say()["absent"].startswith("The NVIDIA driver is not loaded")
    one.put(DESKTOP)
    assert one.say()["gpus"] == [DESKTOP_CARD, IDLE_CARD]


def test_a_driver_that_goes_in_the_middle_of_a_reading_is_no_row_of_gaps(reader: Reader) -> None:
    one = reader(DESKTOP)
    one.say()
    one.put(without(DESKTOP, 0, power="!9"))
    assert one.say()["absent"].startswith("The NVIDIA driver is not loaded")


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ("mismatch", "The NVIDIA driver was updated while the old one still runs. Restart the machine"),
        ("not-loaded", "The NVIDIA driver is not loaded. Restart the machine, or run: modprobe nvidia"),
        ("no-permission", "This user may not talk to the NVIDIA driver. Ask for access to /dev/nvidiactl"),
        ("none", "The NVIDIA driver shows no GPU. Run nvidia-smi"),
    ],
)
def test_a_driver_in_trouble_says_so_in_one_sentence(card: str, sentence: str, reader: Reader) -> None:
    absent = reader(CARDS[card]).say()
    assert absent["absent"].startswith(sentence)
    assert not absent["bare"]


def test_an_error_that_nobody_knows_is_told_in_nvidias_words(reader: Reader) -> None:
    assert "Unknown Error" in reader({"init": "!999"}).say()["absent"]


def test_no_driver_is_no_trouble(reader: Reader) -> None:
    if ctypes.util.find_library("nvidia-ml"):
        pytest.skip("this machine has a real NVIDIA driver")
    assert reader(DESKTOP, None).say() == {"absent": "There is no NVIDIA driver here", "bare": True}


def test_a_driver_that_hangs_holds_up_nobody(reader: Reader) -> None:
    one = reader(CARDS["hang"])
    for _reading in range(2):
        view = one.say("once")
        assert view["gpus"] is None, "nothing was read, which is not the same as no card"
        assert view["trouble"].startswith("NVML has not answered for ")


def test_a_view_names_the_owners_and_the_source(reader: Reader) -> None:
    view = reader(DESKTOP).say("once")
    owners = [process["owner"] for process in view["gpus"][0]["processes"]]
    assert (owners, view["source"], view["trouble"]) == ([None, "qwen3"], "NVML", None)


def test_a_reading_costs_little(reader: Reader) -> None:
    assert min(reader(DESKTOP).say("cost 50") for _turn in range(2)) < 5


def test_the_stub_can_be_put_before_any_program(libraries: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.nvml_stub", str(tmp_path), "busy"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"export LD_LIBRARY_PATH={tmp_path}")
    assert lines[1] == f"export NVML_STUB_CARDS={tmp_path / 'cards.txt'}"
    assert (tmp_path / LIBRARY).exists()
    script = "import pynvml as n; n.nvmlInit(); print(n.nvmlDeviceGetCount())"
    shell = f"{done.stdout}\nexec {sys.executable} -c '{script}'"
    seen = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert seen.stdout == "2\n"
