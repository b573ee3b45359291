"""Who is on the simulated host when it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

IMAGE = "vllm/vllm-openai:v0.32.0"
OLDER = "vllm/vllm-openai:v0.31.1"
HOURS, DAYS = 3600.0, 86400.0
QUIET = ("--disable-access-log-for-endpoints", "/metrics,/health,/v1/models")


@dataclass(frozen=True, slots=True)
class Role:
    """One container at the beginning."""

    name: str
    body: Mapping[str, Any]
    began: float
    """How many seconds ago it was started."""
    ended: float | None = None
    """How many seconds ago it ended."""
    code: int = 0
    """With which exit code."""
    busy: bool = False
    """Others use it."""
    said: tuple[str, ...] = ()
    """What one that serves no model has written."""


def _server(
    model: str, port: int, card: int, *flags: str, bind: str = "127.0.0.1", profile: str = ""
) -> dict[str, Any]:
    device = {"Driver": "", "Count": 0, "DeviceIDs": [str(card)], "Capabilities": [["gpu"]], "Options": {}}
    return {
        "Image": IMAGE,
        "Cmd": [model, *flags, *QUIET],
        "Labels": {"llmtui.profile": profile} if profile else {},
        "ExposedPorts": {"8000/tcp": {}},
        "HostConfig": {
            "PortBindings": {"8000/tcp": [{"HostIp": bind, "HostPort": str(port)}]},
            "DeviceRequests": [device],
            "IpcMode": "host",
        },
    }


def _other(image: str, command: tuple[str, ...], inside: int, port: int) -> dict[str, Any]:
    bindings = {f"{inside}/tcp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}]}
    return {"Image": image, "Cmd": list(command), "HostConfig": {"PortBindings": bindings}}


CAST = (
    Role(
        "qwen3-8b",
        _server(
            "Qwen/Qwen3-8B",
            8000,
            0,
            *("--served-model-name", "qwen3-8b", "--max-model-len", "16384", "--max-num-seqs", "64"),
            *("--gpu-memory-utilization", "0.85", "--dtype", "bfloat16", "--reasoning-parser", "qwen3"),
            *("--enable-auto-tool-choice", "--tool-call-parser", "hermes"),
            bind="0.0.0.0",  # noqa: S104  the warning of the console has something to warn of
            profile="qwen3-8b",
        ),
        began=2 * HOURS + 14 * 60,
        busy=True,
    ),
    Role(
        "bge-m3",
        _server(
            "BAAI/bge-m3",
            8001,
            1,
            *("--served-model-name", "bge-m3", "--runner", "pooling", "--gpu-memory-utilization", "0.3"),
        ),
        began=9.0,
    ),
    Role(
        "qwen3-4b-long",
        _server(
            "Qwen/Qwen3-4B-Instruct-2507",
            8002,
            1,
            *("--served-model-name", "qwen3-4b-long", "--max-model-len", "131072", "--gpu-memory-utilization", "0.9"),
        ),
        began=32.5,
        ended=12.0,
        code=1,
    ),
    Role(
        "glm-4-9b",
        _server(
            "zai-org/glm-4-9b-chat-hf",
            8003,
            1,
            *("--served-model-name", "glm-4-9b", "--max-model-len", "8192"),
        ),
        began=3 * DAYS + 5 * HOURS,
        ended=3 * DAYS,
    ),
    Role(
        "open-webui",
        _other("ghcr.io/open-webui/open-webui:main", ("bash", "start.sh"), 8080, 3000),
        began=2 * DAYS,
        said=("INFO:     Started server process [1]", "INFO:     Uvicorn running on http://0.0.0.0:8080"),
    ),
    Role(
        "pgvector",
        _other("pgvector/pgvector:pg17", ("docker-entrypoint.sh", "postgres"), 5432, 5432),
        began=6 * DAYS,
        said=("LOG:  database system is ready to accept connections",),
    ),
)
IMAGES: Mapping[str, int] = {
    IMAGE: 17_900_000_000,
    OLDER: 17_200_000_000,
    "ghcr.io/open-webui/open-webui:main": 4_300_000_000,
    "pgvector/pgvector:pg17": 460_000_000,
}
"""Images on the disk by their bytes."""
