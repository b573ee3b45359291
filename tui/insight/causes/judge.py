"""Decides whether a boot failed, and which of what was found is the root: the narrowest, then the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tui.insight.causes.course import Course
from tui.insight.causes.records import UNKNOWN, Diagnosis, Hit, State
from tui.insight.causes.signs_memory import OOM

ASKED = (0, 130, 143)
"""Exit codes of who was asked to stop, or had nothing more to do."""
KILLED = 137
BEFORE_DEATH = 600
"""Lines before an engine's death in which its reason stands."""
RECOVERED = 1.5
"""Added to the rank of what its process survived, or, after a good start, of what came before the engine's end."""
KILLED_CAUSE = "host-oom-killed"
ADAPTERS = ("model-path-missing", "hub-not-found")
"""What is said of an adapter too; vLLM then looks for it as a folder, and says so."""
PLACES: tuple[tuple[str, frozenset[str]], ...] = (
    # Innermost first: the sampler's warm-up stands within the profiling run, that within the capture's neighbours.
    ("oom-sampler", frozenset({"_dummy_sampler_run", "_dummy_pooler_run"})),
    ("oom-cudagraph", frozenset({"capture_model", "_capture_cudagraphs"})),
    ("oom-profile", frozenset({"profile_run", "determine_available_memory", "determine_num_available_blocks"})),
    ("oom-cudagraph", frozenset({"initialize_kv_cache", "initialize_cache", "compile_or_warm_up_model"})),
    (
        "oom-weights",
        frozenset(
            {"load_model", "initialize_model", "create_weights", "load_weights", "process_weights_after_loading"}
        ),
    ),
    ("gpu-memory-taken", frozenset({"init_device"})),
)
STAGES = {
    "loaded": "oom-profile",
    "profiled": "oom-cudagraph",
    "cache": "oom-cudagraph",
    "graphs": "oom-cudagraph",
    "server": "oom-runtime",
    "ready": "oom-runtime",
}
"""How far the boot had come -> where the card's memory ran out, for what has no traceback."""


def judge(course: Course, state: State | None, last_line: int) -> Diagnosis | None:
    """Give the root cause of the newest boot, UNKNOWN where it failed for no reason that is known, None where it did not fail."""
    if course.ready is not None:
        return _after_start(course, state, last_line)
    return _before_start(course, state, last_line)


def _before_start(course: Course, state: State | None, last_line: int) -> Diagnosis | None:
    hits = course.all()
    proof = min((hit.line for hit in hits if hit.fatal), default=None)
    dead = min((line for line in (proof, course.dead) if line is not None), default=None)
    raised = course.raised[0][0] if course.raised else None
    if _stopped_first(course, min((line for line in (dead, raised) if line is not None), default=None), state):
        return None
    code = state.exit_code if state is not None else None
    if state is not None and state.running and dead is None:
        return None
    if not (dead is not None or _open_traceback(course) or code not in (None, *ASKED) or _killed(state)):
        return None
    found = _root(course, hits, state, last_line)
    if found is not None:
        return found
    if code == KILLED:
        return Diagnosis(KILLED_CAUSE, last_line, "")
    return None if code in ASKED and raised is None else _unknown(course, dead)


def _after_start(course: Course, state: State | None, last_line: int) -> Diagnosis | None:
    ready = course.ready or 0
    hits = [hit for hit in course.all() if hit.line > ready]
    dead = course.dead
    if _stopped_first(course, dead, state):
        return None
    code = state.exit_code if state is not None else None
    if dead is None and not _killed(state) and code in (None, *ASKED):
        return None
    near = [hit for hit in hits if dead is None or hit.line > dead - BEFORE_DEATH]
    found = _root(course, near, state, last_line)
    if found is not None:
        return replace(found, runtime=True)
    if code == KILLED and course.stopped is None:
        return Diagnosis(KILLED_CAUSE, last_line, "", runtime=True)
    if dead is None and (course.stopped is not None or code == KILLED):
        return None
    return replace(_unknown(course, dead), runtime=True)


def _stopped_first(course: Course, dead: int | None, state: State | None) -> bool:
    if course.stopped is None or _killed(state):
        return False
    return dead is None or course.stopped < dead


def _killed(state: State | None) -> bool:
    return state is not None and state.oom_killed and not state.running


def _open_traceback(course: Course) -> bool:
    """Say whether the last traceback was followed by no progress: nobody caught it."""
    return course.traced is not None and course.traced > max(course.progress.values(), default=0)


def _root(course: Course, hits: Iterable[Hit], state: State | None, last_line: int) -> Diagnosis | None:
    placed = [_placed(hit, course) for hit in hits]
    if state is not None and _killed(state):
        line = _death_line(course, placed) or last_line
        return Diagnosis(KILLED_CAUSE, line, "", {}, also=_also(placed, KILLED_CAUSE))
    if not placed:
        return None
    root = min(placed, key=lambda hit: (_rank(hit, course), hit.line))
    values = dict(root.values)
    for other in placed:
        if other.cause == root.cause:
            for name, value in other.values.items():
                values.setdefault(name, value)
    return Diagnosis(root.cause, root.line, root.text, values, also=_also(placed, root.cause))


def _rank(hit: Hit, course: Course) -> float:
    hub = hit.cause.startswith("hub-")
    until = course.progress.get(hit.process, 0) if course.ready is None else course.dead or 0
    if hub:  # who asks the hub first is not who loads the model
        until = max(until, max(course.progress.values(), default=0))
    survived = (hit.rank > 0 or hub) and hit.line < until and not hit.fatal
    return hit.rank + (RECOVERED if survived else 0)


def _also(hits: Iterable[Hit], root: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(hit.cause for hit in hits if hit.cause != root))


def _death_line(course: Course, hits: Iterable[Hit]) -> int | None:
    killed = next((hit.line for hit in hits if hit.cause == KILLED_CAUSE), None)
    return killed or course.dead


def _placed(hit: Hit, course: Course) -> Hit:
    """Say for memory that ran out on the card in which phase it did, and for a download whose it was."""
    if "lora" in hit.frames and hit.cause in ADAPTERS:
        return replace(hit, cause="lora-missing", rank=3)
    if hit.cause != OOM:
        return hit
    if course.ready is not None:
        return replace(hit, cause="oom-runtime")
    for cause, names in PLACES:
        if hit.frames & names:
            return replace(hit, cause=cause)
    return replace(hit, cause=STAGES.get(hit.values.get("stage", ""), "oom-weights"))


def _unknown(course: Course, dead: int | None) -> Diagnosis:
    """Name the most telling line: the first exception that is no echo, else the last complaint, else the death."""
    line, text = None, ""
    if course.raised:
        line, text = course.raised[0]
    elif course.complained is not None:
        line, text = course.complained
    elif dead is not None:
        line = dead
    return Diagnosis(UNKNOWN, line, text)
