"""Believing the engine's own word that a run has ended, until what it lists says the same.

Docker tells of a death before it clears up after it (network, mounts), and lists what it knew before until that is done
(moby 20.10, `daemon/monitor.go`: the `die` event, then `Cleanup`, then the copy that the list is made of): seconds on a
busy machine, and no event comes after them.
"""

from __future__ import annotations

from dataclasses import replace

from tui.services.engine import Container
from tui.services.fleet_events import Listening
from tui.services.fleet_known import Known


def believed(containers: list[Container], known: Known, listening: Listening) -> tuple[list[Container], bool]:
    """Give the containers as they are by the newest word, and whether the list was behind; the facts follow.

    Who is gone by the time it is asked about is left out: else its row would go, and come back as that of one removed.
    """
    told = [_ended(container, known, listening) for container in containers if container.id not in known.gone]
    return told, told != containers


def _ended(container: Container, known: Known, listening: Listening) -> Container:
    facts = known.facts.get(container.id)
    if container.state != "running" or facts is None:
        return container
    death = listening.death_since(container.id, facts.started)
    if death is None:
        return container
    if facts.finished is None or facts.finished < (facts.started or 0.0):  # inspect was behind as well
        known.facts[container.id] = replace(facts, finished=death.time, exit_code=death.code)
    return replace(container, state="exited", status=f"Exited ({death.code}) 1 second ago")
