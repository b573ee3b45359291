"""How vLLM's memory changed from version to version, and what a card's name says."""

from __future__ import annotations

import re
from dataclasses import dataclass

NEWEST = (0, 32, 0)
VERSION = re.compile(r"(?<![\d.])v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Family:
    """One stretch of versions whose memory is reckoned alike."""

    name: str
    since: tuple[int, int, int]
    sampler: float
    """Copies in float32 of the logits (max_num_seqs x vocabulary) that the profile's sampler holds, beside the logits themselves."""
    workspace_stays: bool
    """The experts' workspace outlives the layers and stands beside the sampler's peak."""
    alone_gib: float
    """Memory outside torch with one rank."""
    ranked_gib: tuple[float, float]
    """The same with several tensor-parallel ranks: for all, and for each rank (NCCL's buffers grow with them)."""
    linked_gib: tuple[float, float]
    """The same on data-centre cards of compute capability 9 and 10, which add symmetric memory for their links."""
    counts: float = 0.0
    """Copies of the logits' shape in int32 that the runner keeps for penalties."""


FAMILIES = (
    Family("V0", (0, 0, 0), 9.2, False, 0.25, (0.7, 0.37), (0.7, 0.37)),
    Family("V1 0.8-0.16", (0, 8, 0), 9.2, False, 0.14, (0.4, 0.1), (0.4, 0.1)),
    Family("V1 0.17-0.26", (0, 17, 0), 3.2, True, 0.26, (0.4, 0.1), (2.0, 0.04)),
    Family("V1 0.27+", (0, 27, 0), 1.0, True, 0.26, (0.7, 0.06), (0.7, 0.06), 1.03),
)
"""Sampler and non-torch: found by arithmetic on real start-ups; `counts`: vllm/v1/worker/gpu/sample/penalties.py."""

LATENT_CACHE = (0, 7, 1)
"""MLA keeps its latent vector; before, K and V of every head, padded to 256."""
HYBRID_CACHE = (0, 9, 2)
"""Windows and states get groups of their own; before, every layer was held for all tokens."""
CHUNKS_IN_GROUPS = (0, 12, 0)
"""Llama 4's chunks too (VLLM_ALLOW_CHUNKED_LOCAL_ATTN_WITH_HYBRID_KV_CACHE)."""
CHECKPOINT_CACHE = (0, 12, 0)
"""A checkpoint's own 8-bit KV cache is taken by `auto`."""
TOKENS_ARE_CONCURRENCY = (0, 20, 2)
"""The printed size is concurrency x max_model_len; before, blocks of one group."""
GRAPHS_IN_BUDGET = (0, 21, 0)
TWO_IN_FLIGHT = (0, 26, 0)
"""Windows are freed after two batches, since batches overlap (vllm#47728)."""
STATES_CACHED = (0, 27, 0)
"""Prefix caching is on for hybrids, which keeps one more state a request."""
NULL_BLOCK = (0, 32, 0)
"""One block is held back when the longest request is measured against the cache."""
UTILIZATION_092 = (0, 27, 0)

CAPABILITIES = (
    (r"\b(?:G?B[23]00|GB10|B100)\b", 10.0),
    (r"RTX (?:PRO|50\d\d)|\b50[5-9]0\b", 12.0),
    (r"\b(?:GH200|H[128]00|H20|H800)\b", 9.0),
    (r"\bL(?:4|20|40S?)\b|\b40[5-9]0\b|Ada\b", 8.9),
    (r"\b(?:A100|A800|A30)\b", 8.0),
    (r"\b(?:A10G?|A16|A2|A40|RTX A\d{4})\b|\b30[5-9]0\b", 8.6),
    (r"\bT4\b|\b20[5-8]0\b|\b16[56]0\b|RTX [4568]000\b", 7.5),
    (r"\bV100\b|TITAN V", 7.0),
    (r"\bP(?:4|40|100)\b|\b10[5-8]0\b", 6.1),
)


def version(text: str) -> tuple[int, int, int] | None:
    """Read the first version in a text (`v0.11.2`, `0.7.x`, `0.11-0.16`); None when there is none."""
    found = VERSION.search(text[:200])
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def family(known: tuple[int, int, int], engine: str = "") -> Family:
    """Give the family of a version; engine V0 was still chosen by 0.8 to 0.10 on old cards."""
    if engine.upper() == "V0":
        return FAMILIES[0]
    rows = [row for row in FAMILIES if row.since <= known]
    return FAMILIES[1] if engine.upper() == "V1" and rows[-1] is FAMILIES[0] else rows[-1]


def capability(name: str) -> float | None:
    """Give the compute capability of a card by its name; None for an unknown one."""
    for pattern, value in CAPABILITIES:
        if re.search(pattern, name[:200], re.IGNORECASE):
            return value
    return None


def linked(card: float | None) -> bool:
    """Say whether ranks on such cards share symmetric memory (data-centre cards from 9.0 on); unknown cards are taken to."""
    return card is None or card in (9.0, 10.0)
