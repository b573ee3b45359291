"""Completes what was found with what follows from it and from the boot's facts: names that the words and the fixes use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tui.insight.causes.facts import Facts
from tui.insight.causes.nearest import REASONING_PARSERS, TOOL_PARSERS, choices, nearest, parser
from tui.insight.causes.records import Diagnosis

Values = dict[str, str]
_PLUGINS = {"bitsandbytes": "vllm-bnb-plugin", "bnb": "vllm-bnb-plugin", "gguf": "vllm-gguf-plugin"}
_CACHE = re.compile(r"models--[\w.-]+--")
FIELDS = {"cache-dtype": "kv-cache-dtype", "kv-cache-memory": "kv-cache-memory-bytes"}
"""A config's fields whose flags have another name."""
KNOWN_FLAGS = [
    "max-model-len",
    "max-num-seqs",
    "max-num-batched-tokens",
    "gpu-memory-utilization",
    "tensor-parallel-size",
    "pipeline-parallel-size",
    "data-parallel-size",
    "served-model-name",
    "trust-remote-code",
    "tool-call-parser",
    "reasoning-parser",
    "enable-auto-tool-choice",
    "quantization",
    "dtype",
    "kv-cache-dtype",
    "enforce-eager",
    "chat-template",
    "tokenizer",
    "download-dir",
    "load-format",
    "swap-space",
    "cpu-offload-gb",
    "enable-lora",
    "max-lora-rank",
    "lora-modules",
    "enable-prefix-caching",
    "enable-chunked-prefill",
    "api-key",
    "host",
    "port",
    "seed",
    "revision",
    "limit-mm-per-prompt",
    "hf-overrides",
    "speculative-config",
]
"""Flags that are often meant."""


def prepare(found: Diagnosis, facts: Facts) -> Diagnosis:
    """Add the names; those that are only ours are taken away."""
    values = {name: value for name, value in found.values.items() if name != "stage"}
    if facts.model:
        values.setdefault("model", facts.model)
    maker = MAKERS.get(found.cause)
    if maker is not None:
        maker(values, facts, found.evidence)
    values.pop("before", None)
    return replace(found, values=values)


def _hub(values: Values, facts: Facts, _text: str) -> None:
    repo = values.get("repo") or facts.model
    if repo:
        values["repo"] = repo.rstrip(".")


def _offline(values: Values, facts: Facts, text: str) -> None:
    _hub(values, facts, text)
    values.setdefault("host", "huggingface.co")


def _config(values: Values, _facts: Facts, _text: str) -> None:
    if _CACHE.search(values.get("path", "")) and "/snapshots/" not in values["path"]:
        values["cache"] = values["path"]


def _path(values: Values, facts: Facts, _text: str) -> None:
    if facts.model:
        values.setdefault("path", facts.model)


def _tool(values: Values, facts: Facts, _text: str) -> None:
    near = parser(values.get("given", ""), facts.model, choices(values.pop("choices", "")), TOOL_PARSERS)
    if near:
        values["near"] = near


def _reasoning(values: Values, facts: Facts, _text: str) -> None:
    near = parser(values.get("given", ""), facts.model, choices(values.pop("choices", "")), REASONING_PARSERS)
    if near:
        values["near"] = near


def _flags(values: Values, _facts: Facts, _text: str) -> None:
    flags = re.findall(r"(?<!\S)--?[A-Za-z][\w.-]*", values.get("words", ""))
    values["flag"] = flags[0] if flags else values.get("words", "")
    near = nearest(values["flag"].lstrip("-"), KNOWN_FLAGS)
    if near and near.replace("-", "") != values["flag"].strip("-").replace("-", "").replace("_", ""):
        values["near"] = near


def _ambiguous(values: Values, _facts: Facts, _text: str) -> None:
    if values.get("flag") == "--device":
        values["gone"] = "--device"


def _value(values: Values, _facts: Facts, _text: str) -> None:
    before = values.get("before", "")
    if re.fullmatch(r"[a-z][\w.]{2,60}", before) and "flag" not in values:
        field = before.split(".")[-1].replace("_", "-")
        values["field"] = FIELDS.get(field, field)
    if "value" not in values and (match := re.search(r"'([^']*)'", values.get("error", ""))):
        values["value"] = match[1]
    if "GPU memory utilization" in _text:
        values["field"] = "gpu-memory-utilization"
    if "Load format `" in _text:
        values["field"] = "load-format"
    values["flag"] = values.get("flag", "").split("/")[0] or "--" + values.get("field", "")
    if values["flag"] == "--":
        del values["flag"]


def _driver(values: Values, _facts: Facts, _text: str) -> None:
    number = values.get("found", "")
    if number.isdecimal() and len(number) >= 4:
        values["found_cuda"] = f"{int(number) // 1000}.{int(number) % 1000 // 10}"


def _new(values: Values, facts: Facts, _text: str) -> None:
    device, arch = facts.device
    if device:
        values.setdefault("device", device)
        values.setdefault("arch", arch)


def _plugin(values: Values, _facts: Facts, _text: str) -> None:
    values.setdefault("given", values.get("package", "").split("-")[1] if "-" in values.get("package", "") else "")
    values.setdefault("package", _PLUGINS.get(values["given"], ""))


def _port(values: Values, facts: Facts, text: str) -> None:
    values.setdefault("port", facts.given("port") or "8000")
    if "[Errno 98]" in text or "EADDRINUSE" in text or "addr=" in text:
        values["inside"] = values["port"]
    if "forbidden" in text:
        values["reserved"] = values["port"]


def _kv(values: Values, facts: Facts, _text: str) -> None:
    if "fits" not in values and float(values.get("needed") or 0) > 0:
        share = max(0.0, float(values["available"])) / float(values["needed"])
        values["fits"] = str(int(int(values["length"]) * share) // 16 * 16)


def _card(values: Values, facts: Facts, _text: str) -> None:
    if used := facts.given("gpu_memory_utilization"):
        values.setdefault("utilization", used)
    if seqs := facts.given("max_num_seqs"):
        values.setdefault("seqs", seqs)


def _mount(values: Values, _facts: Facts, text: str) -> None:
    if "path" not in values and "spec" in values:
        values["path"] = values["spec"]


def _length(values: Values, _facts: Facts, _text: str) -> None:
    values["allowed"] = values.get("allowed", "").removesuffix(".0")


def _image(values: Values, _facts: Facts, _text: str) -> None:
    if "platform" in values:
        values["platform"] = values["platform"].removesuffix("/v8")


MAKERS: dict[str, Callable[[Values, Facts, str], None]] = {
    **dict.fromkeys(
        ("hub-gated", "hub-not-found", "hub-rate-limit", "hub-interrupted", "needs-trust-remote-code"), _hub
    ),
    **dict.fromkeys(("hub-offline", "hub-ssl"), _offline),
    **dict.fromkeys(("weights-missing", "tokenizer-missing"), _path),
    **dict.fromkeys(
        ("oom-weights", "oom-profile", "oom-sampler", "oom-cudagraph", "oom-runtime", "no-kv-memory"), _card
    ),
    "model-no-config": _config,
    "tool-parser-unknown": _tool,
    "tool-parser-missing": _tool,
    "reasoning-parser-unknown": _reasoning,
    "unknown-flag": _flags,
    "ambiguous-flag": _ambiguous,
    "bad-flag-value": _value,
    "driver-too-old": _driver,
    "gpu-too-new": _new,
    "quant-needs-plugin": _plugin,
    "port-in-use": _port,
    "kv-cache-too-small": _kv,
    "mount-missing": _mount,
    "max-len-too-long": _length,
    "image-wrong-arch": _image,
}
