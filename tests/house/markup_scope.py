"""What an expression is to a markup parameter: content, a literal of the source, or something from outside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from tests.house.sources import Function, called

CONTENT_CLASSES = frozenset({"Content", "Text", "Syntax", "Table", "Option", "Selection", "Separator", "Style"})
CONTENT_TYPES = CONTENT_CLASSES | {"Visual", "RichVisual", "Segment", "Strip", "int", "float", "bool", "None"}
"""Annotations whose values are never parsed as markup."""
SEVERAL = frozenset({"list", "tuple", "set", "frozenset", "dict", "deque", "Mapping", "Sequence", "Collection"})
CONTAINERS = SEVERAL | {
    "Iterable",
    "Iterator",
    "Generator",
    "AsyncIterator",
    "Optional",
    "Final",
    "ClassVar",
    "Literal",
    "reactive",
}
TRANSLATORS = frozenset({"_", "gettext", "ngettext", "pgettext", "N_"})


class Kind(IntEnum):
    """Ordered so that the worst of several is the greatest."""

    LITERAL = 0
    CONTENT = 1
    OUTSIDE = 2


Names = Mapping[str, Kind]


@dataclass(frozen=True)
class Known:
    """What annotations and constants say about names; one doubtful use spoils a name."""

    functions: Names = field(default_factory=dict)
    """What functions of this name return; classes derived from content's are among them."""
    attributes: Names = field(default_factory=dict)
    """What annotated attributes and properties of this name hold."""
    constants: Names = field(default_factory=dict)
    """What upper-case names hold."""

    def over(self, project: Known) -> Known:
        """Put what one file says about its own names over what the whole project says."""
        return Known(
            {**project.functions, **self.functions},
            {**project.attributes, **self.attributes},
            {**project.constants, **self.constants},
        )

    @staticmethod
    def safe(names: Names, name: str) -> bool:
        """Say whether a name is known and never from outside."""
        return names.get(name, Kind.OUTSIDE) is not Kind.OUTSIDE


@dataclass(frozen=True)
class Scope:
    """The names of one function, seen by one reader of it."""

    known: Known
    function: Function | ast.Module
    seen: frozenset[str] = field(default=frozenset())

    def kind(self, node: ast.expr) -> Kind:
        """Say what an expression is; what cannot be told is from outside."""
        match node:
            case ast.Constant():
                kind = Kind.LITERAL
            case ast.JoinedStr(values=values):
                holes = [value.value for value in values if isinstance(value, ast.FormattedValue)]
                kind = Kind.LITERAL if self.worst(holes) is Kind.LITERAL else Kind.OUTSIDE
            case ast.Call():
                kind = self._call(node)
            case ast.Name(id=name):
                kind = self._name(name)
            case ast.Attribute(attr=name) if Known.safe(self.known.constants, name):
                kind = Kind.LITERAL
            case ast.Attribute(attr=name) if Known.safe(self.known.attributes, name):
                kind = Kind.CONTENT
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = {self.kind(left), self.kind(right)}
                kind = Kind.CONTENT if Kind.CONTENT in sides else max(sides)
            case _:
                parts = _parts(node)
                kind = self.worst(parts) if parts is not None else Kind.OUTSIDE
        return kind

    def worst(self, nodes: Iterable[ast.expr]) -> Kind:
        """Say what the worst of several expressions is."""
        return max((self.kind(node) for node in nodes), default=Kind.LITERAL)

    def _call(self, node: ast.Call) -> Kind:
        name = called(node)
        first, last = name.split(".")[0], name.split(".")[-1]
        if name in TRANSLATORS:
            return self.worst(arg for arg in node.args if not _is_count(arg))
        if (
            first in CONTENT_CLASSES
            or Known.safe(self.known.functions, last)
            or name in ("len", "int", "float", "round")
        ):
            return Kind.CONTENT
        if isinstance(node.func, ast.Attribute):
            receiver = self.kind(node.func.value)
            if receiver is Kind.CONTENT or (receiver is Kind.LITERAL and not node.args and not node.keywords):
                return receiver
            if last == "get":
                return self.worst([node.func.value, *node.args[1:]])
        return Kind.OUTSIDE

    def _name(self, name: str) -> Kind:
        if Known.safe(self.known.constants, name):
            return Kind.LITERAL
        if name in self.seen:
            return Kind.LITERAL  # a name built up from itself is as good as what else is put into it
        inner = Scope(self.known, self.function, self.seen | {name})
        given = list(_given(self.function, name))
        kinds = [inner.kind(value) if isinstance(value, ast.expr) else value for value in given]
        return max(kinds, default=Kind.OUTSIDE)


def _parts(node: ast.expr) -> list[ast.expr] | None:
    """Give the expressions one of which, or all of which, a compound expression stands for."""
    match node:
        case ast.IfExp(test=ast.Call(func=ast.Name(id="isinstance"), args=[asked, kind]), body=body, orelse=other) if (
            ast.unparse(asked) == ast.unparse(body) and annotated_kind(kind) is Kind.CONTENT
        ):
            parts: list[ast.expr] | None = [other]
        case ast.IfExp(body=body, orelse=other):
            parts = [body, other]
        case ast.BoolOp(values=elements) | ast.List(elts=elements) | ast.Set(elts=elements) | ast.Tuple(elts=elements):
            parts = elements
        case ast.Dict(values=elements):
            parts = elements
        case (
            ast.NamedExpr(value=value) | ast.Starred(value=value) | ast.Await(value=value) | ast.Subscript(value=value)
        ):
            parts = [value]
        case ast.ListComp(elt=value) | ast.GeneratorExp(elt=value) | ast.SetComp(elt=value):
            parts = [value]
        case _:
            parts = None
    return parts


def annotated_kind(annotation: ast.expr | None) -> Kind:
    """Say what a value of this annotation is."""
    if annotation is None:
        return Kind.OUTSIDE
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    names = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    names |= {str(node.value) for node in ast.walk(annotation) if isinstance(node, ast.Constant)}
    return Kind.CONTENT if names - CONTAINERS and names <= CONTENT_TYPES | CONTAINERS | {"Ellipsis"} else Kind.OUTSIDE


def _given(function: Function | ast.Module, name: str) -> Iterator[ast.expr | Kind]:
    """Give everything that is ever put into a name of a function: parameters, assignments, loops, appends."""
    if not isinstance(function, ast.Module):
        arguments = function.args
        every: Sequence[ast.arg] = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        yield from (annotated_kind(arg.annotation) for arg in every if arg.arg == name)
        yield from (Kind.OUTSIDE for arg in (arguments.vararg, arguments.kwarg) if arg and arg.arg == name)
    for node in ast.walk(function):
        match node:
            case ast.AnnAssign(target=ast.Name(id=found), annotation=note, value=value) if found == name:
                kind = annotated_kind(note)
                yield value if value is not None and kind is Kind.OUTSIDE else kind
            case ast.Assign(targets=targets, value=value):
                yield from _assigned(targets, value, name)
            case ast.NamedExpr(target=ast.Name(id=found), value=value) if found == name:
                yield value
            case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
                yield value
            case ast.For(target=target, iter=items) | ast.comprehension(target=target, iter=items):
                yield from _looped(target, items, name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr="append" | "extend"), args=args):
                yield from (args if found == name else [])


def _assigned(targets: list[ast.expr], value: ast.expr, name: str) -> Iterator[ast.expr | Kind]:
    for target in targets:
        if isinstance(target, ast.Name) and target.id == name:
            yield value
        elif isinstance(target, ast.Tuple):
            yield from _looped(target, ast.List(elts=[value]), name)


def _looped(target: ast.expr, items: ast.expr, name: str) -> Iterator[ast.expr | Kind]:
    """Give what a loop puts into a name: the items, or the same column of a table of tuples written out."""
    if isinstance(target, ast.Name) and target.id == name:
        yield items
    elif isinstance(target, ast.Tuple):
        for column, part in enumerate(target.elts):
            if isinstance(part, ast.Name) and part.id == name:
                rows = items.elts if isinstance(items, ast.List | ast.Tuple) else []
                table = [row.elts[column] for row in rows if isinstance(row, ast.Tuple) and column < len(row.elts)]
                yield from table if rows and len(table) == len(rows) else [Kind.OUTSIDE]


def _is_count(node: ast.expr) -> bool:
    return not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)
