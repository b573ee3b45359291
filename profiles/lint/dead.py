"""Flags of older vLLMs and flags that never were, what became of them, and what mends a profile that has one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from gettext import gettext as _

from profiles.lint.finding import Change, Kind

Mend = Callable[[str, str | None], Change]
"""Makes the change out of the flag's name and value."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A flag that this vLLM does not have, and why a person may still write it."""

    text: str
    kind: Kind = Kind.REMOVED
    takes: bool = True
    """It took a value."""
    mend: Mend | None = None
    """None: it is left out."""


def _to(name: str) -> Mend:
    return lambda old, value: Change(set_flags=((name, value),), drop_flags=(old,))


def _fixed(name: str, value: str | None) -> Mend:
    return lambda old, _given: Change(set_flags=((name, value),), drop_flags=(old,))


def _task(old: str, value: str | None) -> Change:
    if value in ("embed", "embedding", "pooling", "classify", "score", "reward"):
        return Change(set_flags=(("runner", "pooling"),), drop_flags=(old,))
    return Change(drop_flags=(old,))


def _share(old: str, value: str | None) -> Change:
    try:
        share = float(value or "")
    except ValueError:
        share = 0.0
    wanted = (("gpu-memory-utilization", value),) if 0 < share <= 1 else ()
    return Change(set_flags=wanted, drop_flags=(old,))


def _length(old: str, value: str | None) -> Change:
    return Change(set_flags=(("max-model-len", value),), drop_flags=(old,))


def _rope(old: str, value: str | None) -> Change:
    try:
        inner = json.loads(value or "")
    except ValueError:
        return Change(drop_flags=(old,))
    given = {"rope_theta": inner} if old == "rope-theta" else inner
    text = json.dumps({"rope_parameters": given})
    return Change(set_flags=(("hf-overrides", text),), drop_flags=(old,))


_GONE = _("This flag is gone: remove it.")
_QUANTIZE = _("vLLM has no --quantize: use --quantization, or no flag at all for a model that is already quantized.")
_SPECULATIVE = _("This flag is gone: write --speculative-config with a JSON text.")
_GUIDED = _("This flag is gone: write --structured-outputs-config with a JSON text.")
_SHARE = _("vLLM has no such flag: use --gpu-memory-utilization with a share such as 0.8.")
_ROPE = _("This flag is gone: write --hf-overrides with a JSON text that holds rope_parameters.")
_EPLB = _("This flag is gone: write --eplb-config with a JSON text.")
_ADAPTER = _("This flag is gone: vLLM no longer has prompt adapters.")
_POOL = _("This flag is gone: write --pooler-config with a JSON text.")
_PLATFORM = _("This flag is gone: the image decides between GPU and CPU; choose cards under gpus.")
_TASK = _("This flag is gone: use --runner pooling for an embedding model, and nothing for chat.")
_RAY = _("This flag is gone: use --distributed-executor-backend ray.")


def _switch(text: str = _GONE, mend: Mend | None = None) -> Dead:
    return Dead(text, takes=False, mend=mend)


def _never(text: str, mend: Mend | None = None, takes: bool = True) -> Dead:
    return Dead(text, Kind.UNKNOWN, takes, mend)


DEAD: dict[str, Dead] = {
    "device": Dead(_PLATFORM),
    "swap-space": Dead(_("This flag is gone: remove it, today's vLLM does not swap to RAM.")),
    "disable-log-requests": _switch(
        _("This flag is gone: requests are not logged unless --enable-log-requests asks for it.")
    ),
    "task": Dead(_TASK, mend=_task),
    "guided-decoding-backend": Dead(_GUIDED, mend=_to("structured-outputs-config.backend")),
    "guided-decoding-disable-fallback": _switch(_GUIDED),
    "guided-decoding-disable-any-whitespace": _switch(_GUIDED),
    "guided-decoding-disable-additional-properties": _switch(_GUIDED),
    "speculative-model": Dead(_SPECULATIVE, mend=_to("speculative-config.model")),
    "num-speculative-tokens": Dead(_SPECULATIVE, mend=_to("speculative-config.num_speculative_tokens")),
    "speculative-max-model-len": Dead(_SPECULATIVE, mend=_to("speculative-config.max_model_len")),
    "speculative-model-quantization": Dead(_SPECULATIVE, mend=_to("speculative-config.quantization")),
    "speculative-draft-tensor-parallel-size": Dead(
        _SPECULATIVE, mend=_to("speculative-config.draft_tensor_parallel_size")
    ),
    "ngram-prompt-lookup-max": Dead(_SPECULATIVE, mend=_to("speculative-config.prompt_lookup_max")),
    "ngram-prompt-lookup-min": Dead(_SPECULATIVE, mend=_to("speculative-config.prompt_lookup_min")),
    "speculative-disable-mqa-scorer": _switch(_SPECULATIVE),
    "speculative-disable-by-batch-size": Dead(_SPECULATIVE),
    "spec-decoding-acceptance-method": Dead(_SPECULATIVE),
    "typical-acceptance-sampler-posterior-threshold": Dead(_SPECULATIVE),
    "typical-acceptance-sampler-posterior-alpha": Dead(_SPECULATIVE),
    "disable-logprobs-during-spec-decoding": _switch(_SPECULATIVE),
    "rope-scaling": Dead(_ROPE, mend=_rope),
    "rope-theta": Dead(_ROPE, mend=_rope),
    "enable-reasoning": _switch(_("This flag is gone: --reasoning-parser alone turns reasoning on.")),
    "max-seq-len-to-capture": Dead(_("This flag is gone: use --cudagraph-capture-sizes or remove it.")),
    "max-context-len-to-capture": Dead(_("This flag is gone: use --cudagraph-capture-sizes or remove it.")),
    "cuda-graph-sizes": Dead(
        _("This flag is called --cudagraph-capture-sizes today."), mend=_to("cudagraph-capture-sizes")
    ),
    "worker-use-ray": _switch(_RAY, _fixed("distributed-executor-backend", "ray")),
    "engine-use-ray": _switch(),
    "use-v2-block-manager": _switch(_("This flag is gone: remove it, there is one block manager.")),
    "disable-frontend-multiprocessing": _switch(),
    "num-lookahead-slots": Dead(_GONE),
    "preemption-mode": Dead(_GONE),
    "num-scheduler-steps": Dead(_GONE),
    "multi-step-stream-outputs": Dead(_GONE),
    "disable-async-output-proc": _switch(),
    "scheduler-delay-factor": Dead(_GONE),
    "max-paddings": Dead(_GONE),
    "max-num-partial-prefills": Dead(_GONE),
    "max-long-partial-prefills": Dead(_GONE),
    "tokenizer-pool-size": Dead(_GONE),
    "tokenizer-pool-type": Dead(_GONE),
    "tokenizer-pool-extra-config": Dead(_GONE),
    "enable-prompt-adapter": _switch(_ADAPTER),
    "prompt-adapters": Dead(_ADAPTER),
    "max-prompt-adapters": Dead(_ADAPTER),
    "max-prompt-adapter-token": Dead(_ADAPTER),
    "enable-lora-bias": _switch(),
    "lora-extra-vocab-size": Dead(_GONE),
    "long-lora-scaling-factors": Dead(_GONE),
    "qlora-adapter-name-or-path": Dead(_GONE),
    "quantization-param-path": Dead(_("This flag is gone: scales are read from the model itself.")),
    "override-neuron-config": Dead(_GONE),
    "override-pooler-config": Dead(_POOL, mend=_to("pooler-config")),
    "num-redundant-experts": Dead(_EPLB, mend=_to("eplb-config.num_redundant_experts")),
    "eplb-window-size": Dead(_EPLB, mend=_to("eplb-config.window_size")),
    "eplb-step-interval": Dead(_EPLB, mend=_to("eplb-config.step_interval")),
    "eplb-log-balancedness": _switch(_EPLB),
    "image-input-type": Dead(_GONE),
    "image-token-id": Dead(_GONE),
    "image-input-shape": Dead(_GONE),
    "image-feature-size": Dead(_GONE),
    "disable-mm-preprocessor-cache": _switch(
        _("This flag is gone: write --mm-processor-cache-gb 0."), _fixed("mm-processor-cache-gb", "0")
    ),
    "enable-multimodal-encoder-data-parallel": _switch(
        _("This flag is gone: write --mm-encoder-tp-mode data."), _fixed("mm-encoder-tp-mode", "data")
    ),
    "quantize": _never(_QUANTIZE, _to("quantization")),
    "max-gpu-memory": _never(_SHARE, _share),
    "gpu-memory-fraction": _never(_SHARE, _share),
    "max-length": _never(_("vLLM has no such flag: the context's length is --max-model-len."), _length),
    "context-length": _never(_("vLLM has no such flag: the context's length is --max-model-len."), _length),
    "ctx-size": _never(_("vLLM has no such flag: the context's length is --max-model-len."), _length),
}
"""By name; only what the catalogue at hand does not know is looked up here."""

_NO_SUCH_QUANTIZATION = _("vLLM does not know this quantization: {}")
_ONLINE = _("use fp8_per_tensor on a card that has fp8, or choose an AWQ or GPTQ model and give no flag.")
_PLUGIN = _("it lives in a plugin now; choose an AWQ or GPTQ model and give no flag.")
_NO_SUCH_DTYPE = _("No such dtype: write auto, half, float16, bfloat16, float or float32; int8 is a quantization.")

VALUES: dict[tuple[str, str], tuple[str, str | None]] = {
    ("quantization", "int8"): (_NO_SUCH_QUANTIZATION.format(_ONLINE), None),
    ("quantization", "int4"): (_NO_SUCH_QUANTIZATION.format(_ONLINE), None),
    ("quantization", "nf4"): (_NO_SUCH_QUANTIZATION.format(_ONLINE), None),
    ("quantization", "squeezellm"): (_NO_SUCH_QUANTIZATION.format(_ONLINE), None),
    ("quantization", "bitsandbytes"): (_NO_SUCH_QUANTIZATION.format(_PLUGIN), None),
    ("quantization", "gguf"): (_NO_SUCH_QUANTIZATION.format(_PLUGIN), None),
    ("dtype", "int8"): (_NO_SUCH_DTYPE, None),
    ("dtype", "int4"): (_NO_SUCH_DTYPE, None),
    ("dtype", "fp16"): (_("No such dtype: write float16."), "float16"),
    ("dtype", "bf16"): (_("No such dtype: write bfloat16."), "bfloat16"),
    ("dtype", "fp32"): (_("No such dtype: write float32."), "float32"),
    ("dtype", "fp8"): (_("No such dtype: use --quantization fp8_per_tensor."), None),
    ("tool-call-parser", "llama3"): (_("This parser is called llama3_json."), "llama3_json"),
    ("load-format", "bitsandbytes"): (_NO_SUCH_QUANTIZATION.format(_PLUGIN), None),
    ("load-format", "gguf"): (_NO_SUCH_QUANTIZATION.format(_PLUGIN), None),
}
"""Values that are refused, by flag and value: the reason, and the value to write instead (None: leave the flag out)."""

ENV: dict[str, tuple[str, str]] = {
    "VLLM_GPU_MEM_FRACTION": (_("use --gpu-memory-utilization."), "gpu-memory-utilization"),
    "VLLM_GPU_MEMORY_UTILIZATION": (_("use --gpu-memory-utilization."), "gpu-memory-utilization"),
    "VLLM_TENSOR_PARALLEL_SIZE": (_("use --tensor-parallel-size."), "tensor-parallel-size"),
    "VLLM_MAX_MODEL_LEN": (_("use --max-model-len."), "max-model-len"),
    "VLLM_ATTENTION_BACKEND": (_("use --attention-backend."), "attention-backend"),
    "VLLM_USE_V1": (_("remove it, there is one engine."), ""),
    "VLLM_DEVICE": (_("the image decides between GPU and CPU."), ""),
}
"""Variables that are never read: what takes their place in words, and the flag that takes their value ("" for none)."""
