"""Running a short command inside a container, within a time and a size."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

MOST_BYTES = 1 << 20
"""What a command writes beyond this is not read."""
NO_PROGRAM = ("executable file not found", "no such file or directory")
"""How the engines say that a container has no such program."""
MISSING = 127


def run_inside(client: Any, container: str, command: Sequence[str], seconds: float) -> tuple[int, str]:
    """Run it and give its exit code and what it wrote; `MISSING` where there is no such program.

    Args:
        client: A docker-py APIClient.
        container: Name or id of a running container.
        command: The program and its arguments; no shell reads them.
        seconds: How long it may write; what runs on cannot be ended from here.

    Raises:
        TimeoutError: It has not ended in time.
    """
    from docker.errors import APIError

    end = time.monotonic() + seconds
    made = client.exec_create(container, list(command), stdin=False)["Id"]
    try:
        output = _read(client.exec_start(made, stream=True), end)
    except APIError as error:
        if any(words in str(error).lower() for words in NO_PROGRAM):
            return MISSING, str(error)
        raise
    code = client.exec_inspect(made).get("ExitCode")
    if code is None:
        raise TimeoutError(f"{command[0]} still runs")
    missing = code == 126 and any(words in output.lower() for words in NO_PROGRAM)
    return MISSING if missing else int(code), output


def _read(blocks: Any, end: float) -> str:
    output = bytearray()
    for block in blocks:
        output += block
        if time.monotonic() > end or len(output) > MOST_BYTES:
            break
    return output[:MOST_BYTES].decode("utf-8", "replace")
