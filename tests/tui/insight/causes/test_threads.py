"""Whole logs as public threads show them lead to their cause; what a request did wrong never does, wherever a log begins."""

from __future__ import annotations

import json

import pytest

from tests.tui.insight.causes.logs import FAMILIES, LOAD_FRAMES, Style, begin, traceback
from tests.tui.insight.causes.test_wordings import assert_part, plain, told
from tests.tui.insight.causes.threads import MORE, WHOLE, Told, answered
from tests.tui.insight.causes.wordings import OLD_OOM, Wording
from tui.insight.causes.diagnose import as_record, diagnose_bytes

REQUESTS: dict[str, tuple[str, ...]] = {
    # What the server says when it is asked wrongly -> its frames; it goes on serving.
    "jinja2.exceptions.TemplateError: Conversation roles must alternate": ("transformers/utils/chat.py render",),
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)": ("vllm/tool_parsers/hermes.py parse",),
    "ValueError: Loading lora mine failed: No adapter found for /loras/mine": ("vllm/lora/worker_manager.py load",),
    "FileNotFoundError: [Errno 2] No such file or directory: '/tmp/p/gauge_all_1.db'": ("prometheus_client/m.py read",),
    "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed": ("aiohttp/c.py get",),
    "asyncio.exceptions.CancelledError: Cancelled by cancel scope 7f": ("vllm/v1/engine/async_llm.py generate",),
    OLD_OOM: LOAD_FRAMES,
}


@pytest.mark.parametrize("wording", MORE, ids=lambda one: one.cause)
@pytest.mark.parametrize("version", FAMILIES)
def test_a_further_wording_leads_to_its_cause_and_way_out(wording: Wording, version: str) -> None:
    log = told(wording, version)
    record = as_record(diagnose_bytes(log.encode()))
    assert record["cause"] == wording.cause, record
    card = plain(f"{record['title']} {record['detail']} {json.dumps(record['fix'])}"[:1500])
    assert all(plain(name) in card for name in wording.mention), (wording.mention, card)
    if wording.fix is not None:
        assert_part(wording.fix, record["fix"])


@pytest.mark.parametrize("one", WHOLE, ids=lambda one: f"{one.cause} {one.said}")
def test_a_whole_log_leads_to_its_cause_and_line(one: Told) -> None:
    record = as_record(diagnose_bytes("\n".join(one.lines).encode()))
    assert record["cause"] == one.cause, record
    assert one.said in one.lines[record["line"] - 1]
    card = plain(f"{record['title']} {record['detail']}")
    assert all(plain(name) in card for name in one.mention), card


@pytest.mark.parametrize("said", REQUESTS)
@pytest.mark.parametrize("version", FAMILIES)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "cut at the top"])
def test_a_request_that_fails_is_no_failure_of_the_server(said: str, version: str, whole: bool) -> None:
    style = Style(version)
    failed = [style.bare("ERROR:    Exception in ASGI application")]
    failed += [style.api("ERROR", line) for line in traceback(REQUESTS[said], said)]
    lines = begin(style, upto="ready") if whole else []
    lines += [*failed, answered(style, "500 Internal Server Error"), answered(style)]
    assert diagnose_bytes("\n".join(lines).encode()) is None


def test_the_hubs_own_requests_are_none_that_the_server_answered() -> None:
    asked = 'DEBUG 03-02 10:11:12 [connectionpool.py:544] https://huggingface.co:443 "HEAD /a/resolve/c.json HTTP/1.1" 200 0'
    said = "ValueError: No available memory for the cache blocks."
    found = diagnose_bytes("\n".join([said, asked, *traceback(LOAD_FRAMES, said)]).encode())
    assert found is not None
    assert found.cause == "no-kv-memory"
