"""From what a container wrote to plain text: timestamps split off, terminal escapes and overwritten progress removed."""

from __future__ import annotations

import re
from collections.abc import Sequence

STAMP = re.compile(rb"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?")
"""What an engine puts before a line when timestamps are asked for (RFC 3339)."""

_STAMP_WIDTH = 30
"""Docker pads to nanoseconds in UTC: 2026-11-24T07:05:59.942668482Z."""

_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    rb"|[\]PX^_][^\n\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS and their like, with all they carry
    rb"|[ -/]*[0-~]?)"  # the short ones
)
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_REPLACEMENT = "\ufffd".encode()
_OVERWRITTEN = re.compile(rb"(?m)^[^\n]*\r(?=[^\r\n])")
_CONTROLS = bytes(code for code in range(32) if code != 0x0A) + b"\x7f"
_HARMLESS = bytes(set(range(256)) - set(_CONTROLS))


def split_stamps(lines: Sequence[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Split each line into the engine's timestamp (b"" when there is none) and the rest."""
    if {line[29:31] for line in lines} <= {b"Z "} and (not lines or STAMP.match(lines[0])):
        return [line[:_STAMP_WIDTH] for line in lines], [line[_STAMP_WIDTH + 1 :] for line in lines]
    stamps: list[bytes] = []
    rest: list[bytes] = []
    for line in lines:
        match = STAMP.match(line)
        stamps.append(match[1] if match else b"")
        rest.append(line[match.end() :] if match else line)
    return stamps, rest


def clean_lines(lines: Sequence[bytes]) -> list[bytes]:
    r"""Make lines printable: escape sequences and control characters gone, tabs as four spaces, the last `\r` segment kept.

    Lines stay lines: as many come back as went in. Bytes that are no UTF-8 stay; whoever draws them replaces them.
    """
    if not lines:
        return []
    block = b"\n".join(lines)
    if not block.translate(None, _HARMLESS).strip(b"\n") and b"\xc2" not in block:
        return list(lines)
    return clean_block(block).split(b"\n")


def clean_block(block: bytes) -> bytes:
    """Clean many lines at once, joined by newlines; see `clean_lines`."""
    if b"\x1b" in block:
        block = _ESCAPES.sub(b"", block)
    if b"\r" in block:
        block = _OVERWRITTEN.sub(b"", block)
    if b"\t" in block:
        block = block.replace(b"\t", b"    ")
    block = block.translate(None, _CONTROLS)
    # Replaced, not removed, and last: what remains around it must not join to another one.
    return _C1.sub(_REPLACEMENT, block) if b"\xc2" in block else block
