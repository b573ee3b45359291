"""A log as a file holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from widgets.log_chunk import DIVIDER, Chunk
from widgets.log_pattern import Pattern


def saved(chunks: Iterable[tuple[Chunk, int]], only: Pattern | None = None) -> Iterator[bytes]:
    """Give a log's lines with their timestamps, a block for each chunk; any thread may ask.

    Args:
        chunks: What `LogStore.snapshot` gave.
        only: Take matching lines only; dividers of our own are left out always.
    """
    for chunk, count in chunks:
        lines = range(count) if only is None else [at for at in only.hits(chunk) if at < count]
        wanted = [at for at in lines if not chunk.kinds[at] & DIVIDER]
        yield b"".join(_line(chunk, at) for at in wanted)


def _line(chunk: Chunk, at: int) -> bytes:
    stamp = chunk.stamp(at)
    return (stamp + b" " if stamp else b"") + chunk.raw(at) + b"\n"
