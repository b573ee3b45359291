"""The bindings in force, as rows: for the bottom line, the help and the commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.binding import ActiveBinding
from textual.dom import DOMNode

NAMES = {
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "ampersand": "&",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "full_stop": ".",
    "comma": ",",
}
"""Textual's name of a key and what stands on it."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One thing that can be done here by a key."""

    key: str
    words: str
    tooltip: str
    action: str
    id: str
    node: DOMNode
    """Whose action it is."""
    place: int
    """0 for the focused widget's own, growing outwards."""


def here(active: Mapping[str, ActiveBinding], hidden: bool = False) -> list[KeyRow]:
    """List what works at the focus, nearest first; `hidden` adds what the bottom line leaves out."""
    rows: dict[str, KeyRow] = {}
    nodes: list[object] = []
    for active_binding in active.values():
        binding = active_binding.binding
        if active_binding.node not in nodes:
            nodes.append(active_binding.node)
        if not active_binding.enabled or not binding.id or not (binding.show or hidden):
            continue
        known = rows.get(binding.id)
        key = name_of(binding.key)
        if known is None:
            rows[binding.id] = KeyRow(
                key,
                binding.description,
                active_binding.tooltip,
                binding.action,
                binding.id,
                active_binding.node,
                nodes.index(active_binding.node),
            )
    return sorted(rows.values(), key=lambda row: row.place)


def name_of(key: str) -> str:
    """Say a key as a user would: `ctrl+left_square_bracket` is ctrl+[."""
    *modifiers, last = key.split("+")
    shown = NAMES.get(last, last.upper() if last[:1] == "f" and last[1:].isdigit() else last)
    return "+".join((*modifiers, shown))
