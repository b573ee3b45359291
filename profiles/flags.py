"""What is known about vLLM's flags without asking an image: which are switches, which take several values, short forms, dead ones.

Only what reading a command line needs. What one image really accepts is its catalogue's business.
"""

from __future__ import annotations

import re

FLAG = re.compile(r"[a-z][a-z0-9]*(?:[-.][a-zA-Z0-9_]+)*")
"""A long flag's name, without its dashes and with dashes inside; dotted parts reach into JSON values."""


def names(text: str) -> frozenset[str]:
    """Give the words of a text as a set."""
    return frozenset(text.split())


SWITCHES = names(
    """
    aggregate-engine-logging allow-credentials allow-deprecated-quantization async-scheduling calculate-kv-scales
    cohere-is-reasoning-model cudagraph-metrics data-parallel-external-lb data-parallel-hybrid-lb
    data-parallel-multi-port-external-lb dcp-q-replicate disable-async-output-proc disable-cascade-attn
    disable-chunked-mm-input disable-custom-all-reduce disable-fastapi-docs disable-frontend-multiprocessing
    disable-hybrid-kv-cache-manager disable-log-requests disable-log-stats disable-logprobs-during-spec-decoding
    disable-mm-preprocessor-cache disable-nccl-for-dp-synchronization disable-sliding-window
    disable-uvicorn-access-log enable-auto-tool-choice enable-batch-sharded-sampling
    enable-chunked-prefill enable-cumem-allocator enable-dbo enable-elastic-ep enable-ep-weight-filter enable-eplb
    enable-expert-parallel enable-fault-tolerance enable-flash-late-interaction enable-flashinfer-autotune
    enable-force-include-usage enable-hc-sp enable-layerwise-nvtx-tracing enable-log-deltas enable-log-outputs
    enable-log-requests enable-logging-iteration-details enable-lora enable-lora-bias
    enable-mamba-cache-stochastic-rounding enable-mamba-shared-prefix-checkpoint enable-mfu-metrics
    enable-mixed-moe-lora-format enable-mm-embeds enable-moe-shared-loras enable-multimodal-encoder-data-parallel
    enable-nccl-comm-suspend enable-offline-docs enable-per-request-metrics enable-prefix-caching
    enable-prompt-adapter enable-prompt-embeds enable-prompt-tokens-details enable-reasoning
    enable-request-id-headers enable-return-routed-experts enable-scale-out enable-server-load-tracking
    enable-shm-tensor-arena enable-sleep-mode enable-ssl-refresh enable-tokenizer-info-endpoint
    enable-tower-connector-lora enable-trace-replay enforce-eager exclude-tools-when-tool-choice-none
    fail-on-environ-validation fully-sharded-loras grpc headless help interleave-mm-strings jit-monitor-verbose
    kv-cache-metrics kv-sharing-fast-prefill language-model-only log-error-stack
    long-prefill-token-threshold-adaptive mm-device-do-normalize mm-encoder-only numa-bind
    ray-workers-use-nsight return-sampling-mask return-tokens-as-token-ids scheduler-reserve-full-isl
    skip-mm-profiling skip-tokenizer-init sleep-mode-offload-cudagraph specialize-active-lora swa-bounded-replay
    tokens-only trust-remote-code trust-request-chat-template trust-request-mm-kwargs use-fp64-gumbel
    use-replayssm use-tqdm-on-load use-v2-block-manager version worker-use-ray
    """
)
"""Flags that stand alone. Old vLLM took an optional `true` or `false` behind some of them."""

SEVERAL = names(
    """
    allowed-media-domains api-key collect-detailed-traces cpu-offload-params cudagraph-capture-sizes
    ignore-patterns kv-cache-dtype-skip-layers logits-processors lora-modules lora-target-modules numa-bind-cpus
    numa-bind-nodes offload-params prompt-adapters served-model-name sleep-preserve-parameter-names
    """
)
"""Flags that take every value up to the next flag."""

REPEATED = frozenset({"middleware"})
"""Flags that may stand several times, each time with one more value."""

SHORT = {
    "ac": "attention-config",
    "asc": "api-server-count",
    "cc": "compilation-config",
    "dc": "diffusion-config",
    "dcp": "decode-context-parallel-size",
    "dp": "data-parallel-size",
    "dpa": "data-parallel-address",
    "dpb": "data-parallel-backend",
    "dpe": "data-parallel-external-lb",
    "dph": "data-parallel-hybrid-lb",
    "dpl": "data-parallel-size-local",
    "dpm": "data-parallel-multi-port-external-lb",
    "dpn": "data-parallel-rank",
    "dpp": "data-parallel-rpc-port",
    "dpr": "data-parallel-start-rank",
    "ep": "enable-expert-parallel",
    "h": "help",
    "n": "nnodes",
    "O": "optimization-level",
    "pcp": "prefill-context-parallel-size",
    "pp": "pipeline-parallel-size",
    "q": "quantization",
    "r": "node-rank",
    "sc": "speculative-config",
    "tp": "tensor-parallel-size",
    "v": "version",
}
"""Forms with one dash, and the long flag each stands for."""

ALIASES = {"device-memory-utilization": "gpu-memory-utilization"}
"""Long flags with two names."""

API_KEY = "VLLM_API_KEY"
"""The variable from which vLLM reads its own key."""

HUB_TOKENS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_HUB_TOKEN")
"""The variables from which the hub's client reads its token, the first one that is set."""

SECRET = re.compile(r"(^|_)(TOKEN|API_?KEY|SECRET|PASSWORD|PASSWD|ACCESS_KEY|CREDENTIALS?)$", re.IGNORECASE)
"""Names of variables whose value nobody but the server may see."""

SECRET_FLAGS = {"api-key": API_KEY, "hf-token": HUB_TOKENS[0]}
"""Flags whose value is a secret, and the variable that vLLM reads instead."""


def is_switch(name: str) -> bool:
    """Say whether a flag (canonical name) stands without a value."""
    return name in SWITCHES or (name.startswith("no-") and "." not in name)


def canonical(spelling: str) -> str:
    """Give a flag's one name: long, without dashes in front, with dashes inside (`--max_model_len`, `-tp`)."""
    if spelling.startswith("--"):
        head, dot, rest = spelling[2:].partition(".")
        name = head.replace("_", "-")
        return ALIASES.get(name, name) + dot + rest
    head, dot, rest = spelling.lstrip("-").partition(".")
    return SHORT.get(head, head.replace("_", "-")) + dot + rest


def is_flag(word: str) -> bool:
    """Say whether a word of a command line is a flag and not a value such as `-1` or `-`."""
    return len(word) > 1 and word[0] == "-" and not re.match(r"-(\.?\d|$)", word)


def is_secret(name: str) -> bool:
    """Say whether a variable of this name holds a secret."""
    return bool(SECRET.search(name))
