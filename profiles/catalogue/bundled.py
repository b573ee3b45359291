"""The catalogue that is shipped: vLLM 0.32, for images that cannot be asked."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources

from profiles.catalogue.json_form import loads
from profiles.catalogue.record import Catalogue

FILE = "vllm-0.32.json.gz"
"""`pack` of what the script answered in the image vllm/vllm-openai:v0.32.0."""


@cache
def bundled() -> Catalogue:
    """Give the shipped catalogue, marked as such."""
    packed = resources.files("profiles.catalogue").joinpath(FILE).read_bytes()
    return loads(gzip.decompress(packed).decode())


def pack(catalogue: Catalogue) -> bytes:
    """Give the bytes of FILE for a catalogue; the same catalogue gives the same bytes."""
    from dataclasses import replace

    from profiles.catalogue.json_form import dumps
    from profiles.catalogue.record import Source

    return gzip.compress(dumps(replace(catalogue, source=Source.BUNDLED)).encode(), 9, mtime=0)


def script() -> str:
    """Give the script that is run inside an image: `python3 -c SCRIPT`."""
    return resources.files("profiles.catalogue").joinpath("introspect.py").read_text(encoding="utf-8")
