"""Writing into the settings file: the user's comments and order stay, and the file is there whole or not at all.

Whoever has something to keep there (a theme, an address of a server) goes through `change_settings`, beside the event loop.
"""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.services.errors import ServiceError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def change_settings(path: Path, change: Callable[[TOMLDocument], None]) -> None:
    """Read the file as it is now, change it and write it back; one that is not there begins empty.

    Args:
        path: The settings file; its folder is made where it is missing.
        change: Changes the document in place, for example `document["theme"] = "nord"`, or appends to an array of tables.

    Raises:
        ServiceError: It cannot be read as TOML or cannot be written; it is left as it was.
    """
    import tomlkit  # here: who keeps nothing does not wait for its import

    from profiles.store import write_text

    try:
        document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
        change(document)
        # Who has the file elsewhere and links to it keeps the link.
        write_text(path.resolve(), tomlkit.dumps(document))
    except (OSError, ValueError, AttributeError) as error:
        raise ServiceError(_("The settings cannot be written"), f"{path}: {error}") from error


def write_setting(path: Path, name: str, value: Any) -> None:
    """Keep one value at the top of the file.

    Raises:
        ServiceError: It could not be kept.
    """
    change_settings(path, lambda document: document.update({name: value}))
