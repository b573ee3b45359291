"""The cause card above a log: shown while a failure stands, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from gettext import gettext as _
from typing import TYPE_CHECKING

from textual.geometry import Region

from tui.messages import CopyAsked
from tui.panes.cause_words import card, commands, fix_words, why_lines
from tui.services.failures import Failure
from tui.services.server import Server
from tui.services.tried import Tried
from widgets.cause_card import CauseCard
from widgets.choice_list import ChoiceList
from widgets.form_record import Option
from widgets.log_bar import LogField

if TYPE_CHECKING:
    from tui.panes.logs import LogsPane


class LogCause:
    """Keeps the card of a Logs pane true.

    Args:
        pane: Whose.
        tried: What was tried before.
        apply: Told which fix shall be applied.
    """

    def __init__(self, pane: LogsPane, tried: Tried, apply: Callable[[Server, Failure, int], object]) -> None:
        self.card = CauseCard()
        self._pane = pane
        self._tried = tried
        self._apply = apply
        self._failure: Failure | None = None
        self._revealed: int | None = None
        """The line that the log was taken to when the failure came."""
        self._to_reveal = False

    def show(self, server: Server | None, failure: Failure | None) -> None:
        """Show this failure, or none."""
        before, self._failure = self._failure, failure if server is not None else None
        if server is None or failure is None:
            self._hide()
            return
        self.card.cause = card(server, failure, self._tried, self.number)
        if before is None or before.id != failure.id or before.cause != failure.cause:
            self._to_reveal = True
            focused = self._pane.screen.focused
            if focused is not None and self._pane in focused.ancestors and not isinstance(focused, LogField):
                self.card.focus()
        self.again()

    def again(self) -> None:
        """The log may hold its line by now: say its number, and take who follows the log there."""
        server, failure = self._pane.server, self._failure
        if server is None or failure is None:
            return
        self.card.cause = card(server, failure, self._tried, self.number)
        if self._to_reveal and self._pane.view.follow and self.number is not None and self._go():
            self._to_reveal = False
            self._revealed = self.number

    @property
    def number(self) -> int | None:
        """The line that tells the cause, as the log counts."""
        failure = self._failure
        if failure is None or failure.found.line is None:
            return None
        first = self._pane.view.store.number_from(failure.began.encode()) if failure.began else 1
        return failure.found.line + (first or 1) - 1

    def asked(self, event: CauseCard.Asked) -> None:
        """Do what was asked of the card."""
        server, failure = self._pane.server, self._failure
        if server is None or failure is None:
            return
        deeds: dict[str, Callable[[], object]] = {
            "apply": lambda: self._apply(server, failure, event.fix),
            "line": self._line,
            "why": lambda: self._why(server, failure, event.fix),
            "copy": lambda: self._copy(failure, event.fix),
            "leave": self._pane.view.focus,
        }
        deeds[event.what]()

    def _hide(self) -> None:
        if self.card.has_focus:
            self._pane.view.focus()
        self.card.cause = None
        if self._revealed is not None and self._pane.view.line_number == self._revealed:
            self._pane.view.action_bottom()  # who followed the log before goes on to follow it
        self._revealed, self._to_reveal = None, False

    def _go(self) -> bool:
        number = self.number
        if number is None or self._pane.view.store.index_of(number) is None:
            return False
        self._pane.go_to_line(number)
        return True

    def _line(self) -> None:
        if self._go():
            self._pane.view.focus()
        else:
            self._pane.notify(_("That line is not among those that were read; s reads the whole log."), markup=False)

    def _why(self, server: Server, failure: Failure, fix: int) -> None:
        from widgets.dialog import ConfirmDialog

        fixes = failure.found.fixes
        deed = _("Apply: {fix}").format(fix=fix_words(fixes[fix])) if fixes else _("Back")

        def closed(wanted: bool | None) -> None:
            if wanted and fixes:
                self._apply(server, failure, fix)

        cause = self.card.cause
        title = cause.title if cause is not None else ""
        lines = why_lines(server, failure, self._tried)
        self._pane.app.push_screen(ConfirmDialog(title, lines, deed, refuse=_("Back")), closed)

    def _copy(self, failure: Failure, fix: int) -> None:
        found = failure.found
        texts = {found.evidence: _("the line")} if found.evidence else {}
        for one in found.fixes:
            if one.changes:
                texts.setdefault(fix_words(one), _("the change"))
            texts.update({command: _("the command") for command in commands(one)})
        options = tuple(Option(text, words, text) for text, words in texts.items())

        def chosen(text: str | None) -> None:
            if text is not None:
                self._pane.post_message(CopyAsked(text, texts[text]))

        region = self.card.region
        anchor = Region(region.x + 2, region.y, max(20, min(60, region.width - 4)), 1)
        self._pane.app.push_screen(ChoiceList(options, "", anchor, title=_("Copy")), chosen)
