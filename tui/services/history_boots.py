"""What vLLM printed of its memory in starts that went well: kept per model, GPU, version and settings, in a bounded table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from profiles.fit.corrected import Boot
from profiles.fit.printed import Printed
from profiles.fit.records import Card, Settings

MOST_BOOTS = 500
"""Rows of the table; the oldest go."""
MOST_OF_A_MODEL = 20
"""The newest that an estimate is given."""

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class KeptBoot:
    """One start that went well."""

    model: str
    """The hub id, or the folder of this machine."""
    settings: Settings
    card: Card
    """What it ran on, without what others held."""
    printed: Printed
    at: float
    """When it was ready, seconds since the epoch."""

    @property
    def boot(self) -> Boot:
        """What an estimate learns from."""
        return Boot(self.settings, self.card, self.printed)


def keep(database: sqlite3.Connection, kept: KeptBoot) -> None:
    """Write a start down in place of an earlier one that was launched just so."""
    settings = json.dumps(_said(kept.settings), sort_keys=True)
    card, printed = json.dumps(_said(kept.card)), json.dumps(_said(kept.printed))
    database.execute(
        "INSERT INTO boot (model, gpu, version, settings, card, printed, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (model, gpu, version, settings) DO UPDATE SET card = excluded.card, printed = excluded.printed,"
        " at = excluded.at WHERE excluded.at >= boot.at",
        (kept.model, kept.card.name, kept.settings.version, settings, card, printed, kept.at),
    )
    database.execute(
        "DELETE FROM boot WHERE id NOT IN (SELECT id FROM boot ORDER BY at DESC, id DESC LIMIT ?)", (MOST_BOOTS,)
    )


def newest(database: sqlite3.Connection, model: str) -> list[KeptBoot]:
    """Give the starts of a model, the newest first; rows that cannot be read are left out."""
    rows = database.execute(
        "SELECT settings, card, printed, at FROM boot WHERE model = ? ORDER BY at DESC, id DESC LIMIT ?",
        (model, MOST_OF_A_MODEL),
    )
    found = []
    for settings_text, card_text, printed_text, at in rows:
        settings, card = _read(Settings, settings_text), _read(Card, card_text)
        printed = _read(Printed, printed_text)
        if settings is not None and card is not None and printed is not None:
            found.append(KeptBoot(model, settings, card, printed, at))
    return found


def _said(record: Any) -> dict[str, Any]:
    """Give what a record says beyond its defaults: a default that a later version adds changes no older row."""
    plain = type(record)()
    return {name: value for name, value in asdict(record).items() if value != getattr(plain, name)}


def _read(kind: type[Kind], text: str) -> Kind | None:
    """Read a record from its JSON; None where it is none, what a newer llmtui wrote into it is left out."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, Mapping):
        return None
    known = {one.name: one.default for one in fields(kind)}  # type: ignore[arg-type]
    given = {name: value for name, value in found.items() if name in known}
    return kind(**given) if all(_alike(value, known[name]) for name, value in given.items()) else None


def _alike(value: object, default: object) -> bool:
    """Say whether a value is of its field's kind: whoever writes into the file must not make an estimate raise."""
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and (default is None or isinstance(default, bool))
    if isinstance(default, str):
        return isinstance(value, str)
    return isinstance(value, int | float)
