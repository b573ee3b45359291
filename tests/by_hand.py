"""Containers as somebody starts them by hand: a server that looks like vLLM, in an image that has nothing but busybox."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from tests import fake_vllm

MODULE = "vllm.entrypoints.openai.api_server"


def lay_out(folder: Path) -> Path:
    """Make a package named vllm whose server is the fake one; give the folder that PYTHONPATH must name."""
    place = folder / "fake" / MODULE.replace(".", "/")
    place.parent.mkdir(parents=True)
    for package in place.relative_to(folder / "fake").parents:
        if package.name:
            (folder / "fake" / package / "__init__.py").touch()
    shutil.copy(Path(fake_vllm.__file__), place.with_suffix(".py"))
    return folder / "fake"


def serving(fake: Path, model: str, port: int, outside: tuple[str, int] | None, **environ: str) -> dict[str, Any]:
    """What `run_busybox` needs to run it: this machine's Python and libraries, read-only.

    Args:
        fake: What `lay_out` made.
        model: Its served name.
        port: Where it listens.
        outside: The address and port on which it is published; None shares the host's network.
        environ: How it behaves, see `tests.fake_vllm`.
    """
    prefix = Path(sys.base_prefix).resolve()
    seen = [Path("/usr"), Path("/lib"), Path("/lib64"), prefix, fake]
    # What lies in another one of them is there already.
    mounted = [one for one in seen if one.exists() and not any(other in one.parents for other in seen)]
    host: dict[str, Any] = {"Binds": [f"{one}:{one}:ro" for one in dict.fromkeys(mounted)], "NetworkMode": "host"}
    if outside is not None:
        published = [{"HostIp": outside[0], "HostPort": str(outside[1])}]
        host |= {"NetworkMode": "bridge", "PortBindings": {f"{port}/tcp": published}}
    python = str(prefix / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")
    words = [python, "-m", MODULE, "--model", "/models/fake", "--served-model-name", model, "--port", str(port)]
    env = ["PATH=/bin", f"PYTHONPATH={fake}", *(f"{name}={value}" for name, value in environ.items())]
    return {"command": words, "Env": env, "HostConfig": host, "ExposedPorts": {f"{port}/tcp": {}}}
