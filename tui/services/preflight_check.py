"""What one look before a launch says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that a launch needs."""

    name: str
    """engine, image, port, name, model, drive, env, gpu, shm, profile; or the `--flag` it is about."""
    ok: bool | None
    """True: fine. False: the launch would fail. None: cannot be told, or worth knowing."""
    text: str
    """What was found, one plain sentence."""
    mend: str = ""
    """What to do about it; empty when nothing need be done."""
    offer: str = ""
    """A value that would mend it (the next free port, a free name); empty when there is none."""
