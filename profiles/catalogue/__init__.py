"""What one vLLM accepts: the record, finding flags in it, its form on disk, the shipped one, and the script that asks an image."""

from __future__ import annotations

from profiles.catalogue.bundled import bundled, script
from profiles.catalogue.help_text import from_help
from profiles.catalogue.introspect import MARK
from profiles.catalogue.json_form import CatalogueError, dumps, from_image, joined, loads
from profiles.catalogue.lookup import Found, How, close, find, find_name, is_value, nearest
from profiles.catalogue.record import Catalogue, Flag, Kind, Source

__all__ = [
    "MARK",
    "Catalogue",
    "CatalogueError",
    "Flag",
    "Found",
    "How",
    "Kind",
    "Source",
    "bundled",
    "close",
    "dumps",
    "find",
    "find_name",
    "from_help",
    "from_image",
    "is_value",
    "joined",
    "loads",
    "nearest",
    "script",
]
