"""Which boot counts, what is no failure, what the container's state adds; and nothing ever frightens a healthy log."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.insight.causes.logs import (
    FAMILIES,
    NEW,
    OLD,
    V1,
    Style,
    begin,
    engine_failure,
    healthy,
    runtime_failure,
    traceback,
)
from tests.tui.insight.causes.wordings import OLD_OOM, OOM
from tui.insight.causes.diagnose import as_record, diagnose_bytes
from tui.insight.causes.records import Diagnosis, State
from tui.insight.causes.scan import Scanner

DATA = Path(__file__).parents[3] / "data"
KEPT = {
    # A kept log -> its cause and the line of its root; logs like those of docker run and docker logs, names made up.
    "max-len-too-long-qwen3-131072-v011": ("max-len-too-long", 49),
    "model-path-not-mounted-v011": ("model-path-missing", 63),
    "cpu-port-in-use": ("port-in-use", 38),
    "host-oom-engine-killed-minus9-wsl-v032": ("host-oom-killed", 92),
    "no-gpus-flag-failed-to-infer-v011": ("gpu-not-visible", 48),
    "needs-trust-remote-code-config-v085": ("needs-trust-remote-code", 10),
    "tp-not-divisible-28-heads-v011": ("tp-not-divisible", 50),
    "fp8-on-v100-v032": ("quant-unsupported-gpu", 58),
    "ok-client-disconnect-aborted-v011": (None, None),
}
STOP = "(APIServer pid=1) INFO 11-03 10:00:00 [launcher.py:99] Shutting down FastAPI HTTP server.\n"
DIED = "ERROR 12-19 18:21:58 [core_client.py:564] Engine core proc EngineCore_DP0 died unexpectedly, shutting down client.\n"
FAILED, GOOD, LOADING = engine_failure(V1, OOM), healthy(V1), healthy(V1, "load")


def cause(log: str, **state: Any) -> str | None:
    """Diagnose a text."""
    found = diagnose_bytes(log.encode(), State.of(state) if state else None)
    return found.cause if found is not None else None


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_log_gives_its_cause_and_line(name: str) -> None:
    found = diagnose_bytes((DATA / "failures" / f"{name}.txt").read_bytes())
    assert (found.cause if found else None, found.line if found else None) == KEPT[name]


@pytest.mark.parametrize(
    ("log", "wanted"), [(FAILED + GOOD, None), (GOOD + FAILED, "oom-weights"), (FAILED * 4, "oom-weights")]
)
def test_the_newest_boot_counts(log: str, wanted: str | None) -> None:
    assert cause(log) == wanted


@pytest.mark.parametrize(
    ("log", "state", "wanted"),
    [
        (LOADING, {}, None),
        (LOADING, {"Status": "running", "Running": True, "ExitCode": 0}, None),
        (LOADING, {"Status": "exited", "ExitCode": 137, "OOMKilled": False}, "host-oom-killed"),
        (LOADING, {"Status": "exited", "ExitCode": 1, "OOMKilled": True}, "host-oom-killed"),
        (LOADING, {"Status": "exited", "ExitCode": 1}, "unknown"),
        (GOOD, {"Status": "exited", "ExitCode": 137, "OOMKilled": True}, "host-oom-killed"),
        (GOOD, {"Status": "exited", "ExitCode": 143}, None),
        (GOOD + STOP, {"Status": "exited", "ExitCode": 0}, None),
        (GOOD + STOP, {"Status": "exited", "ExitCode": 137}, None),
        (GOOD + STOP + DIED, {"Status": "exited", "ExitCode": 0}, None),
        (GOOD + DIED, {}, "unknown"),
        ("", {"Status": "exited", "ExitCode": 1}, "unknown"),
        ("", {}, None),
    ],
)
def test_the_state_of_the_container_is_heard(log: str, state: dict[str, Any], wanted: str | None) -> None:
    assert cause(log, **state) == wanted


def test_the_engines_own_error_is_read_where_there_is_no_log() -> None:
    found = diagnose_bytes(
        b"", State.of({"ExitCode": 128, "Error": "Bind for 0.0.0.0:8000 failed: port is already allocated"})
    )
    assert found is not None
    assert (found.cause, found.line, found.values["port"]) == ("port-in-use", None, "8000")


def test_a_stop_in_the_middle_of_a_boot_is_no_failure() -> None:
    lines = [*begin(Style(V1), upto="load"), *traceback(("x.py main",), "KeyboardInterrupt: terminated")]
    assert cause("\n".join(lines)) is None


def test_a_request_that_failed_is_no_failure_and_not_the_reason_of_a_later_one() -> None:
    request = "\n".join(["ERROR:    Exception in ASGI application", *traceback(("a/b.py f",), OOM)]) + "\n"
    assert cause(GOOD + request) is None
    dead = runtime_failure(V1, "TimeoutError: RPC call to execute_model timed out.").split("startup complete.\n")[1]
    assert cause(GOOD + request + dead) == "engine-stalled"


def test_full_shared_memory_is_narrower_than_nccl() -> None:
    log = engine_failure(
        V1, "RuntimeError: NCCL error: unhandled system error (run with NCCL_DEBUG=INFO for details)", upto="engine"
    )
    warning = "box:1:2 [0] misc/shmutils.cc:87 NCCL WARN Error: failed to extend /dev/shm/nccl-b to 33030532 bytes, error: No space left"
    assert cause(log) == "nccl-error"
    assert cause(log.replace("Initializing a V1", f"x\n{warning}\nInitializing a V1", 1)) == "shm-too-small"


def test_what_was_survived_is_not_the_reason() -> None:
    hub = "ERROR 05-30 12:01:22 config.py:103] Error retrieving file list: HTTPSConnectionPool(host='huggingface.co'): Read timed out."
    lines = [*begin(Style(OLD)), hub, *engine_failure(OLD, OLD_OOM).split("\n")[2:]]
    found = diagnose_bytes("\n".join(lines).encode())
    assert found is not None
    assert (found.cause, found.also) == ("oom-weights", ("hub-interrupted",))


@pytest.mark.parametrize(
    "dressed",
    [
        lambda log: "\n".join(f"vllm-1  | {line}" for line in log.split("\n")),
        lambda log: "\n".join(f"2025-11-24T07:05:59.942668482Z {line}" for line in log.split("\n")),
        lambda log: log.replace("\n", "\r\n"),
        lambda log: log.replace("(EngineCore_DP0 pid=88)", "\x1b[1;36m(EngineCore_DP0 pid=88)\x1b[0;0m"),
        lambda log: "\n".join(log.split("\n")[12:]),
    ],
    ids=["compose", "timestamps", "terminal", "colours", "cut at the top"],
)
def test_what_is_put_around_a_log_does_not_matter(dressed: Any) -> None:
    assert cause(dressed(FAILED)) == "oom-weights"


def test_a_failure_that_nobody_knows_gives_its_most_telling_line() -> None:
    log = engine_failure(NEW, "ZeroDivisionError: division by zero")
    record = as_record(diagnose_bytes(log.encode()))
    assert record["cause"] == "unknown"
    assert "ZeroDivisionError" in log.split("\n")[record["line"] - 1]
    assert "division by zero" in record["detail"]


def test_a_long_log_is_read_in_pieces_of_any_size_to_the_same_end() -> None:
    log = (GOOD + '(APIServer pid=1) INFO:     172.17.0.1:1 - "GET /health HTTP/1.1" 200 OK\n' * 40_000).encode()
    dead = (
        runtime_failure(V1, "RuntimeError: CUDA error: unspecified launch failure")
        .split("startup complete.\n")[1]
        .encode()
    )
    found = diagnose_bytes(log + dead)
    assert found is not None
    assert found.cause == "cuda-launch-failure"
    assert b"unspecified launch failure" in (log + dead).split(b"\n")[(found.line or 0) - 1]


@given(st.binary(max_size=400), st.integers(1, 60))
def test_the_scanner_finds_every_line_whatever_the_pieces(noise: bytes, size: int) -> None:
    text = noise.replace(b"needle", b"") + b"\nhere a needle lies\n" + noise.replace(b"needle", b"")
    scanner = Scanner((b"needle",), ())
    found = [one for at in range(0, len(text), size) for one in scanner.feed(text[at : at + size])] + scanner.finish()
    assert [one.number for one in found] == [noise.replace(b"needle", b"").count(b"\n") + 2]


def broken(log: bytes, other: bytes, chance: random.Random) -> bytes:
    """Cut, mix or flip a log."""
    kind = chance.randrange(4)
    if kind == 0:
        return log[: chance.randrange(len(log))]
    if kind == 1:
        return log[chance.randrange(len(log)) :]
    if kind == 2:
        flipped = bytearray(log)
        for _ in range(40):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        return bytes(flipped)
    both = [log.split(b"\n"), other.split(b"\n")]
    mixed: list[bytes] = []
    while both[0] or both[1]:
        mixed += [side.pop(0) for side in both if side and chance.random() < 0.5]
    return b"\n".join(mixed)


def named(found: Diagnosis | None) -> str | None:
    """The cause, but for the unknown: a log cut so that only an engine's end is left does show a failure."""
    return None if found is None or found.cause == "unknown" else found.cause


def test_a_broken_healthy_log_never_has_a_cause() -> None:
    good = [(DATA / name).read_bytes() for name in ("good-boot.log", "good-boot-tty.log")] + [
        healthy(one).encode() for one in FAMILIES
    ]
    chance = random.Random(4)
    for _ in range(300):
        log = broken(chance.choice(good), chance.choice(good), chance)
        assert named(diagnose_bytes(log)) is None, log


def test_a_broken_failed_log_never_breaks_the_reader() -> None:
    logs = [path.read_bytes() for path in (DATA / "failures").glob("*.txt")]
    chance = random.Random(5)
    for _ in range(200):
        as_record(diagnose_bytes(broken(chance.choice(logs), chance.choice(logs), chance)))
