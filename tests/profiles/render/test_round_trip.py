"""Out and in again: what a form carries of a profile is read back as it was."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from profiles.command import argv
from profiles.paste import read, shared, to_profile
from profiles.profile import Profile
from profiles.render import Form, render
from tests.profiles.render.carried import carried, plain, without_breaks

READ_BACK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FORMS = [form for form in Form if form is not Form.TOML]


@pytest.mark.parametrize("form", FORMS)
@READ_BACK
@given(carried())
def test_what_a_form_carries_comes_back(form: Form, profile: Profile) -> None:
    profile = without_breaks(profile) if form is Form.CMD else profile
    again, _notes = to_profile(read(render(profile, form).text), profile.name)
    assert plain(again, form) == plain(profile, form)


@READ_BACK
@given(carried())
def test_a_shared_file_is_the_profile(profile: Profile) -> None:
    found = shared(render(profile, Form.TOML).text)
    assert found is not None and found == (profile, ())


@pytest.mark.parametrize("form", [Form.BASH, Form.POWERSHELL, Form.COMPOSE])
@settings(READ_BACK, max_examples=15)
@given(carried())
def test_a_profile_that_was_read_back_makes_the_same_command(form: Form, profile: Profile) -> None:
    again, _notes = to_profile(read(render(profile, form).text), profile.name)
    assert sorted(argv(again)) == sorted(argv(profile))
