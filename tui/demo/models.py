"""What the simulated cards know of the models that are served: sizes, and whether a context fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from profiles.serve_command import ServeCommand

GIB = 1024**3
CARD = 24.0
"""GiB of one card."""
OVERHEAD = 1.4
"""GiB that activations and CUDA graphs take."""
BLOCK = 16
"""Tokens of one block of the KV cache."""


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One family of models."""

    architecture: str
    weights: float
    """GiB."""
    per_token: int
    """KiB of KV cache that one token takes."""
    context: int
    """Tokens it was made for."""


FAMILIES: Mapping[str, ModelFacts] = {
    "bge-m3": ModelFacts("XLMRobertaModel", 1.06, 0, 8192),
    "glm-4-9b": ModelFacts("GlmForCausalLM", 17.56, 40, 131072),
    "qwen3-0.6b": ModelFacts("Qwen3ForCausalLM", 1.12, 112, 40960),
    "qwen3-4b": ModelFacts("Qwen3ForCausalLM", 7.56, 144, 262144),
    "qwen3-8b-awq": ModelFacts("Qwen3ForCausalLM", 5.71, 144, 40960),
    "qwen3-8b": ModelFacts("Qwen3ForCausalLM", 15.27, 144, 40960),
    "smollm2": ModelFacts("LlamaForCausalLM", 0.26, 23, 8192),
}
"""By what the model's name holds, lower case; the first that fits."""
ANY = ModelFacts("LlamaForCausalLM", 6.02, 112, 32768)


@dataclass(frozen=True, slots=True)
class Fit:
    """How one server fits on its card."""

    facts: ModelFacts
    length: int
    """Tokens of context it is started with."""
    cache: float
    """GiB left for the KV cache."""

    @property
    def tokens(self) -> int:
        """Tokens that the KV cache holds."""
        return int(self.cache * 1024**2 / self.facts.per_token) // BLOCK * BLOCK if self.facts.per_token else 0

    @property
    def needed(self) -> float:
        """GiB of KV cache that one request of the whole context takes."""
        return self.length * self.facts.per_token / 1024**2

    @property
    def fits(self) -> bool:
        """Whether vLLM would start."""
        return self.needed <= self.cache


def fit(command: ServeCommand) -> Fit:
    """Reckon as vLLM does: what the utilization grants, less weights and overhead, is for the KV cache."""
    name = (command.model or "").lower()
    facts = next((facts for part, facts in FAMILIES.items() if part in name), ANY)
    length = _number(command.flag("max-model-len"), facts.context)
    granted = CARD * _number(command.flag("gpu-memory-utilization"), 0.9)
    return Fit(facts, int(length), max(0.0, granted - facts.weights - OVERHEAD))


def held(command: ServeCommand) -> int:
    """Say how many bytes of its card a running server holds."""
    found = fit(command)
    whole = found.facts.weights + OVERHEAD + (found.cache if command.task != "embed" else -0.4)
    return int(min(whole, CARD - 1.0) * GIB)


def _number(text: str | None, otherwise: float) -> float:
    scale = {"k": 1000, "K": 1024, "m": 1_000_000, "M": 1024**2}.get((text or "0")[-1], 1)
    try:
        return float(text.rstrip("kKmM")) * scale if text else otherwise
    except ValueError:
        return otherwise
