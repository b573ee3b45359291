"""A shell in a container: the words of the docker command that opens it, at the engine that the app itself speaks to."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from tui.services.docker_context import Endpoint

INSIDE = "command -v bash >/dev/null && exec bash || exec sh"
"""What is run in the container: bash where there is one."""


def docker_command(endpoint: Endpoint) -> list[str]:
    """Say how the docker command reaches this engine, whatever its own settings say by then.

    A context brings its certificates along; those of DOCKER_HOST stand in the environment, which the command inherits.
    """
    if endpoint.origin == "DOCKER_HOST":
        return ["docker"]
    if endpoint.context != "default":
        return ["docker", "--context", endpoint.context]
    return ["docker", "--host", endpoint.address]


def shell_command(docker: Sequence[str], container: str) -> list[str]:
    """Give the command that opens a shell in a container, for a terminal.

    Args:
        docker: How the docker command reaches the engine.
        container: The container's name.
    """
    return [*docker, "exec", "-it", container, "sh", "-c", INSIDE]


def as_line(command: Sequence[str]) -> str:
    """Write a command as one types it into a shell."""
    return shlex.join(command)
