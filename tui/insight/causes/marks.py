"""What a log tells of a boot's course: begin, progress, readiness, a stop that was asked for, the end of an engine."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a mark tells."""

    BOOT = "boot"
    PROGRESS = "progress"
    READY = "ready"
    SERVING = "serving"
    """A request was answered: where the log begins in the middle, all of it is after readiness."""
    STOP = "stop"
    DEAD = "dead"
    """A part of the server says that it, or another, has come to its end."""
    TRACE = "trace"
    FRAME = "frame"
    RAISED = "raised"
    """An exception's own line."""
    FACT = "fact"


PLAIN: dict[bytes, tuple[Kind, str]] = {
    b"vLLM API server version": (Kind.BOOT, "version"),
    b"non-default args:": (Kind.BOOT, "args"),
    b"args: Namespace(": (Kind.BOOT, "args"),
    b"Application startup complete": (Kind.READY, ""),
    b'HTTP/1.1" ': (Kind.SERVING, ""),
    b"Avg prompt throughput:": (Kind.SERVING, ""),
    b"Resolved architecture:": (Kind.PROGRESS, "config"),
    b"Initializing a V": (Kind.PROGRESS, "engine"),
    b"Initializing an LLM engine": (Kind.PROGRESS, "engine"),
    b"Starting to load model": (Kind.PROGRESS, "load"),
    b"Loading model weights took": (Kind.PROGRESS, "loaded"),
    b"Loading weights took": (Kind.PROGRESS, "loaded"),
    b"Model loading took": (Kind.PROGRESS, "loaded"),
    b"Available KV cache memory:": (Kind.PROGRESS, "profiled"),
    b"GPU KV cache size:": (Kind.PROGRESS, "cache"),
    b"# GPU blocks:": (Kind.PROGRESS, "cache"),
    b"Capturing cudagraphs": (Kind.PROGRESS, "graphs"),
    b"Capturing the model for CUDA graphs": (Kind.PROGRESS, "graphs"),
    b"Capturing CUDA graph": (Kind.PROGRESS, "graphs"),
    b"Graph capturing finished": (Kind.PROGRESS, "server"),
    b"init engine (profile": (Kind.PROGRESS, "server"),
    b"Started server process": (Kind.PROGRESS, "server"),
    b"hutting down FastAPI HTTP server": (Kind.STOP, ""),
    b"signal=SIG": (Kind.STOP, ""),
    b"[shutdown] ": (Kind.STOP, ""),
    b"eceived signal 15": (Kind.STOP, ""),
    b"eceived signal 2": (Kind.STOP, ""),
    b"eceived SIGTERM": (Kind.STOP, ""),
    b"eceived SIGINT": (Kind.STOP, ""),
    b"KeyboardInterrupt": (Kind.STOP, ""),
    b"Shutdown initiated": (Kind.STOP, ""),
    b"shutdown requested": (Kind.STOP, ""),
    b"raceback (most recent call last)": (Kind.TRACE, ""),
    b"Engine core initialization failed": (Kind.DEAD, "start"),
    b"EngineCore failed to start": (Kind.DEAD, "start"),
    b"WorkerProc failed to start": (Kind.DEAD, "start"),
    b"Engine process failed to start": (Kind.DEAD, "start"),
    b"EngineCore hit an exception": (Kind.DEAD, "start"),
    b"EngineCore encountered a fatal error": (Kind.DEAD, ""),
    b"EngineDeadError": (Kind.DEAD, ""),
    b"EngineLoopDead": (Kind.DEAD, ""),
    b"died unexpectedly": (Kind.DEAD, ""),
    b"died with exit code": (Kind.DEAD, ""),
    b"died, exit code": (Kind.DEAD, ""),
    b"Engine loop is dead": (Kind.DEAD, ""),
    b"Engine is dead": (Kind.DEAD, ""),
    b"is already dead, terminating": (Kind.DEAD, ""),
    b"ngine loop is not running": (Kind.DEAD, ""),
    b"ngine loop has died": (Kind.DEAD, ""),
    b"ot fatal signal from worker": (Kind.DEAD, ""),
    b"error while attempting to bind on address": (Kind.DEAD, ""),
    b"Engine process (pid": (Kind.DEAD, ""),
    b"process died before responding": (Kind.DEAD, "start"),
    b"Frontend process failed during": (Kind.DEAD, "start"),
    b"ackground loop has errored": (Kind.DEAD, ""),
    b"ackground loop is stopped": (Kind.DEAD, ""),
    b"terminate called after throwing": (Kind.DEAD, ""),
    b"Watchdog caught collective operation timeout": (Kind.DEAD, ""),
    b"Segfault encountered": (Kind.DEAD, ""),
    b"Segmentation fault": (Kind.DEAD, ""),
    b"Fatal Python error": (Kind.DEAD, ""),
    b"core dumped": (Kind.DEAD, ""),
    b"thread terminated with exception": (Kind.DEAD, ""),
    b"To avoid data inconsistency, we are taking the entire process down": (Kind.DEAD, ""),
    b"rror response from daemon: ": (Kind.DEAD, "docker"),
    b"docker: ": (Kind.DEAD, "client"),
    b"with config: model=": (Kind.FACT, "config"),
    b"platform cuda": (Kind.FACT, "cuda"),
    b"WSL is detected": (Kind.FACT, "wsl"),
    b"with CUDA capability sm_": (Kind.FACT, "device"),
    b"Error: ": (Kind.RAISED, ""),
    b"Error\n": (Kind.RAISED, ""),
    b"Error\r": (Kind.RAISED, ""),
    b"Exception: ": (Kind.RAISED, ""),
    b"rror: ": (Kind.RAISED, ""),
    b"validation error": (Kind.RAISED, ""),
}
"""Literal to what a line with it tells, and a word on which."""

FRAMES: tuple[str, ...] = (
    "load_model",
    "initialize_model",
    "create_weights",
    "process_weights_after_loading",
    "load_weights",
    "weight_loader",
    "profile_run",
    "determine_available_memory",
    "determine_num_available_blocks",
    "compile_or_warm_up_model",
    "capture_model",
    "_capture_cudagraphs",
    "_dummy_sampler_run",
    "_dummy_pooler_run",
    "execute_model",
    "init_device",
    "initialize_kv_cache",
    "initialize_cache",
    "_get_and_verify_max_len",
    "get_rope",
    "patch_rope_scaling",
    "patch_rope_parameters",
    "add_lora",
    "init_worker_distributed_environment",
    "get_tokenizer",
    "parse_safetensors_file_metadata",
)
"""Functions whose presence in a traceback tells where it happened."""
FILES: dict[str, str] = {
    "shm_broadcast.py": "shared_memory",
    "shared_memory.py": "shared_memory",
    "modeling_rope_utils.py": "rope",
    "rotary_embedding": "rope",
    "tokenization_": "tokenizer",
    "tokenizers/": "tokenizer",
    "tokenizer.py": "tokenizer",
    "weight_utils.py": "weights",
    "safetensors/": "weights",
    "torch/serialization.py": "weights",
    "vllm/envs.py": "envs",
    "vllm/lora/": "lora",
}
"""Files whose presence in a traceback tells what it was about."""
DROPPED = re.compile(r"Dumping (?:input data|scheduler)")
"""Lines that repeat what users sent; they are never a sign."""
NO_CAUSE = re.compile(
    r"Engine core initialization failed|See root cause above|Engine process failed to start|EngineDeadError|"
    r"EngineCore encountered an issue|died unexpectedly|CancelledError|WorkerProc initialization failed|"
    r"WorkerProc failed to start|EngineCore failed to start|BrokenPipeError|ConnectionResetError|EOFError$"
)
"""What only repeats that something went wrong before."""
EXCEPTION = re.compile(
    r"(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Interrupt|Exit|Expired|Timeout)\b(?=:|$)|Exception: |"
    r"\d+ validation errors? for |(?:vllm|api_server\.py|usage)\b.*: error: |(?:docker|Error response from daemon): "
)


ANSWERED = re.compile(r'\S+:\d+ - "[A-Z]+ /\S* HTTP/1\.1" \d{3}|.*Avg prompt throughput: [\d.]+ tokens/s')
"""A line of a server that answers."""


def frame_needles() -> tuple[bytes, ...]:
    """Give the literals of the frames."""
    return (*(f"in {name}".encode() for name in FRAMES), *(name.encode() for name in FILES))


def begins() -> tuple[bytes, ...]:
    """Give the literals with which a boot begins."""
    return tuple(literal for literal, (kind, _word) in PLAIN.items() if kind is Kind.BOOT)


_FRAME = re.compile(r' *File "([^"]*)", line \d+, in (\S+)')


def frame_names(text: str) -> tuple[str, ...]:
    """Give what a traceback's frame tells: the function, and what its file is about; nothing for other lines."""
    match = _FRAME.match(text)
    if match is None:
        return ()
    found = [name for name in FRAMES if match[2] == name]
    found += [about for part, about in FILES.items() if part in match[1]]
    return tuple(found)
