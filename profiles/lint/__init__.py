"""Findings about a launch: removed, unknown, invalid, never read, risky, open, secret; each with its reason and its mend."""

from __future__ import annotations

from profiles.lint.finding import Change, Finding, Kind
from profiles.lint.table import findings

__all__ = ["Change", "Finding", "Kind", "findings"]
