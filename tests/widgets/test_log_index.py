"""Rows and lines map onto each other, whatever is hidden, wrapped, added or dropped."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.log_lines import lines_of, traceback_of
from widgets import log_chunk
from widgets.log_index import LogIndex, View
from widgets.log_pattern import Pattern
from widgets.log_store import LogStore
from widgets.log_wrap import rows_of

TEXT = st.text(st.sampled_from("ab 中文é́"), max_size=50)


def settled(store: LogStore, view: View) -> LogIndex:
    index = LogIndex(store)
    index.view = view
    while not index.settle(store.first):
        pass
    return index


@given(st.lists(TEXT, max_size=40), st.integers(2, 30), st.integers(1, 7))
@settings(deadline=None)
def test_every_row_belongs_to_its_line(texts: list[str], width: int, step: int) -> None:
    store = LogStore()
    for begin in range(0, len(texts), step):
        store.add(lines_of(*texts[begin : begin + step]))
    index = settled(store, View(width))
    expected = [(at, row) for at, text in enumerate(texts) for row in range(rows_of(text.encode(), width))]
    assert index.total == len(expected)
    assert [index.line_at(row) for row in range(index.total)] == expected
    assert [index.row_of(at) for at in range(len(texts))] == [expected.index((at, 0)) for at in range(len(texts))]


@given(st.lists(TEXT, min_size=1, max_size=40), st.integers(2, 30), st.integers(2, 30))
@settings(deadline=None)
def test_another_width_gives_what_counting_afresh_gives(texts: list[str], before: int, after: int) -> None:
    store = LogStore()
    store.add(lines_of(*texts))
    index = settled(store, View(before))
    index.view = replace(index.view, width=after)
    while not index.settle(0):
        pass
    assert index.total == settled(store, View(after)).total


@given(st.lists(st.lists(TEXT, max_size=5), max_size=12), st.lists(TEXT, max_size=12))
@settings(deadline=None)
def test_an_unfinished_line_is_replaced_by_what_follows(batches: list[list[str]], partials: list[str]) -> None:
    store, plain = LogStore(), LogStore()
    index = LogIndex(store)
    index.view = View(7)
    for at, batch in enumerate(batches):
        partial = partials[at] if at < len(partials) else ""
        store.add(lines_of(*batch), lines_of(partial) if partial else None)
        index.settle(0)
        plain.add(lines_of(*batch))
    store.add(lines_of("end"))
    plain.add(lines_of("end"))
    index.settle(0)
    assert index.total == settled(plain, View(7)).total
    assert [store.at(at).text for at in range(store.end)] == [plain.at(at).text for at in range(plain.end)]


def test_many_lines_spread_over_chunks_and_keep_their_numbers() -> None:
    store = LogStore()
    store.add(lines_of(*(f"line {at}" for at in range(10_000))))
    store.divide("a divider")
    store.add(lines_of("after"))
    assert len(store.chunks) > 4
    assert store.at(9_999).number == 10_000
    assert store.at(10_000).number is None
    assert store.at(10_001).number == store.last_number == 10_001
    assert [store.index_of(number) for number in (1, 5_000, 10_000, 10_001)] == [0, 4_999, 9_999, 10_001]
    assert store.index_of(10_002) is None


def test_the_oldest_go_when_there_are_too_many_bytes_and_indexes_stay() -> None:
    store = LogStore(limit=600_000)
    for batch in range(20):
        store.add(lines_of(*(f"{batch} {at} {'x' * 90}" for at in range(1000))))
        store.drop()
    assert store.first > 0
    assert store.at(store.first).text.startswith(b"%d %d " % divmod(store.first, 1000))
    assert store.end == 20_000
    assert store.at(19_999).number == 20_000
    index = settled(store, View(200))
    assert index.line_at(0) == (store.first, 0)
    assert index.total == store.end - store.first


def test_frames_are_folded_and_the_exception_stays() -> None:
    store = LogStore()
    store.add(traceback_of(5))
    index = settled(store, View(80))
    assert [index.height(at) for at in range(store.end)] == [1, 0, 0, 0, 0, 0, 1]
    index.toggle(0)
    index.settle(0)
    assert index.total == 7


def test_polling_and_overtaken_lines_take_no_row_unless_asked_for() -> None:
    store = LogStore()
    store.add(lines_of("poll", "50%", "100%", "text", polls=[0], passed=[1]))
    assert settled(store, View(80)).total == 2
    assert settled(store, View(80, polls=True)).total == 3
    assert settled(store, View(80, unfolded=True)).total == 3


def test_a_filter_leaves_matching_lines_and_dividers_and_looks_into_folds() -> None:
    store = LogStore()
    store.add(traceback_of(3))
    store.add(lines_of("other"))
    store.divide("exited")
    index = settled(store, View(80, only=Pattern("f1.py")))
    assert [index.line_at(row)[0] for row in range(index.total)] == [2, 6]


def test_progress_that_is_overtaken_in_a_later_batch_disappears() -> None:
    store = LogStore()
    store.add(lines_of("a 50%|"))
    index = settled(store, View(80))
    store.add(lines_of("a 99%|", passed=[-1]))
    index.settle(0)
    assert (index.total, index.line_at(0)) == (1, (1, 0))


def test_counting_goes_on_in_slices_when_there_is_much() -> None:
    store = LogStore()
    store.add(lines_of(*(["x" * 100] * (log_chunk.CHUNK_LINES * 6))))
    index = LogIndex(store)
    assert index.settle(store.end - 1, budget=0) is False
    rounds = 0
    while not index.settle(store.end - 1, budget=0):
        rounds += 1
        assert rounds < 10
    assert index.total == store.end * 2
