"""How many bytes a quantized weight takes, scales included."""

from __future__ import annotations

import re

from profiles.fit.records import Quantization
from profiles.fit.values import real, table, whole, word

WORDS = (
    (r"mxfp4", "mxfp4", 4.25),
    (r"nvfp4|fp4", "nvfp4", 4.5),
    (r"bitsandbytes|bnb|nf4", "bitsandbytes", 4.5),
    (r"mxfp8", "mxfp8", 8.25),
    (r"fp8|fbgemm", "fp8", 8.0),
    (r"awq|gptq|int4|w4|4.?bit|auto.?round|inc\b", "4-bit", 4.16),
    (r"int8|w8|8.?bit|modelopt|compressed|experts_int8", "8-bit", 8.0),
    (r"3.?bit", "3-bit", 3.4),
    (r"2.?bit", "2-bit", 2.4),
)
"""What a name says of the bits a weight, scales and zero points included (groups of 128: 16 bits of scale and 4 of zero point)."""


def quantization(config: object, asked: str) -> Quantization:
    """Read `quantization_config`, else the name that was asked for; nothing for a model in its own dtype."""
    record = table(config)
    name = word(record.get("quant_method")) or word(asked)
    if not name or name.lower() in ("none", "auto"):
        return Quantization()
    if stored := _stored(record):
        return Quantization(name, stored)
    for pattern, _, bits in WORDS:
        if re.search(pattern, _described(record, name), re.IGNORECASE):
            return Quantization(name, bits / 8, only_experts=pattern == "mxfp4")
    return Quantization(name, 0.0)


def cache_is_fp8(config: object) -> bool:
    """Say whether the checkpoint brings scales for an 8-bit KV cache, which vLLM then takes by itself."""
    record = table(config)
    if word(record.get("kv_cache_quant_algo")).lower() == "fp8":
        return True
    scheme = table(record.get("kv_cache_scheme"))
    return real(scheme.get("num_bits")) == 8 and word(scheme.get("type")) in ("float", "")


def _described(record: dict[str, object], name: str) -> str:
    """Give the words in which compressed-tensors, ModelOpt and bitsandbytes say what they did."""
    if record.get("load_in_4bit") is True or record.get("_load_in_4bit") is True:
        return "nf4"
    if record.get("load_in_8bit") is True or record.get("_load_in_8bit") is True:
        return "int8"
    said = [word(record.get("quant_algo")), word(record.get("format"))]
    return " ".join(one for one in said if one) or name


def _stored(record: dict[str, object]) -> float | None:
    """Give the bytes a weight where the file names bits and group size; scales take 2 bytes, of one float4 1 byte."""
    found = real(record.get("bits")) or real(record.get("w_bit")) or real(record.get("weight_bits"))
    group, scale = whole(record.get("group_size")), 2.0
    for one in table(record.get("config_groups")).values():
        weights = table(table(one).get("weights"))
        if bits := real(weights.get("num_bits")):
            found, group = found or bits, whole(weights.get("group_size"))
            scale = 1.0 if word(weights.get("type")) == "float" and bits <= 4 else 2.0
    if not found or found > 32:
        return None
    if group and group <= 1 << 20:
        return found / 8 + (scale + (found / 8 if scale == 2.0 else 0.0)) / group
    return found / 8 if found >= 8 else found / 8 * 1.06
