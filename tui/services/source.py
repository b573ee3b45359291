"""What is endless and can be closed: events, logs, pulls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeVar

Item_co = TypeVar("Item_co", covariant=True)


class Source(Protocol[Item_co]):
    """A blocking stream of items, read by ONE thread and closed from any other.

    Iterating ends when the stream ends or `close()` was called; it raises `ServiceError` when the world fails.
    """

    def __iter__(self) -> Iterator[Item_co]:
        """Read the items, blocking for each."""
        ...

    def close(self) -> None:
        """End the reading at once, from any thread; closing twice is fine."""
        ...

    @property
    def closed(self) -> bool:
        """Whether we closed it ourselves."""
        ...
