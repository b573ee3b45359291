"""What reaches a screen from outside, and what panes ask of the app, by name."""

from __future__ import annotations

from textual.message import Message

from tui.services.errors import ServiceError


class ServiceFailed(Message):
    """Something outside failed; the app tells it in one place."""

    def __init__(self, error: ServiceError) -> None:
        super().__init__()
        self.error = error


class GpusRead(Message):
    """A reading of the GPUs waits; the app takes the newest one."""


class DemoAsked(Message):
    """Show the simulated host in place of this one."""


class CopyAsked(Message):
    """Put this text on the user's clipboard; `what` names it for the toast ("the command")."""

    def __init__(self, text: str, what: str) -> None:
        super().__init__()
        self.text = text
        self.what = what
