"""What an engine tells as it goes: events, and the progress of a pull."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

from tui.services.docker_answers import refused
from tui.services.docker_connection import BrokenError
from tui.services.docker_records import event, pull_progress
from tui.services.docker_streams import ByteStream
from tui.services.engine import Event, PullProgress

Gate = Callable[[], AbstractContextManager[None]]


class EventSource:
    """A `Source[Event]`; it never ends by itself: an end that we did not ask for is a `ServiceError`."""

    def __init__(self, stream: ByteStream, gate: Gate) -> None:
        self._stream = stream
        self._gate = gate

    def __iter__(self) -> Iterator[Event]:
        with self._gate():
            for message in messages(self._stream):
                if (happened := event(message)) is not None:
                    yield happened
            if not self._stream.closed:
                raise BrokenError

    def close(self) -> None:
        """End the reading at once."""
        self._stream.close()

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        return self._stream.closed


class PullSource:
    """A `Source[PullProgress]`; closing it cancels the pull.

    Args:
        title: What is tried, for a refusal without words of ours.
    """

    def __init__(self, stream: ByteStream, gate: Gate, title: str) -> None:
        self._stream = stream
        self._gate = gate
        self._title = title

    def __iter__(self) -> Iterator[PullProgress]:
        with self._gate():
            for message in messages(self._stream):
                if problem := message.get("error"):
                    raise refused(str(problem), self._title)
                yield pull_progress(message)

    def close(self) -> None:
        """Cancel the pull."""
        self._stream.close()

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        return self._stream.closed


def messages(blocks: Iterator[bytes] | ByteStream) -> Iterator[dict[str, Any]]:
    """Read one JSON object a line; what is none is passed over."""
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from filter(None, map(_object, lines))
    if (last := _object(rest)) is not None:
        yield last


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def registry_login(repository: str) -> Mapping[str, str]:
    """Give the header that signs the user in at the image's registry, from his docker config; in a thread only."""
    from docker import auth

    registry, _name = auth.resolve_repository_name(repository)
    login = auth.load_config().resolve_authconfig(registry)
    return {"X-Registry-Auth": auth.encode_header(login).decode()} if login else {}
