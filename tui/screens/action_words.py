"""What is done with a server, step by step, and how it went, in words."""

from __future__ import annotations

from gettext import gettext as _
from typing import TYPE_CHECKING

from tui.services.errors import run_on

if TYPE_CHECKING:
    from tui.services.recreate import Plan


def step_words(name: str) -> str:
    """Say a step of a launch or a recreate in a word or two."""
    return {
        "plan": _("saving the way back"),
        "pull": _("pulling"),
        "create": _("creating"),
        "start": _("starting"),
        "stop": _("stopping"),
        "quiet": _("setting restart off"),
        "aside": _("setting aside"),
        "connect": _("connecting"),
        "rollback": _("rolling back"),
        "restore": _("making it again"),
        "done": _("done"),
    }.get(name, name)


def recreated_words(plan: Plan, aside: str) -> str:
    """Say what is known after a recreate: not everything is started, and not everything can be asked.

    Args:
        plan: What was done.
        aside: The name of the container that is kept; "" when none is.
    """
    words = _("{name} runs again and answers.")
    if not plan.running:
        words = _("{name} is made anew, stopped as before.")
    elif plan.asked is None or plan.asked.url is None:
        words = _("{name} runs again.")
    back = _("u in Servers brings the old one back.")
    if aside:
        back = _("The old one is kept as {aside} until the next recreate; in Servers u brings it back, U drops it.")
    return run_on(words.format(name=plan.name), back.format(aside=aside))


def kept_words(change: str) -> str:
    """Say what the answer does that changes nothing, where `Keep it` would say too little."""
    words = {"stop": _("Let it run"), "restart": _("Let it run"), "undo": _("Keep the new one")}
    return words.get(change, _("Keep it"))
