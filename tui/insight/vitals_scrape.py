"""One reading of a vLLM's /metrics: of its hundreds of lines, those from which vitals are made."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

RUNNING = ("vllm:num_requests_running",)
WAITING = ("vllm:num_requests_waiting",)
KV_CACHE = ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc")
PROMPT = ("vllm:prompt_tokens_total",)
GENERATION = ("vllm:generation_tokens_total",)
PREFIX_HITS = ("vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total")
PREFIX_QUERIES = ("vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total")
FINISHED = ("vllm:request_success_total",)
TTFT = ("vllm:time_to_first_token_seconds_bucket",)
TPOT = (
    "vllm:inter_token_latency_seconds_bucket",
    "vllm:time_per_output_token_seconds_bucket",
    "vllm:request_time_per_output_token_seconds_bucket",
)
"""Names of one thing, the best first: some versions give it under an old and a new name at once, so they are never summed."""

GAUGES = (*RUNNING, *WAITING, *KV_CACHE)
"""What may fall; everything else only grows until its server starts anew."""
_COUNTERS = (*PROMPT, *GENERATION, *PREFIX_HITS, *PREFIX_QUERIES)
_DETAILS = dict.fromkeys(FINISHED, "finished_reason") | dict.fromkeys((*TTFT, *TPOT), "le")
"""The label that tells the series of one metric apart."""

_NAMES = "|".join(re.escape(name) for name in (*GAUGES, *_COUNTERS, *_DETAILS))
_WANTED = re.compile(rf"^({_NAMES})(?![\w:])(.*)", re.MULTILINE)
_SERIES = re.compile(r'(?:\{((?:[^"}]++|"(?:[^"\\]++|\\.)*+")*+)\})?[ \t]*([^ \t{}]+)(?:[ \t]+-?\d+)?[ \t\r]*')
_LABEL = re.compile(r'([A-Za-z_]\w*)[ \t]*=[ \t]*"((?:[^"\\]++|\\.)*+)"')

Series = Mapping[str, float]
"""Values of one metric by the reason or the bucket's bound; "" where it has neither."""
Engine = Mapping[str, Series]
"""What one engine says, by the metric's name."""


@dataclass(frozen=True, slots=True)
class Scrape:
    """What a server said of each of its engines at one time."""

    at: float
    """Seconds of a clock that never goes back."""
    engines: Mapping[str, Engine]
    """By the label `engine`; "0" where a version has none."""
    whole: bool
    """Whether all that only grows could be read: differences to a damaged reading would be invented."""

    @classmethod
    def read(cls, text: str, at: float) -> Scrape:
        """Read the text of /metrics; a last line without its end was cut in the middle and is left out."""
        end = text.rfind("\n") + 1
        whole = end == len(text)
        found: dict[tuple[str, str], float] = {}
        for name, rest in _WANTED.findall(text[:end]):
            value, labels = _series(rest)
            if value is not None and math.isfinite(value) and value >= 0:
                found[name, labels] = value
            elif value is None or name not in GAUGES:
                whole = False
        engines: dict[str, dict[str, dict[str, float]]] = {}
        for (name, text_of_labels), value in found.items():
            labels_of = dict(_LABEL.findall(text_of_labels))
            detail = _detail(name, labels_of)
            if detail is None:
                whole = False
                continue
            series = engines.setdefault(labels_of.get("engine", "0"), {}).setdefault(name, {})
            before = series.get(detail, 0.0)
            series[detail] = max(before, value) if name in KV_CACHE else before + value
        return cls(at, engines, whole)


def first(engine: Engine, names: tuple[str, ...]) -> Series | None:
    """Give the best of several names that an engine knows."""
    return next((engine[name] for name in names if name in engine), None)


def grown(earlier: Engine, later: Engine, names: tuple[str, ...]) -> Series | None:
    """Give how much a metric grew; a series that came in between began at 0, None where there is no such metric."""
    name = next((name for name in names if name in later), None)
    if name is None:
        return None
    before = earlier.get(name, {})
    return {detail: value - before.get(detail, 0.0) for detail, value in later[name].items()}


def began_anew(earlier: Scrape, later: Scrape) -> bool:
    """Say whether something that only grows is less than before, or gone: the server is another process now."""
    return any(
        later.engines[key].get(name, {}).get(detail, -1.0) < value
        for key, engine in earlier.engines.items()
        if key in later.engines
        for name, series in engine.items()
        if name not in GAUGES
        for detail, value in series.items()
    )


def _series(rest: str) -> tuple[float | None, str]:
    """Give the value and the labels of what follows a metric's name; no value where it cannot be read."""
    match = _SERIES.fullmatch(rest)
    if match is None:
        return None, ""
    try:
        return float(match[2]), match[1] or ""
    except ValueError:
        return None, ""


def _detail(name: str, labels: Mapping[str, str]) -> str | None:
    """Give what tells a series apart from others of its metric; None where that is missing or no bound."""
    wanted = _DETAILS.get(name)
    found = labels.get(wanted) if wanted is not None else ""
    if wanted == "le" and found is not None:
        try:
            bound = float(found)
        except ValueError:
            return None
        return None if math.isnan(bound) else repr(bound)
    return found
