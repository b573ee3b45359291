"""Levels, messages, tracebacks, progress and polling of real logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui.insight.log_head import Level, read_heads
from tui.insight.log_reader import LogReader, ReadLines

DATA = Path(__file__).parents[2] / "data"


def recorded(name: str) -> list[bytes]:
    return (DATA / name).read_bytes().split(b"\n")[:-1]


def message(read: ReadLines, at: int) -> bytes:
    return read.texts[at][read.starts[at] :]


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        (b"(EngineCore pid=22) ERROR 11-24 00:23:55 [core.py:708] it broke", Level.ERROR, b"it broke"),
        (b"(EngineCore pid=2) (Worker_TP0 pid=3) WARNING 11-24 00:23:55 [a.py:1] w", Level.WARNING, b"w"),
        (b"INFO 11-24 00:23:55 [loggers.py:123] Engine 000", Level.INFO, b"Engine 000"),
        (b"DEBUG 11-24 00:23:55 no source", Level.DEBUG, b"no source"),
        (
            b'INFO:     127.0.0.1:5 - "POST /v1 HTTP/1.1" 200 OK',
            Level.INFO,
            b'127.0.0.1:5 - "POST /v1 HTTP/1.1" 200 OK',
        ),
        (b"CRITICAL:root:bad", Level.CRITICAL, b"root:bad"),
        (b"W1124 07:05:59.942000 1 torch/_library/triton.py:53] no triton", Level.WARNING, b"no triton"),
        (b"[W1124 07:06:17.715933083 utils.cpp:41] Warning: numa", Level.WARNING, b"Warning: numa"),
        (b"2026-11-24 07:06:00,123 - ERROR - words", Level.ERROR, b"words"),
        (b'(APIServer pid=1)   File "x.py", line 3', Level.NONE, b'  File "x.py", line 3'),
        (b"INFORMATION is no level", Level.NONE, b"INFORMATION is no level"),
        (b"", Level.NONE, b""),
    ],
)
def test_the_head_of_a_line_is_told_from_its_message(line: bytes, level: Level, text: bytes) -> None:
    levels, starts, _ = read_heads([line])
    assert (Level(levels[0]), line[starts[0] :]) == (level, text)


def test_a_real_failure_folds_to_its_exceptions() -> None:
    read = LogReader().read(recorded("fail-kv-cache.log"))
    left = [message(read, at) for at in range(len(read.texts)) if at not in read.heads]
    assert not any(line.startswith(b'  File "') for line in left[:-8])
    assert any(line.startswith(b"ValueError: To serve at least one request") for line in left)
    assert left[-1].startswith(b"RuntimeError: Engine core initialization failed")
    assert list(read.counts.values()) == [8, 11, 23]


def test_frames_of_one_process_stay_together_when_another_writes_between() -> None:
    lines = [
        b"Traceback (most recent call last):",
        b"(EngineCore pid=23) INFO 11-24 07:20:34 [a.py:1] meanwhile",
        b'  File "/a.py", line 1, in f',
        b"    g()",
        b"ValueError: no",
    ]
    read = LogReader().read(lines)
    assert dict(read.heads) == {2: 0, 3: 0}
    assert dict(read.counts) == {0: 1}


def test_chained_tracebacks_fold_one_by_one_and_the_sentence_between_stays() -> None:
    read = LogReader().read(recorded("fail-lora-missing.log"))
    visible = [message(read, at) for at in range(len(read.texts)) if at not in read.heads]
    assert b"The above exception was the direct cause of the following exception:" in visible
    assert any(line.startswith(b"vllm.exceptions.LoRAAdapterNotFoundError") for line in visible)
    assert len(read.counts) >= 4


def test_a_log_read_in_pieces_says_the_same_as_read_at_once() -> None:
    lines = recorded("fail-kv-cache.log")
    whole = LogReader().read(lines)
    reader, heads, passed = LogReader(), {}, set()
    for begin in range(0, len(lines), 7):
        read = reader.read(lines[begin : begin + 7])
        heads.update({begin + at: begin + head for at, head in read.heads.items()})
        passed |= {begin + at for at in read.passed}
    assert heads == dict(whole.heads)
    assert passed == set(whole.passed)


def test_overtaken_progress_is_told() -> None:
    read = LogReader().read(recorded("good-boot.log"))
    assert [b"checkpoint shards:" in read.texts[at] for at in read.passed] == [True, True]
    assert b"100% Completed" in read.texts[max(read.passed) + 1]


def test_polling_lines_are_told_and_real_requests_are_not() -> None:
    lines = [
        b'INFO:     172.17.0.1:1 - "GET /metrics HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "GET /health HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "GET /v1/models HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "GET /version HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "POST /v1/chat/completions?by=llmtui HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "POST /v1/chat/completions?by=llmtui HTTP/1.1" 500 Internal Server Error',
        b'INFO:     172.17.0.1:1 - "GET /health HTTP/1.1" 503 Service Unavailable',
        b'INFO:     172.17.0.1:1 - "POST /v1/chat/completions HTTP/1.1" 200 OK',
        b'INFO:     172.17.0.1:1 - "GET /metricsfoo HTTP/1.1" 200 OK',
    ]
    assert list(LogReader().read(lines).polls) == [0, 1, 2, 3, 4]


def test_a_terminals_log_reads_like_a_plain_one() -> None:
    terminal, plain = (LogReader().read(recorded(name)) for name in ("good-boot-tty.log", "good-boot.log"))
    words = {message(terminal, at).rstrip() for at in range(len(terminal.texts))}
    assert b"Application startup complete." in words
    assert not any(b"\x1b" in text or b"\r" in text for text in terminal.texts)
    assert terminal.levels.count(Level.WARNING) == plain.levels.count(Level.WARNING)


def test_an_unfinished_line_changes_nothing_of_what_is_remembered() -> None:
    reader = LogReader()
    reader.read([b"Traceback (most recent call last):"])
    assert reader.peek(b"ValueError: ha").texts == [b"ValueError: ha"]
    assert dict(reader.read([b'  File "x"']).heads) == {0: -1}


def test_after_a_divider_nothing_belongs_to_what_was_before() -> None:
    reader = LogReader()
    reader.read([b"Traceback (most recent call last):"])
    reader.divide()
    assert not reader.read([b'  File "x"']).heads
