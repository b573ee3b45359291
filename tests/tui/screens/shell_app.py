"""The whole app over one Docker engine and nothing else, for a terminal: the arguments are the engine's address and a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.app import LlmTui
from tui.cli import ending
from tui.services.docker_engine import DockerEngine
from tui.services.host import Host
from tui.services.services import Places, Services
from tui.services.shell import docker_command
from tui.settings import Settings


def main(address: str, folder: Path) -> None:
    """Open it."""
    engine = DockerEngine(address)
    host = Host("local", "local", engine, docker=lambda: docker_command(engine.endpoint()))
    places = Places(folder / "profiles", folder / "llmtui.db", folder / "journal")
    ending.run(LlmTui(Services("local", lambda: host, places, {}), Settings()), folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
