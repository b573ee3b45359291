"""Names that are near to a wrong one: a parser for a model's family, a flag, a choice, a number written oddly."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

TOOL_PARSERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # A part of a model's name -> tool-call parsers that suit it, the best first (vLLM's docs/features/tool_calling.md).
    ("qwen3-coder", ("qwen3_coder", "qwen3_xml", "hermes")),
    ("qwen3.5", ("qwen3_coder", "qwen3_xml", "hermes")),
    ("qwen3-next", ("hermes",)),
    ("qwen", ("hermes",)),
    ("qwq", ("hermes",)),
    ("hermes", ("hermes",)),
    ("ministral", ("mistral",)),
    ("mistral", ("mistral",)),
    ("mixtral", ("mistral",)),
    ("magistral", ("mistral",)),
    ("devstral", ("mistral",)),
    ("llama-4", ("llama4_pythonic", "llama4_json")),
    ("llama-3", ("llama3_json",)),
    ("llama3", ("llama3_json",)),
    ("llama", ("llama3_json",)),
    ("deepseek-v3.2", ("deepseek_v32", "deepseek_v31", "deepseek_v3")),
    ("deepseek-v3.1", ("deepseek_v31", "deepseek_v3")),
    ("deepseek", ("deepseek_v3",)),
    ("kimi", ("kimi_k2",)),
    ("glm-4.7", ("glm47", "glm45")),
    ("glm", ("glm45", "glm47")),
    ("gpt-oss", ("openai",)),
    ("granite-4", ("granite4", "granite")),
    ("granite", ("granite", "granite-20b-fc")),
    ("internlm", ("internlm",)),
    ("jamba", ("jamba",)),
    ("minimax-m2", ("minimax_m2", "minimax")),
    ("minimax", ("minimax",)),
    ("phi-4", ("phi4_mini_json",)),
    ("gemma-4", ("gemma4",)),
    ("functiongemma", ("functiongemma",)),
    ("hunyuan", ("hunyuan_a13b",)),
    ("step3", ("step3",)),
    ("seed", ("seed_oss",)),
    ("xlam", ("xlam",)),
    ("olmo-3", ("olmo3",)),
    ("ernie", ("ernie45",)),
    ("smollm", ("hermes",)),
)
REASONING_PARSERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    # As above (vLLM's docs/features/reasoning_outputs.md).
    ("deepseek-v3", ("deepseek_v3", "deepseek_r1")),
    ("deepseek", ("deepseek_r1",)),
    ("qwq", ("deepseek_r1",)),
    ("qwen", ("qwen3", "deepseek_r1")),
    ("glm", ("glm45",)),
    ("granite", ("granite",)),
    ("gpt-oss", ("openai_gptoss", "GptOss")),
    ("mistral", ("mistral",)),
    ("magistral", ("mistral",)),
    ("kimi", ("kimi_k2",)),
    ("minimax", ("minimax_m2",)),
    ("hunyuan", ("hunyuan_a13b",)),
    ("ernie", ("ernie45",)),
    ("seed", ("seed_oss",)),
    ("step3", ("step3",)),
    ("olmo", ("olmo3",)),
    ("gemma-4", ("gemma4",)),
)
_ALIKE = 0.5
_WORD = re.compile(r"[\w.+/-]+")


def choices(text: str) -> tuple[str, ...]:
    """Read a printed list of choices, in whatever quotes and brackets."""
    return tuple(_WORD.findall(text))


def nearest(given: str, known: Sequence[str]) -> str:
    """Give the most alike of the known names, "" where none is alike."""
    folded = {one.casefold().replace("-", "_"): one for one in reversed(known)}
    key = given.casefold().replace("-", "_")
    if key in folded:
        return folded[key]
    begin = [one for one in folded if one.startswith(key) or key.startswith(one)]
    found = difflib.get_close_matches(key, folded, 1, _ALIKE)
    best = found[0] if found else ""
    if begin and (not best or best not in begin):
        best = min(begin, key=len)
    return folded.get(best, "")


def parser(given: str, model: str, known: Sequence[str], families: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    """Give the parser to use in place of a wrong or missing one: for the model's family, else the most alike name."""
    for text in (model.casefold(), given.casefold().replace("_", "-")):
        for part, suiting in families:
            if part in text or (text and text == part.replace("-", "")):
                for one in suiting:
                    if not known or one in known:
                        return one
    return nearest(given, known) if known else given


def repaired(value: str) -> str | int | float | None:
    """Read a number that was written oddly (`32 k`, `8,192`, `0,9`, `"16"`); None where it is none."""
    text = value.strip().strip("'\"").replace("_", "").replace(" ", "")
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)([kKmMgG])(?:i?[bB]?)(?:tokens?)?", text):
        unit = match[2].lower()
        return f"{match[1]}{unit}"
    if match := re.fullmatch(r"(\d{1,3}(?:,\d{3})+)", text):
        return int(text.replace(",", ""))
    if match := re.fullmatch(r"(\d+),(\d+)", text):
        return float(f"{match[1]}.{match[2]}")
    if match := re.fullmatch(r"(\d+)(?:\.0*)?[a-zA-Z]*", text):
        return int(match[1])
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)%", text):
        return float(match[1]) / 100
    return None
