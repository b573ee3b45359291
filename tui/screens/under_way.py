"""What is under way with a server, and the question before llmtui is ended in the middle of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from typing import Literal

from widgets.dialog import ConfirmDialog

Kind = Literal["launch", "recreate", "undo"]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """One change of a server that takes its time."""

    kind: Kind
    call_off: Callable[[], object] | None = None
    """Ends it before its time; None where it can only be waited for."""

    def words(self, name: str) -> str:
        """Say why nothing else can be done with the server now."""
        if self.call_off is None:
            return _("{name} is being changed right now; wait until it is done.").format(name=name)
        return _("{name} is being changed right now; u calls it off.").format(name=name)


class Changes(dict[str, UnderWay]):
    """All that is under way, by the name of the server.

    Args:
        changed: Called when something began or ended.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed

    @contextmanager
    def going(self, name: str, work: UnderWay) -> Iterator[None]:
        """Let everybody know of a change until it is done."""
        self[name] = work
        self._changed()
        try:
            yield
        finally:
            del self[name]
            self._changed()


class QuitDialog(ConfirmDialog):
    """Asks before llmtui ends in the middle of something; ctrl+q once more is a yes."""


def quit_question(under_way: Mapping[str, UnderWay]) -> QuitDialog:
    """Make the question for all that is under way."""
    titles = {
        "launch": _("Quit while {name} is being launched?"),
        "recreate": _("Quit while {name} is being recreated?"),
        "undo": _("Quit while {name} is being brought back?"),
        "": _("Quit while {name} are being changed?"),
    }
    kinds = list(dict.fromkeys(one.kind for one in under_way.values()))
    title = titles[kinds[0] if len(kinds) == 1 else ""].format(name=", ".join(under_way))
    body = []
    if "launch" in kinds:
        body.append(
            _("A download of its image ends with llmtui. A container that was made and not yet started is removed.")
        )
    if set(kinds) - {"launch"}:
        body.append(_("It is left as it stands now; the next start of llmtui finishes or undoes it."))
    return QuitDialog(title, body, _("Quit"), danger=True, refuse=_("Stay"))
