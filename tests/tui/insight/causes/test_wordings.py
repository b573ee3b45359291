"""Every wording, in a log of every family of versions, leads to its cause, its line, its names and its fix."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.tui.insight.causes.logs import FAMILIES, NEW, config_failure, engine_failure, runtime_failure
from tests.tui.insight.causes.wordings import ALL, Wording
from tui.insight.causes.diagnose import as_record, diagnose_bytes
from tui.insight.causes.fixes import ADVISED, MADE, PLAIN
from tui.insight.causes.words import all_words


def told(wording: Wording, version: str) -> str:
    """Build the log that holds a wording."""
    if wording.where in ("docker", "bare"):
        return wording.said + "\n"
    if wording.where == "config":
        return config_failure(version, wording.said, wording.frames, wording.args)
    if wording.where == "engine":
        return engine_failure(version, wording.said, wording.frames, wording.upto, wording.args)
    return runtime_failure(version, wording.said)


def plain(text: str) -> str:
    """Forget what does not matter in a mention."""
    return text.replace("`", "").replace("_", "-").replace("\\\\", "\\").casefold()


CASES = [
    pytest.param(one, version, id=f"{at}-{one.cause}-{version}")
    for at, one in enumerate(ALL)
    for version in ((NEW,) if one.where in ("docker", "bare") else FAMILIES)
]
"""What Docker says, and what is written out as a whole, has no families."""


@pytest.mark.parametrize(("wording", "version"), CASES)
def test_a_wording_leads_to_its_cause_and_way_out(wording: Wording, version: str) -> None:
    log = told(wording, version)
    record = as_record(diagnose_bytes(log.encode()))
    assert record["cause"] == wording.cause, record
    first = next(line for line in wording.said.split("\n") if line.strip())
    if "\n" not in wording.said:
        assert first in log.split("\n")[record["line"] - 1]
    card = plain(f"{record['title']} {record['detail']} {json.dumps(record['fix'])}"[:1500])
    assert all(plain(name) in card for name in wording.mention), (wording.mention, card)
    if wording.fix is not None:
        assert_part(wording.fix, record["fix"])


def assert_part(wanted: dict[str, object], fix: dict[str, Any]) -> None:
    """Find the wanted part in the fix."""
    for key, value in wanted.items():
        if isinstance(value, dict):
            assert {name: fix.get(key, {}).get(name) for name in value} == value, fix
        else:
            assert fix.get(key) == value, fix


def test_every_cause_has_words_and_a_way_out() -> None:
    causes = set(all_words()) - {"unknown"}
    assert len(causes) == 80
    assert causes <= {*ADVISED, *PLAIN, *MADE}
    assert causes == {one.cause for one in ALL}, causes ^ {one.cause for one in ALL}


def test_no_word_is_left_open() -> None:
    for wording in ALL:
        record = as_record(diagnose_bytes(told(wording, NEW).encode()))
        assert not re.search(r"\{\w*\}", record["title"]), record
