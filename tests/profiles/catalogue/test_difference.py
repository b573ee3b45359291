"""Two images' catalogues compared: what died, what is called otherwise, what is new, what moved."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from profiles.catalogue import Catalogue, Flag, Kind, Source, bundled
from profiles.catalogue.difference import Moved, difference

HELP = "The most sequences that one step may hold at once."


def catalogue(*flags: Flag, **more: object) -> Catalogue:
    """A small catalogue that an image told."""
    return replace(Catalogue("1", flags), **more)  # type: ignore[arg-type]


def test_the_same_catalogue_differs_in_nothing() -> None:
    known = replace(bundled(), source=Source.IMAGE)
    assert difference(known, known).same


def test_a_flag_died_and_another_came() -> None:
    found = difference(catalogue(Flag("swap-space"), Flag("port")), catalogue(Flag("port"), Flag("watermark")))
    assert (found.died, found.fresh, found.renamed) == (("swap-space",), ("watermark",), ())


def test_the_same_help_and_kind_under_another_name_is_a_rename() -> None:
    old, new = Flag("max-seqs", Kind.INT, help=HELP), Flag("max-num-seqs", Kind.INT, help=HELP.replace(" ", "\n  "))
    found = difference(catalogue(old), catalogue(new))
    assert (found.renamed, found.died, found.fresh) == ((("max-seqs", "max-num-seqs"),), (), ())


def test_little_help_another_kind_or_two_alike_are_no_rename() -> None:
    for old, *new in (
        (Flag("a", help="Port."), Flag("b", help="Port.")),
        (Flag("a", Kind.INT, help=HELP), Flag("b", Kind.TEXT, help=HELP)),
        (Flag("a", help=HELP), Flag("b", help=HELP), Flag("c", help=HELP)),
    ):
        found = difference(catalogue(old), catalogue(*new))
        assert (found.renamed, found.died) == ((), ("a",))


def test_a_known_rename_counts_only_where_both_images_bear_it_out() -> None:
    known = {"cuda-graph-sizes": "cudagraph-capture-sizes"}
    old = catalogue(Flag("cuda-graph-sizes"))
    assert difference(old, catalogue(Flag("cudagraph-capture-sizes")), known).renamed == (tuple(*known.items()),)
    assert difference(old, catalogue(Flag("port")), known).died == ("cuda-graph-sizes",)


def test_an_alias_keeps_a_flag_alive() -> None:
    found = difference(catalogue(Flag("old-name")), catalogue(Flag("new-name", aliases=("old-name",))))
    assert found.same


def test_defaults_that_moved_and_choices_that_died_are_told_of_renamed_flags_too() -> None:
    old = catalogue(
        Flag("dtype", choices=("auto", "gguf"), strict=True), Flag("a-flag", Kind.INT, help=HELP, default=8)
    )
    new = catalogue(Flag("dtype", choices=("auto",), strict=True), Flag("b-flag", Kind.INT, help=HELP, default=16))
    found = difference(old, new)
    assert found.choices == (("dtype", "gguf"),)
    assert found.moved == (Moved("b-flag", 8, 16),)


def test_a_choice_that_may_still_be_given_did_not_die() -> None:
    old = catalogue(Flag("parser", choices=("a", "b"), strict=True))
    assert difference(old, catalogue(Flag("parser", choices=("a",)))).choices == ()


def test_false_and_zero_are_two_defaults() -> None:
    assert difference(catalogue(Flag("a", default=False)), catalogue(Flag("a", default=None))).moved
    assert difference(catalogue(Flag("a", default=True)), catalogue(Flag("a", default=1))).moved


def test_a_help_text_tells_names_alone_and_a_shipped_catalogue_is_nobodys() -> None:
    old = catalogue(Flag("dtype", choices=("auto", "gguf"), strict=True, default="auto"), env={"VLLM_X": ""})
    new = catalogue(Flag("dtype", choices=("auto",), strict=True), source=Source.HELP)
    found = difference(old, new)
    assert found.same
    assert (found.whole, found.known) == (False, True)
    assert not difference(old, bundled()).known


def test_variables_that_are_read_no_more_are_told() -> None:
    assert difference(catalogue(env={"VLLM_X": "", "VLLM_Y": ""}), catalogue(env={"VLLM_Y": ""})).variables == (
        "VLLM_X",
    )


names = st.lists(st.sampled_from([f"flag-{n}" for n in range(8)]), unique=True)


@given(names, names)
def test_every_flag_is_told_once(old: list[str], new: list[str]) -> None:
    found = difference(catalogue(*map(Flag, old)), catalogue(*map(Flag, new)))
    assert sorted([*found.died, *(one for one, _heir in found.renamed)]) == sorted(set(old) - set(new))
    assert sorted([*found.fresh, *(heir for _one, heir in found.renamed)]) == sorted(set(new) - set(old))
