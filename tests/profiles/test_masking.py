"""Secrets in commands are hidden, whatever the program calls them; what only sounds like one is shown."""

from __future__ import annotations

import pytest

from profiles.masking import masked_line, masked_words


@pytest.mark.parametrize(
    "line",
    [
        "redis-server --requirepass geheim",
        "redis-server --masterauth geheim --port 6379",
        "prog --auth=geheim",
        "prog --db-password geheim",
        "prog --sentinel-pass geheim",
        "prog --passphrase=geheim",
        "prog --api_key geheim1 geheim2",
        "sh -c 'API_KEY=geheim prog'",
        "prog http://me:geheim@far/",
    ],
)
def test_a_secret_is_hidden_in_a_line_and_in_words(line: str) -> None:
    for shown in (masked_line(line), " ".join(masked_words(line.split(" ")))):
        assert "geheim" not in shown and "•••" in shown
        assert shown.startswith(line.split(" ", maxsplit=1)[0])


@pytest.mark.parametrize(
    "line",
    [
        "vllm serve m --tokenizer t --max-num-batched-tokens 9",
        "prog --bypass x",
        "prog --no-author x",
        "mongod --auth --dbpath /d",
    ],
)
def test_what_only_sounds_like_one_is_shown(line: str) -> None:
    assert masked_line(line) == line
    assert " ".join(masked_words(line.split(" "))) == line


def test_what_follows_a_hidden_value_is_shown() -> None:
    words = ("prog", "--api-key=geheim", "model", "--hf-token", "geheim", "-x", "1")
    assert masked_words(words) == ("prog", "--api-key=•••", "model", "--hf-token", "•••", "-x", "1")
