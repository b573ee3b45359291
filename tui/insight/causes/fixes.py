"""The ways out of every cause, the best first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tui.insight.causes import fixes_host as host
from tui.insight.causes import fixes_memory as memory
from tui.insight.causes import fixes_model as model
from tui.insight.causes.facts import Facts
from tui.insight.causes.records import Diagnosis, Fix

Make = Callable[[Mapping[str, str], Facts], tuple[Fix, ...]]

ADVISED: dict[str, tuple[str, ...]] = {
    "no-gpu-runtime": ("install-nvidia-toolkit", "update-driver"),
    "wsl-no-adapter": ("update-windows-driver", "update-wsl"),
    "driver-mismatch": ("reboot-host",),
    "image-not-found": ("check-image-name", "docker-login"),
    "image-wrong-arch": ("other-arch-image", "newer-image"),
    "registry-rate-limit": ("docker-login", "registry-mirror"),
    "registry-unreachable": ("registry-mirror", "check-network"),
    "mount-denied": ("share-path",),
    "docker-permission": ("docker-group",),
    "disk-full": ("free-disk",),
    "gpu-lost": ("restart-container", "reset-gpu"),
    "gpu-busy": ("free-gpu-memory", "reset-gpu"),
    "gpu-hardware": ("reset-gpu", "reboot-host"),
    "quant-unsupported-gpu": ("other-quantization", "smaller-model"),
    "cuda-illegal-access": ("restart-container", "newer-image"),
    "cuda-launch-failure": ("restart-container", "reset-gpu"),
    "engine-stalled": ("restart-container", "check-gpu-links"),
    "memory-profiling-changed": ("restart-container", "retry-later"),
    "host-oom-killed": ("raise-host-memory", "smaller-model"),
    "hub-not-found": ("check-model-name", "hub-login"),
    "hub-ssl": ("fix-ca", "check-network"),
    "hub-interrupted": ("retry-later", "download-first"),
    "weights-missing": ("redownload-weights", "fix-model-path"),
    "weights-mismatch": ("newer-image", "redownload-weights"),
    "tokenizer-missing": ("redownload-weights", "fix-model-path"),
    "tokenizer-broken": ("newer-image", "redownload-weights"),
    "transformers-too-old": ("newer-image",),
    "missing-dependency": ("install-package", "newer-image"),
    "quant-needs-plugin": ("install-package", "other-quantization"),
    "unknown": ("report-bug",),
}
"""Causes that only a person can end."""
PLAIN: dict[str, tuple[Fix, ...]] = {
    "unknown-runtime": (Fix(docker=("--gpus all",), advice=("install-nvidia-toolkit",)), Fix(unset=("runtime",))),
    "name-conflict": (Fix(advice=("remove-old-container",)), Fix(docker=("--name <other>",))),
    "bad-entrypoint": (Fix(docker=("--entrypoint vllm",), advice=("official-image",)),),
    "bf16-unsupported": (Fix(set={"dtype": "half"}),),
    "compile-failed": (Fix(set={"enforce-eager": True}, advice=("official-image", "install-package")),),
    "nccl-timeout": (Fix(env={"NCCL_P2P_DISABLE": "1"}, advice=("check-gpu-links", "restart-container")),),
    "shm-too-small": (Fix(docker=("--ipc=host",)), Fix(docker=("--shm-size 16g",))),
    "hub-rate-limit": (Fix(env={"HF_TOKEN": model.TOKEN}, advice=("retry-later", "hub-login")),),
    "needs-trust-remote-code": (Fix(set={"trust-remote-code": True}),),
    "quant-mismatch": (Fix(unset=("quantization",)),),
    "quant-unknown": (Fix(unset=("quantization",)),),
}
"""Causes whose way out needs no number."""
MADE: dict[str, Make] = {
    "port-in-use": host.port,
    "mount-invalid": host.mount,
    "mount-missing": host.mount_missing,
    "docker-unreachable": host.unreachable,
    "docker-too-old": host.too_old,
    "bad-docker-command": host.command,
    "driver-too-old": host.driver,
    "gpu-not-visible": host.hidden,
    "gpu-too-new": host.too_new,
    "attention-backend-unsupported": host.backend,
    "nccl-error": host.nccl,
    "gpu-memory-taken": memory.taken,
    "oom-weights": memory.weights,
    "oom-profile": memory.profile,
    "oom-sampler": memory.sampler,
    "oom-cudagraph": memory.graphs,
    "oom-runtime": memory.request,
    "no-kv-memory": memory.no_room,
    "kv-cache-too-small": memory.too_long,
    "pinned-memory": memory.pinned,
    "hub-gated": model.gated,
    "hub-offline": model.offline,
    "model-path-missing": model.path,
    "model-no-config": model.config,
    "weights-corrupt": model.corrupt,
    "chat-template-missing": model.template,
    "lora-missing": model.adapter,
    "lora-rank-too-high": model.rank,
    "arch-unsupported": model.architecture,
    "rope-scaling-invalid": model.rope,
    "max-len-too-long": model.length,
    "batched-tokens-too-small": model.batched,
    "tp-not-divisible": model.divisible,
    "tp-exceeds-gpus": model.world,
    "tool-parser-unknown": model.tool_parser,
    "tool-parser-missing": model.tool_parser,
    "reasoning-parser-unknown": model.reasoning_parser,
    "unknown-flag": model.unknown_flag,
    "ambiguous-flag": model.ambiguous,
    "bad-flag-value": model.bad_value,
}
"""Causes whose way out is reckoned."""


def fixes(found: Diagnosis, facts: Facts) -> tuple[Fix, ...]:
    """Give the ways out of what was found."""
    if found.cause in ADVISED:
        return host.advise(*ADVISED[found.cause])
    if found.cause in PLAIN:
        return PLAIN[found.cause]
    return MADE[found.cause]({**found.values, "said": found.evidence}, facts)
