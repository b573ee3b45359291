"""The words of an answer, in the user's language: what the parts of the bar are, and why it does not start."""

from __future__ import annotations

from gettext import gettext as _

from profiles.fit.records import Fit, Why


def sentence(fit: Fit) -> str:
    """Say why it does not start, or why that cannot be known; "" when there is nothing to explain."""
    return reasons()[fit.why].format_map(fit.numbers)


def reasons() -> dict[Why, str]:
    """Say each reason, with the names of `Fit.numbers` in it."""
    return {
        Why.NOTHING: "",
        Why.NO_LAYERS: _("config.json does not say how many layers the model has and how wide they are."),
        Why.NO_TOTAL: _("The card's memory is not known."),
        Why.NO_WEIGHTS: _("How large the quantized weights are is not known."),
        Why.NOT_FREE: _("vLLM refuses at once: it wants {wanted_gib:.1f} GiB and only {free_gib:.1f} GiB are free."),
        Why.WEIGHTS: _("The weights take {weights_gib:.1f} GiB a GPU and only {free_gib:.1f} GiB are there."),
        Why.NO_ROOM: _("Nothing is left for the KV cache: {wanted_gib:.1f} GiB are missing."),
        Why.TOO_LONG: _(
            "One request of {length:,.0f} tokens needs {needed_gib:.2f} GiB of KV cache and {kv_gib:.2f} GiB are left; "
            "{longest:,.0f} tokens would fit."
        ),
        Why.INDIVISIBLE: _("{heads:.0f} attention heads cannot be divided among {tensor:.0f} GPUs."),
    }


def part_names() -> dict[str, str]:
    """Say what the parts of the bar are."""
    return {
        "others": _("held by others now"),
        "weights": _("weights"),
        "non_torch": _("CUDA context, NCCL"),
        "activation": _("activation peak"),
        "graphs": _("CUDA graphs"),
        "kv": _("KV cache"),
        "rest": _("left free"),
    }
