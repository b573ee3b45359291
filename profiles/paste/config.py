"""Reading the file that `vllm serve --config` takes: vLLM's flags as a flat table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from profiles.catalogue import Catalogue, How, find
from profiles.paste import compose

KEY = re.compile(r"[a-z][\w.-]*", re.ASCII)
FIRST = re.compile(r"^[\"']?[a-z][\w.-]*[\"']?[ \t]*:(?:[ \t]|$)", re.MULTILINE | re.ASCII)


def words(code: str, catalogue: Catalogue) -> list[str] | None:
    """Give the words that vLLM makes of the file (vllm/utils/argparse_utils.py, load_config_file); None when it is no such file."""
    if not FIRST.search(code):
        return None
    texts, typed = _loaded(code)
    if not isinstance(texts, Mapping) or not isinstance(typed, Mapping) or not _is_config(texts, catalogue):
        return None
    found: list[str] = []
    for key, value in typed.items():
        found += _words(f"--{key}", value, texts[str(key)])
    return found


def _is_config(texts: Mapping[Any, Any], catalogue: Catalogue) -> bool:
    """Say whether all keys are vLLM's flags, and enough to tell."""
    keys = list(texts)
    if not all(isinstance(key, str) and KEY.fullmatch(key) for key in keys) or len(keys) < 2 - ("model" in keys):
        return False
    return all(find(catalogue, f"--{key}").how is How.EXACT for key in keys)


def _loaded(code: str) -> tuple[Any, Any]:
    """Load the values as texts and as what they are; nothing from a text with aliases, which could grow without end."""
    import yaml

    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(code)):
            return None, None
        return compose.load(code), yaml.safe_load(code)
    except (compose.YamlError, yaml.YAMLError, ValueError, RecursionError):
        return None, None


def _words(flag: str, value: Any, text: Any) -> list[str]:
    if isinstance(value, bool):
        return [flag if value else f"--no-{flag[2:]}"]
    if isinstance(value, dict):
        return [flag, json.dumps(value, ensure_ascii=False, default=str)]
    if isinstance(value, list):
        return [flag, *(str(one) for one in text)]
    return [f"{flag}={'None' if value is None else text}"]
