"""What a recreate changes, said without a single secret."""

from __future__ import annotations

from typing import Any

import pytest

from tui.services.recreate_diff import body_changes


def said(old: dict[str, Any], new: dict[str, Any]) -> str:
    """All that the user reads."""
    return "\n".join(f"{one.field}: {one.old} -> {one.new}" for one in body_changes(old, new))


@pytest.mark.parametrize(
    "command",
    [
        ["prog", "--token", "hf_geheim12345"],
        ["prog", "--token=geheim", "-x"],
        ["prog", "--api-key", "geheim1", "geheim2", "--port", "1"],
        ["sh", "-c", "prog --hf-token geheim && HF_TOKEN=geheim prog"],
        ["sh", "-c", "API_KEY='ge heim' AWS_SECRET_ACCESS_KEY=\"ge heim\" prog"],
        ["curl", "-H", "Authorization: Bearer geheim", "https://u:geheim@host/x"],
        ["prog", "hf_geheim12345", "sk-geheim12345"],
    ],
)
def test_a_command_that_is_not_recognised_hides_its_secrets(command: list[str]) -> None:
    text = said({"Cmd": ["sleep"]}, {"Cmd": command}) + said({"Cmd": command}, {"Cmd": ["sleep"]})
    assert "geheim" not in text
    assert "heim" not in text
    assert "•••" in text
    assert command[0] in text
    text = said({"Entrypoint": ["a"]}, {"Entrypoint": command})
    assert "heim" not in text


def test_a_password_in_an_address_is_hidden_wherever_it_stands() -> None:
    proxy = "http://user:geheim@proxy:3128"
    text = said(
        {"Env": [], "Labels": {}, "HostConfig": {}},
        {"Env": [f"HTTPS_PROXY={proxy}"], "Labels": {"via": proxy}, "HostConfig": {"LogConfig": {"url": proxy}}},
    )
    assert "geheim" not in text
    assert text.count("http://•••@proxy:3128") == 3


def test_flags_that_only_sound_like_secrets_are_shown() -> None:
    serve = ["vllm", "serve", "m", "--max-num-batched-tokens"]
    text = said({"Cmd": [*serve, "2048"]}, {"Cmd": [*serve, "4096", "--tokenizer", "t", "--api-key", "geheim"]})
    assert "--max-num-batched-tokens: 2048 -> 4096" in text
    assert "--tokenizer:  -> t" in text
    assert "--api-key:  -> •••" in text
    text = said({"Cmd": ["x", "--max-tokens", "1"]}, {"Cmd": ["x", "--max-tokens", "2", "--tokenizer", "t"]})
    assert text == "Cmd: x --max-tokens 1 -> x --max-tokens 2 --tokenizer t"
