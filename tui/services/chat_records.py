"""What a conversation is made of: settings, figures, messages and the pieces in which an answer comes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tui.services.errors import ServiceError


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How the model is to answer; None leaves the choice to the server."""

    system: str = ""
    """The system prompt; empty sends none."""
    temperature: float | None = 0.7
    top_p: float | None = None
    max_tokens: int | None = 1024
    """The longest answer, in tokens."""
    thinking: bool = True
    """False asks the chat template not to let the model think."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one answer; what the server does not report is None."""

    ttft: float | None = None
    """Seconds from the request to the first piece of the answer or of its reasoning."""
    rate: float | None = None
    """Tokens a second after the first one."""
    tokens: int | None = None
    """Completion tokens, reasoning included; counted by pieces where the server does not say."""
    prompt_tokens: int | None = None
    thought: float | None = None
    """Seconds of reasoning."""
    thought_tokens: int | None = None
    finish: str | None = None
    """stop, length, … as the server says it; `stopped` when the reader stopped it, `broken` when the answer broke off."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of an answer since the last piece."""

    text: str
    reasoning: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Embedding:
    """The vector an embedding server made of a text."""

    dimensions: int
    first: tuple[float, ...]
    tokens: int | None
    seconds: float


@dataclass(slots=True)
class ChatMessage:
    """One message of a conversation; an answer grows while it comes."""

    role: str
    """user or assistant."""
    text: str = ""
    reasoning: str = ""
    figures: Figures = field(default_factory=Figures)
    note: str = ""
    """What went wrong with this message, in words; empty when nothing did."""
    id: int | None = None
    """The row in the history; None while it is not kept."""

    def grow(self, piece: Piece) -> None:
        """Take in what came."""
        self.text += piece.text
        self.reasoning += piece.reasoning
        self.figures = piece.figures

    def end(self, finish: str, error: ServiceError | None = None) -> None:
        """Say how it ended when the server did not."""
        self.figures = replace(self.figures, finish=finish)
        if error is not None:
            self.note = str(error)
