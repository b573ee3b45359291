"""Judging one flag's values as vLLM would: types, choices, ranges, JSON and its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from gettext import gettext as _

from profiles.catalogue import Flag, Kind, close

SIZE = re.compile(r"\s*(?:-?\d+(?:_\d+)*|\d+(?:\.\d+)?[kmgt]|\d+[KMGT])\s*")
UNITS = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
STRINGS = re.compile(r'("(?:[^"\\]|\\.)*")')
HUMAN = re.compile(r"\b\d+(?:\.\d+)?[kKmMgGtT]\b")
LONGEST_LIST = 8
"""As many choices are named in a sentence."""


def trouble(flag: Flag, key: str, values: Sequence[str]) -> str:
    """Say what vLLM would have against these values of a flag (`key`: the dotted rest); "" when it takes them."""
    if key:
        return _dotted(flag, key, values)
    if flag.is_switch:
        return _("it stands alone: remove its value.") if values else ""
    if not values:
        return "" if flag.nargs in ("?", "*") else _("it needs a value.")
    if len(values) > 1 and not flag.several:
        return _("it takes one value.")
    return next((text for value in values if (text := _value(flag, value))), "")


def amount(text: str) -> int:
    """Read a whole number that may end in k (1000), K (1024), m, M, …

    Raises:
        ValueError: It is none.
    """
    text = text.strip()
    if text[-1:] in UNITS and SIZE.fullmatch(text):
        return int(float(text[:-1]) * UNITS[text[-1]])
    return int(text)


def _value(flag: Flag, value: str) -> str:
    if flag.optional and value in ("", "None"):
        return ""
    if flag.strict and flag.choices:
        return _choice(flag, value)
    return CHECKS.get(flag.kind, _any)(flag, value)


def _choice(flag: Flag, value: str) -> str:
    folded = value.lower().replace("-", "_")
    if value in flag.choices or (folded in flag.choices and flag.name.endswith("-backend")):
        return ""
    near = close(value, flag.choices) or (flag.choices if len(flag.choices) <= LONGEST_LIST else ())
    if near:
        return _("{value} is none of its values: write {choices}.").format(
            value=shown(value), choices=_(" or ").join(near)
        )
    return _("{value} is none of its {count} values.").format(value=shown(value), count=len(flag.choices))


def _number(flag: Flag, value: str, read: Callable[[str], float], wanted: str) -> str:
    try:
        number = read(value)
    except (ValueError, OverflowError):
        return _("{value} is {wanted}.").format(value=shown(value), wanted=wanted)
    low = flag.low is not None and (number <= flag.low if flag.open_low else number < flag.low)
    high = flag.high is not None and (number >= flag.high if flag.open_high else number > flag.high)
    if low or high or number != number:  # noqa: PLR0124
        return _("{value} is out of its range {range}.").format(value=shown(value), range=flag.range_text)
    return ""


def _int(flag: Flag, value: str) -> str:
    return _number(flag, value, int, _("no whole number"))


def _float(flag: Flag, value: str) -> str:
    return _number(flag, value, float, _("no number"))


def _size(flag: Flag, value: str) -> str:
    return _number(flag, value, amount, _("no amount such as 4096, 32k or 1M"))


def _length(flag: Flag, value: str) -> str:
    return "" if value.strip().lower() in ("auto", "-1") else _size(flag, value)


def _json(flag: Flag, value: str) -> str:
    parts = STRINGS.split(value)
    parts[::2] = [HUMAN.sub(lambda found: str(amount(found[0])), part) for part in parts[::2]]
    try:
        read = json.loads("".join(parts))
    except (ValueError, RecursionError):
        return _("its value is no JSON: the shell may have taken the quotes away.")
    strange = [key for key in read if key not in flag.keys] if isinstance(read, dict) and flag.keys else []
    return _key(flag, strange[0]) if strange else ""


def _json_or_text(flag: Flag, value: str) -> str:
    return _json(flag, value) if value.strip().startswith("{") and value.strip().endswith("}") else ""


def _any(_flag: Flag, _value: str) -> str:
    return ""


CHECKS: dict[Kind, Callable[[Flag, str], str]] = {
    Kind.INT: _int,
    Kind.FLOAT: _float,
    Kind.SIZE: _size,
    Kind.LENGTH: _length,
    Kind.JSON: _json,
    Kind.JSON_OR_TEXT: _json_or_text,
}


def _dotted(flag: Flag, key: str, values: Sequence[str]) -> str:
    if flag.kind not in (Kind.JSON, Kind.JSON_OR_TEXT):
        return _("it takes no keys.")
    first = key.partition(".")[0].removesuffix("+")
    if flag.keys and first not in flag.keys:
        return _key(flag, first)
    return "" if len(values) == 1 else _("it needs a value.")


def _key(flag: Flag, key: str) -> str:
    near = close(key, flag.keys)
    if near:
        return _("{config} has no {key}: write {choices}.").format(
            config=flag.config, key=shown(key), choices=_(" or ").join(near)
        )
    return _("{config} has no {key}.").format(config=flag.config, key=shown(key))


def shown(value: str) -> str:
    """Give a value as it stands in a sentence: one short line."""
    line = " ".join(value.split())
    return line if len(line) <= 60 else line[:57] + "…"
