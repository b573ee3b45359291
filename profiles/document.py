"""A profile as TOML, and back; what a person wrote around it stays when it is edited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from gettext import gettext as _
from typing import TYPE_CHECKING, Any

from profiles.options import normal
from profiles.profile import Mount, Profile

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import Table

SCALARS = {
    f.name: f.type for f in fields(Profile) if f.type in ("str", "int", "bool") and f.name not in ("name", "builtin")
}
"""Plain fields by name, with their type's name."""
LISTS: dict[str, Callable[[str], str]] = {"env_names": str, "ulimits": str, "options": normal}
"""Lists of texts by name, with how each text is read."""
TABLES = ("env", "labels")


class FormError(ValueError):
    """A file that is TOML and no profile; the text says why."""


def read(data: dict[str, Any], name: str, builtin: bool = False) -> Profile:
    """Make a profile of a parsed document; unknown keys are none of our business.

    Raises:
        FormError: A field has the wrong type, or `model` is missing.
    """
    values: dict[str, Any] = {"name": _text(data.get("name", name), "name"), "builtin": builtin}
    for key, kind in SCALARS.items():
        if key in data:
            values[key] = _scalar(data[key], key, kind)
    if "model" not in values:
        raise FormError(_('"model" is missing'))
    for key, form in LISTS.items():
        if key in data:
            values[key] = tuple(form(_text(item, key)) for item in _list(data[key], key))
    for key in TABLES:
        if key in data:
            values[key] = tuple((str(k), _text(v, f"{key}.{k}")) for k, v in _table(data[key], key).items())
    if "flags" in data:
        values["flags"] = tuple(_flags(_table(data["flags"], "flags")))
    if "mounts" in data:
        values["mounts"] = tuple(_mount(item) for item in _list(data["mounts"], "mounts"))
    return Profile(**values)


def write(document: TOMLDocument, profile: Profile) -> None:
    """Put a profile into a document: what has not changed is not touched, what holds its default is left out."""
    plain = Profile(name=profile.name, model=profile.model)
    _set(document, "name", profile.name, keep=True)
    _set(document, "model", profile.model, keep=True)
    for key in SCALARS:
        value = getattr(profile, key)
        _set(document, key, value, keep=key == "model" or value != getattr(plain, key))
    for key, form in LISTS.items():
        wanted, there = list(getattr(profile, key)), _unwrapped(document.get(key))
        if not wanted or not isinstance(there, list) or [form(str(item)) for item in there] != wanted:
            _set(document, key, wanted, keep=bool(wanted))
    _fill(document, "flags", _by_name(profile.flags))
    for key in TABLES:
        _fill(document, key, dict(getattr(profile, key)))
    mounts = [_mount_table(mount) for mount in profile.mounts]
    if [_plain(item) for item in document.get("mounts", [])] != mounts:
        _set_mounts(document, mounts)


def _by_name(flags: tuple[tuple[str, str | None], ...]) -> dict[str, Any]:
    """Give flags as a table: true for a switch, a list for a flag that is given several times."""
    found: dict[str, list[Any]] = {}
    for name, value in flags:
        found.setdefault(name, []).append(True if value is None else value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _scalar(value: Any, key: str, kind: Any) -> Any:
    if kind == "bool":
        if not isinstance(value, bool):
            raise FormError(_('"{key}" must be true or false').format(key=key))
        return value
    if kind == "int":
        if isinstance(value, bool) or not isinstance(value, int):
            raise FormError(_('"{key}" must be a whole number').format(key=key))
        return int(value)
    return _text(value, key)


def _text(value: Any, key: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FormError(_('"{key}" must be a text').format(key=key))
    return str(value)


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise FormError(_('"{key}" must be a list').format(key=key))
    return value


def _table(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FormError(_('"{key}" must be a table').format(key=key))
    return value


def _flags(table: dict[str, Any]) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for key, value in table.items():
        name = str(key).lstrip("-").replace("_", "-") if "." not in str(key) else str(key).lstrip("-")
        if value is True:
            found.append((name, None))
        elif value is False:
            found.append((f"no-{name}", None))
        elif isinstance(value, list):
            found += [(name, None if item is True else _text(item, f"flags.{key}")) for item in value]
        else:
            found.append((name, _text(value, f"flags.{key}")))
    return found


def _mount(item: Any) -> Mount:
    table = _table(item, "mounts")
    if "source" not in table or "target" not in table:
        raise FormError(_('a mount needs "source" and "target"'))
    read_only = table.get("read_only", True)
    return Mount(
        _text(table["source"], "source"), _text(table["target"], "target"), _scalar(read_only, "read_only", "bool")
    )


def _mount_table(mount: Mount) -> dict[str, Any]:
    return {"source": mount.source, "target": mount.target, "read_only": mount.read_only}


def _plain(item: Any) -> dict[str, Any]:
    return {"source": item.get("source"), "target": item.get("target"), "read_only": item.get("read_only", True)}


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new or (isinstance(old, bool) and isinstance(new, bool) and old == new)
    return bool(old == new) or (isinstance(new, str) and isinstance(old, int | float) and str(old) == new)


def _set(container: Any, key: str, value: Any, keep: bool) -> None:
    if key in container:
        if not keep:
            del container[key]
        elif not _same(_unwrapped(container[key]), value):
            container[key] = value
    elif keep:
        _add(container, key, value)


def _unwrapped(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _add(container: Any, key: str, value: Any) -> None:
    """Add a key before the first table: behind it, TOML would take it as the table's own."""
    import tomlkit
    from tomlkit.items import AoT, Table

    tables = (
        [k for k, v in container.items() if isinstance(v, Table | AoT)]
        if isinstance(container, tomlkit.TOMLDocument)
        else []
    )
    if not tables or isinstance(value, Table | AoT):
        container.add(key, value)
        return
    moved = [(k, container.item(k)) for k in tables]
    for k, _item in moved:
        container.remove(k)
    container.add(key, value)
    for k, item in moved:
        container.add(k, item)


def _fill(document: TOMLDocument, key: str, wanted: dict[str, Any]) -> None:
    import tomlkit

    if key not in document:
        if wanted:
            table: Table = tomlkit.table()
            for name, value in wanted.items():
                table.add(name, value)
            document.add(key, table)
        return
    _refill(document[key], wanted)


def _refill(table: Any, wanted: dict[str, Any]) -> None:
    """Change a table in place; when the order differs, the moved keys go to the end."""
    for name in [name for name in table if name not in wanted]:
        del table[name]
    for name, value in wanted.items():
        _set(table, name, value, keep=True)
    if list(table) != list(wanted):
        kept = {name: table.item(name) if hasattr(table, "item") else table[name] for name in table}
        for name in list(table):
            del table[name]
        for name in wanted:
            table.add(name, kept[name])


def _set_mounts(document: TOMLDocument, mounts: list[dict[str, Any]]) -> None:
    import tomlkit

    if "mounts" in document:
        del document["mounts"]
    if mounts:
        rows = tomlkit.aot()
        for mount in mounts:
            table = tomlkit.table()
            table.update(mount)
            rows.append(table)
        document.add("mounts", rows)
