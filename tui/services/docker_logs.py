"""A container's log as batches of lines, cut from what the engine sends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from struct import Struct

from tui.services.docker_streams import ByteStream
from tui.services.engine import LogBatch

FRAME = Struct(">BxxxL").unpack_from
PIECE = 16384
"""Docker cuts a longer line into pieces of this size and puts a timestamp before each."""
LONGEST = 16 << 20
"""A line that grows longer is ended here, in bytes."""
SHOWN = 65536
"""Most bytes of an unfinished line that a batch carries; of a longer one its newest."""
STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) ")


class LogSource:
    """A `Source[LogBatch]`.

    It ends when the container ends, but also, without an error, when the engine goes away in the middle: whoever reads
    must inspect the container before he says that it stopped.
    """

    def __init__(self, stream: ByteStream, gate: Callable[[], AbstractContextManager[None]]) -> None:
        self._stream = stream
        self._gate = gate

    def __iter__(self) -> Iterator[LogBatch]:
        with self._gate():
            yield from self._batches()

    def close(self) -> None:
        """End the reading at once."""
        self._stream.close()

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        return self._stream.closed

    def _batches(self) -> Iterator[LogBatch]:
        cutter: FrameCutter | RawCutter | None = None
        head = b""
        answered = False
        try:
            for block in self._stream:
                answered = True
                if cutter is None:
                    head += block
                    if len(head) < 4:
                        continue
                    cutter = cutter_for(head, self._stream.server)
                    batch = cutter.feed(head)
                else:
                    batch = cutter.feed(block)
                if batch.lines or batch.partial:
                    yield batch
        except ConnectionError:
            if not answered:
                raise
        if cutter is not None and (last := cutter.finish()).lines:
            yield last


def cutter_for(head: bytes, server: str = "") -> FrameCutter | RawCutter:
    """Choose by the first bytes: a frame's header starts 0-2, 0, 0, 0; a terminal's output with a timestamp's digit."""
    if head[0] <= 2 and head[1:4] == b"\0\0\0":
        return FrameCutter(joins_all=server.startswith("Libpod"))
    return RawCutter(joins_all=server.startswith("Libpod"))


class FrameCutter:
    """Cuts the multiplexed stream of a container without a terminal.

    stdout and stderr keep an unfinished line each. A piece of a long line is joined with its next one, without that one's
    timestamp. A piece shorter than Docker's is the end of a process that did not finish its line, so what follows is
    a new line; with `joins_all` (Podman, whose pieces have any length) it is joined too.
    """

    def __init__(self, joins_all: bool = False) -> None:
        self._joins_all = joins_all
        self._rest = b""
        self._open: dict[int, bytearray] = {}
        self._latest = 0

    def feed(self, data: bytes) -> LogBatch:
        """Take a block, give the lines that it completes."""
        if self._rest:
            data = self._rest + data
        lines: list[bytes] = []
        append, find, unfinished = lines.append, data.find, self._open
        position, size = 0, len(data)
        while (start := position + 8) <= size:
            kind, length = FRAME(data, position)
            end = start + length
            if end > size:
                break
            if not unfinished and find(b"\n", start, end) == end - 1:
                append(data[start : end - 1])
            else:
                self._piece(kind, data[start:end], lines)
            position = end
        self._rest = data[position:]
        return LogBatch(lines, self._partial())

    def finish(self) -> LogBatch:
        """Give what never got its newline."""
        lines = [bytes(line) for line in self._open.values()]
        self._open.clear()
        return LogBatch(lines)

    def _piece(self, kind: int, piece: bytes, lines: list[bytes]) -> None:
        text, newline, more = piece.partition(b"\n")
        before = self._open.get(kind)
        if before is not None:
            stamp = stamp_length(text)
            if self._joins_all or _is_full(len(before)):
                before += text[stamp:]
            else:
                lines.append(bytes(before))
                before[:] = text
        elif newline:
            lines.append(text)
        elif text:
            self._open[kind] = before = bytearray(text)
            self._latest = kind
        if before is not None and (newline or len(before) > LONGEST):
            lines.append(bytes(before))
            del self._open[kind]
        if more:
            self._piece(kind, more, lines)

    def _partial(self) -> bytes:
        if not self._open:
            return b""
        return shortened(self._open.get(self._latest) or next(iter(self._open.values())))


class RawCutter:
    """Cuts what a container with a terminal wrote: bare bytes, where the inner timestamps stand at a known distance.

    With `joins_all` (Podman) they may stand anywhere.
    """

    def __init__(self, joins_all: bool = False) -> None:
        self._rest = bytearray()
        self._join = joined_anywhere if joins_all else joined
        self._longest_plain = 0 if joins_all else PIECE

    def feed(self, data: bytes) -> LogBatch:
        """Take a block, give the lines that it completes."""
        rest = self._rest
        if b"\n" not in data:
            rest += data
            lines = [self._join(bytes(rest))] if len(rest) > LONGEST else []
            if lines:
                rest.clear()
            return LogBatch(lines, self._partial())
        whole, _, after = data.rpartition(b"\n")
        text = (
            (bytes(rest) + whole + b"\n").replace(b"\r\n", b"\n") if rest else (whole + b"\n").replace(b"\r\n", b"\n")
        )
        self._rest = bytearray(after)
        lines = text[:-1].split(b"\n")
        if len(text) > (limit := self._longest_plain):
            lines = [self._join(line) if len(line) > limit else line for line in lines]
        return LogBatch(lines, self._partial())

    def finish(self) -> LogBatch:
        """Give what never got its newline."""
        lines = [self._join(bytes(self._rest)).rstrip(b"\r\n")] if self._rest else []
        self._rest.clear()
        return LogBatch(lines)

    def _partial(self) -> bytes:
        return shortened(self._rest) if stamp_length(self._rest) else b""


def _is_full(length: int) -> bool:
    """Whether a line of this length, with one timestamp of 31 bytes, consists of whole pieces."""
    return length > 31 and (length - 31) % PIECE == 0


def stamp_length(line: bytes | bytearray) -> int:
    """Give the length of the timestamp (and its space) that a line starts with; 0 without one."""
    found = STAMP.match(line)
    return found.end() if found else 0


def joined(line: bytes) -> bytes:
    """Take the inner timestamps out of a long line of a terminal."""
    stamp = stamp_length(line)
    step = stamp + PIECE
    if not stamp or len(line) <= step:
        return line
    pieces = [line[:stamp]]
    position = 0
    while (inner := STAMP.match(line, position)) is not None:
        pieces.append(line[inner.end() : position + step])
        position += step
    pieces.append(line[position:])
    return b"".join(pieces)


def joined_anywhere(line: bytes) -> bytes:
    """Take every timestamp but the first out of a line."""
    stamp = stamp_length(line)
    return line[:stamp] + STAMP.sub(b"", line[stamp:])


def shortened(line: bytes | bytearray) -> bytes:
    """Give an unfinished line; of a very long one the timestamp and the newest bytes."""
    if len(line) <= SHOWN:
        return bytes(line)
    return bytes(line[: stamp_length(line)]) + bytes(line[-SHOWN:])
