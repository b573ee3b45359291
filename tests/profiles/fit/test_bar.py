"""The bar is drawn to scale and no part of it is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from profiles.fit.bar import LETTERS, cells, letters
from profiles.fit.records import Fit
from profiles.fit.words import part_names, reasons

FIT = Fit(
    total_gib=24.0, others_gib=1.0, weights_gib=15.0, non_torch_gib=0.1, activation_gib=0.9, graphs_gib=1.0, kv_gib=4.0
)


def test_each_part_has_a_letter_and_a_name() -> None:
    names = {part.name for part in FIT.parts()}
    assert names == set(LETTERS) == set(part_names())
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_it_is_to_scale_and_the_small_are_seen() -> None:
    assert letters(FIT, 24) == "oWWWWWWWWWWWWWWnagKKKK.."


def test_what_does_not_fit_stretches_the_scale() -> None:
    found = dict(cells(Fit(total_gib=12.0, weights_gib=24.0, activation_gib=12.0), 30))
    assert found == {"weights": 20, "activation": 10}


def test_nothing_known_is_no_bar() -> None:
    assert cells(Fit(), 40) == () and cells(FIT, 0) == ()


@given(st.integers(1, 200), st.lists(st.floats(0, 1e6), min_size=5, max_size=5))
def test_its_cells_are_all_used(width: int, sizes: list[float]) -> None:
    fit = Fit(
        weights_gib=sizes[0], non_torch_gib=sizes[1], activation_gib=sizes[2], graphs_gib=sizes[3], kv_gib=sizes[4]
    )
    if any(sizes):
        assert len(letters(fit, width)) == width


def test_every_reason_has_a_sentence() -> None:
    assert [why for why, text in reasons().items() if why and not text] == []
