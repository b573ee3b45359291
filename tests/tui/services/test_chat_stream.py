"""Reading the event stream, wherever the network cuts it."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.services.chat_stream import ChatStream, StreamError, cleaned

TEXTS = st.lists(st.text(min_size=1), min_size=1, max_size=8)


def stream_of(texts: list[str], ending: str = "\n\n") -> bytes:
    """The bytes of an answer."""
    events = [json.dumps({"choices": [{"delta": {"content": text}}]}, ensure_ascii=False) for text in texts]
    lines = "".join(f"data: {event}{ending}" for event in [*events, "[DONE]"])
    return lines.encode("utf-8", "surrogatepass")


@given(TEXTS, st.lists(st.integers(0, 400)), st.sampled_from(["\n\n", "\r\n\r\n", "\n"]))
def test_the_text_does_not_depend_on_where_the_network_cuts(texts: list[str], cuts: list[int], ending: str) -> None:
    data = stream_of(texts, ending)
    stream = ChatStream(lambda: 0.0)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for start, end in pairwise(places):
        stream.feed(data[start:end])
    assert stream.take().text == "".join(cleaned(text) for text in texts)
    assert stream.done


@given(st.binary(max_size=300))
def test_no_bytes_of_a_server_break_the_reading(data: bytes) -> None:
    stream = ChatStream(lambda: 0.0)
    stream.feed(data + b"\n")
    stream.feed(b"data: " + data + b"\n")
    stream.take()
    stream.feed(b'data: {"choices":[{"delta":{"content":"next"}}]}\n')
    assert stream.take().text == "next"


@pytest.mark.parametrize(
    "event", ["[]", "3", "null", '{"choices":[]}', '{"choices":[{"delta":null}]}', '{"choices":3}', '{"usage":[]}']
)
def test_an_event_of_another_shape_is_passed_over(event: str) -> None:
    stream = ChatStream(lambda: 0.0)
    stream.feed(f"data: {event}\n".encode())
    assert not stream.pending


def test_an_error_event_is_an_error() -> None:
    with pytest.raises(StreamError, match="out of memory"):
        ChatStream(lambda: 0.0).feed(b'data: {"error": {"message": "out of memory"}}\n')


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    left = cleaned(text)
    assert all(
        char in "\n\t" or not (char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff") for char in left
    )
    left.encode()


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("plain", "中文，标点。", "a\tb\nc", "👩‍👩‍👧 ☕️", "naïve"):
        assert cleaned(text) == text
