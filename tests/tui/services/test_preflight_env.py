"""Variables that are taken by name: one that is not set is told before anything starts."""

from __future__ import annotations

import asyncio

import pytest

from profiles.profile import Profile
from tests.fakes import FakeEngine
from tui.services import preflight as preflight_module
from tui.services.host import Host
from tui.services.preflight import Check, preflight
from tui.services.preflight_env import check_environment


def told(model: str, names: tuple[str, ...], environ: dict[str, str], **more: object) -> list[tuple[bool | None, str]]:
    """What is said, with the mend."""
    profile = Profile("q", model, env_names=names, **more)  # type: ignore[arg-type]
    return [(one.ok, f"{one.text}|{one.mend}") for one in check_environment(profile, environ)]


@pytest.mark.parametrize("environ", [{}, {"VLLM_API_KEY": ""}])
def test_a_server_that_should_have_a_key_does_not_start_without_one(environ: dict[str, str]) -> None:
    ((ok, text),) = told("/m", ("VLLM_API_KEY",), environ)
    assert ok is False
    assert text.startswith("VLLM_API_KEY is not set in your environment.|Set VLLM_API_KEY")


def test_other_variables_are_worth_knowing() -> None:
    ((ok, text),) = told("/m", ("OTHER",), {"X": "1"})
    assert ok is None
    assert "Set OTHER" in text


def test_a_hub_token_is_missed_only_by_a_model_of_the_hub() -> None:
    assert told("a/b", ("HF_TOKEN",), {}) == [(None, "HF_TOKEN is not set in your environment.|")]
    assert told("/models/m", ("HF_TOKEN",), {}) == []
    assert told("C:\\models\\m", ("HF_TOKEN",), {}) == []


def test_what_is_set_or_given_is_not_told() -> None:
    assert told("a/b", ("HF_TOKEN", "VLLM_API_KEY"), {"HF_TOKEN": "x", "VLLM_API_KEY": "y"}) == []
    assert told("a/b", ("VLLM_API_KEY",), {}, env=(("VLLM_API_KEY", "z"),)) == []


async def test_the_preflight_says_it() -> None:
    profile = Profile("q", "a/b", gpus="none", port=0, env_names=("VLLM_API_KEY",))
    checks = await preflight(Host("local", "local", FakeEngine()), profile, {})
    assert [one.ok for one in checks if one.name == "env"] == [False]


async def test_a_look_that_is_cancelled_as_it_ends_stays_cancelled() -> None:
    answer: asyncio.Future[Check | list[Check]] = asyncio.get_running_loop().create_future()
    look = asyncio.ensure_future(preflight_module._bounded("model", answer, 5.0))
    await asyncio.sleep(0)
    answer.set_result([])
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
