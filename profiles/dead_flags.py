"""Flags, values and variables that today's vLLM no longer takes, and what takes their place."""

from __future__ import annotations

from gettext import gettext as _

_QUANTIZE = _("vLLM has no --quantize: use --quantization, or no flag at all for a model that is already quantized.")
_SPECULATIVE = _("This flag is gone: write --speculative-config with a JSON text.")
_GUIDED = _("This flag is gone: write --structured-outputs-config with a JSON text.")

DEAD = {
    "device": _("This flag is gone: the image decides between GPU and CPU; choose cards under gpus."),
    "quantize": _QUANTIZE,
    "swap-space": _("This flag is gone: remove it, today's vLLM does not swap to RAM."),
    "disable-log-requests": _("This flag is gone: requests are not logged unless --enable-log-requests asks for it."),
    "max-gpu-memory": _("vLLM has no such flag: use --gpu-memory-utilization with a share such as 0.8."),
    "gpu-memory-fraction": _("vLLM has no such flag: use --gpu-memory-utilization with a share such as 0.8."),
    "task": _("This flag is gone: use --runner pooling for an embedding model, and nothing for chat."),
    "guided-decoding-backend": _GUIDED,
    "guided-decoding-disable-fallback": _GUIDED,
    "guided-decoding-disable-any-whitespace": _GUIDED,
    "speculative-model": _SPECULATIVE,
    "num-speculative-tokens": _SPECULATIVE,
    "rope-scaling": _("This flag is gone: write --hf-overrides with a JSON text that holds rope_parameters."),
    "rope-theta": _("This flag is gone: write --hf-overrides with a JSON text that holds rope_parameters."),
    "disable-frontend-multiprocessing": _("This flag is gone: remove it."),
    "use-v2-block-manager": _("This flag is gone: remove it, there is one block manager."),
    "enable-reasoning": _("This flag is gone: --reasoning-parser alone turns reasoning on."),
    "num-lookahead-slots": _("This flag is gone: remove it."),
    "preemption-mode": _("This flag is gone: remove it."),
    "num-scheduler-steps": _("This flag is gone: remove it."),
    "multi-step-stream-outputs": _("This flag is gone: remove it."),
    "max-seq-len-to-capture": _("This flag is gone: use --cudagraph-capture-sizes or remove it."),
    "worker-use-ray": _("This flag is gone: use --distributed-executor-backend ray."),
    "engine-use-ray": _("This flag is gone: remove it."),
    "disable-async-output-proc": _("This flag is gone: remove it."),
    "tokenizer-pool-size": _("This flag is gone: remove it."),
    "enable-prompt-adapter": _("This flag is gone: vLLM no longer has prompt adapters."),
    "quantization-param-path": _("This flag is gone: scales are read from the model itself."),
}
"""Flags by name, with what to do instead, one sentence."""

_NO_SUCH_QUANTIZATION = _("vLLM does not know this quantization: {}")
_ONLINE = _("use fp8_per_tensor on a card that has fp8, or choose an AWQ or GPTQ model and give no flag.")
_PLUGIN = _("it lives in a plugin now; choose an AWQ or GPTQ model and give no flag.")

VALUES: dict[tuple[str, str | None], str] = {
    ("quantization", "int8"): _NO_SUCH_QUANTIZATION.format(_ONLINE),
    ("quantization", "int4"): _NO_SUCH_QUANTIZATION.format(_ONLINE),
    ("quantization", "nf4"): _NO_SUCH_QUANTIZATION.format(_ONLINE),
    ("quantization", "bitsandbytes"): _NO_SUCH_QUANTIZATION.format(_PLUGIN),
    ("quantization", "gguf"): _NO_SUCH_QUANTIZATION.format(_PLUGIN),
    ("dtype", "int8"): _(
        "No such dtype: write auto, half, float16, bfloat16, float or float32; int8 is a quantization."
    ),
    ("dtype", "int4"): _(
        "No such dtype: write auto, half, float16, bfloat16, float or float32; int4 is a quantization."
    ),
    ("dtype", "fp16"): _("No such dtype: write float16."),
    ("dtype", "bf16"): _("No such dtype: write bfloat16."),
    ("dtype", "fp8"): _("No such dtype: use --quantization fp8_per_tensor."),
}
"""Values that are refused, by flag and value."""

DEAD_ENV = {
    "VLLM_GPU_MEM_FRACTION": _("use --gpu-memory-utilization."),
    "VLLM_USE_V1": _("remove it, there is one engine."),
    "VLLM_ATTENTION_BACKEND": _("use --attention-backend."),
    "VLLM_DEVICE": _("the image decides between GPU and CPU."),
}
"""Variables that are never read, and what takes their place."""
