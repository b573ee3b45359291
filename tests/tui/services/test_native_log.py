"""A process's log is followed in its file, in the journal, or it is said why it cannot be."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.serve_command import parse
from tests.tui.services.proc_tree import Tree
from tui.services.docker_logs import LONGEST, SHOWN
from tui.services.engine import LogBatch
from tui.services.errors import ServiceError
from tui.services.native_boot import BootLog
from tui.services.native_log import BLOCK, FileSource, JournalSource, LineCutter, LogPlace, log_place
from tui.services.native_scan import Native

COMMAND = parse(("vllm", "serve", "m"))
assert COMMAND is not None
SERVER = Native(10, 100, 0.0, COMMAND, 0)


class Reading:
    """Reads a source in a thread."""

    def __init__(self, source: FileSource | JournalSource) -> None:
        self.source = source
        self.lines: list[bytes] = []
        self.partial = b""
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for batch in self.source:
            self._take(batch)

    def _take(self, batch: LogBatch) -> None:
        self.lines += batch.lines
        self.partial = batch.partial

    def wait(self, *lines: bytes) -> None:
        until = time.monotonic() + 8
        while self.lines != list(lines):
            assert time.monotonic() < until, self.lines
            threading.Event().wait(0.01)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "vllm.log"
    path.write_bytes(b"one\ntwo\n")
    return path


@pytest.fixture
def reading(log: Path) -> Iterator[Reading]:
    reading = Reading(FileSource(str(log), str(log)))
    yield reading
    reading.source.close()


def test_what_is_appended_follows(log: Path, reading: Reading) -> None:
    reading.wait(b"one", b"two")
    with log.open("ab") as file:
        file.write(b"three\nfou")
        file.flush()
        reading.wait(b"one", b"two", b"three")
        file.write(b"r\n")
    reading.wait(b"one", b"two", b"three", b"four")


def test_a_file_that_was_emptied_is_read_from_its_beginning(log: Path, reading: Reading) -> None:
    reading.wait(b"one", b"two")
    log.write_bytes(b"new\n")
    reading.wait(b"one", b"two", b"new")


def test_a_file_that_was_moved_away_is_still_followed(log: Path, reading: Reading) -> None:
    reading.wait(b"one", b"two")
    with log.open("ab") as file:
        log.rename(log.with_suffix(".1"))
        log.write_bytes(b"of somebody else\n")
        file.write(b"three\n")
    reading.wait(b"one", b"two", b"three")


def test_only_the_last_lines_are_read_where_only_they_are_wanted(log: Path) -> None:
    log.write_bytes(b"".join(b"%d\n" % number for number in range(5000)))
    reading = Reading(FileSource(str(log), str(log), tail=2))
    reading.wait(b"4998", b"4999")
    reading.source.close()


def test_a_file_that_is_gone_is_told() -> None:
    with pytest.raises(ServiceError, match="/no/such"):
        list(FileSource("/no/such", "/no/such"))


def test_lines_of_the_journal_carry_their_time(tmp_path: Path) -> None:
    program = tmp_path / "journalctl"
    program.write_text('#!/bin/sh\necho "2026-11-24T12:55:18+0100 host vllm[12]: INFO: ready"\nexec sleep 60\n')
    program.chmod(0o755)
    reading = Reading(JournalSource("vllm.service", 0.0, program=str(program)))
    reading.wait(b"2026-11-24T12:55:18+01:00 INFO: ready")
    reading.source.close()


def test_a_journal_that_cannot_be_read_is_told() -> None:
    with pytest.raises(ServiceError, match="journal"):
        list(JournalSource("vllm.service", 0.0, program="/no/such/program"))


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        (("pipe:[1]", "pipe:[1]"), "pipe"),
        (("/dev/pts/3", "/dev/pts/3"), "terminal"),
        (("/dev/null", "/dev/null"), "/dev/null"),
        (("socket:[4]", "socket:[4]"), "socket"),
        ((None, None), "another user"),
    ],
)
def test_where_there_is_no_log_it_is_said_why(
    tmp_path: Path, outputs: tuple[str | None, str | None], words: str
) -> None:
    tree = Tree(tmp_path / "proc")
    assert words in log_place(replace(SERVER, outputs=outputs), tree.proc).why


def test_the_log_is_the_file_that_it_writes_to(tmp_path: Path, log: Path) -> None:
    tree = Tree(tmp_path / "proc")
    tree.add(10, "vllm", "serve", "m")
    tree.write_to(10, ["pipe:[1]", str(log)])
    place = log_place(replace(SERVER, outputs=("pipe:[1]", str(log))), tree.proc)
    assert (place.name, place.why) == (str(log), "")
    assert Path(place.path).read_bytes() == b"one\ntwo\n"


def test_a_systemd_units_log_is_in_the_journal(tmp_path: Path) -> None:
    server = replace(SERVER, unit="vllm.service", outputs=("socket:[4]", "socket:[4]"))
    assert log_place(server, Tree(tmp_path / "proc").proc).unit == "vllm.service"


async def test_a_boot_is_read_piece_by_piece_and_without_what_an_earlier_run_wrote(log: Path) -> None:
    began = time.mktime((2026, 11, 24, 12, 0, 0, 0, 0, -1))
    log.write_bytes(b"INFO 11-24 11:00:00 [a.py:1] old\nINFO 11-24 12:00:05 [a.py:1] first\nno time\n")
    boot = BootLog(LogPlace(str(log), str(log)), began, ThreadPoolExecutor(1))
    assert await boot.since(None) == [
        (began + 5, "INFO 11-24 12:00:05 [a.py:1] first"),
        (began + 5, "no time"),
    ]
    with log.open("ab") as file:
        file.write(b"INFO 11-24 12:00:05 [a.py:1] second\n")
    assert await boot.since(began + 5) == [(began + 5, "INFO 11-24 12:00:05 [a.py:1] second")]


async def test_a_boot_log_that_is_gone_is_an_error_that_the_watch_knows(tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    with pytest.raises(ServiceError):
        await BootLog(LogPlace(gone, gone), 0.0, ThreadPoolExecutor(1)).since(None)


def test_a_line_without_an_end_is_read_with_little_work_and_ended_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "vllm.log"
    path.write_bytes(b"x" * (40 << 20) + b"\r\nend\n")
    batches = list(FileSource(str(path), str(path), go_on=False))
    assert sum(len(batch.partial) for batch in batches) <= len(batches) * SHOWN
    lines = [line for batch in batches for line in batch.lines]
    assert max(map(len, lines)) <= LONGEST + BLOCK
    assert b"".join(lines) == b"x" * (40 << 20) + b"end"


@given(st.lists(st.text("ab\n", max_size=5).map(str.encode)))
def test_lines_are_cut_the_same_however_they_come(blocks: list[bytes]) -> None:
    cutter, lines, partial = LineCutter(), list[bytes](), b""
    for block in blocks:
        batch = cutter.feed(block)
        lines += batch.lines
        partial = bytes(batch.partial)
    assert [*lines, partial] == b"".join(blocks).split(b"\n")
