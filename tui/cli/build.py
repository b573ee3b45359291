"""Building the real services and the app over them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.cli.folders import Folders
from tui.settings import Settings, read_settings

if TYPE_CHECKING:
    from tui.cli.arguments import Options
    from tui.services.services import Services


def build_services(folders: Folders, settings: Settings, read_only: bool) -> Services:
    """Build the services of this machine; nothing is connected, opened or created by it."""
    from profiles.store import ProfileStore
    from tui.services.answer import one_token
    from tui.services.chat import Chat
    from tui.services.docker_engine import DockerEngine
    from tui.services.fleet import Fleet
    from tui.services.history import History
    from tui.services.host import Host
    from tui.services.journal import Journal
    from tui.services.launch import Launcher
    from tui.services.recreate import Recreator
    from tui.services.services import Services
    from tui.services.vllm import VllmClient

    host = Host("local", "local", DockerEngine())
    client = VllmClient()
    journal = Journal(folders.state / "journal")
    return Services(
        host=host,
        fleet=Fleet(host, client),
        client=client,
        chat=Chat(),
        history=History(folders.data / "llmtui.db"),
        store=ProfileStore(folders.config / "profiles"),
        launcher=Launcher(host, journal, os.environ),
        recreator=Recreator(host, journal, one_token),
        model_folders=settings.model_folders,
        read_only=read_only,
    )


def run_app(options: Options) -> int:
    """Open the app; the process ends with it."""
    from tui.app import LlmTui
    from tui.cli import ending

    folders = Folders.of(options.home)
    settings = read_settings(folders.settings)
    app = LlmTui(
        build_services(folders, settings, options.read_only),
        settings,
        theme=options.theme or settings.theme,
        ascii_only=options.ascii,
        low_bandwidth=options.low_bandwidth,
    )
    ending.run(app, folders.state, motion=not options.low_bandwidth, typed=options.typed)
