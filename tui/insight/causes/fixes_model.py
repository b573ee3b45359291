"""The ways out of the hub's, the files' and the flags' causes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tui.insight.causes.facts import Facts
from tui.insight.causes.fixes_host import advise
from tui.insight.causes.nearest import choices, nearest, repaired
from tui.insight.causes.records import Fix

Values = Mapping[str, str]
Fixes = tuple[Fix, ...]

RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""What max-lora-rank may be (vLLM config/lora.py; 1 since 0.13)."""
TOKEN = "<token>"  # noqa: S105
MIRROR = "https://hf-mirror.com"
_LFS = re.compile(
    r"header too large|HeaderTooLarge|InvalidHeaderDeserial|invalid load key, 'v'|^MemoryError|Memory\s*Error$"
)


def gated(values: Values, _facts: Facts) -> Fixes:
    """A token, or the owner's permission."""
    if (
        "403" in values.get("status", "")
        or "403" in values.get("said", "")
        or "authorized list" in values.get("said", "")
    ):
        return (Fix(advice=("request-access", "hub-login")), Fix(env={"HF_TOKEN": TOKEN}))
    return (Fix(env={"HF_TOKEN": TOKEN}, advice=("hub-login", "request-access")),)


def offline(values: Values, _facts: Facts) -> Fixes:
    """Let it look, elsewhere, or bring the model beforehand."""
    if "flag" in values:
        return (Fix(unset=("HF_HUB_OFFLINE",), advice=("download-first", "check-network")),)
    return (Fix(env={"HF_ENDPOINT": MIRROR}, advice=("check-network", "download-first")),)


def path(values: Values, facts: Facts) -> Fixes:
    """Mount the folder where the server looks for it."""
    where = values.get("path", "/models")
    where = where if where.startswith("/") else "/models"
    return (Fix(docker=(f"-v <folder>:{where}",), advice=("fix-model-path", "fix-mount")),)


def template(_values: Values, _facts: Facts) -> Fixes:
    """Without the template, or mount it."""
    return (
        Fix(unset=("chat-template",), advice=("fix-mount", "fix-model-path")),
        Fix(docker=("-v <folder>:<folder>",)),
    )


def config(values: Values, _facts: Facts) -> Fixes:
    """The folder that holds the model."""
    first = ("use-snapshot-path", "fix-model-path") if "cache" in values else ("fix-model-path", "use-snapshot-path")
    return (Fix(advice=first),)


def corrupt(values: Values, _facts: Facts) -> Fixes:
    """Fetch the files again."""
    if _LFS.search(values.get("error", "")) or _LFS.search(values.get("said", "")):
        return advise("git-lfs-pull", "redownload-weights")
    return advise("redownload-weights", "git-lfs-pull")


def adapter(values: Values, _facts: Facts) -> Fixes:
    """Mount the adapter's folder, or correct the repository's name."""
    if re.fullmatch(r"[\w.-]+/[\w.-]+", values.get("path", "")):
        return advise("check-model-name", "fix-model-path")
    return (Fix(docker=("-v <folder>:<folder>",), advice=("fix-mount", "fix-model-path")),)


def rank(values: Values, _facts: Facts) -> Fixes:
    """The next rank that is allowed."""
    wanted = int(values.get("rank") or 0)
    return (Fix(set={"max-lora-rank": next((one for one in RANKS if one >= wanted), wanted)}),)


def architecture(values: Values, _facts: Facts) -> Fixes:
    """A version that knows it."""
    return advise("older-image") if "until" in values else advise("newer-image")


def rope(values: Values, facts: Facts) -> Fixes:
    """Without what cannot be read."""
    flag = next((name for name in ("rope_scaling", "hf_overrides") if facts.given(name)), "")
    if not flag and "--rope-scaling" in values.get("said", ""):
        flag = "rope_scaling"
    if flag:
        return (Fix(unset=(flag.replace("_", "-"),), advice=("fix-quoting",)),)
    return (Fix(unset=("rope-scaling",), advice=("newer-image", "redownload-weights")),)


def length(values: Values, _facts: Facts) -> Fixes:
    """What the model allows."""
    return (Fix(set={"max-model-len": int(float(values.get("allowed") or 0))}), Fix(unset=("max-model-len",)))


def batched(values: Values, facts: Facts) -> Fixes:
    """As many tokens as one request, or one image, has."""
    least = int(values.get("length") or 0)
    wider = Fix(set={"max-num-batched-tokens": least})
    return (wider, Fix(set={"max-model-len": int(values.get("batched") or 0)}))


def divisible(values: Values, facts: Facts) -> Fixes:
    """A number of GPUs that divides the heads."""
    heads = int(values.get("heads") or 0)
    size = facts.number("tensor_parallel_size") or int(values.get("size") or 2)
    if "rule" in values:
        return (Fix(set={"tensor-parallel-size": max(1, size // 2)}),)
    fits = [one for one in range(1, max(2, size)) if heads % one == 0]
    even = [one for one in fits if one & (one - 1) == 0 and one > 1]  # what the other dimensions can be divided by too
    return (Fix(set={"tensor-parallel-size": max(even or fits)}),)


def world(values: Values, facts: Facts) -> Fixes:
    """As many GPUs as there are."""
    there = int(values.get("gpus") or 1)
    size = int(values.get("size") or facts.number("tensor_parallel_size") or there)
    fits = max((one for one in range(1, max(1, there) + 1) if size % one == 0), default=1)
    lower: dict[str, Any] = {"tensor-parallel-size": fits}
    if (facts.number("pipeline_parallel_size") or 1) > 1:
        lower["pipeline-parallel-size"] = 1
    return (Fix(set=lower), Fix(docker=("--gpus all",)))


def tool_parser(values: Values, _facts: Facts) -> Fixes:
    """The parser for the model's family."""
    if "given" not in values and not values.get("near"):
        return (Fix(set={"tool-call-parser": "hermes"}), Fix(unset=("enable-auto-tool-choice",)))
    if not values.get("near"):
        return (Fix(unset=("tool-call-parser", "enable-auto-tool-choice")),)
    return (Fix(set={"tool-call-parser": values["near"]}), Fix(unset=("enable-auto-tool-choice",)))


def reasoning_parser(values: Values, _facts: Facts) -> Fixes:
    """The parser for the model's family."""
    leave = Fix(unset=("reasoning-parser",))
    return (Fix(set={"reasoning-parser": values["near"]}), leave) if values.get("near") else (leave,)


def unknown_flag(values: Values, _facts: Facts) -> Fixes:
    """Leave out what is unknown; a misspelt one becomes the one that was meant."""
    words = values.get("words", "").split()
    flags = [word.partition("=")[0] for word in words if re.match(r"--?[A-Za-z]", word)]
    gone = tuple(dict.fromkeys(flag.lstrip("-") for flag in flags))
    if values.get("near") and len(gone) == 1:
        value: Any = " ".join(words[1:]) or words[0].partition("=")[2] or True
        return (Fix(set={values["near"]: value}, unset=gone), Fix(unset=gone))
    return (Fix(unset=gone),) if gone else advise("fix-quoting")


def ambiguous(values: Values, _facts: Facts) -> Fixes:
    """Leave it out."""
    return (Fix(unset=(values.get("flag", "").lstrip("-"),)),)


def bad_value(values: Values, facts: Facts) -> Fixes:
    """The value that was meant, else the default."""
    if "env" in values:
        return (Fix(unset=(values["env"],)),)
    flag = values.get("flag", "").split(",")[0].strip().lstrip("-")
    if "method" in values:
        wanted = "float16" if "float16" in values.get("choices", "") else "auto"
        return (Fix(set={"dtype": "half" if wanted == "float16" else wanted}),)
    if "swap space" in values.get("said", ""):
        return (Fix(set={"swap-space": 0}),)
    if not flag or "arguments are required" in values.get("said", ""):
        return advise("fix-quoting")
    better = _better(flag, values, facts)
    leave = Fix(unset=(flag,))
    return (leave,) if better is None else (Fix(set={flag: better}), leave)


def _better(flag: str, values: Values, facts: Facts) -> Any:
    value = values.get("value", "").strip("'\"")
    said = values.get("said", "")
    if flag == "gpu-memory-utilization":
        return 0.9
    known = choices(said.partition("choose from")[2] or values.get("choices", ""))
    if not known and (match := re.search(r"Input should be (.+?) \[type=", said)) and "'" in match[1]:
        known = tuple(re.findall(r"'([^']+)'", match[1]))
    if known:
        return _choice(flag, value, known)
    if limit := re.search(r"Input should be (less|greater) than (or equal to )?(-?[\d.]+)", said):
        number = float(limit[3])
        near = number if limit[2] else number - 1 if limit[1] == "less" else number + 1
        return int(near) if near == int(near) else near
    return repaired(value)


def _choice(flag: str, value: str, known: tuple[str, ...]) -> str | None:
    if flag == "dtype":
        meant = {"fp16": "half", "f16": "half", "bf16": "bfloat16", "fp32": "float32", "f32": "float32"}
        return meant.get(value.casefold(), nearest(value, known) if "float" in value else "auto")
    if flag == "kv-cache-dtype":
        return "fp8" if "8" in value and "fp8" in known else "auto"
    return nearest(value, known) or ("auto" if "auto" in known else None)
