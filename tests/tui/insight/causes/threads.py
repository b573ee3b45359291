"""Failures as public threads show them: further wordings, and whole logs that no single message makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.tui.insight.causes.logs import (
    LOAD_FRAMES,
    NEW,
    OLD,
    V1,
    Style,
    begin,
    engine_failure,
    runtime_failure,
    traceback,
)
from tests.tui.insight.causes.wordings import GRAPHS, HUB, INIT, OLD_OOM, PROFILE, Wording, daemon

_HUB = "https://huggingface.co/acme/Brisk-7B/resolve/main/config.json"
_TP8 = "'model': 'acme/Brisk-7B', 'tensor_parallel_size': 8"
# fmt: off
MORE: tuple[Wording, ...] = (
    daemon("registry-rate-limit", "unexpected status from HEAD request to https://registry-1.docker.io/v2/vllm/vllm-openai/manifests/latest: 429 Too Many Requests", "limit"),
    daemon("registry-rate-limit", 'failed to resolve reference "docker.io/vllm/vllm-openai:latest": failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://auth.docker.io/token?scope=x: 429 Too Many Requests', "limit"),
    daemon("mount-missing", "failed to populate volume: error while mounting volume '/var/lib/docker/volumes/m/_data': failed to mount local volume: mount /srv/models:/var/lib/docker/volumes/m/_data, flags: 0x1000: no such file or directory", "/srv/models"),
    daemon("bad-entrypoint", 'OCI runtime create failed: runc create failed: unable to start container process: exec: "/bin/bash -c vllm serve": stat /bin/bash -c vllm serve: no such file or directory: unknown', "/bin/bash"),
    Wording("bad-entrypoint", "bare", "/opt/nvidia/nvidia_entrypoint.sh: line 67: exec: serve: not found", ("serve",)),
    Wording("bad-entrypoint", "bare", "/opt/nvidia/nvidia_entrypoint.sh: line 67: exec: --: invalid option"),
    Wording("bad-entrypoint", "bare", "/usr/bin/python3: Error while finding module specification for 'vllm.entrypoints.openai.api_server' (ModuleNotFoundError: No module named 'vllm')", ("vllm",)),
    Wording("docker-too-old", "bare", "runtime/cgo: pthread_create failed: Operation not permitted", (), {"advice": "update-docker"}),
    Wording("attention-backend-unsupported", "engine", "ValueError: Invalid attention backend for cuda, with use_v1: False use_mla: False"),
    Wording("attention-backend-unsupported", "engine", "RuntimeError: FlashInfer backend currently does not support attention sinks, please use trtllm on blackwell or flash attention on earlier GPUs.", ("FlashInfer",)),
    Wording("attention-backend-unsupported", "engine", "RuntimeError: FlashInfer requires GPUs with sm75 or higher", ("FlashInfer",), None, PROFILE, "loaded"),
    Wording("host-oom-killed", "engine", "RuntimeError: Ninja build failed. Ninja output:\nnvcc error   : 'cicc' died due to signal 9 (Kill signal)\nninja: build stopped: subcommand failed.", (), {"advice": ["raise-host-memory", "smaller-model"]}, GRAPHS, "cache"),
    Wording("shm-too-small", "engine", "RuntimeError: unable to write to file </torch_118_2938>: No space left on device (28)", ("/dev/shm",), {"docker": "--ipc=host"}, INIT, "engine"),
    Wording("engine-stalled", "config", "TimeoutError: Timed out waiting for engines to send initial message on input socket."),
    Wording("engine-stalled", "runtime", "ray.exceptions.RayChannelTimeoutError: System error: Timed out waiting for object available to read."),
    Wording("hub-interrupted", "engine", "RuntimeError: An error occurred while downloading using `hf_transfer`. Consider disabling HF_HUB_ENABLE_HF_TRANSFER for better error handling.", ("hf_transfer",), None, HUB),
    Wording("model-path-missing", "config", "OSError: /models/Brisk-7B is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'", ("/models/Brisk-7B",)),
    Wording("tokenizer-missing", "config", "ValueError: Found 0 files matching the pattern: `^tokenizer\\.model\\.v.*$|^tekken\\.json$` for repo id acme/Brisk-7B", ("acme/Brisk-7B",)),
    Wording("tp-exceeds-gpus", "engine", "AssertionError: please set tensor_parallel_size (4) to less than max local gpu count (2)", ("4", "2"), {"set": {"tensor-parallel-size": 2}}),
    Wording("tp-not-divisible", "engine", "ValueError: Cannot load group-quantized weights for layer 'x': input_size_per_partition=320 is not divisible by group_size=128. This happens when tensor_parallel_size splits", ("320",), {"set": {"tensor-parallel-size": 4}}, args=_TP8),
    Wording("tp-not-divisible", "engine", "ValueError: The input size is not aligned with the quantized weight shape. This can be caused by too large tensor parallel size.", (), {"set": {"tensor-parallel-size": 4}}, args=_TP8),
    Wording("tp-not-divisible", "engine", "AssertionError: 12 is not divisible by 8", ("12", "8"), {"set": {"tensor-parallel-size": 4}}, args=_TP8),
    Wording("quant-needs-plugin", "engine", "ValueError: Load format `gguf` is not supported", ("gguf", "vllm-gguf-plugin")),
    Wording("tool-parser-missing", "bare", "Traceback (most recent call last):\nTypeError: Error: --enable-auto-tool-choice requires --tool-call-parser", ("tool-call-parser",), {"set": {"tool-call-parser": "hermes"}}),
)
# fmt: on


class Told(NamedTuple):
    """A whole log, and what it has to lead to."""

    cause: str
    lines: list[str]
    said: str
    """A part of the root's line."""
    mention: tuple[str, ...] = ()


def old_death(said: str, frames: Sequence[str] = ("vllm/worker/model_runner.py execute_model",)) -> list[str]:
    """The two-process engine of the old family dies at a request."""
    style = Style(OLD)
    lines = [*begin(style, upto="ready"), answered(style)]
    lines += [f"ERROR 03-02 10:11:12 engine.py:140] {line}" for line in traceback(frames, said)]
    lines.append("CRITICAL 03-02 10:11:13 launcher.py:101] MQLLMEngine is already dead, terminating server process")
    return [*lines, answered(style, "500 Internal Server Error"), "INFO:     Shutting down"]


def answered(style: Style, status: str = "200 OK") -> str:
    """The access log's line of a request."""
    return style.bare(f'INFO:     172.17.0.1:41956 - "POST /v1/chat/completions HTTP/1.1" {status}')


def watchdog(version: str) -> list[str]:
    """A collective hangs, torch's watchdog ends the process, and the engine notices."""
    style = Style(version)
    hung = (
        "[rank1]:[E302 10:11:12.1 ProcessGroupNCCL.cpp:685] [Rank 1] Watchdog caught collective operation timeout: "
        "WorkNCCL(SeqNum=7, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=600000) ran for 600021 milliseconds before timing out."
    )
    dead = "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause."
    stalled = "TimeoutError: RPC call to execute_model timed out."
    lines = [*begin(style, upto="ready"), *(style.engine("ERROR", line) for line in traceback((), stalled)), hung]
    return [*lines, *(style.api("ERROR", line) for line in traceback((), dead))]


def adapter(said: str) -> list[str]:
    """An adapter is looked for on the hub, which has no such repository; then as a folder."""
    style = Style(V1)
    fetch = ("vllm/lora/utils.py get_adapter_absolute_path", "huggingface_hub/_snapshot_download.py snapshot_download")
    missed = f"ValueError: Loading lora mine failed: No adapter found for {said.split(chr(39))[1]}"
    first = ["Error downloading the HuggingFace model", *traceback(fetch, said)]
    lines = [*begin(style, upto="cache"), *(style.engine("ERROR", line) for line in first)]
    lines += [style.engine("ERROR", line) for line in traceback(("vllm/lora/worker_manager.py _load_adapter",), missed)]
    return lines + [style.bare(line) for line in traceback((), f"ValueError: Call to add_lora method failed: {missed}")]


def hub_first(complaint: str) -> list[str]:
    """The hub is asked in vain, the files are at hand, and the card's memory runs out."""
    return [complaint, *engine_failure(V1, OLD_OOM).split("\n")]


WHOLE: tuple[Told, ...] = (
    Told("oom-runtime", old_death(OLD_OOM), "CUDA out of memory", ("15.57",)),
    Told("engine-stalled", old_death("TimeoutError: No heartbeat received from MQLLMEngine"), "heartbeat"),
    Told("nccl-timeout", watchdog(V1), "Watchdog caught", ("600",)),
    Told("nccl-timeout", watchdog(NEW), "Watchdog caught", ("ALLREDUCE",)),
    Told(
        "port-in-use",
        [
            *begin(Style(OLD), upto="ready"),
            "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
            "INFO:     Application shutdown complete.",
        ],
        "Errno 98",
        ("8000",),
    ),
    Told(
        "docker-too-old",
        [
            "OpenBLAS blas_thread_init: pthread_create failed for thread 1 of 48: Operation not permitted",
            *traceback(("numpy/__init__.py <module>",), "KeyboardInterrupt"),
        ],
        "pthread_create",
    ),
    Told(
        "lora-missing",
        adapter(
            "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or "
            "'namespace/repo_name': '/loras/mine'.".replace("'repo_name' or 'namespace/repo_name': ", "")
        ),
        "No adapter found",
        ("/loras/mine",),
    ),
    Told(
        "hub-rate-limit",
        [
            *begin(Style(NEW)),
            f"HTTP Error 429 thrown while requesting HEAD {_HUB}",
            *traceback(HUB, "OSError: We couldn't connect to 'https://huggingface.co' to load the files"),
        ],
        "429",
        ("acme/Brisk-7B",),
    ),
    Told("oom-weights", hub_first(f"ERROR: 429 Client Error: Too Many Requests for url: {_HUB}"), "CUDA out of"),
    Told(
        "oom-weights", hub_first("WARNING: SSLError: CERTIFICATE_VERIFY_FAILED certificate verify failed"), "CUDA out"
    ),
    Told(
        "oom-runtime",
        runtime_failure(V1, OLD_OOM).split("startup complete.\n")[1].split("\n"),
        "CUDA out of memory",
        ("82.81",),
    ),
    Told(
        "weights-mismatch",
        [
            "    param = params_dict[name]",
            *traceback(LOAD_FRAMES, "KeyError: 'layers.0.mlp.down_proj.weight_scale'")[2:],
        ],
        "KeyError",
        ("weight_scale",),
    ),
)
