"""Why a server failed: the cause in plain words, where the log says so, and the ways out as a choice."""

from __future__ import annotations

from dataclasses import dataclass
from gettext import gettext as _
from gettext import ngettext
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from widgets.form_text import cut, padded

DIM = "$foreground 62%"
FEWEST = 3
"""Rows between the borders that it has at least."""
SHARE = 3
"""It takes at most one part in so many of the height around it, so that the log stays in sight."""
WIDEST_NAME = 28
"""Cells of a change's name before the values begin."""


class CauseCard(Widget, can_focus=True):
    """One failure; hidden while there is none. What is asked of it goes out as messages."""

    @dataclass(frozen=True, slots=True)
    class Part:
        """One change of a fix."""

        name: str
        old: str = ""
        new: str = ""

    @dataclass(frozen=True, slots=True)
    class Fix:
        """One way out: changes, or a note on what only a person can do."""

        parts: tuple[CauseCard.Part, ...] = ()
        note: str = ""
        worked: bool = False
        """It ended this cause on this server before."""

    @dataclass(frozen=True, slots=True)
    class Cause:
        """One failure."""

        title: str
        detail: str = ""
        evidence: str = ""
        """The log's own words."""
        line: int | None = None
        """On which line of the log they stand."""
        fixes: tuple[CauseCard.Fix, ...] = ()
        also: str = ""
        """What else the log speaks of."""
        tried: str = ""
        """What was tried before, and did not help."""

    DEFAULT_CSS = """
    CauseCard {
        height: auto;
        display: none;
        border: round $error;
        border-title-color: $error;
        border-title-style: bold;
        border-subtitle-color: $error;
        background: $background;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    CauseCard.-shown { display: block; }
    CauseCard:focus { border-title-color: $background; border-title-background: $error; }
    CauseCard.-folded { border: none; height: 1; padding: 0 1; color: $error; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", _("Apply"), id="cause.apply", tooltip=_("Apply the chosen fix: it asks first")),
        Binding("up,k", "choose(-1)", _("Choose"), id="cause.up", tooltip=_("The fix above"), key_display="↑↓"),
        Binding("down,j", "choose(1)", _("Fix below"), id="cause.down", tooltip=_("The fix below"), show=False),
        Binding("o", "line", _("Line"), id="cause.line", tooltip=_("Go to the line of the log that says so")),
        Binding("i", "why", _("Why"), id="cause.why", tooltip=_("All that is known of the cause")),
        Binding("y", "copy", _("Copy"), id="cause.copy", tooltip=_("Copy the line, or a fix's command")),
        Binding("z", "fold", _("Fold"), id="cause.fold", tooltip=_("Fold the card to one line, or unfold it")),
        Binding("escape", "leave", _("To the log"), id="cause.leave", tooltip=_("Go to the log")),
    ]

    cause: reactive[Cause | None] = reactive(None, layout=True)
    """What is shown; None hides it."""
    chosen: reactive[int] = reactive(0)
    """Which fix is chosen."""
    folded: reactive[bool] = reactive(False, layout=True)
    """Whether it is one line only."""

    class Asked(Message):
        """Something was asked of it: apply, line, why, copy or leave."""

        def __init__(self, what: str, fix: int) -> None:
            super().__init__()
            self.what = what
            self.fix = fix
            """The chosen fix, counted from 0."""

    def watch_cause(self, old: Cause | None, new: Cause | None) -> None:
        """Show another failure, or none."""
        self.set_class(new is not None, "-shown")
        if new is None or old is None or (old.title, old.fixes) != (new.title, new.fixes):
            self.chosen = 0
        self._say()

    def watch_chosen(self) -> None:
        """Say which one it is."""
        self._say()

    def watch_folded(self) -> None:
        """Fold or unfold."""
        self.set_class(self.folded, "-folded")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as it needs, and never more than its share."""
        return min(len(self._lines(width, 99)), max(FEWEST, container.height // SHARE - 2))

    def render(self) -> Content:
        """Draw what there is room for."""
        if self.cause is None:
            return Content("")
        if self.folded:
            return Content(cut(f"✖ {self.cause.title} · {_('z unfolds')}", max(1, self.content_size.width)))
        lines = self._lines(self.content_size.width, max(1, self.content_size.height))
        return Content("\n").join(line for _fix, line in lines)

    def on_click(self, event: events.Click) -> None:
        """A click on a fix chooses it; on the folded card unfolds it."""
        at = event.get_content_offset(self)
        if self.folded:
            self.folded = False
        elif at is not None:
            fixes = [fix for fix, _line in self._lines(self.content_size.width, self.content_size.height)]
            fix = fixes[at.y] if at.y < len(fixes) else None
            self.chosen = self.chosen if fix is None else fix

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What there is nothing to do with is not offered."""
        if self.cause is None:
            return False
        if action == "line":
            return self.cause.line is not None
        if action == "apply":
            return bool(self.cause.fixes)
        return len(self.cause.fixes) > 1 if action == "choose" else True

    def action_apply(self) -> None:
        """Ask for the chosen fix."""
        self._ask("apply")

    def action_choose(self, by: int) -> None:
        """Choose another fix."""
        if self.cause is not None:
            self.chosen = max(0, min(len(self.cause.fixes) - 1, self.chosen + by))

    def action_line(self) -> None:
        """Ask for the line of the log."""
        self._ask("line")

    def action_why(self) -> None:
        """Ask for all that is known."""
        self._ask("why")

    def action_copy(self) -> None:
        """Ask for something to copy."""
        self._ask("copy")

    def action_fold(self) -> None:
        """Fold or unfold."""
        self.folded = not self.folded

    def action_leave(self) -> None:
        """Ask for the log."""
        self._ask("leave")

    def _ask(self, what: str) -> None:
        self.post_message(self.Asked(what, self.chosen))

    def _say(self) -> None:
        cause = self.cause
        self.border_title = Content(f" ✖ {cause.title} ") if cause is not None else None
        count = len(cause.fixes) if cause is not None else 0
        words = ngettext("{at} of {count} fix", "{at} of {count} fixes", count)
        self.border_subtitle = Content(words.format(at=self.chosen + 1, count=count) if count else "")

    def _lines(self, width: int, room: int) -> list[tuple[int | None, Content]]:
        """Lay out as many rows as there is room for, each with the fix that it is: the chosen one comes first, then what explains it."""
        cause = self.cause
        if cause is None:
            return []
        rows: list[tuple[int, int | None, Content]] = []  # how much it matters (0 most), which fix it is, what it says
        detail = Content(cause.detail).wrap(max(4, width)) if cause.detail else []
        rows += [(1 if at == 0 else 5, None, line.rstrip()) for at, line in enumerate(detail)]
        if cause.tried:
            rows.append((2, None, Content.styled(cut(f"▲ {cause.tried}", width), "$warning")))
        if cause.evidence:
            rows.append((3, None, self._evidence(cause, width)))
        rows.append((9, None, Content("")))
        names = min(WIDEST_NAME, max((_width(part.name) for fix in cause.fixes for part in fix.parts), default=0))
        for at, fix in enumerate(cause.fixes):
            weight = 3 + abs(at - self.chosen) if at != self.chosen else 0
            rows.append((weight, at, self._fix(at, fix, names, width)))
        if cause.also:
            rows.append((6, None, Content.styled(cut(_("also seen: {causes}").format(causes=cause.also), width), DIM)))
        kept = sorted(sorted(range(len(rows)), key=lambda at: (rows[at][0], at))[:room])
        return [rows[at][1:] for at in kept]

    @staticmethod
    def _evidence(cause: Cause, width: int) -> Content:
        where = _("line {line}").format(line=cause.line) if cause.line is not None else _("the engine")
        room = max(1, width - _width(where) - 2)
        return Content.assemble((where + "  ", DIM), cut(cause.evidence, room))

    def _fix(self, at: int, fix: Fix, names: int, width: int) -> Content:
        chosen = at == self.chosen
        line = Content.styled("▌" if chosen else " ", "$accent")
        for part in fix.parts:
            line += _part(part, names)
        if fix.worked:
            line += Content.styled(_("worked before") + "  ", "$success")
        if fix.note:
            line += Content.styled(cut(fix.note, max(1, width - line.cell_length)), "" if not fix.parts else DIM)
        if chosen:
            line = line.pad_right(max(0, width - line.cell_length)).stylize("bold on $panel")
        return line


def _part(part: CauseCard.Part, names: int) -> Content:
    name = padded(part.name, names) if part.old or part.new else part.name
    line = Content.assemble((name + "  ", "bold"))
    if part.old and part.new:
        return line + Content.assemble((part.old, "$error"), (" → ", DIM), (part.new, "bold $success"), "  ")
    return line + Content.styled(f"{part.new or part.old}  " if part.new or part.old else "", "bold $success")


def _width(text: str) -> int:
    return Content(text).cell_length
