"""States and boot phases in the user's language."""

from __future__ import annotations

from gettext import gettext as _

from tui.services.server import State


def state_name(state: State) -> str:
    """Name a state in one or two words."""
    return {
        State.CREATED: _("created"),
        State.STARTING: _("starting"),
        State.READY: _("ready"),
        State.BUSY: _("busy"),
        State.SILENT: _("no answer"),
        State.HUNG: _("hung"),
        State.HALF: _("half working"),
        State.BROKEN: _("broken"),
        State.HEADLESS: _("headless"),
        State.RESTARTING: _("restarting"),
        State.STOPPED: _("stopped"),
        State.FAILED: _("failed"),
        State.PAUSED: _("paused"),
        State.GONE: _("gone"),
        State.UNKNOWN: _("no way in"),
    }[state]


def phase_words(phase: str) -> str:
    """Say a boot phase in the user's language."""
    return {
        "config": _("config"),
        "engine": _("engine"),
        "weights": _("weights"),
        "graphs": _("graphs"),
        "server": _("server"),
    }.get(phase, phase)


def container_state_words(state: str) -> str:
    """Say a container's state in the user's language; docker's own words are English."""
    words = {
        "created": _("created"),
        "running": _("running"),
        "paused": _("paused"),
        "restarting": _("restarting"),
        "exited": _("stopped"),
    }
    return words.get(state, state)
