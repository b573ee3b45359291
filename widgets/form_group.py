"""The groups of a form: a title over its rows, and the folded titles in one line."""

from __future__ import annotations

from gettext import gettext as _

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from widgets.form_field import FormField
from widgets.form_record import Field, Group

FOLDED, OPEN = "▸", "▾"


class FormGroup(Vertical):
    """A title in the primary colour and the rows under it."""

    DEFAULT_CSS = """
    FormGroup { height: auto; margin-bottom: 1; }
    FormGroup > .form-group--title { color: $primary; text-style: bold; height: 1; }
    """

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.group = group
        self.rows = {field.name: FormField(field) for field in group.fields}

    def compose(self) -> ComposeResult:
        """The title, then the rows."""
        if self.group.title:
            yield Static(Content(self.group.title), classes="form-group--title")
        yield from self.rows.values()

    def show(self, group: Group) -> None:
        """Show other records; only rows that came, went or changed their kind are built anew."""
        self.group = group
        wanted = [field.name for field in group.fields]
        for name in [name for name in self.rows if name not in wanted]:
            self.rows.pop(name).remove()
        before: Widget | None = None
        rows: dict[str, FormField] = {}
        for field in group.fields:
            row = self._row(field, before)
            rows[field.name] = before = row
        self.rows = rows

    def _row(self, field: Field, before: Widget | None) -> FormField:
        row = self.rows.get(field.name)
        if row is not None and _same_kind(row.field, field):
            if row.field != field or row.editor_value != field.value:
                row.show(field)
            return row
        new = FormField(field)
        if row is not None:
            focused = row.editor.has_focus
            self.mount(new, before=row)
            row.remove()
            if focused:
                self.call_after_refresh(new.editor.focus)
        elif before is None:
            self.mount(new, after=0 if self.group.title else None)
        else:
            self.mount(new, after=before)
        return new


class FormFold(Widget, can_focus=True):
    """The title of a group that can be folded."""

    DEFAULT_CSS = """
    FormFold { width: auto; height: 1; margin-right: 2; color: $primary; pointer: pointer; }
    """

    BINDINGS = [Binding("enter,space", "turn", _("Unfold"), id="form.fold", tooltip=_("Open or fold this group"))]

    opened: reactive[bool] = reactive(False, layout=True)
    """Whether its rows are shown below."""

    class Toggled(Message):
        """It was opened or folded."""

        def __init__(self, name: str, opened: bool) -> None:
            super().__init__()
            self.name = name
            self.opened = opened

    def __init__(self, group: Group) -> None:
        super().__init__()
        self.group = group

    def render(self) -> RenderResult:
        """Draw the mark and the title; the bar says that the focus is here."""
        focused = self.has_focus
        bar = Content.styled("▌" if focused else " ", "$accent")
        mark = Content.styled(OPEN if self.opened else FOLDED, "$foreground 62%")
        return Content.assemble(bar, mark, " ", Content.styled(self.group.title, "bold"))

    def on_focus(self) -> None:
        """Draw the bar."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the bar away."""
        self.refresh()

    def on_click(self) -> None:
        """Open or fold by mouse."""
        self.action_turn()

    def action_turn(self) -> None:
        """Open or fold."""
        self.opened = not self.opened
        self.post_message(self.Toggled(self.group.name, self.opened))


class FormFolds(Horizontal):
    """The titles of the groups that can be folded, side by side."""

    DEFAULT_CSS = """
    FormFolds { height: 1; margin-bottom: 1; }
    """

    def __init__(self, groups: tuple[Group, ...]) -> None:
        super().__init__()
        self.folds = {group.name: FormFold(group) for group in groups}

    def compose(self) -> ComposeResult:
        """One title beside the other."""
        yield from self.folds.values()


def _same_kind(one: Field, other: Field) -> bool:
    return one.kind == other.kind and (one.kind != "lines" or one.placeholder == other.placeholder)
