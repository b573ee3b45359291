"""Lines become harmless text on cells."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.log_text import LONGEST, cells_of, drawn, harmless

TEXTS = st.text(
    st.sampled_from("ab \t\u4e2d\u6587\u300d\u00e9\u0301\u200b\u202e\U0001f469\u200d\u2714\ufe0f\x1b\x07\x9b\u2588"),
    max_size=60,
)
HIDDEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
ANY = st.one_of(TEXTS, st.text(max_size=40))


@given(ANY)
def test_nothing_harmful_is_drawn(text: str) -> None:
    shown = drawn(text.encode("utf-8", "surrogatepass"))
    assert not any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in shown)
    assert not any(letter in HIDDEN for letter in shown)


@given(st.binary(max_size=80))
@example(b"\x9b31m\xff\xfe\xc2\x9b")
def test_any_bytes_can_be_drawn(data: bytes) -> None:
    shown = drawn(data)
    assert harmless(shown) == shown
    cleaned = bytes(byte for byte in data if byte >= 0x20 and byte != 0x7F)
    assert cells_of(cleaned) == cell_len(drawn(cleaned))


def test_a_very_long_line_is_drawn_cut_with_a_mark() -> None:
    shown = drawn(b"x" * 1_000_000)
    assert len(shown) < LONGEST + 60
    assert "1 000 000 bytes" in shown
    assert cells_of(b"x" * 1_000_000) == len(shown)
