"""What vLLM prints of its memory while it starts, read from its log lines by every version since 0.6."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from profiles.fit.values import real

NUMBER = r"(\d[\d,]{0,20}(?:\.\d{1,12})?)"
PATTERNS = (
    ("weights_gib", r"(?:Model loading took|Loading model weights took|model weights take) # ?Gi?B"),
    ("weights_gib", r"Actual usage is # GiB for weight"),
    ("non_torch_gib", r"non_torch_memory(?: takes |=)# ?GiB"),
    ("non_torch_gib", r"# GiB for non-torch memory"),
    ("activation_gib", r"activation peak memory takes # ?GiB"),
    ("activation_gib", r"# GiB for peak activation"),
    ("kv_gib", r"Available KV cache memory: # GiB"),
    ("kv_gib", r"reserved for KV Cache is # ?GiB"),
    ("kv_gib", r"kv_cache_size=#GiB"),
    ("kv_gib", r"(?:Auto|Explicitly) set \(#/[\d.]+\) GiB for KV cache"),
    ("consumed_gib", r"# GiB memory was consumed by non-kv usages"),
    ("consumed_gib", r"Actual usage is # GiB for consumed memory"),
    ("graphs_gib", r"Graph capturing finished in [\d.]+ secs?, took # GiB"),
    ("graphs_gib", r"Estimated CUDA graph memory: # GiB"),
    ("total_gib", r"total_gpu_memory(?:=| \()#GiB"),
    ("total_gib", r"Free memory on device[^(]{0,20} \([\d.]+/# GiB\) on startup"),
    ("blocks", r"\# [CG]PU blocks: #"),
    ("kv_tokens", r"[CGX]PU KV cache size: # tokens"),
    ("concurrency", r"Maximum concurrency for [\d,]+ tokens per request: #x"),
)
"""Which figure each line holds; a bare # is the number."""
LONGEST_LINE = 4000
HINTS = ("Gi", " GB", "blocks:", "tokens", "concurrency")
"""One of these stands in every line that holds a figure; the others are left alone, since a boot's log may be long."""


@cache
def readers() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compile the patterns when the first figure is looked for: whoever sees no boot does without."""
    return tuple((name, re.compile(re.sub(r"(?<!\\)#", lambda _: NUMBER, pattern))) for name, pattern in PATTERNS)


@dataclass(frozen=True, slots=True)
class Printed:
    """The figures of one start; None is what it did not print. GiB per GPU."""

    weights_gib: float | None = None
    non_torch_gib: float | None = None
    activation_gib: float | None = None
    graphs_gib: float | None = None
    consumed_gib: float | None = None
    """All that is no cache (CPU), or weights and memory outside torch together (0.27 and later)."""
    kv_gib: float | None = None
    total_gib: float | None = None
    blocks: float | None = None
    kv_tokens: float | None = None
    """Of the whole engine."""
    concurrency: float | None = None

    def with_line(self, line: str) -> Printed:
        """Give it with what one more line says; of several ranks the one with the least room counts."""
        found = self
        if not any(hint in line for hint in HINTS):
            return found
        for name, reader in readers():
            match = reader.search(line[:LONGEST_LINE])
            value = real(match[1].replace(",", "")) if match else None
            if value is not None:
                found = replace(found, **{name: _worse(name, getattr(found, name), value)})
        return found


def read(lines: Iterable[str]) -> Printed:
    """Read the lines of one start."""
    found = Printed()
    for line in lines:
        found = found.with_line(line)
    return found


def _worse(name: str, old: float | None, new: float) -> float:
    """Of what several ranks print, take the smaller cache and the larger rest."""
    if old is None:
        return new
    return min(old, new) if name in ("kv_gib", "blocks", "kv_tokens", "concurrency", "total_gib") else max(old, new)
