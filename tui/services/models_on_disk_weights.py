"""Reading what the fit estimate needs of a model's folder: config.json and the headers of the weight files, no weights."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from profiles.fit import headers
from profiles.fit.config import model
from profiles.fit.records import Model
from tui.services.models_on_disk_look import MOST_CONFIG_BYTES, WEIGHT_ENDINGS, read_json

MOST_HEADER_BYTES = 100_000_000
MOST_FILES = 1000


def facts(folder: Path) -> Model:
    """Read a model's folder, blocking; never raises, what is not there stays unknown in the Model."""
    found = model(read_json(folder / "config.json", MOST_CONFIG_BYTES))
    extra = read_json(folder / "hf_quant_config.json", MOST_CONFIG_BYTES)  # ModelOpt keeps its own file
    if not found.quantization.name and isinstance(extra, dict) and isinstance(extra.get("quantization"), dict):
        config = read_json(folder / "config.json", MOST_CONFIG_BYTES)
        if isinstance(config, dict):
            found = model({**config, "quantization_config": {"quant_method": "modelopt", **extra["quantization"]}})
    files = _weight_files(folder)
    read = headers.read(header(path) for path in files if path.suffix == ".safetensors")
    if read is not None:
        return replace(found, files=read)
    size = sum(_size(path) for path in files)
    return replace(found, total=size // 2) if size and not found.quantization.name else found


def header(path: Path) -> dict[str, Any]:
    """Read one safetensors file's header, blocking; empty for what is none."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 0 < length <= min(MOST_HEADER_BYTES, path.stat().st_size - 8):
                return {}
            found = json.loads(file.read(length))
    except (OSError, ValueError, RecursionError, MemoryError):
        return {}
    return found if isinstance(found, dict) else {}


def _weight_files(folder: Path) -> list[Path]:
    """Name the files that vLLM loads: safetensors before others, Mistral's own copy only where it stands alone."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.endswith(WEIGHT_ENDINGS))[:MOST_FILES]
    except OSError:
        return []
    paths = [path for path in paths if path.suffix == ".safetensors"] or paths
    return [path for path in paths if not path.name.startswith("consolidated")] or paths


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
