"""Running one short program in a fresh container that is gone afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from tui.services.engine import Engine
from tui.services.errors import ServiceError
from tui.services.preflight import in_thread

LABEL = "llmtui.one-shot"
PAUSE = 0.2
"""Seconds between two looks whether it has ended."""
MEMORY = 6 << 30
"""Bytes that it may take: importing vLLM and torch takes up to 2 GiB."""


async def run(engine: Engine, image: str, command: Sequence[str], *, gpus: bool = False, seconds: float = 180.0) -> str:
    """Give what the program wrote; it has no network, a memory limit, and cards only with `gpus`.

    Raises:
        ServiceError: The engine refused.
        TimeoutError: It has not ended within `seconds`.
    """
    host: dict[str, Any] = {"NetworkMode": "none", "Memory": MEMORY}
    if gpus:
        host["DeviceRequests"] = [{"Driver": "", "Count": -1, "DeviceIDs": None, "Capabilities": [["gpu"]]}]
    body = {
        "Image": image,
        "Entrypoint": [command[0]],
        "Cmd": list(command[1:]),
        "Env": ["HF_HUB_OFFLINE=1", "VLLM_NO_USAGE_STATS=1", "VLLM_LOGGING_LEVEL=ERROR"],
        "Labels": {LABEL: "1"},
        "HostConfig": host,
    }
    name = f"llmtui-ask-{secrets.token_hex(4)}"
    try:
        await engine.create(name, body)
        async with asyncio.timeout(seconds):
            await engine.start(name)
            while (await engine.inspect(name))["State"]["Status"] not in ("exited", "dead"):  # noqa: ASYNC110
                await asyncio.sleep(PAUSE)
        return await _written(engine, name)
    finally:
        with suppress(ServiceError):
            await asyncio.shield(engine.remove(name, force=True, volumes=True))


async def _written(engine: Engine, name: str) -> str:
    """Read the whole log, without the engine's timestamps."""
    source = engine.logs(name, tty=False, follow=False)

    def read() -> str:
        lines = [line for batch in source for line in (*batch.lines, *([batch.partial] if batch.partial else ()))]
        return "\n".join(line.partition(b" ")[2].decode("utf-8", "replace") for line in lines)

    try:
        return await in_thread(read)
    finally:
        source.close()
