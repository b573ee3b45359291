"""One row of a form: mark, label, field, note."""

from __future__ import annotations

from typing import TypeAlias

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from widgets.choice import Choice
from widgets.form_editors import FixedEditor, LinesEditor, NumberEditor, SwitchEditor, TextEditor
from widgets.form_record import COLOURS, GLYPHS, ON, Edited, Field
from widgets.form_text import cut, padded, wrapped

MARGIN = 2
"""Cells before the label: the note's glyph and the bar of the focused row."""
LABEL = 24
FIELD = 32
NARROW_FIELD = 28
"""Where the screen is narrow: an image's whole name, and room for a short note."""
GAP = 2
NOTE = 24
"""A note beside the field needs this much to be wrapped there."""
BAR = "▌"
MOST_NOTE_LINES = 4

Editor: TypeAlias = TextEditor | NumberEditor | SwitchEditor | FixedEditor | LinesEditor | Choice


class FormField(Widget, can_focus=False):
    """A label, an editor on a visible ground, and a note that never breaks the row.

    The row draws label and note itself and holds only the editor as a child, so that a long form stays cheap.
    """

    DEFAULT_CSS = """
    FormField { height: auto; layout: horizontal; color: $foreground; }
    FormField > .form-editor { margin-left: 26; width: 32; }
    FormField:hover { background: $foreground 4%; }
    """

    class Changed(Edited):
        """The value of this row's field is another one now."""

        def __init__(self, name: str, value: str) -> None:
            super().__init__(value)
            self.name = name

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field
        self.editor: Editor = _editor(field)
        self.editor.add_class("form-editor")
        self.active = False

    def compose(self) -> ComposeResult:
        """Only the editor; the rest is drawn."""
        yield self.editor

    @property
    def editor_value(self) -> str:
        """What the editor holds now."""
        if isinstance(self.editor, SwitchEditor):
            return ON if self.editor.on else ""
        return self.editor.text if isinstance(self.editor, LinesEditor) else self.editor.value

    def show(self, field: Field) -> None:
        """Show another record in the same row; the editor keeps its cursor when its value stays."""
        before, self.field = self.field, field
        if isinstance(self.editor, Choice):
            self.editor.options, self.editor.free = field.choices, field.free
        if isinstance(self.editor, Choice | TextEditor) and before.placeholder != field.placeholder:
            self.editor.placeholder = field.placeholder
            self.editor.refresh()
        self.editor.show(field.value)
        if (before.note, before.level) != (field.note, field.level):
            self.refresh(layout=True)
        elif before.label != field.label:
            self.refresh()

    def render(self) -> RenderResult:
        """Draw the label, the ground under the editor's further lines, and the note."""
        width = self.size.width
        beside, below = note_lines(self.field, width)
        field = field_width(width)
        mark = Content.styled(GLYPHS[self.field.level], COLOURS[self.field.level])
        bar = Content.styled(BAR if self.active else " ", "$accent")
        label = Content.styled(padded(self.field.label, LABEL), "bold" if self.active else "")
        colour = COLOURS[self.field.level]
        lines: list[Content] = []
        for y in range(max(self.editor.size.height, 1, len(beside))):
            head = Content.assemble(mark if y == 0 else " ", bar, label if y == 0 else " " * LABEL)
            note = beside[y] if y < len(beside) else ""
            edge = Content.styled("▏", "$foreground 55% on $panel") if self.field.kind != "fixed" else Content()
            ground = Content.assemble(edge, Content.styled(" " * (field - edge.cell_length), "on $panel"))
            lines.append(Content.assemble(head, ground, " " * GAP, (note, colour)))
        lines += [Content.assemble(" ", bar, " " * LABEL, " ", (text, colour)) for text in below]
        return Content("\n").join(lines)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As high as the editor or its note."""
        inner = super().get_content_height(container, viewport, width)
        beside, below = note_lines(self.field, width)
        return max(inner, len(beside), 1) + len(below)

    def on_resize(self) -> None:
        """Give the editor its share of the width."""
        self.editor.styles.width = field_width(self.size.width)

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        if not isinstance(event, FormField.Changed):
            event.stop()
            self.post_message(self.Changed(self.field.name, event.value))

    def on_descendant_focus(self) -> None:
        """Mark the row."""
        self.active = True
        self.refresh()

    def on_descendant_blur(self) -> None:
        """Take the mark away."""
        self.active = False
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click on the label goes to the field."""
        if not self.editor.region.contains_point(event.screen_offset):
            self.editor.focus()


def field_width(width: int) -> int:
    """Give the cells of the editor in a row of `width` cells: the whole rest where a note beside it would be too narrow."""
    rest = width - MARGIN - LABEL
    if rest < FIELD + GAP + NOTE:
        return max(1, rest) if rest < FIELD + GAP else NARROW_FIELD
    return FIELD + max(0, rest - FIELD - GAP - 2 * NOTE) // 2


def note_lines(field: Field, width: int) -> tuple[list[str], list[str]]:
    """Divide a note into the lines beside the field and those below it, for a row of `width` cells."""
    if not field.note:
        return [], []
    beside = width - MARGIN - LABEL - field_width(width) - GAP
    lines = field.note.splitlines()
    if beside > 0 and all(cell_len(line) <= beside for line in lines):
        return lines[:MOST_NOTE_LINES], []
    if beside >= NOTE and field.level:
        return _shortened(field.note, beside), []
    if field.level in {"careful", "bad"}:
        return [], _shortened(field.note, width - MARGIN - LABEL - 1)
    return [], []  # half a sentence that all is well says nothing


def _shortened(note: str, width: int) -> list[str]:
    """Break a note into lines; of one that is too long the middle goes, for at its end stands what to do."""
    lines = wrapped(note, width, len(note))
    if len(lines) <= MOST_NOTE_LINES:
        return lines
    kept = MOST_NOTE_LINES // 2
    return [*lines[: kept - 1], cut(lines[kept - 1] + " " + lines[kept], width), *lines[-kept:]]


def _editor(field: Field) -> Editor:
    if field.kind == "number":
        return NumberEditor(field.value, field.placeholder, select=True)
    if field.kind == "switch":
        return SwitchEditor(field.value)
    if field.kind == "lines":
        return LinesEditor(field.value, field.placeholder)
    if field.kind == "fixed":
        return FixedEditor(field.value)
    if field.kind == "choice":
        return Choice(field.value, field.choices, title=field.label, free=field.free, placeholder=field.placeholder)
    return TextEditor(field.value, field.placeholder, select=True)
