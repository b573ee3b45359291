"""A catalogue as JSON: what the script inside an image prints, and what is kept on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from types import MappingProxyType
from typing import Any

from profiles.catalogue.record import Catalogue, Flag, Kind, Source

KINDS = {
    "int": Kind.INT,
    "float": Kind.FLOAT,
    "human_readable_int": Kind.SIZE,
    "human_readable_int_or_auto": Kind.LENGTH,
    "union_dict_and_str": Kind.JSON_OR_TEXT,
    "json": Kind.JSON,
    "loads": Kind.JSON,
    "check_port": Kind.INT,
    "port": Kind.INT,
    "PositiveInt": Kind.INT,
}
"""vLLM's names of types; every other is a text."""
SWITCH_ACTIONS = frozenset(
    {"BooleanOptionalAction", "StoreTrueAction", "StoreFalseAction", "StoreConstAction", "HelpAction", "VersionAction"}
)
DEFAULTS = {f.name: f.default for f in fields(Flag) if f.default is not MISSING}


class CatalogueError(ValueError):
    """A text that is no catalogue."""


def from_image(text: str, mark: str) -> Catalogue:
    """Read what the script printed, between its two marks.

    Raises:
        CatalogueError: There is no answer in it, or one without flags.
    """
    parts = text.split(mark)
    try:
        answer = json.loads(joined(parts[-2])) if len(parts) >= 3 else None
        told = answer["flags"] if isinstance(answer, dict) else ()
        flags = tuple(_described(one) for one in told if str(one["names"][0]).startswith("-"))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise CatalogueError(str(error)) from error
    if not flags or not isinstance(answer, dict):
        raise CatalogueError(text[-300:].strip())
    env = {str(name): str(said) for name, said in dict(answer.get("env") or {}).items()}
    return Catalogue(str(answer.get("vllm", "")), flags, MappingProxyType(env), Source.IMAGE)


def joined(text: str) -> str:
    """Join the lines that the script cut its JSON into."""
    return text.replace("\r", "").replace("\n", "")


def dumps(catalogue: Catalogue) -> str:
    """Write a catalogue in one line; what a flag leaves at its default is not written."""
    flags = [_compact(flag) for flag in catalogue.flags]
    data = {"vllm": catalogue.version, "source": catalogue.source, "flags": flags, "env": dict(catalogue.env)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Catalogue:
    """Read a catalogue that `dumps` wrote.

    Raises:
        CatalogueError: It is none.
    """
    try:
        data = json.loads(text)
        flags = tuple(_read(one) for one in data["flags"])
        env = MappingProxyType({str(k): str(v) for k, v in data["env"].items()})
        return Catalogue(str(data["vllm"]), flags, env, Source(data["source"]))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CatalogueError(str(error)) from error


def _compact(flag: Flag) -> dict[str, Any]:
    values = {name: getattr(flag, name) for name in ("name", *DEFAULTS)}
    return {name: value for name, value in values.items() if name == "name" or value != DEFAULTS[name]}


def _read(data: Mapping[str, Any]) -> Flag:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(DEFAULTS.get(key), tuple) else value for key, value in data.items()
    }
    values["kind"] = Kind(values.get("kind", Kind.TEXT))
    return Flag(**values)


def _described(data: Mapping[str, Any]) -> Flag:
    """Make a flag of what the script says about one argument."""
    names = [str(name) for name in data["names"]]
    longs = [name[2:] for name in names if name.startswith("--")]
    positives = [name for name in longs if not (name.startswith("no-") and name[3:] in longs)]
    said = str(data.get("type", "str"))
    optional, _, inner = said.partition(":") if said.startswith("optional:") else ("", "", said)
    action = str(data.get("action", ""))
    config = inner.partition(":")[2]
    kind = Kind.SWITCH if action in SWITCH_ACTIONS else KINDS.get(inner.partition(":")[0], Kind.TEXT)
    low, open_low, high, open_high = _range(data.get("range") or {})
    return Flag(
        name=positives[0] if positives else names[0].lstrip("-").replace("_", "-"),
        kind=kind,
        aliases=tuple(positives[1:]),
        short=tuple(name[1:] for name in names if name.startswith("-") and not name.startswith("--")),
        twin=len(positives) < len(longs),
        nargs="" if data.get("nargs") in (None, 0) else str(data["nargs"]),
        repeated=action == "AppendAction",
        choices=tuple(str(one) for one in data.get("choices") or data.get("suggested") or ()),
        strict=bool(data.get("strict")),
        optional=bool(optional),
        low=low,
        high=high,
        open_low=open_low,
        open_high=open_high,
        default=data.get("default"),
        help=str(data.get("help", "")),
        group=str(data.get("group", "")),
        deprecated=bool(data.get("deprecated")),
        config=config,
        keys=tuple(str(key) for key in data.get("keys") or ()),
    )


def _range(bounds: Mapping[str, Any]) -> tuple[float | None, bool, float | None, bool]:
    low, high = bounds.get("gt", bounds.get("ge")), bounds.get("lt", bounds.get("le"))
    return low, "gt" in bounds, high, "lt" in bounds
