"""The questions that screens ask: yes or no, a name, a new name for a container."""

from __future__ import annotations

from gettext import gettext as _

from profiles.profile import NAME
from widgets.dialog import ConfirmDialog, NameDialog

__all__ = ["ConfirmDialog", "NameDialog", "RenameDialog", "name_problem"]


def name_problem(name: str) -> str:
    """Say what is wrong with a name for a profile or container; "" when nothing is."""
    if NAME.fullmatch(name):
        return ""
    return _("A name has two or more letters, digits, dots, dashes or underscores and starts with a letter or digit.")


class RenameDialog(NameDialog):
    """Asks for another name for a container. Dismissed with the name, or None.

    Args:
        name: What it is called now.
        taken: Names that other containers have.
    """

    def __init__(self, name: str, taken: frozenset[str] = frozenset()) -> None:
        title = _("Rename {name}").format(name=name)
        body = [_("It goes on running; only its name changes.")]
        super().__init__(title, body, _("Rename"), name, lambda new: _taken(new, name, taken))


def _taken(new: str, old: str, taken: frozenset[str]) -> str:
    if new != old and new in taken:
        return _("Another container is called {name}.").format(name=new)
    return name_problem(new)
