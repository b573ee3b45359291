"""Reading GPUs once a second, whatever the sources do."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tui.services.gpu import Gpu, GpuAbsent, GpuProcess, GpuReading, GpuSource, GpuView, MigSlice
from tui.services.gpu_json import as_records
from tui.services.gpus import READINGS, Gpus

CARD = Gpu(0, "A card", utilization=0.5, memory_used=25, memory_total=100, processes=(GpuProcess(7, 5, "python3"),))


class Fake:
    """A source that does what it is told."""

    def __init__(self, name: str, answer: Callable[[], GpuReading]) -> None:
        self.name = name
        self.answer = answer
        self.readings = 0

    def read(self) -> GpuReading:
        self.readings += 1
        return self.answer()


def cards(*gpus: Gpu) -> Callable[[], GpuReading]:
    return lambda: GpuReading(gpus, "570", "12.8")


def absent(sentence: str, mend: str = "", bare: bool = False) -> Callable[[], GpuReading]:
    def raises() -> GpuReading:
        raise GpuAbsent(sentence, mend, bare=bare)

    return raises


@pytest.fixture
def started() -> Iterator[Callable[..., tuple[Gpus, queue.Queue[GpuView]]]]:
    running: list[Gpus] = []

    def start(*sources: GpuSource, **how: Any) -> tuple[Gpus, queue.Queue[GpuView]]:
        gpus = Gpus(sources, every=0.01, **how)
        views: queue.Queue[GpuView] = queue.Queue()
        running.append(gpus)
        gpus.start(views.put)
        return gpus, views

    yield start
    for gpus in running:
        gpus.close()


def test_one_reading_says_what_the_first_source_with_cards_says() -> None:
    second = Fake("nvidia-smi", cards(CARD))
    began = time.time()
    view = Gpus([Fake("NVML", absent("There is no driver", bare=True)), second, Fake("amd-smi", cards())]).once()
    assert (view.gpus, view.source, view.driver, view.cuda, view.trouble) == (
        (CARD,),
        "nvidia-smi",
        "570",
        "12.8",
        None,
    )
    assert began <= view.at <= time.time()
    assert view.history[0].utilization == (0.5,)
    assert view.history[0].memory == (0.25,)


def test_what_is_wrong_is_told_before_what_is_only_missing() -> None:
    gone = absent("The driver is not loaded", "Restart the machine.")
    view = Gpus([Fake("NVML", absent("There is no driver", bare=True)), Fake("nvidia-smi", gone)]).once()
    assert (view.gpus, view.source, view.trouble) == ((), "", "The driver is not loaded. Restart the machine")


def test_where_there_is_nothing_one_line_says_so() -> None:
    bare = [Fake(name, absent(f"There is no {name}", bare=True)) for name in ("NVML", "nvidia-smi", "amd-smi")]
    assert Gpus(bare).once().trouble == "No GPU is seen here: there is neither an NVIDIA driver nor amd-smi"
    assert Gpus(bare[:1]).once().trouble == "There is no NVML"


def test_a_source_that_answers_nonsense_gives_way_to_the_next() -> None:
    def broken() -> GpuReading:
        raise KeyError("memory")

    assert Gpus([Fake("NVML", broken), Fake("nvidia-smi", cards(CARD))]).once().gpus == (CARD,)
    assert Gpus([Fake("NVML", broken)]).once().trouble == "NVML answers nonsense (KeyError: 'memory')"


def test_a_source_that_had_nothing_is_left_alone_for_a_while() -> None:
    first = Fake("NVML", absent("There is no driver", bare=True))
    gpus = Gpus([first, Fake("nvidia-smi", cards(CARD))], again=0.05)
    for _reading in range(3):
        gpus.once()
    assert first.readings == 1
    first.answer = cards(CARD)
    deadline = time.monotonic() + 5
    while gpus.once().source != "NVML":
        assert time.monotonic() < deadline


def test_processes_get_their_owners_at_every_reading() -> None:
    owners: dict[int, str] = {}
    gpus = Gpus([Fake("NVML", cards(CARD))], lambda: owners)
    seen = []
    for name in (None, "qwen3", "smol"):
        owners |= {7: name} if name else {}
        (process,) = gpus.once().gpus[0].processes or ()
        seen.append(process.owner)
    assert seen == [None, "qwen3", "smol"]


def test_the_history_keeps_the_last_minute_oldest_first() -> None:
    shares = iter(range(READINGS + 5))
    gpus = Gpus([Fake("NVML", lambda: GpuReading((Gpu(0, utilization=next(shares) / 100),)))])
    for _reading in range(READINGS + 4):
        gpus.once()
    history = gpus.once().history[0]
    assert history.utilization == tuple(share / 100 for share in range(5, READINGS + 5))
    assert history.memory == (None,) * READINGS


def test_a_reading_without_cards_is_a_gap_and_a_card_that_is_gone_is_forgotten() -> None:
    source = Fake("NVML", cards(CARD, Gpu(1, utilization=0.1)))
    gpus = Gpus([source], again=0)
    gpus.once()
    source.answer = absent("The driver is not loaded")
    assert {index: one.utilization for index, one in gpus.once().history.items()} == {0: (0.5, None), 1: (0.1, None)}
    source.answer = cards(CARD)
    assert {index: one.utilization for index, one in gpus.once().history.items()} == {0: (0.5, None, 0.5)}


def test_a_source_that_hangs_is_told_and_found_again(started: Callable[..., tuple[Gpus, queue.Queue[GpuView]]]) -> None:
    free = threading.Event()

    def hanging() -> GpuReading:
        free.wait(20)
        return GpuReading((CARD,))

    source = Fake("NVML", hanging)
    _gpus, views = started(source, patience=0.05)
    for _view in range(2):
        trouble = views.get(timeout=5).trouble
        assert trouble is not None
        assert trouble.startswith("NVML has not answered")
    assert source.readings == 1, "a question that hangs is not put a second time"
    free.set()
    while not (view := views.get(timeout=5)).gpus:
        pass
    assert (view.gpus, view.trouble) == ((CARD,), None)


def test_closing_waits_for_nothing_and_tells_nothing_more(
    started: Callable[..., tuple[Gpus, queue.Queue[GpuView]]],
) -> None:
    reading, free = threading.Event(), threading.Event()

    def hanging() -> GpuReading:
        reading.set()
        free.wait(20)
        return GpuReading((CARD,))

    gpus, views = started(Fake("NVML", hanging), patience=10)
    assert reading.wait(5)
    began = time.monotonic()
    gpus.close()
    assert time.monotonic() - began < 0.5
    free.set()
    with pytest.raises(queue.Empty):
        views.get(timeout=0.2)


def test_readings_go_on_in_a_thread_that_keeps_nobody_alive(
    started: Callable[..., tuple[Gpus, queue.Queue[GpuView]]],
) -> None:
    _gpus, views = started(Fake("NVML", cards(CARD)))
    lengths = [len(views.get(timeout=5).history[0].utilization) for _view in range(3)]
    assert lengths == [1, 2, 3]
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("gpu"))


def test_a_slow_source_is_given_rest(started: Callable[..., tuple[Gpus, queue.Queue[GpuView]]]) -> None:
    def slow() -> GpuReading:
        time.sleep(0.05)
        return GpuReading((CARD,))

    _gpus, views = started(Fake("nvidia-smi", slow))
    first, second = views.get(timeout=5), views.get(timeout=5)
    assert second.at - first.at > 0.4


def test_records_for_json_hold_every_field_and_null_for_what_is_absent() -> None:
    card = Gpu(1, mig=(MigSlice(0, "1g.10gb"),), processes=(GpuProcess(7, owner="qwen3"),), throttle=())
    (record,) = json.loads(json.dumps(as_records(GpuView((card,)))))
    assert record == {
        "index": 1,
        "name": None,
        "uuid": None,
        "utilization": None,
        "memory_used": None,
        "memory_total": None,
        "shared": False,
        "temperature": None,
        "power": None,
        "power_limit": None,
        "clock": None,
        "clock_memory": None,
        "fan": None,
        "ecc_errors": None,
        "throttle": [],
        "mig": [{"index": 0, "profile": "1g.10gb", "uuid": None, "memory_used": None, "memory_total": None}],
        "processes": [{"pid": 7, "memory": None, "name": None, "owner": "qwen3"}],
        "trouble": None,
    }
    assert as_records(GpuView()) == []
