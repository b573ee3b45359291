"""Servers that are known by their address alone: read from the settings, added and removed by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tui.services.settings_write import change_settings

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address at which models are served."""

    name: str
    url: str
    """Its base address, without /v1."""
    key_env: str = ""
    """The environment variable that holds its key; "" when it wants none."""

    @property
    def id(self) -> str:
        """What tells it from every other."""
        return f"{self.url}#{self.name}"


def base_url(text: str) -> str:
    """Bring an address into the form we ask at: with its scheme, without a final slash or /v1."""
    text = text.strip()
    text = text if "://" in text else f"http://{text}"
    return text.rstrip("/").removesuffix("/v1").rstrip("/")


def problem(name: str, url: str, key_env: str = "", taken: Iterable[str] = ()) -> str:
    """Say what is wrong with an endpoint; "" when nothing is."""
    if not name.strip() or not name.isprintable():
        return _("An endpoint needs a name.")
    if name in taken:
        return _("Another endpoint is called {name}.").format(name=name)
    try:
        parts = urlsplit(base_url(url))
        good = bool(url.strip()) and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(char.isspace() for char in url.strip()):
        return _("An endpoint needs an address such as http://10.0.0.5:8000/v1.")
    if parts.username or parts.password or parts.query or parts.fragment:
        return _("An address holds no user name, key or question mark; the key comes from an environment variable.")
    if key_env and not (key_env.isascii() and key_env.isidentifier()):
        return _("An environment variable has letters, digits and underscores, and no digit in front.")
    return ""


def read_endpoints(entries: object, path: Path) -> tuple[tuple[Endpoint, ...], tuple[str, ...]]:
    """Read the settings' [[endpoint]] tables; give what can be used, and a sentence on each that cannot."""
    found: dict[str, Endpoint] = {}
    mistakes: list[str] = []
    wrong = _("{path}: {name} should be a list, not {value}").format(path=path, name="endpoint", value=repr(entries))
    if not isinstance(entries, list):
        return (), (wrong,)
    for number, entry in enumerate(entries, 1):
        table: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
        name, url, key_env = (str(table.get(key, "")).strip() for key in ("name", "url", "key_env"))
        if words := problem(name, url, key_env, found):
            mistakes.append(_("{path}: endpoint {number}: {why}").format(path=path, number=number, why=words))
        else:
            found[name] = Endpoint(name, base_url(url), key_env)
    return tuple(found.values()), tuple(mistakes)


class Endpoints:
    """The endpoints there are; what is added or removed is written into the settings, whose comments survive.

    Args:
        known: Those that the settings held at the start.
        path: The settings file.
    """

    def __init__(self, known: Iterable[Endpoint] = (), path: Path | None = None) -> None:
        self.all: tuple[Endpoint, ...] = tuple(known)
        self._path = path

    def add(self, endpoint: Endpoint) -> None:
        """Take one more.

        Raises:
            ServiceError: The settings cannot be written.
        """

        def put(entries: Any) -> None:
            import tomlkit

            table = tomlkit.table()
            table.update({"name": endpoint.name, "url": f"{endpoint.url}/v1"})
            if endpoint.key_env:
                table["key_env"] = endpoint.key_env
            entries.append(table)

        self._change(put)
        self.all = (*self.all, endpoint)

    def remove_id(self, id_: str) -> None:
        """Leave one out from now on.

        Raises:
            ServiceError: The settings cannot be written.
        """
        name = next((one.name for one in self.all if one.id == id_), "")

        def drop(entries: Any) -> None:
            for at in reversed(range(len(entries))):
                if str(entries[at].get("name", "")).strip() == name:
                    del entries[at]

        self._change(drop)
        self.all = tuple(one for one in self.all if one.name != name)

    def _change(self, change: Callable[[Any], None]) -> None:
        def edit(document: TOMLDocument) -> None:
            import tomlkit

            if "endpoint" not in document:
                document["endpoint"] = tomlkit.aot()
            change(document["endpoint"])
            if not document["endpoint"]:
                del document["endpoint"]

        if self._path is not None:
            change_settings(self._path, edit)
