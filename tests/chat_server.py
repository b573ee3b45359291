"""A small OpenAI-compatible server in the test's own event loop: it says what it is told to say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tui.services.server import Server, State


@dataclass
class ChatServer:
    """What it says, and what it was asked."""

    pieces: Sequence[dict[str, Any] | str] = ()
    """Deltas; a string is one of content."""
    status: int = 200
    refusal: str = ""
    """The error message when the status is none of success."""
    finish: str | None = "stop"
    """None ends the stream without a finish reason and without [DONE]."""
    usage: dict[str, Any] | None = None
    pause: float = 0.0
    """Seconds before each piece."""
    hold: asyncio.Event | None = None
    """When given, nothing is said before it is set."""
    cut_after: int | None = None
    """Pieces after which the connection is torn."""
    error_after: int | None = None
    """Pieces after which the stream tells of an error."""
    vector: Any = (0.25, -0.5, 0.125, 1.0)
    """What a text is turned into."""
    refuses: tuple[str, ...] = ()
    """Words that must not be in a request."""
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    open: int = 0
    """Answers that are being given now."""
    left: int = 0
    """Answers whose reader went away."""

    def server(self, name: str = "fake", **changes: Any) -> Server:
        """The record of this server."""
        given: dict[str, Any] = {"model": "fake-model", "url": self.url, **changes}
        return Server("here", name, name, "container", given.pop("state", State.READY), **given)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests on one connection until it ends."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(
                    (int(line[15:]) for line in head.lower().split("\r\n") if line.startswith("content-length:")), 0
                )
                body = json.loads(await reader.readexactly(length)) if length else {}
                self.asked.append(body)
                self.headers.append(head)
                await self._respond(head.split()[1], body, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _respond(
        self, path: str, body: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        refused = next((word for word in self.refuses if word in json.dumps(body)), None)
        if refused:
            await _send(writer, 400, {"error": {"message": f"Extra inputs are not permitted: {refused}"}})
        elif self.status >= 400:
            await _send(
                writer, self.status, {"error": {"message": self.refusal}} if self.refusal else {"detail": "Not Found"}
            )
        elif path.endswith("/embeddings"):
            vector = {"object": "embedding", "index": 0, "embedding": self.vector}
            usage = {"prompt_tokens": 3, "total_tokens": 3}
            await _send(writer, 200, {"object": "list", "data": [vector], "model": "fake-model", "usage": usage})
        else:
            await self._stream(reader, writer)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        gone = asyncio.ensure_future(reader.read(1))
        telling = asyncio.ensure_future(self._tell(writer))
        try:
            await asyncio.wait({gone, telling}, return_when=asyncio.FIRST_COMPLETED)
            if not telling.done() or telling.exception():  # writing may notice it before reading does
                self.left += 1
                raise ConnectionError
            telling.result()
            raise ConnectionError  # one answer a connection keeps this server small
        finally:
            self.open -= 1
            gone.cancel()
            telling.cancel()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
        await writer.drain()
        if self.hold is not None:
            await self.hold.wait()
        for number, piece in enumerate(self.pieces):
            if number == self.cut_after:
                writer.transport.abort()
                return
            if number == self.error_after:
                await _chunk(writer, {"error": {"message": "the engine died", "code": 500}})
                return
            if self.pause:
                await asyncio.sleep(self.pause)
            delta = {"content": piece} if isinstance(piece, str) else piece
            await _chunk(writer, {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if self.finish is not None:
            await _chunk(writer, {"choices": [{"index": 0, "delta": {}, "finish_reason": self.finish}]})
            if self.usage is not None:
                await _chunk(writer, {"choices": [], "usage": self.usage})
            await _chunk(writer, "[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()


@asynccontextmanager
async def serving(**behaviour: Any) -> AsyncIterator[ChatServer]:
    """Run such a server for a while."""
    fake = ChatServer(**behaviour)
    listening = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        listening.close()


async def _chunk(writer: asyncio.StreamWriter, event: dict[str, Any] | str) -> None:
    data = b"data: " + (event if isinstance(event, str) else json.dumps(event)).encode() + b"\n\n"
    writer.write(b"%x\r\n%s\r\n" % (len(data), data))
    await writer.drain()


async def _send(writer: asyncio.StreamWriter, status: int, body: dict[str, Any]) -> None:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    await writer.drain()
