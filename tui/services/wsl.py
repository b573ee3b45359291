"""Whether this is Linux under Windows."""

from __future__ import annotations

from pathlib import Path

KERNEL = Path("/proc/version")


def in_wsl(kernel: Path = KERNEL) -> bool:
    """Say whether this is a WSL distribution; the kernel's own name says it."""
    try:
        return "microsoft" in kernel.read_text(encoding="utf-8", errors="replace").lower()
    except OSError:
        return False
