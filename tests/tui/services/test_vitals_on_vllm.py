"""The figures of a real vLLM under load, beside those computed by hand from the very texts it gave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.tui.insight.metrics_texts import Samples, slow, slow_quantile
from tests.tui.services.vllm_rooms import Rooms, complete, free_port, healthy, models_folder
from tui.insight.vitals import Percentiles, Vitals
from tui.insight.vitals_scrape import Scrape
from tui.services.probe import Prover
from tui.services.vllm import VllmClient

pytestmark = [pytest.mark.docker, pytest.mark.vllm]

LONG = "The rain falls on the roof of the old house near the river. " * 24


class Keeping(VllmClient):
    """Keeps each text of /metrics with the time that it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[tuple[float, str]] = []

    async def scrape(self, url: str, key: str | None, clock: Callable[[], float]) -> Scrape | None:
        text = await self._get(url, "/metrics", key)
        if text is None:
            return None
        self.texts.append((clock(), text))
        return Scrape.read(text, self.texts[-1][0])


@pytest.fixture
def rooms(docker_client: Any, vllm_image: str) -> Iterator[Rooms]:
    made = Rooms(docker_client, vllm_image, models_folder(docker_client))
    yield made
    made.close()


async def test_what_is_shown_is_what_the_texts_say_and_a_restart_is_noticed(rooms: Rooms) -> None:
    port = free_port()
    name = rooms.start(rooms.name(), port=port)
    await healthy(port)
    url, client = f"http://127.0.0.1:{port}", Keeping()
    prover = Prover(client, 0)
    await asyncio.to_thread(complete, port, "warm", 4)  # the first one is slow
    assert await prover.read(url, None)
    for number in range(3):
        await asyncio.gather(*(asyncio.to_thread(complete, port, LONG, 20 + 9 * one) for one in range(2 + number)))
        await asyncio.sleep(1.5)
        assert await prover.read(url, None)
        assert prover.vitals is not None
        _compare(prover.vitals, client.texts)
    assert prover.vitals is not None and prover.vitals.finished.get("length") == 9
    assert prover.vitals.prefix_hit is not None and prover.vitals.prefix_hit > 0.5
    await asyncio.to_thread(rooms.client.restart, name, 0)
    await healthy(port)
    assert await prover.read(url, None)
    assert prover.vitals.restarted
    assert prover.vitals.generation_rate is None and not any(prover.vitals.finished.values())
    await client.close()


def _compare(vitals: Vitals, texts: list[tuple[float, str]]) -> None:
    """Hold the figures against those that follow from the texts, straight from what a counter and a bucket are."""
    (began, first), (now, last) = texts[0], texts[-1]
    # A rate is taken over five seconds where there is a reading so old.
    at, before = next((one for one in reversed(texts[:-1]) if one[0] <= now - 5.0), texts[0])
    assert began <= at < now
    for shown, counter in (
        (vitals.generation_rate, "generation_tokens_total"),
        (vitals.prompt_rate, "prompt_tokens_total"),
    ):
        grown = slow(last, counter)[""] - slow(before, counter)[""]
        assert shown == pytest.approx(grown / (now - at))
    assert (vitals.running, vitals.waiting) == tuple(
        slow(last, f"num_requests_{what}")[""] for what in ("running", "waiting")
    )
    assert vitals.kv == pytest.approx(slow(last, "kv_cache_usage_perc")[""])
    finished = slow(last, "request_success_total")
    assert vitals.finished == {
        why: count - slow(first, "request_success_total")[why] for why, count in finished.items()
    }
    for shown_two, histogram in (
        (vitals.ttft, "time_to_first_token_seconds"),
        (vitals.tpot, "inter_token_latency_seconds"),
    ):
        _same_quantiles(shown_two, *(slow(text, f"{histogram}_bucket") for text in (first, last)))
    hits, queries = (
        slow(last, what)[""] - slow(first, what)[""]
        for what in ("prefix_cache_hits_total", "prefix_cache_queries_total")
    )
    assert vitals.prefix_hit == pytest.approx(hits / queries)


def _same_quantiles(shown: Percentiles | None, first: Samples, last: Samples) -> None:
    assert shown is not None
    for share, value in ((0.5, shown.p50), (0.95, shown.p95)):
        assert value == pytest.approx(slow_quantile(share, first, last), rel=1e-6)
