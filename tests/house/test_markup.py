"""Nothing from outside is ever read as markup: not a container's name, not a log line, not a model's answer."""

from __future__ import annotations

import ast

import pytest

from tests.house.markup import known_names, leaks, resolved
from tests.house.sources import place, python_files, text_of

ALLOWED: dict[str, str] = {}
"""Expressions that look unsafe and are not: `file: expression` to the reason."""

SAFE = [
    "Static('plain')",
    "Static(_('Stop answer'))",
    "Static(name, markup=False)",
    "Static(Content(name))",
    "Static(Content.from_markup('[b]$name[/b]', name=name))",
    "Static(Content('a').append(name).stylize('bold'))",
    "Static(Content(name) + name)",
    "Static(Content(name) if name else _('nothing'))",
    "Static(name if isinstance(name, Content) else Content(name))",
    "notify(name)",
    "self.notify(name, title=name, markup=False)",
    "self.border_title = Content(name)",
    "self.border_title = _('Servers')",
    "self.border_title = text_of_row(name)",
    "self.names.update(name)",
    "title = Content(name)\nself.query_one(Label).update(title)",
    "title = _('a') if name else _('b')\nself.query_one(Label).update(title)",
    "OptionList(*[Option(Content(item)) for item in name])",
    "Select([(Content(item), item) for item in name])",
    "for label, key in (('a', 1), ('b', 2)):\n    Button(label)",
    "Button(LABELS[name])",
    "table.add_row(Text(name), Content(name))",
    "Binding('a', 'b', tooltip=_('Stop'))",
]
UNSAFE = [
    "Static(name)",
    "Static(f'model {name}')",
    "Static('model ' + name)",
    "Static('model %s' % name)",
    "Static(_('model {name}').format(name=name))",
    "Static(content=name)",
    "Static(str(name))",
    "Static(name if isinstance(name, str) else Content(name))",
    "Static(Content.from_markup(f'[b]{name}[/b]'))",
    "Static(Content.from_markup(_('{}').format(name)))",
    "Label(name, markup=True)",
    "Button(name)",
    "Collapsible(title=name)",
    "TabPane(name)",
    "self.notify(f'{name} stopped')",
    "self.notify(name, title='x')",
    "self.border_title = name",
    "self.border_subtitle = f'{name}'",
    "self.tooltip = name",
    "Input(tooltip=name)",
    "self.query_one(Label).update(name)",
    "self.query_one('#title', Static).update(name)",
    "self.head = Static()\nself.head.update(name)",
    "title = Content('a')\ntitle = name\nself.query_one(Label).update(title)",
    "anything.update(f'{name}')",
    "options.add_option(name)",
    "OptionList(*name)",
    "Select([(item, item) for item in name])",
    "table.add_row(Text(name), name)",
    "table.update_cell('a', 'b', name)",
    "tree.root.add_leaf(name)",
    "Content.from_text(name)",
]
FRAME = """
LABELS = {{'a': _('A'), 'b': _('B')}}

def text_of_row(row: str) -> Content: ...

class Panel(Widget):
    def show(self, name: str) -> None:
{body}
"""


def found(body: str) -> list[str]:
    indented = "\n".join(f"        {line}" for line in body.splitlines())
    tree = ast.parse(FRAME.format(body=indented))
    return [leak.sink for leak in leaks(tree, known_names([tree]))]


@pytest.mark.parametrize("body", SAFE)
def test_content_and_literals_pass(body: str) -> None:
    assert found(body) == []


@pytest.mark.parametrize("body", UNSAFE)
def test_text_from_outside_is_found(body: str) -> None:
    assert found(body)


def test_a_render_that_returns_a_string_is_found() -> None:
    tree = ast.parse("class Panel(Widget):\n    def render(self) -> str:\n        return self.name")
    assert [leak.sink for leak in leaks(tree, known_names([tree]))] == ["render()"]


def test_a_static_of_our_own_is_a_static() -> None:
    tree = ast.parse("class Panel(Static):\n    def __init__(self, name: str) -> None:\n        super().__init__(name)")
    assert [leak.sink for leak in leaks(tree, known_names([tree]))] == ["Panel.super()"]


def test_a_class_of_ours_that_shares_a_name_with_textuals_is_told_from_it() -> None:
    text = "from textual.widgets.option_list import Option as Row\n\nclass Option: ...\n\nOption(input())\nRow(input())"
    tree = resolved(text)
    assert [leak.sink for leak in leaks(tree, known_names([tree]))] == ["Option()"]


def test_no_text_from_outside_reaches_a_markup_parameter() -> None:
    files = python_files("tui", "widgets")
    trees = {path: resolved(text_of(path)) for path in files}
    known = known_names(trees.values())
    open_leaks = [
        f"{place(path, leak.node)} {leak.sink} {ast.unparse(leak.node)}"
        for path, tree in trees.items()
        for leak in leaks(tree, known)
        if f"{place(path)}: {ast.unparse(leak.node)}" not in ALLOWED
    ]
    assert not open_leaks, "wrap in Content(…) or say markup=False:\n" + "\n".join(open_leaks)
