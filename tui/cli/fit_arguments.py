"""What stands on the command line of `llmtui fit` besides: the image's version, the card, and vLLM's own flags."""

from __future__ import annotations

import argparse
from gettext import gettext as _

FLAGS = (
    "max-model-len",
    "gpu-memory-utilization",
    "max-num-seqs",
    "max-num-batched-tokens",
    "tensor-parallel-size",
    "pipeline-parallel-size",
    "kv-cache-dtype",
    "quantization",
)
"""Flags of vLLM's that take the place of the profile's."""
OWN = ("image-version", "total")
"""Options of ours."""
NAMES = tuple(name.replace("-", "_") for name in (*OWN, *FLAGS))
"""All of them, as they stand among the parsed arguments."""


def add_to(group: argparse._ArgumentGroup) -> None:
    """Add the options of `llmtui fit`."""
    group.add_argument("--image-version", metavar="V", help=_("vLLM's version, otherwise by the image's tag"))
    group.add_argument("--total", type=_gib, metavar="GIB", help=_("a card's memory, otherwise this machine's cards"))
    for name in FLAGS:
        group.add_argument(f"--{name}", metavar="V", help=_("in place of the profile's"))


def given(found: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    """Give what was asked for, by the options' names without dashes in front."""
    named = ((name, getattr(found, name.replace("-", "_"))) for name in (*OWN, *FLAGS))
    return tuple((name, value) for name, value in named if value is not None)


def _gib(text: str) -> str:
    try:
        fine = 0 < float(text) < 1e6
    except ValueError:
        fine = False
    if not fine:
        raise argparse.ArgumentTypeError(_("{text} is no size in GiB").format(text=text))
    return text
