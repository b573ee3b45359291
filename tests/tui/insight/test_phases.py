"""The phases of a boot, read from real logs."""

from __future__ import annotations

from pathlib import Path

from tui.insight.log_times import epoch_of
from tui.insight.phases import PHASES, SHARES, Boot, BootReader, measured

DATA = Path(__file__).parents[2] / "data"


def read(name: str, failed: bool = False) -> Boot:
    reader, last = None, 0.0
    for line in (DATA / name).read_text("utf-8", "replace").splitlines():
        stamp, _, text = line.partition(" ")
        time = epoch_of(stamp)
        if time is None:
            continue
        reader = reader or BootReader(time)
        reader.feed(time, text)
        last = time
    assert reader is not None
    return reader.boot(last, failed=failed)


def test_a_good_boot_goes_through_every_phase_and_is_ready() -> None:
    boot = read("good-boot.log")
    assert boot.ready and not boot.failed and boot.current is None
    assert [phase.state for phase in boot.phases] == ["done"] * len(PHASES)
    assert abs(sum(phase.seconds or 0 for phase in boot.phases) - boot.seconds) < 0.01


def test_a_context_that_does_not_fit_fails_in_the_kv_cache_phase() -> None:
    boot = read("fail-kv-cache.log")
    assert boot.failed and boot.current is not None
    assert boot.current.name == "KV cache"


def test_a_log_that_just_stops_fails_in_the_phase_it_reached() -> None:
    boot = read("fail-oom-killed.log", failed=True)
    assert boot.current is not None and boot.current.name == "engine"


def test_the_shard_that_is_being_loaded_gives_the_fraction() -> None:
    reader = BootReader(0.0)
    reader.feed(1.0, "(Worker pid=32) INFO Starting to load model /models/m...")
    reader.feed(2.0, "Loading safetensors checkpoint shards:  41% Completed | 2/5 [00:01<00:02]")
    current = reader.boot(3.0).current
    assert current is not None
    assert (current.name, current.state, current.fraction) == ("weights", "running", 0.41)


def test_a_second_start_in_the_same_log_begins_anew() -> None:
    reader = BootReader(0.0)
    for time, text in enumerate(
        ("Starting to load model x", "Engine core initialization failed", "vLLM API server version 0.11")
    ):
        reader.feed(float(time), text)
    boot = reader.boot(3.0)
    assert not boot.failed
    assert boot.current is not None and boot.current.name == "config"


def test_nothing_read_yet_is_the_first_phase_running() -> None:
    boot = BootReader(5.0).boot(7.5)
    assert boot.seconds == 2.5
    assert boot.current is not None and boot.current.name == PHASES[0]


def test_nothing_after_the_ready_mark_changes_the_boot() -> None:
    reader = BootReader(0.0)
    reader.feed(1.0, "Starting to load model /models/m...")
    reader.feed(5.0, "INFO:     Application startup complete.")
    before = reader.boot(6.0)
    reader.feed(7.0, "Engine core initialization failed")
    reader.feed(8.0, "Capturing CUDA graphs:  41%")
    assert reader.boot(9.0) == before
    assert before.ready_at == before.seconds == 5.0


def test_what_a_phase_usually_takes_is_what_it_took_in_the_last_good_boot_else_a_share() -> None:
    boot, good = BootReader(5.0).boot(7.5), read("good-boot.log")
    assert [phase.usual for phase in measured(boot, good).phases] == [phase.seconds or 0.0 for phase in good.phases]
    assert measured(boot, good).last_good == good.seconds
    assert tuple(SHARES) == PHASES and abs(sum(SHARES.values()) - 1.0) < 1e-9
    assert [phase.usual for phase in measured(boot, None).phases] == list(SHARES.values())
