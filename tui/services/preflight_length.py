"""Does the asked context length fit the model: told from its own config.json, the way vLLM itself reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from gettext import gettext as _
from pathlib import Path
from typing import Any

from profiles.paths import Place
from profiles.profile import Profile
from profiles.sizes import token_count
from tui.services.models_on_disk_look import MOST_CONFIG_BYTES, read_json
from tui.services.preflight_check import Check
from tui.services.preflight_model import model_folder

FLAG = "max-model-len"
ALLOWS_LONGER = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"
DESCRIBED_ELSEWHERE = frozenset(
    {"hf-overrides", "hf-config-path", "config", "config-format", "rope-scaling", "revision", "code-revision"}
)
"""Flags with which config.json is not, or not all of, what the model is read from."""
MISTRALS_OWN = ("params.json", "consolidated*.safetensors")
"""Files by which, where both are there, vLLM reads a folder in Mistral's own format."""
LENGTHS = (
    "max_position_embeddings",
    "n_positions",
    "max_seq_len",
    "seq_length",
    "model_max_length",
    "max_target_positions",
    "max_sequence_length",
    "max_seq_length",
    "seq_len",
)
"""Where models write their length; the smallest counts."""
SCALED_ALREADY = frozenset({"su", "longrope", "llama3", "yarn", "deepseek_yarn", "deepseek_llama_scaling"})
"""Kinds of RoPE scaling whose factor stands in the length already."""
SENTENCE_KINDS = ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")


def check_length(
    profile: Profile,
    environ: Mapping[str, str],
    place: Place,
    local: bool,
    image_env: Mapping[str, str] | None = None,
) -> Check | None:
    """Look whether vLLM would refuse `--max-model-len`, blocking; None where it would not, or where that is not known.

    `image_env` are the image's own variables, which count where the profile says nothing else.
    """
    wanted = wanted_length(profile)
    if wanted is None or not local or _described_elsewhere(profile):
        return None
    if _longer_allowed(profile, environ, image_env or {}):
        return None
    folder = model_folder(profile, place)
    longest = None if folder is None else longest_length(folder)
    if longest is None or wanted <= longest:
        return None
    text = _("{wanted} tokens are more than the model's own {longest}: vLLM refuses to start.")
    mend = _("Take {longest}, or set {variable}=1 if the model is known to bear more.")
    return Check(
        f"--{FLAG}",
        False,
        text.format(wanted=wanted, longest=longest),
        mend.format(longest=longest, variable=ALLOWS_LONGER),
        str(longest),
    )


def wanted_length(profile: Profile) -> int | None:
    """Give the context length that a profile asks for; None where it leaves it to vLLM."""
    given = next((value for name, value in reversed(profile.flags) if name == FLAG), None)
    return token_count(given or "")


def longest_length(folder: Path) -> int | None:
    """Give the most tokens that vLLM derives from a model's folder; None where it says nothing that we can read."""
    if all(any(folder.glob(name)) for name in MISTRALS_OWN):
        return None  # vLLM takes the length from params.json
    config = _record(folder / "config.json")
    inner = config.get("text_config")
    text = inner if isinstance(inner, dict) else config
    lengths = [found for name in LENGTHS if (found := _number(text.get(name))) is not None]
    if not lengths:
        return None
    own = _number(text.get("model_max_length"))
    longest = own if own is not None else min(lengths)
    for kind in SENTENCE_KINDS:
        if (most := _number(_record(folder / f"sentence_{kind}_config.json").get("max_seq_length"))) is not None:
            return int(most)
    return int(_scaled(text, longest))


def _scaled(text: Mapping[str, Any], longest: float) -> float:
    """Stretch a length by the model's RoPE scaling; of two readings by different vLLMs the longer one."""
    if "gemma3" in str(text.get("model_type") or ""):
        return longest
    found = [longest]
    for rope in _ropes(text):
        kind = rope.get("rope_type") or rope.get("type")
        factor = _number(rope.get("factor")) or 1
        before = _number(rope.get("original_max_position_embeddings"))
        if kind not in SCALED_ALREADY:
            found.append(longest * factor)
        elif before is not None:
            found.append(before * factor)  # vLLM before 0.32 multiplied here
    return max(found)


def _ropes(text: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for name in ("rope_parameters", "rope_scaling"):
        given = text.get(name)
        if isinstance(given, dict):
            yield given
            yield from (part for part in given.values() if isinstance(part, dict))  # one for each kind of layer


def _described_elsewhere(profile: Profile) -> bool:
    return any(name.partition(".")[0] in DESCRIBED_ELSEWHERE for name, _value in profile.flags)


def _longer_allowed(profile: Profile, environ: Mapping[str, str], image_env: Mapping[str, str]) -> bool:
    found = image_env.get(ALLOWS_LONGER, "")
    if ALLOWS_LONGER in profile.env_names:
        found = environ.get(ALLOWS_LONGER, found)
    return dict(profile.env).get(ALLOWS_LONGER, found).strip().lower() in ("1", "true")


def _record(path: Path) -> dict[str, Any]:
    found = read_json(path, MOST_CONFIG_BYTES)
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e15:
        return None
    return value
