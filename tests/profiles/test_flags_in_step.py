"""What is known of vLLM's flags without a catalogue says the same as the catalogue of vLLM 0.32."""

from __future__ import annotations

from profiles import flags
from profiles.catalogue import bundled

KNOWN = bundled().by_name


def test_every_switch_of_the_catalogue_is_known_as_one() -> None:
    assert {flag.name for flag in bundled().flags if flag.is_switch} <= flags.SWITCHES
    assert {name for name in flags.SWITCHES & KNOWN.keys() if not KNOWN[name].is_switch} == set()


def test_every_flag_with_several_values_is_known_as_one() -> None:
    assert {flag.name for flag in bundled().flags if flag.several} <= flags.SEVERAL | flags.REPEATED
    assert {name for name in flags.SEVERAL & KNOWN.keys() if not KNOWN[name].several} == set()
    assert {flag.name for flag in bundled().flags if flag.repeated} == flags.REPEATED


def test_short_forms_and_second_names_lead_to_the_same_flags() -> None:
    short = {form: flag.name for flag in bundled().flags for form in flag.short}
    assert short == {form: name for form, name in flags.SHORT.items() if form in short}
    assert {alias: flag.name for flag in bundled().flags for alias in flag.aliases} == flags.ALIASES
