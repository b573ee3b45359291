"""Carries a log from the thread that reads it to whoever shows it, in pieces that leave the event loop its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

from tui.feeds import Feed, Inbox
from tui.services.engine import LogBatch
from tui.services.source import Source

BEAT = 0.1
"""Seconds between two looks into the inbox while little comes."""
PIECE = 300_000
"""Bytes that are read and shown at once: some 10 ms of the event loop."""
MUCH = 200_000
"""Bytes from which more is taken at once, without waiting for the beat."""

Show = Callable[[Sequence[bytes], bytes], None]
"""Takes complete lines, and an unfinished last one."""


async def pump(source: Source[LogBatch], name: str, show: Show) -> None:
    """Read a log to its end; cancelling closes it.

    Raises:
        ServiceError: It failed in the middle.
    """
    loop, came = asyncio.get_running_loop(), asyncio.Event()
    inbox: Inbox[LogBatch] = Inbox(weigh=_weight)
    feed = Feed(source, inbox, lambda: _call_soon(loop, came), name=f"log {name}")
    feed.start()
    try:
        await _take(feed, inbox, came, show)
    finally:
        feed.close()
    if feed.failure is not None:
        raise feed.failure


async def _take(feed: Feed[LogBatch], inbox: Inbox[LogBatch], came: asyncio.Event, show: Show) -> None:
    while True:
        await came.wait()
        came.clear()
        ended = feed.ended
        batches = inbox.take()
        if ended and not batches:
            return
        if ended:
            came.set()
        for piece in _pieces(batches):
            show([line for batch in piece for line in batch.lines], piece[-1].partial)
            await asyncio.sleep(0)
        if sum(map(_weight, batches)) < MUCH:
            await asyncio.sleep(BEAT)


def _weight(batch: LogBatch) -> int:
    return sum(map(len, batch.lines)) + len(batch.partial)


def _pieces(batches: Sequence[LogBatch]) -> Iterator[list[LogBatch]]:
    """Cut what came into pieces of some size, so that the event loop comes by between them."""
    piece: list[LogBatch] = []
    weight = 0
    for batch in batches:
        piece.append(batch)
        weight += _weight(batch)
        if weight >= PIECE:
            yield piece
            piece, weight = [], 0
    if piece:
        yield piece


def _call_soon(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """Set the event from the feed's thread; the loop may be gone by then."""
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:
        return
