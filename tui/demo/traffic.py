"""The work that a simulated server does: a tide of imagined requests and those that are really asked, as /metrics."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator

TOKENS_A_SECOND, SWELL, TIDE = 92.0, 60.0, 17.0
"""Generated tokens a second on average, how far that rises and falls, and the seconds in which it turns once round, over 2 pi."""
PROMPT_RATIO = 6.9
"""Prompt tokens to one generated."""
ANSWER_TOKENS = 180
"""Generated tokens of an imagined request."""
TTFT = ((0.06, 0.08), (0.1, 0.38), (0.15, 0.71), (0.25, 0.88), (0.5, 0.97), (1.0, 1.0))
TPOT = ((0.01, 0.02), (0.025, 0.71), (0.05, 0.98), (0.075, 1.0))
"""Bounds of buckets in seconds, and the share of the requests, or tokens, that are quicker."""


class Traffic:
    """Counts one run of a server.

    Args:
        model: The name that its metrics carry.
        began: When the run was ready, seconds since the epoch.
        busy: Whether others use it.
        cache: Tokens that its KV cache holds.
    """

    def __init__(self, model: str, began: float, busy: bool, cache: int) -> None:
        self._labels = f'engine="0",model_name="{model}"'
        self._began = began
        self._busy = busy
        self._cache = max(cache, 1)
        self._lock = threading.Lock()
        self._running = 0
        self._prompt = 0
        self._generated = 0
        self._ended = {"stop": 0, "length": 0, "abort": 0}

    def begin(self, prompt: int) -> None:
        """Somebody asks; `prompt` is in tokens."""
        with self._lock:
            self._running += 1
            self._prompt += prompt

    def end(self, generated: int, reason: str) -> None:
        """It was answered with so many tokens, or cut off."""
        with self._lock:
            self._running -= 1
            self._generated += generated
            self._ended[reason] += 1

    @property
    def running(self) -> int:
        """Requests under way."""
        return self._running + self._tide()[1]

    def metrics(self) -> str:
        """Write them as a vLLM does."""
        with self._lock:
            return "".join(f"{line}\n" for line in self._lines())

    def _tide(self) -> tuple[float, int]:
        """Tokens that the imagined requests have had by now, and how many run."""
        if not self._busy:
            return 0.0, 0
        now = max(0.0, time.time() - self._began)
        wave = math.sin(now / TIDE)
        return TOKENS_A_SECOND * now + SWELL * TIDE * (1 - math.cos(now / TIDE)), max(0, round(1.6 + 2.2 * wave))

    def _lines(self) -> Iterator[str]:
        imagined, tide = self._tide()
        running = self._running + tide
        requests = imagined // ANSWER_TOKENS + sum(self._ended.values())
        generated = int(imagined) + self._generated
        prompt = int(imagined * PROMPT_RATIO) + self._prompt
        own = self._labels
        yield f"vllm:num_requests_running{{{own}}} {float(running)}"
        yield f"vllm:num_requests_waiting{{{own}}} 0.0"
        yield f"vllm:kv_cache_usage_perc{{{own}}} {min(0.97, running * 3600 / self._cache):.4f}"
        yield f"vllm:prompt_tokens_total{{{own}}} {float(prompt)}"
        yield f"vllm:generation_tokens_total{{{own}}} {float(generated)}"
        yield f"vllm:prefix_cache_queries_total{{{own}}} {float(prompt)}"
        yield f"vllm:prefix_cache_hits_total{{{own}}} {float(int(prompt * 0.61))}"
        for reason, ended in self._ended.items():
            whole = ended + (imagined // ANSWER_TOKENS if reason == "stop" else 0)
            yield f'vllm:request_success_total{{finished_reason="{reason}",{own}}} {float(whole)}'
        yield from self._histogram("vllm:time_to_first_token_seconds", TTFT, requests)
        yield from self._histogram("vllm:inter_token_latency_seconds", TPOT, float(generated))

    def _histogram(self, name: str, shares: tuple[tuple[float, float], ...], count: float) -> Iterator[str]:
        for bound, share in (*shares, (math.inf, 1.0)):
            le = "+Inf" if math.isinf(bound) else str(bound)
            yield f'{name}_bucket{{le="{le}",{self._labels}}} {float(int(count * share))}'
        yield f"{name}_count{{{self._labels}}} {float(int(count))}"
