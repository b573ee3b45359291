"""Why it does not start, in one English sentence; the UI has its own words for `Fit.why` and `Fit.numbers`."""

from __future__ import annotations

from profiles.fit.records import Fit, Why

SENTENCES: dict[Why, str] = {
    Why.NOTHING: "",
    Why.NO_LAYERS: "config.json does not say how many layers the model has and how wide they are.",
    Why.NO_TOTAL: "The card's memory is not known.",
    Why.NO_WEIGHTS: "How large the quantized weights are is not known: give the model's folder.",
    Why.NOT_FREE: "vLLM refuses at once: it wants {wanted_gib:.1f} GiB and only {free_gib:.1f} GiB are free.",
    Why.WEIGHTS: "The weights take {weights_gib:.1f} GiB a GPU and {free_gib:.1f} GiB are there.",
    Why.NO_ROOM: "Nothing is left for the KV cache: {wanted_gib:.1f} GiB are missing.",
    Why.TOO_LONG: "One request of {length:.0f} tokens needs {needed_gib:.2f} GiB of KV cache and {kv_gib:.2f} GiB are left; "
    "{longest:.0f} tokens would fit.",
    Why.INDIVISIBLE: "{heads:.0f} attention heads cannot be divided among {tensor:.0f} GPUs.",
}


def sentence(fit: Fit) -> str:
    """Give the sentence, "" when there is nothing to explain."""
    return SENTENCES[fit.why].format_map(fit.numbers)
