"""A form: groups of rows, one line each, with the keys to move among them."""

from __future__ import annotations

from gettext import gettext as _
from typing import TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from widgets import form_record
from widgets.form_editors import SwitchEditor
from widgets.form_field import FormField
from widgets.form_group import FormFold, FormFolds, FormGroup
from widgets.form_record import Entered, Left


class Form(VerticalScroll, can_focus=False):
    """Shows groups of fields and says what was changed; groups that fold stand in one line and open below it."""

    DEFAULT_CSS = """
    Form { scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $foreground 38%; height: 1fr; }
    """

    BINDINGS = [
        Binding("up", "move(-1)", _("Row above"), show=False, id="form.up", tooltip=_("Go to the row above")),
        Binding("down", "move(1)", _("Row below"), show=False, id="form.down", tooltip=_("Go to the row below")),
        Binding("pageup", "move(-10)", _("Page up"), show=False, id="form.pageup", tooltip=_("Ten rows up")),
        Binding("pagedown", "move(10)", _("Page down"), show=False, id="form.pagedown", tooltip=_("Ten rows down")),
        Binding(
            "tab",
            "next(1)",
            _("Next field"),
            show=False,
            id="form.next",
            tooltip=_("The next field; behind the last one the next panel"),
        ),
        Binding(
            "shift+tab",
            "next(-1)",
            _("Field before"),
            show=False,
            id="form.before",
            tooltip=_("The field before; before the first one the panel before"),
        ),
        Binding("left", "fold(-1)", _("Left"), show=False, id="form.left", tooltip=_("The group's title to the left")),
        Binding(
            "right", "fold(1)", _("Right"), show=False, id="form.right", tooltip=_("The group's title to the right")
        ),
        Binding("enter,space", "act", _("Change"), show=False, id="form.act", tooltip=_("Turn a switch, or go on")),
    ]

    Field: TypeAlias = form_record.Field
    Group: TypeAlias = form_record.Group
    Option: TypeAlias = form_record.Option

    groups: reactive[tuple[form_record.Group, ...]] = reactive(())
    """What is shown; the same groups with other values or notes are shown in the same widgets."""

    class Changed(Message):
        """A field was given another value."""

        def __init__(self, name: str, value: str) -> None:
            super().__init__()
            self.name = name
            self.value = value

    class Submitted(Message):
        """Enter was pressed in a typed field."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Moved(Message):
        """Another row has the focus."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, groups: tuple[form_record.Group, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._boxes: dict[str, FormGroup] = {}
        self._folds: dict[str, FormFold] = {}
        self._shown: tuple[form_record.Group, ...] = ()
        self._last: Widget | None = None
        """What had the focus here last."""
        self.set_reactive(Form.groups, groups)

    def compose(self) -> ComposeResult:
        """Open groups, the line of foldable titles; their rows come when they are opened."""
        yield from self._widgets()

    def on_mount(self) -> None:
        """Show what was set meanwhile."""
        self._follow()

    def watch_groups(self) -> None:
        """Show what changed; other groups than before are built anew."""
        if self.is_mounted:
            self._follow()

    def go(self, name: str) -> None:
        """Put the focus on a field, opening its group when it is folded."""
        for group in self.groups:
            if any(field.name == name for field in group.fields):
                row = self._boxes[group.name].rows.get(name) if group.name in self._boxes else None
                if row is not None and row.editor.is_attached:
                    self.screen.set_focus(row.editor)  # at once: keys that follow are meant for it
                    return
                if group.name not in self._boxes:
                    self._folds[group.name].opened = True
                    self._open(group)
                self.call_after_refresh(self._focus, name)

    @property
    def current(self) -> str | None:
        """The name of the field that has the focus."""
        row = self._focused_row()
        return row.field.name if row else None

    def action_move(self, step: int) -> None:
        """Go up or down by rows; the folded titles count as one row."""
        stops = self._stops()
        if stops and self.screen.focused is not None:
            stops[max(0, min(len(stops) - 1, self._place(stops) + step))].focus()

    def action_next(self, step: int) -> None:
        """Go to the field after or before this one; from the last or the first out of the form."""
        stops = self._stops()
        at = self._place(stops) + step
        if 0 <= at < len(stops):
            stops[at].focus()
        else:
            self._leave(step)

    def resume(self) -> None:
        """Put the focus back where it was in the form last, else at its beginning."""
        stops = self._stops()
        last = self._last if self._last in stops else next(iter(stops), None)
        if last is not None:
            last.focus()

    def _place(self, stops: list[Widget]) -> int:
        focused = self.screen.focused
        at = next((i for i, stop in enumerate(stops) if stop is focused), None)
        return at if at is not None else next((i for i, stop in enumerate(stops) if isinstance(stop, FormFold)), 0)

    def _leave(self, step: int) -> None:
        """Go to what takes the focus before or after the whole form; to the form's other end where there is nothing else."""
        chain = self.screen.focus_chain
        inside = [index for index, widget in enumerate(chain) if self in widget.ancestors]
        if inside:
            edge = inside[-1] + 1 if step > 0 else inside[0] - 1
            chain[edge % len(chain)].focus()

    def action_fold(self, step: int) -> None:
        """Go to the next folded title in the line."""
        folds = list(self._folds.values())
        if isinstance(self.screen.focused, FormFold) and self.screen.focused in folds:
            at = folds.index(self.screen.focused) + step
            folds[max(0, min(len(folds) - 1, at))].focus()

    def action_act(self) -> None:
        """Turn the switch that has the focus."""
        if isinstance(self.screen.focused, SwitchEditor):
            self.screen.focused.toggle()

    @on(FormField.Changed)
    def _changed(self, event: FormField.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.name, event.value))

    @on(Entered)
    def _entered(self, event: Entered) -> None:
        event.stop()
        if (name := self.current) is not None:
            self.post_message(self.Submitted(name))
            self.action_move(1)

    @on(Left)
    def _left(self, event: Left) -> None:
        event.stop()
        self.action_move(event.step)

    @on(FormFold.Toggled)
    def _toggled(self, event: FormFold.Toggled) -> None:
        event.stop()
        group = next(group for group in self.groups if group.name == event.name)
        if event.opened:
            self._open(group)
        elif group.name in self._boxes:
            self._boxes.pop(group.name).remove()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say which row has the focus, and show all of it: its note, and its group's title above the first row."""
        row = self._focused_row()
        self._last = event.widget
        if row is None:
            return
        self.post_message(self.Moved(row.field.name))
        row.scroll_visible(animate=False)
        for group in self.groups:
            if group.fields and group.fields[0].name == row.field.name:
                self.call_after_refresh(self._boxes[group.name].children[0].scroll_visible, animate=False)

    def _follow(self) -> None:
        if [(g.name, g.folds, g.title) for g in self._shown] != [(g.name, g.folds, g.title) for g in self.groups]:
            self.remove_children()
            self.mount_all(self._widgets())
            return
        self._shown = self.groups
        for group in self.groups:
            if group.name in self._boxes:
                self._boxes[group.name].show(group)

    def _widgets(self) -> list[Widget]:
        self._shown = self.groups
        self._boxes = {group.name: FormGroup(group) for group in self.groups if not group.folds}
        folded = tuple(group for group in self.groups if group.folds)
        folds = FormFolds(folded)
        self._folds = folds.folds
        return [*self._boxes.values(), *([folds] if folded else [])]

    def _open(self, group: form_record.Group) -> None:
        box = FormGroup(group)
        later = [g.name for g in self.groups[self.groups.index(group) + 1 :] if g.name in self._boxes]
        self._boxes[group.name] = box
        if later:
            self.mount(box, before=self._boxes[later[0]])
        else:
            self.mount(box)
        self.call_after_refresh(box.scroll_visible)

    def _focus(self, name: str) -> None:
        for box in self._boxes.values():
            if name in box.rows:
                box.rows[name].editor.focus()

    def _focused_row(self) -> FormField | None:
        focused = self.screen.focused
        parent = focused.parent if focused is not None else None
        return parent if isinstance(parent, FormField) and self in parent.ancestors else None

    def _stops(self) -> list[Widget]:
        """Give what up and down stop at, in the order of the screen."""
        focused = self.screen.focused
        fold = focused if isinstance(focused, FormFold) else self._fold_near(focused)
        names = [group.name for group in self.groups]
        boxes = sorted(self._boxes.items(), key=lambda item: names.index(item[0]))
        opened = [name for name, _box in boxes if name not in self._folds]
        first = [row.editor for name, box in boxes if name in opened for row in box.rows.values()]
        later = [row.editor for name, box in boxes if name not in opened for row in box.rows.values()]
        return [*first, *([fold] if fold else []), *later]

    def _fold_near(self, focused: Widget | None) -> FormFold | None:
        """Give the title of the group that the focus is in, else the first title."""
        parents = focused.ancestors if focused is not None else []
        inside = next((name for name, box in self._boxes.items() if box in parents and name in self._folds), "")
        return self._folds.get(inside) or next(iter(self._folds.values()), None)
