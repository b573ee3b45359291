"""Find what reaches a markup parameter of Textual without being content or a literal of the source."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.house.markup_scope import CONTENT_CLASSES, Kind, Known, Scope, annotated_kind
from tests.house.sources import Function, called

EVERY = -1
WIDGETS: dict[str, tuple[int, str]] = {
    "Static": (0, "content"),
    "Label": (0, "content"),
    "Button": (0, "label"),
    "Checkbox": (0, "label"),
    "RadioButton": (0, "label"),
    "ToggleButton": (0, "label"),
    "Collapsible": (99, "title"),
    "Tab": (0, "label"),
    "TabPane": (0, "title"),
    "Option": (0, "prompt"),
    "Selection": (0, "prompt"),
    "Tree": (0, "label"),
    "Link": (0, "text"),
    "Placeholder": (0, "label"),
    "TextArea": (99, "placeholder"),
    "OptionList": (EVERY, ""),
    "RadioSet": (EVERY, ""),
}
"""Widgets, and where their text stands: the position (EVERY: all of them) and the keyword."""
METHODS: dict[str, tuple[int, str]] = {
    "notify": (0, "message"),
    "add_option": (0, "option"),
    "add_options": (0, "new_options"),
    "replace_option_prompt": (1, "prompt"),
    "replace_option_prompt_at_index": (1, "prompt"),
    "add_row": (EVERY, "label"),
    "add_column": (0, "label"),
    "add_columns": (EVERY, ""),
    "update_cell": (2, "value"),
    "update_cell_at": (1, "value"),
    "add_leaf": (0, "label"),
    "set_label": (0, "label"),
    "with_tooltip": (0, "tooltip"),
    "render_str": (0, "text_content"),
    "from_markup": (0, "markup"),
    "from_text": (0, "markup_content_or_text"),
}
TITLES = {"border_title", "border_subtitle", "tooltip"}
TEXT_WIDGETS = {"Static", "Label", "Link"}
TEXTUAL = WIDGETS.keys() | CONTENT_CLASSES | {"Select"}


@dataclass(frozen=True)
class Leak:
    """One expression that Textual would read as markup."""

    node: ast.expr
    sink: str
    """What would read it: `Static()`, `notify()`, `border_title =`."""


class _Renamed(ast.NodeTransformer):
    """Give Textual's classes their own names, whatever a file calls them, and another class of such a name another."""

    def __init__(self, tree: ast.Module) -> None:
        self.names: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in TEXTUAL:
                self.names[node.name] = f"own_{node.name}"
            elif isinstance(node, ast.ImportFrom):
                theirs = (node.module or "").split(".")[0] in ("textual", "rich")
                for alias in node.names:
                    self.names[alias.asname or alias.name] = alias.name if theirs else alias.asname or alias.name
                    if not theirs and alias.name in TEXTUAL:
                        self.names[alias.asname or alias.name] = f"own_{alias.name}"

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def resolved(text: str) -> ast.Module:
    """Parse a file so that Textual's classes are told from others of the same name."""
    tree = ast.parse(text)
    renamed: ast.Module = _Renamed(tree).visit(tree)
    return renamed


def known_names(trees: Iterable[ast.Module]) -> Known:
    """Collect what annotations and upper-case constants of all files say about names."""
    returns: defaultdict[str, list[Kind]] = defaultdict(list)
    holds: defaultdict[str, list[Kind]] = defaultdict(list)
    constants: defaultdict[str, list[Kind]] = defaultdict(list)
    for node in (node for tree in trees for node in ast.walk(tree)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                is_property = any("property" in ast.unparse(mark) for mark in node.decorator_list)
                (holds if is_property else returns)[name].append(annotated_kind(node.returns))
            case ast.ClassDef(name=name, bases=bases) if CONTENT_CLASSES & {ast.unparse(base) for base in bases}:
                returns[name].append(Kind.CONTENT)
            case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), annotation=note, value=value):
                holds[name].append(annotated_kind(note))
                if name.isupper() and value is not None:
                    constants[name].append(Scope(Known(), ast.Module([], [])).kind(value))
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name.isupper():
                constants[name].append(Scope(Known(), ast.Module([], [])).kind(value))
    return Known(*({name: max(kinds) for name, kinds in found.items()} for found in (returns, holds, constants)))


def leaks(tree: ast.Module, known: Known) -> Iterator[Leak]:
    """Give every leak of one file."""
    screens = {name for node in ast.walk(tree) for name in _text_names(node)}
    yield from _leaks_in(tree, Scope(known_names([tree]).over(known), tree), None, screens)


def _leaks_in(parent: ast.AST, scope: Scope, owner: ast.ClassDef | None, screens: set[str]) -> Iterator[Leak]:
    for node in ast.iter_child_nodes(parent):
        inner = scope
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = Scope(scope.known, node) if isinstance(scope.function, ast.Module) else scope
            if node.name == "render" and owner and owner.bases and annotated_kind(node.returns) is Kind.OUTSIDE:
                yield from _rendered(node, inner)
        yield from _leaks_of(node, inner, owner, screens)
        yield from _leaks_in(node, inner, node if isinstance(node, ast.ClassDef) else owner, screens)


def _leaks_of(node: ast.AST, scope: Scope, owner: ast.ClassDef | None, screens: set[str]) -> Iterator[Leak]:
    if isinstance(node, ast.Call):
        sink, texts = _texts_of(node, owner, screens)
        yield from (Leak(text, f"{sink}()") for text in texts if scope.kind(text) is Kind.OUTSIDE)
        if called(node) != "Binding":
            tips = [word.value for word in node.keywords if word.arg == "tooltip"]
            yield from (Leak(tip, "tooltip=") for tip in tips if scope.kind(tip) is Kind.OUTSIDE)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Attribute) and target.attr in TITLES and scope.kind(node.value) is Kind.OUTSIDE:
                yield Leak(node.value, f"{target.attr} =")


def _texts_of(node: ast.Call, owner: ast.ClassDef | None, screens: set[str]) -> tuple[str, list[ast.expr]]:
    """Give the name of the sink a call is, and its arguments that are read as markup."""
    name = called(node)
    last = name.rpartition(".")[2]
    texts: list[ast.expr] = []
    if any(word.arg == "markup" and getattr(word.value, "value", True) is False for word in node.keywords):
        pass
    elif name == ".__init__" and owner:  # super().__init__(…)
        bases = [ast.unparse(base).partition("[")[0] for base in owner.bases]
        found = next((WIDGETS[base] for base in bases if base in WIDGETS), None)
        last, texts = f"{owner.name}.super", _arguments(node, *found) if found else []
    elif last in WIDGETS:
        texts = _arguments(node, *WIDGETS[last])
    elif last in {"Select", "set_options"}:
        texts = [_prompts(text) for text in node.args[:1]]
    elif isinstance(node.func, ast.Attribute) and last in METHODS:
        texts = _arguments(node, *METHODS[last])
    elif last == "update" and isinstance(node.func, ast.Attribute) and node.args:
        shown = _is_text_widget(node.func.value, owner, screens) or _is_string(node.args[0])
        texts = node.args[:1] if shown else []
    return last, texts


def _arguments(node: ast.Call, position: int, keyword: str) -> list[ast.expr]:
    placed = node.args if position == EVERY else node.args[position : position + 1]
    return [*placed, *(word.value for word in node.keywords if word.arg == keyword)]


def _prompts(options: ast.expr) -> ast.expr:
    """Give the prompts of Select's (prompt, value) pairs where they are written out, else the expression itself."""
    if isinstance(options, ast.ListComp | ast.GeneratorExp) and isinstance(options.elt, ast.Tuple):
        return options.elt.elts[0]
    if isinstance(options, ast.List | ast.Tuple):
        return ast.List([pair.elts[0] if isinstance(pair, ast.Tuple) else pair for pair in options.elts], ast.Load())
    return options


def _text_names(node: ast.AST) -> Iterator[str]:
    """Give the names that hold a text widget: `self._title = Static()`, `title: Label`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=ast.Call() as call):
            queried = [ast.unparse(arg) for arg in call.args] if "query" in called(call) else []
            if called(call) in TEXT_WIDGETS or TEXT_WIDGETS & set(queried):
                yield name
        case ast.AnnAssign(target=ast.Name(id=name) | ast.Attribute(attr=name), annotation=note):
            if ast.unparse(note) in TEXT_WIDGETS:
                yield name


def _is_text_widget(receiver: ast.expr, owner: ast.ClassDef | None, screens: set[str]) -> bool:
    match receiver:
        case ast.Name(id="self"):
            return owner is not None and any(ast.unparse(base) in TEXT_WIDGETS for base in owner.bases)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in screens
        case ast.Call(args=args) if "query" in called(receiver):
            return bool(TEXT_WIDGETS & {ast.unparse(arg) for arg in args})
    return False


def _is_string(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return called(node).rpartition(".")[2] in ("format", "str", "join")
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.left, ast.JoinedStr))


def _rendered(function: Function, scope: Scope) -> Iterator[Leak]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value and scope.kind(node.value) is Kind.OUTSIDE:
            yield Leak(node.value, "render()")
