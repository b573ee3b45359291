"""Reading one model folder: what it is, how big, and whether anything is missing. Hostile files are normal here."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from pathlib import Path
from typing import Any

MOST_CONFIG_BYTES = 4_000_000
MOST_INDEX_BYTES = 64_000_000
WEIGHT_ENDINGS = (".safetensors", ".gguf", ".bin", ".pt", ".pth")
NOT_WEIGHTS = ("training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth")
INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
TOKENIZERS = (
    "tokenizer.json",
    "tokenizer.model",
    "vocab.json",
    "vocab.txt",
    "tekken.json",
    "spiece.model",
    "tiktoken.model",
)
POINTER = b"version https://git-lfs"
EMBEDDERS = (
    "BertModel",
    "RobertaModel",
    "XLMRobertaModel",
    "NomicBert",
    "MPNet",
    "DistilBertModel",
    "Embedding",
    "GteModel",
)


@dataclass(frozen=True, slots=True)
class LocalModel:
    """One model on this machine's disks."""

    path: Path
    """The folder with config.json; in the HF cache its newest snapshot."""
    name: str
    """The hub id where the folder came from the HF cache, else the folder's own name."""
    architecture: str = ""
    """`Qwen3ForCausalLM`; empty where config.json does not say it."""
    size: int = 0
    """Bytes of the weights."""
    dtype: str = ""
    """bfloat16, float16, …, or how it is quantized: awq, gptq, fp8, …; empty where unknown."""
    kind: str = "chat"
    """chat or embedding: a guess from the architecture."""
    problem: str = ""
    """Why it will not load, one plain sentence; empty when nothing was found."""
    hub_id: str = ""
    """`Qwen/Qwen3-0.6B` when it lies in the HF cache, whose snapshots are links: the whole cache is mounted then."""


def look(folder: Path, name: str = "", hub_id: str = "") -> LocalModel:
    """Read one folder; never raises, what cannot be read is a problem in words."""
    name = name or folder.name
    try:
        files = {path.name: path for path in sorted(folder.iterdir())}
    except OSError as error:
        return LocalModel(folder, name, problem=_unreadable(folder, error), hub_id=hub_id)
    config, complaint = _config(files)
    weights = [path for file, path in files.items() if file.endswith(WEIGHT_ENDINGS) and file not in NOT_WEIGHTS]
    return LocalModel(
        path=folder,
        name=name,
        architecture=_architecture(config),
        size=sum(_size(path) for path in weights),
        dtype=_dtype(config),
        kind=_kind(config, files),
        problem=_folder_problem(folder, files)
        or complaint
        or _weights_problem(files, weights)
        or _tokenizer_problem(files),
        hub_id=hub_id,
    )


def _unreadable(folder: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return _("{folder} does not exist.").format(folder=folder)
    if isinstance(error, NotADirectoryError):
        return _("{folder} is a file, not a model's folder.").format(folder=folder)
    return _("{folder} cannot be read: {why}.").format(folder=folder, why=error.strerror or error)


def _folder_problem(folder: Path, files: dict[str, Path]) -> str:
    if not files:
        return _("The folder is empty.")
    if "config.json" not in files and {"blobs", "refs", "snapshots"} & files.keys():
        snapshots = _subfolders(files.get("snapshots"))
        if not snapshots:
            return _("This is a Hugging Face cache folder without a finished snapshot: the download did not end.")
        text = _("This is a Hugging Face cache folder: the model itself is in {folder}.")
        return text.format(folder=folder / "snapshots" / snapshots[-1])
    unfinished = [file for file in files if file.endswith((".incomplete", ".part", ".aria2"))]
    if not unfinished and (cache := folder / ".cache" / "huggingface" / "download").is_dir():
        unfinished = [path.name for path in _listed(cache) if path.name.endswith(".incomplete")]
    if unfinished:
        text = ngettext("{n} file is only partly downloaded.", "{n} files are only partly downloaded.", len(unfinished))
        return text.format(n=len(unfinished))
    return ""


def _subfolders(folder: Path | None) -> list[str]:
    listed = _listed(folder) if folder else []
    return [path.name for path in sorted(listed, key=_changed) if path.is_dir() and (path / "config.json").exists()]


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _config(files: dict[str, Path]) -> tuple[dict[str, Any], str]:
    path = files.get("config.json") or files.get("params.json")
    if path is None:
        if any(file.endswith(".gguf") for file in files):
            return {}, ""
        return {}, _("config.json is missing: this is not a model's folder, or only a part of one.")
    record = read_json(path, MOST_CONFIG_BYTES)
    if not isinstance(record, dict):
        if is_pointer(path):
            return {}, _("config.json is a git-lfs pointer: run git lfs pull in the folder.")
        return {}, _("{file} cannot be read as JSON.").format(file=path.name)
    return record, ""


def read_json(path: Path, most: int) -> Any:
    """Read a JSON file of at most `most` bytes; None for everything that is not one."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, MemoryError):
        return None


def is_pointer(path: Path) -> bool:
    """Whether a file is only git-lfs's note of where the real one lies."""
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > 1024:
            return False
        with path.open("rb") as file:
            return file.read(len(POINTER)) == POINTER
    except OSError:
        return False


def _architecture(config: dict[str, Any]) -> str:
    names = config.get("architectures")
    if isinstance(names, list) and names and isinstance(names[0], str):
        return names[0][:80]
    kind = config.get("model_type")
    return kind[:80] if isinstance(kind, str) else ""


def _dtype(config: dict[str, Any]) -> str:
    inner = config.get("text_config")
    for record in (config, inner if isinstance(inner, dict) else {}):
        quantized = record.get("quantization_config")
        if isinstance(quantized, dict) and isinstance(quantized.get("quant_method"), str):
            return str(quantized["quant_method"])[:40]
        for key in ("dtype", "torch_dtype"):
            if isinstance(record.get(key), str):
                return str(record[key]).removeprefix("torch.")[:40]
    return ""


def _kind(config: dict[str, Any], files: dict[str, Path]) -> str:
    architecture = _architecture(config)
    generates = "CausalLM" in architecture or "ConditionalGeneration" in architecture
    if "modules.json" in files or "config_sentence_transformers.json" in files:
        return "embedding"
    return "embedding" if not generates and any(word in architecture for word in EMBEDDERS) else "chat"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _weights_problem(files: dict[str, Path], weights: list[Path]) -> str:
    for path in weights:
        if is_pointer(path):
            return _("{file} is a git-lfs pointer, not the weights: run git lfs pull in the folder.").format(
                file=path.name
            )
        if not path.exists():
            return _("{file} is a link to a file that is gone.").format(file=path.name)
    for name in INDEXES:
        if missing := _missing_shards(files.get(name), files):
            text = ngettext(
                "{n} weight file of the index is missing: {first}.",
                "{n} weight files of the index are missing: {first}, …",
                len(missing),
            )
            return text.format(n=len(missing), first=missing[0])
    if not weights:
        return _("There are no weights in the folder.")
    for path in weights:
        if path.suffix == ".safetensors" and (short := _shortfall(path)):
            return short
    return ""


def _missing_shards(index: Path | None, files: dict[str, Path]) -> list[str]:
    record = read_json(index, MOST_INDEX_BYTES) if index else None
    shards = record.get("weight_map") if isinstance(record, dict) else None
    if not isinstance(shards, dict):
        return []
    return sorted({name[:120] for name in shards.values() if isinstance(name, str) and name not in files})


def _shortfall(path: Path) -> str:
    """Compare a safetensors file's length with what its own header promises."""
    try:
        status = path.stat()
        size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            return _("{file} is not a plain file.").format(file=path.name)
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(size - 8, 100_000_000):
                return _("{file} is cut off or damaged: download it again.").format(file=path.name)
            header = json.loads(file.read(length))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        promised = 8 + length + max(ends, default=0)
    except OSError as error:
        return _("{file} cannot be read: {why}.").format(file=path.name, why=error.strerror or error)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        return _("{file} is cut off or damaged: download it again.").format(file=path.name)
    if isinstance(promised, int) and promised > size:
        text = _("{file} is cut off ({has:.1f} of {wants:.1f} MB): download it again.")
        return text.format(file=path.name, has=size / 1e6, wants=promised / 1e6)
    return ""


def _tokenizer_problem(files: dict[str, Path]) -> str:
    if any(file in files for file in TOKENIZERS) or any(file.endswith(".gguf") for file in files):
        return ""
    if any(file.startswith("tokenizer") and not file.startswith("tokenizer_config") for file in files):
        return ""
    return _("There is no tokenizer in the folder.")
