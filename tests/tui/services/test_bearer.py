"""A key that no header can carry is refused, and never shown."""

from __future__ import annotations

import pytest

from tui.services.answer import one_token
from tui.services.bearer import bearer
from tui.services.errors import ServiceError


def test_a_key_of_visible_ascii_is_carried() -> None:
    assert bearer("sk-1!~") == "Bearer sk-1!~"


@pytest.mark.parametrize("key", ["sk-geheim\n", "sk-gehéim", "sk-geheim\r\nX: 1", "sk geheim", "\x00sk-geheim", ""])
async def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ServiceError) as caught:
        bearer(key)
    shown = repr(caught.value) + str(caught.value) + caught.value.detail + caught.value.mend
    assert "no header can carry" in shown
    assert "sk" not in shown
    assert "geh" not in shown


async def test_the_question_for_one_token_refuses_it_too() -> None:
    with pytest.raises(ServiceError) as caught:
        await one_token("http://127.0.0.1:9", "m", api_key="sk-geheim\n")
    assert caught.value.title == "The API key of the server holds a character that no header can carry"
    assert "geheim" not in str(caught.value)
