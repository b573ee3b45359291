"""A form offers what one vLLM takes, understands short spellings, and never a flag of another vLLM."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from profiles.catalogue import Catalogue, Source, bundled, loads
from profiles.profile import Profile
from tui.panes.flag_rows import flag_options, offer, spelled
from tui.panes.profile_draft import Draft
from tui.panes.profile_form import Sheet, groups
from widgets.finder import ranked
from widgets.form_record import ON, Field

DATA = Path(__file__).parents[2] / "data" / "catalogues"
NEW = replace(bundled(), source=Source.IMAGE)
OLD, MIDDLE = (
    loads(gzip.decompress((DATA / name).read_bytes()).decode()) for name in ("vllm-0.16.json.gz", "vllm-0.20.json.gz")
)


def rows(profile: Profile, catalogue: Catalogue = NEW) -> dict[str, Field]:
    draft = Draft.of(profile)
    return {field.name: field for group in groups(draft, Sheet("here", catalogue=catalogue)) for field in group.fields}


@pytest.mark.parametrize(("mine", "other"), [(NEW, OLD), (OLD, NEW), (MIDDLE, OLD), (OLD, MIDDLE), (MIDDLE, NEW)])
def test_no_flag_of_one_vllm_is_offered_for_another(mine: Catalogue, other: Catalogue) -> None:
    strange = set(other.by_name) - set(mine.by_name)
    assert strange
    assert not strange & {option.value for option in flag_options(mine, ())}
    shown = rows(Profile("a", "b/c"), mine)
    assert not strange & {name.removeprefix("--") for name in shown}
    for name in sorted(strange)[:20]:
        said = offer(mine, name)
        assert said is None or not said.choosable or said.value.partition("=")[0] in mine.by_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (["-tp", "2"][0], "tensor-parallel-size"),
        ("gpu-mem", "gpu-memory-utilization"),
        ("max_num_seqs=64", "max-num-seqs=64"),
        ("--device-memory-utilization", "gpu-memory-utilization"),
        ("no-enable-prefix-caching", "no-enable-prefix-caching"),
        ("max-num", ""),
        ("swap-space", ""),
    ],
)
def test_short_spellings_are_understood_where_they_mean_one_flag(typed: str, name: str) -> None:
    assert spelled(NEW, typed)[0] == name


@pytest.mark.parametrize(("typed", "first"), [("-tp", "tensor-parallel-size"), ("gpu-mem", "gpu-memory-utilization")])
def test_the_search_puts_what_was_meant_on_top(typed: str, first: str) -> None:
    assert ranked(flag_options(NEW, ()), typed)[0].value == first


def test_a_word_of_the_help_finds_a_flag_too() -> None:
    found = ranked(flag_options(NEW, ()), "sliding window")
    assert any("sliding window" not in one.value and "sliding window" in one.help.lower() for one in found)


def test_a_flag_is_edited_by_what_it_takes() -> None:
    flags = (
        ("dtype", "auto"),
        ("max-num-seqs", "8"),
        ("middleware", "a.b"),
        ("hf-overrides", "{}"),
        ("async-scheduling", None),
    )
    kinds = {name: field.kind for name, field in rows(Profile("a", "b/c", flags=flags)).items()}
    wanted = {"dtype": "choice", "max-num-seqs": "number", "middleware": "lines", "hf-overrides": "text"}
    assert {name: kinds[f"flag:{name}"] for name in wanted} == wanted
    assert kinds["flag:async-scheduling"] == "switch"


def test_a_choice_holds_the_images_own_values_and_takes_no_other() -> None:
    field = rows(Profile("a", "b/c"))["--quantization"]
    values = {option.value for option in field.choices}
    assert "fp8_per_tensor" in values and "bitsandbytes" not in values and not field.free
    assert rows(Profile("a", "b/c"), bundled())["--quantization"].free


def test_a_list_is_one_value_a_line_and_a_repeated_flag_stays_repeated() -> None:
    draft = Draft.of(Profile("a", "b/c", flags=(("middleware", "a.B"), ("seed", "1"), ("middleware", "c.D"))))
    assert draft.value("flag:middleware") == "a.B\nc.D"
    after = draft.edit("flag:middleware", "a.B\nc.D\ne.F").profile
    assert after.flags == (("middleware", "a.B"), ("middleware", "c.D"), ("middleware", "e.F"), ("seed", "1"))
    names = draft.edit("flag:lora-modules", "a=/x y\nb=/z").profile
    assert names.flag("lora-modules") == "'a=/x y' b=/z"


def test_a_switch_that_only_this_image_knows_stands_alone() -> None:
    draft = replace(Draft.of(Profile("a", "b/c")), switches=frozenset({"only-here"}))
    added = draft.add_flag("only-here")
    assert added is not None and added.profile.flags == (("only-here", None),)
    assert added.edit("flag:only-here", "").edit("flag:only-here", ON).profile.flags == (("only-here", None),)
