"""A profile's field as text, and the text as the field again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profiles.profile import Profile
from tui.panes.profile_fields import changed, value

PLAIN = Profile("mine", "a/b")
ODD = st.lists(st.text("a =-'\"$\n", min_size=1, max_size=6).map("--log-opt=k={}".format), max_size=3)


def with_options(*options: str) -> Profile:
    return replace(PLAIN, options=options)


@pytest.mark.parametrize(
    "option", ["--device-cgroup-rule=c 188:* rmw", "--log-opt=tag=a b", "--workdir=/a b", "--log-opt=tag=one\ntwo"]
)
def test_a_line_added_to_the_options_leaves_the_others_alone(option: str) -> None:
    before = with_options(option, "--init")
    after = changed(before, "options", value(before, "options") + "\n\n --device /dev/dri \n")
    assert after.options == (option, "--init", "--device=/dev/dri")
    assert changed(before, "options", "--init").options == ("--init",)


@settings(max_examples=200, deadline=None)
@given(ODD)
def test_options_that_were_only_looked_at_are_the_same(options: list[str]) -> None:
    before = with_options(*options)
    assert changed(before, "options", value(before, "options")) == before
