"""Everything the screens are handed, in one bundle, built once by the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from profiles.store import ProfileStore
    from tui.services.chat import Chat
    from tui.services.fleet import Fleet
    from tui.services.history import History
    from tui.services.host import Host
    from tui.services.launch import Launcher
    from tui.services.recreate import Recreator
    from tui.services.vllm import VllmClient


@dataclass(frozen=True, slots=True)
class Services:
    """The services of one host."""

    host: Host
    fleet: Fleet
    client: VllmClient
    chat: Chat
    history: History
    store: ProfileStore
    launcher: Launcher
    recreator: Recreator
    model_folders: tuple[Path, ...] = ()
    read_only: bool = False
