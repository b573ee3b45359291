"""What the user has settled: read once at the start, every mistake a sentence, never a crash."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.services.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings file as far as it could be read."""

    theme: str = "llmtui"
    model_folders: tuple[Path, ...] = ()
    """Folders searched for models besides the HF cache."""
    keys: dict[str, str] = field(default_factory=dict)
    """Binding id to the keys that shall do it ("log.follow" = "f,F")."""
    log_megabytes: int = 256
    """How much of one log is kept in memory."""
    probe_seconds: int | None = None
    """How often a server whose counters stand still is asked for a token; 0 asks never, None leaves it to the program."""
    probe: dict[str, int] = field(default_factory=dict)
    """The same for single servers, by name."""
    endpoints: tuple[Endpoint, ...] = ()
    """Servers that are known by their address."""
    mistakes: tuple[str, ...] = ()
    """What could not be read, a sentence each."""


def read_settings(path: Path) -> Settings:
    """Read the file; one that is not there is all defaults."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        return Settings(mistakes=(f"{path}: {error}",))
    import tomllib  # here: who has settled nothing does not wait for its import

    try:
        table = tomllib.loads(text)
    except ValueError as error:
        return Settings(mistakes=(f"{path}: {error}",))
    return _settled(table, path)


def _settled(table: dict[str, Any], path: Path) -> Settings:
    defaults, mistakes = Settings(), list[str]()

    def take(name: str, kind: type, default: Any) -> Any:
        value = table.get(name, default)
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        mistakes.append(_wanted(kind).format(path=path, name=name, value=repr(value)))
        return default

    folders = [Path(one).expanduser() for one in take("model_folders", list, []) if isinstance(one, str)]
    seconds, probe = take("probe_seconds", int, -1), take("probe", dict, {})
    each = {str(name): value for name, value in probe.items() if type(value) is int}
    mistakes += [
        _wanted(int).format(path=path, name=f"probe.{name}", value=repr(value))
        for name, value in probe.items()
        if name not in each
    ]
    keys = {str(name): str(value) for name, value in take("keys", dict, {}).items()}
    return Settings(
        theme=take("theme", str, defaults.theme),
        model_folders=tuple(folders),
        keys=keys,
        log_megabytes=max(1, take("log_megabytes", int, defaults.log_megabytes)),
        probe_seconds=seconds if seconds >= 0 else None,
        probe=each,
        endpoints=_endpoints(table, path, mistakes),
        mistakes=tuple(mistakes),
    )


def _endpoints(table: dict[str, Any], path: Path, mistakes: list[str]) -> tuple[Endpoint, ...]:
    if "endpoint" not in table:
        return ()
    from tui.services.endpoints import read_endpoints

    found, wrong = read_endpoints(table["endpoint"], path)
    mistakes += wrong
    return found


def _wanted(kind: type) -> str:
    return {
        str: _("{path}: {name} should be a text, not {value}"),
        int: _("{path}: {name} should be a whole number, not {value}"),
        list: _("{path}: {name} should be a list, not {value}"),
        dict: _("{path}: {name} should be a table, not {value}"),
    }[kind]
