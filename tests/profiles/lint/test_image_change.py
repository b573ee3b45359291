"""A change of the image judged for one launch: what it uses comes with a mend, what it does not use is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from profiles.catalogue import Catalogue, Flag, Kind, Source, bundled
from profiles.lint import findings
from profiles.lint.image_change import Kind as What
from profiles.lint.image_change import affected, compared, mended
from profiles.profile import Profile

HELP = "The most sequences that one step may hold at once."
NOW = replace(bundled(), source=Source.IMAGE)


def changed(old: str, new: Flag | None, catalogue: Catalogue = NOW) -> Catalogue:
    """The catalogue with another flag in one's place, or with none."""
    flags = [flag for flag in catalogue.flags if flag.name != old]
    return replace(catalogue, flags=(*flags, *([new] if new else [])))


def profile(*flags: tuple[str, str | None], **more: object) -> Profile:
    """A launch with these flags."""
    return replace(Profile("a", "m"), flags=flags, **more)  # type: ignore[arg-type]


def test_a_flag_of_the_launch_that_dies_is_dropped_by_its_mend() -> None:
    launch = profile(("max-num-seqs", "8"), ("port", "1"))
    (one,) = affected(launch, compared(NOW, changed("max-num-seqs", None)))
    assert (one.kind, one.name, one.refused) == (What.DIED, "max-num-seqs", True)
    assert mended(launch, [one]).flags == (("port", "1"),)


def test_a_renamed_flag_keeps_its_value_under_the_new_name() -> None:
    flag = NOW.by_name["max-num-seqs"]
    new = changed("max-num-seqs", replace(flag, name="sequences-at-once", aliases=()))
    launch = profile(("max-num-seqs", "8"))
    (one,) = affected(launch, compared(NOW, new))
    assert (one.kind, one.text) == (What.RENAMED, "--max-num-seqs is called --sequences-at-once now.")
    after = mended(launch, [one])
    assert after.flags == (("sequences-at-once", "8"),)
    assert not [finding for finding in findings(after, new) if finding.refused]


def test_a_value_that_the_new_image_refuses_is_told_with_its_flag() -> None:
    flag = NOW.by_name["quantization"]
    new = changed("quantization", replace(flag, choices=("fp8",), strict=True))
    (one,) = affected(profile(("quantization", "awq")), compared(NOW, new))
    assert (one.kind, one.name) == (What.VALUE, "quantization")


def test_what_was_wrong_before_is_no_matter_of_the_image() -> None:
    assert affected(profile(("no-such-flag-at-all", "1")), compared(NOW, changed("max-num-seqs", None))) == ()


def test_a_default_that_moved_can_be_kept_by_saying_it() -> None:
    flag = NOW.by_name["block-size"]
    new = changed("block-size", replace(flag, default=64))
    old = changed("block-size", replace(flag, default=16))
    (one,) = affected(profile(), compared(old, new))
    assert (one.kind, one.refused) == (What.DEFAULT, False)
    assert one.text == "--block-size is not given: it was 16, it will be 64."
    assert mended(profile(), [one]).flags == (("block-size", "16"),)
    assert affected(profile(("block-size", "32")), compared(old, new)) == ()


@pytest.mark.parametrize(
    ("was", "flag", "said"),
    [
        (True, Flag("x", Kind.SWITCH, default=False), (("x", None),)),
        (False, Flag("x", Kind.SWITCH, twin=True, default=True), (("no-x", None),)),
        (False, Flag("x", Kind.SWITCH, default=True), ()),
        (None, Flag("x", Kind.INT, default=4), ()),
        (["*"], Flag("x", default=[]), ()),
        ("gone", Flag("x", choices=("here",), strict=True, default="here"), ()),
    ],
)
def test_an_old_default_is_offered_only_where_a_command_line_can_say_it(
    was: object, flag: Flag, said: tuple[tuple[str, str | None], ...]
) -> None:
    old = Catalogue("1", (replace(flag, default=was),))
    (one,) = affected(profile(), compared(old, Catalogue("2", (flag,))))
    assert mended(profile(), [one]).flags == said


def test_a_variable_that_is_read_no_more_is_told() -> None:
    env = {name: text for name, text in NOW.env.items() if name != "VLLM_LOGGING_LEVEL"}
    launch = profile(env=(("VLLM_LOGGING_LEVEL", "DEBUG"),))
    (one,) = affected(launch, compared(NOW, replace(NOW, env=env)))
    assert (one.kind, one.name) == (What.VARIABLE, "VLLM_LOGGING_LEVEL")
    assert mended(launch, [one]).env == ()


def test_what_dies_comes_before_what_is_a_matter_of_taste() -> None:
    flag = NOW.by_name["block-size"]
    new = changed("max-num-seqs", None, changed("block-size", replace(flag, default=64)))
    found = affected(profile(("max-num-seqs", "8")), compared(NOW, new))
    assert [one.kind for one in found] == [What.DIED, What.DEFAULT]


def test_renames_of_vllms_history_are_known() -> None:
    old = Catalogue("0.10", (Flag("cuda-graph-sizes"),))
    new = Catalogue("0.32", (Flag("cudagraph-capture-sizes"),))
    (one,) = affected(profile(("cuda-graph-sizes", "8")), compared(old, new))
    assert mended(profile(("cuda-graph-sizes", "8")), [one]).flags == (("cudagraph-capture-sizes", "8"),)


def test_nothing_is_said_of_an_image_that_could_not_be_asked() -> None:
    assert affected(profile(("max-num-seqs", "8")), compared(changed("port", None), bundled())) == ()
