"""The question before a container is made anew: what differs, what ends, how long, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from gettext import gettext as _

from rich.cells import cell_len
from textual.content import Content

from widgets.dialog import ConfirmDialog
from widgets.form_lines import HangingLine
from widgets.form_text import padded

DIM = "$foreground 62%"
NOTHING = "—"


class RecreateDialog(ConfirmDialog):
    """Shows what a recreate does, before it does it. Dismissed with True or False.

    Args:
        name: The container.
        changes: What differs; none for making the same once more.
        facts: What is about to happen, in order: what ends, the downtime, the way back.
        warnings: What to take care of.
        title: The question, where it is not simply a recreate; likewise `confirm` and `refuse`.
        runs: Whether it ends what runs now: then the focus starts on the answer that changes nothing, as wherever something ends.
    """

    @dataclass(frozen=True, slots=True)
    class Change:
        """One field, old and new."""

        field: str
        old: str
        new: str

    @dataclass(frozen=True, slots=True)
    class Fact:
        """One line of what is about to happen: a word and a sentence."""

        word: str
        text: str

    def __init__(
        self,
        name: str,
        changes: Sequence[Change],
        facts: Sequence[Fact],
        warnings: Sequence[str],
        *,
        runs: bool = False,
        title: str = "",
        confirm: str = "",
        refuse: str = "",
    ) -> None:
        lines = [_change_line(change, _widest(changes)) for change in changes]
        if not lines:
            lines = [HangingLine(Content.styled(_("Nothing differs: the same container is made once more."), DIM))]
        lines.append(HangingLine(Content(" ")))
        width = max((cell_len(fact.word) for fact in facts), default=0) + 2
        lines += [HangingLine(Content(fact.text), Content.styled(fact.word, DIM), width) for fact in facts]
        lines += [HangingLine(Content(text), Content.styled("▲", "$warning"), 2) for text in warnings]
        words = _("Recreate {name}").format(name=name)
        refuse = refuse or _("Leave it as it is")
        super().__init__(title or words, lines, confirm or words, danger=runs, refuse=refuse)


def _widest(changes: Sequence[RecreateDialog.Change]) -> int:
    return min(28, max((cell_len(change.field) for change in changes), default=0))


def _change_line(change: RecreateDialog.Change, width: int) -> HangingLine:
    old, new = change.old or NOTHING, change.new or NOTHING
    text = Content.assemble((old, "$error"), (" → ", DIM), (new, "bold $success"))
    return HangingLine(text, Content.styled(padded(change.field, width), "bold"), width + 3)
