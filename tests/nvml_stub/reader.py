"""Reads GPUs in a process of its own, through the real binding and whatever library the loader finds.

Each line on stdin is a command: `read` (through NVML), `once` (through `Gpus`, with a short patience), `cost N` (milliseconds of
processor time a reading, over N readings), `clock N` (what its clock says from now on, in seconds; then a reading). Each answer is one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tui.services.gpu import GpuAbsent
from tui.services.gpu_json import as_records
from tui.services.gpu_nvml import Nvml
from tui.services.gpus import Gpus


def main(meminfo: Path, wsl: bool) -> None:
    """Answer every command until stdin ends."""
    now = [0.0]
    source = Nvml(lambda: wsl, meminfo, lambda: now[0])
    gpus = Gpus([source], lambda: {4321: "qwen3"}, patience=0.5)
    for line in sys.stdin:
        command, *arguments = line.split()
        if command == "clock":
            now[0] = float(arguments[0])
        print(json.dumps(_answer(command, arguments, source, gpus)), flush=True)


def _answer(command: str, arguments: list[str], source: Nvml, gpus: Gpus) -> Any:
    if command == "once":
        view = gpus.once()
        return {"gpus": as_records(view), "trouble": view.trouble, "source": view.source}
    if command == "cost":
        turns = int(arguments[0])
        source.read()
        began = time.process_time()
        for _turn in range(turns):
            source.read()
        return (time.process_time() - began) * 1000 / turns
    try:
        return asdict(source.read())
    except GpuAbsent as absent:
        return {"absent": str(absent), "bare": absent.bare}


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "wsl")
