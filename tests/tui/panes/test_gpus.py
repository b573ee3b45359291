"""What the GPUs' panel makes of a reading."""

from __future__ import annotations

from tui.panes.gpus import rows
from tui.services.gpu import Gpu, GpuHistory, GpuProcess, GpuView, MigSlice

GIB = 1 << 30


def test_a_card_is_called_by_what_tells_it_from_others() -> None:
    cards = (
        Gpu(0, "NVIDIA GeForce RTX 4090"),
        Gpu(1, "NVIDIA H100 80GB HBM3", mig=(MigSlice(0), MigSlice(1))),
        Gpu(2, "NVIDIA GB10", shared=True),
        Gpu(3, "AMD Radeon RX 7900 XTX"),
        Gpu(4, "NVIDIA"),
        Gpu(5),
    )
    names = [row.name for row in rows(GpuView(cards))]
    assert names == ["RTX 4090", "H100 80GB HBM3 · MIG 2×", "GB10 · shares RAM", "Radeon RX 7900 XTX", "NVIDIA", None]


def test_the_processes_of_one_server_are_one_holder_and_the_greatest_comes_first() -> None:
    processes = (
        GpuProcess(1, GIB, "/usr/bin/Xwayland"),
        GpuProcess(2, 4 * GIB, "VLLM::EngineCore", "qwen3-8b"),
        GpuProcess(3, 2 * GIB, "VLLM::Worker", "qwen3-8b"),
        GpuProcess(4, None, None),
    )
    (row,) = rows(GpuView((Gpu(0, processes=processes),)))
    assert row.holders is not None
    assert [(one.name, one.memory) for one in row.holders] == [
        ("qwen3-8b", 6 * GIB),
        ("Xwayland", GIB),
        ("pid 4", None),
    ]


def test_who_holds_memory_is_unknown_where_the_driver_does_not_say() -> None:
    silent, idle = rows(GpuView((Gpu(0, processes=None), Gpu(1, processes=()))))
    assert silent.holders is None
    assert idle.holders == ()


def test_what_is_wrong_with_a_card_is_said() -> None:
    slow, lost = rows(GpuView((Gpu(0, throttle=("SW power cap",), ecc_errors=2), Gpu(1, trouble="lost"))))
    assert slow.careful == ("slowed down: SW power cap", "2 memory errors")
    assert not slow.lost
    assert "no longer reaches it" in lost.lost


def test_heat_is_said_from_where_it_matters() -> None:
    cool, hot = rows(GpuView((Gpu(0, temperature=84.4), Gpu(1, temperature=91))))
    assert cool.careful == ()
    assert hot.careful == ("hot: 91 °C",)


def test_the_slices_of_a_card_are_its_parts() -> None:
    (row,) = rows(GpuView((Gpu(0, mig=(MigSlice(0, "3g.40gb", None, 2 * GIB, 40 * GIB), MigSlice(2))),)))
    assert [(part.name, part.used, part.total) for part in row.parts] == [
        ("3g.40gb", 2 * GIB, 40 * GIB),
        ("MIG 2", None, None),
    ]


def test_the_last_minute_is_that_of_the_card_itself() -> None:
    view = GpuView((Gpu(0), Gpu(3)), history={3: GpuHistory((0.1, None), (0.5, 0.5))})
    assert [row.history for row in rows(view)] == [(), (0.1, None)]
