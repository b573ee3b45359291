"""Logs of made-up servers, built around a message as each family of vLLM versions prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OLD, V1, NEW = "0.6.6", "0.11.0", "0.32.0"
FAMILIES = (OLD, V1, NEW)
_LIB = "/usr/local/lib/python3.12/dist-packages"
CONFIG_FRAMES = ("vllm/engine/arg_utils.py create_engine_config", "vllm/config/model.py __post_init__")
LOAD_FRAMES = ("vllm/v1/worker/gpu_model_runner.py load_model", "vllm/model_executor/models/llama.py load_weights")


@dataclass(frozen=True, slots=True)
class Style:
    """How a family writes its lines."""

    version: str

    def api(self, level: str, text: str) -> str:
        """A line of the API server."""
        head = "" if self.version == OLD else "(APIServer pid=1) "
        return f"{head}{self._head(level, 'api_server.py:650')}{text}"

    def engine(self, level: str, text: str) -> str:
        """A line of the engine."""
        head = {OLD: "", V1: "(EngineCore_DP0 pid=88) ", NEW: "(EngineCore pid=88) "}[self.version]
        return f"{head}{self._head(level, 'core.py:708')}{text}"

    def bare(self, text: str) -> str:
        """A line of the API server that no logger wrote."""
        return text if self.version == OLD else f"(APIServer pid=1) {text}"

    def _head(self, level: str, place: str) -> str:
        return f"{level} 03-02 10:11:12 {place}] " if self.version == OLD else f"{level} 03-02 10:11:12 [{place}] "


def begin(style: Style, args: str = "'model': 'acme/Brisk-7B'", upto: str = "") -> list[str]:
    """The lines of a boot until a stage: "", "engine", "load", "loaded", "cache", "ready"."""
    lines = [
        style.api("INFO", f"vLLM API server version {style.version}"),
        style.api(
            "INFO",
            f"args: Namespace({args.replace(': ', '=')})" if style.version == OLD else f"non-default args: {{{args}}}",
        ),
    ]
    if not upto:
        return lines
    stages = {
        "engine": style.engine(
            "INFO", f"Initializing a V1 LLM engine (v{style.version}) with config: model='acme/Brisk-7B', x=1"
        ),
        "load": style.engine("INFO", "Starting to load model acme/Brisk-7B..."),
        "loaded": style.engine("INFO", "Model loading took 13.4000 GiB and 9.100000 seconds"),
        "cache": style.engine("INFO", "GPU KV cache size: 37,216 tokens"),
        "ready": style.bare("INFO:     Application startup complete."),
    }
    lines.append(style.api("WARNING", "Using 'pin_memory=False' as WSL is detected. This may slow down performance."))
    for name, line in stages.items():
        lines.append(line)
        if name == upto:
            return lines
    raise ValueError(upto)


def traceback(frames: Sequence[str], said: str) -> list[str]:
    """A traceback as Python prints it; a frame is a file and a function."""
    lines = ["Traceback (most recent call last):"]
    for frame in frames:
        file, function = frame.split()
        lines += [f'  File "{_LIB}/{file}", line 123, in {function}', f"    raise_it_in({function})"]
    return [*lines, *said.split("\n")]


def config_failure(
    version: str, said: str, frames: Sequence[str] = CONFIG_FRAMES, args: str = "'model': 'acme/Brisk-7B'"
) -> str:
    """The API server fails before any engine: `said` is the exception's line with what follows it."""
    style = Style(version)
    return _text([*begin(style, args), *(style.bare(line) for line in traceback(frames, said))])


def engine_failure(
    version: str,
    said: str,
    frames: Sequence[str] = LOAD_FRAMES,
    upto: str = "load",
    args: str = "'model': 'acme/Brisk-7B'",
) -> str:
    """The engine's process fails; it logs its traceback, and the API server repeats that something failed."""
    style = Style(version)
    lines = begin(style, args, upto)
    lines.append(style.engine("ERROR", "EngineCore failed to start."))
    lines += [style.engine("ERROR", line) for line in traceback(frames, said)]
    lines.append("Process EngineCore:")
    lines += traceback(frames, said)
    echo = "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}"
    if version == OLD:
        echo = "RuntimeError: Engine process failed to start. See stack trace for the root cause."
    lines += [style.bare(line) for line in traceback(("vllm/v1/engine/core_client.py __init__",), echo)]
    return _text(lines)


def runtime_failure(
    version: str, said: str, frames: Sequence[str] = ("vllm/v1/worker/gpu_model_runner.py execute_model",)
) -> str:
    """The server was up; the engine dies at a request."""
    style = Style(version)
    lines = begin(style, upto="ready")
    lines += [style.bare('INFO:     172.17.0.1:41956 - "POST /v1/chat/completions HTTP/1.1" 200 OK')] * 3
    lines.append(style.engine("ERROR", "EngineCore encountered a fatal error."))
    lines += [style.engine("ERROR", line) for line in traceback(frames, said)]
    dead = "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause."
    lines += [style.api("ERROR", line) for line in traceback(("vllm/v1/engine/async_llm.py output_handler",), dead)]
    lines.append(
        style.bare('INFO:     172.17.0.1:44129 - "POST /v1/chat/completions HTTP/1.1" 500 Internal Server Error')
    )
    return _text(
        [*lines, style.bare("INFO:     Shutting down"), style.bare("INFO:     Application shutdown complete.")]
    )


def healthy(version: str, upto: str = "ready") -> str:
    """A boot that goes well, with frightening lines."""
    style = Style(version)
    lines = begin(style, upto=upto)
    lines.insert(
        0,
        "WARNING 03-02 10:11:10 [_custom_ops.py:20] Failed to import from vllm._C with ImportError('libx.so: cannot open')",
    )
    if upto == "ready":
        lines += [
            style.api(
                "INFO", "Engine 000: Avg prompt throughput: 18.4 tokens/s, Running: 1 reqs, GPU KV cache usage: 1.1%"
            ),
            style.bare('INFO:     172.17.0.1:46072 - "POST /v1/chat/completions HTTP/1.1" 400 Bad Request'),
            style.api(
                "ERROR",
                "Error with model object='error' message=\"This model's maximum context length is 4096 tokens.\"",
            ),
            style.api(
                "INFO", "Received request cmpl-1: prompt: 'what is CUDA out of memory. Tried to allocate 2 GiB?'"
            ),
        ]
    return _text(lines)


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
