"""The faults that are put into a module, one at a time.

A mutant is the module with one node of its syntax tree replaced: an operator by its neighbour, a
condition by its opposite, a constant by another, or with something taken away (a statement, an
argument, an entry, a decorator, a call of a chain such as ``select_for_update``). Left alone are
annotations and docstrings, which do nothing, the prose that people read, and dataclass options,
which the type checker holds.
"""

import ast
import copy
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path
from types import CodeType
from typing import Any, Final

Change = tuple[ast.AST, str]
"""What stands there instead, and the change in words."""

OPERATORS: Final[dict[type[ast.AST], tuple[type[ast.AST], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.Break: (ast.Continue,),
    ast.Continue: (ast.Break,),
}
NAMES: Final = {"min": "max", "max": "min", "any": "all", "all": "any", "or_": "and_"} | {
    "and_": "or_"
}
CHAINED: Final = {
    *("filter", "exclude", "select_for_update", "order_by", "limit", "only", "first"),
    *("strip", "rstrip", "lower", "removeprefix"),
}
"""Methods that give back something of the kind they were called on, and so may be left out."""

SCRIPTS: Final = (
    *((" < ", " <= "), (" < ", " > "), (" > ", " >= "), (" > ", " < "), (" == ", " ~= ")),
    *((" and ", " or "), (" or ", " and "), ("if not ", "if "), (" - ", " + "), (r" \+ ", " - ")),
    *((", 'NX'", ""), (r", 'EX', \w+(\[\d\])?", ""), (r"'0'", "'1'"), (r"return 0", "return 1")),
    *((r"redis\.call\('(SET|DEL)'.*", ""), (" FOR UPDATE", ""), (" FOR NO KEY UPDATE", "")),
)
"""What is replaced in SQL and Lua, as regular expressions."""


@dataclass(frozen=True)
class Mutant:
    """A module with one fault.

    Args:
        path: The module's file.
        line: Where the fault is.
        text: That line of the source.
        change: The fault in words.
        function: The function it is in; None where it runs as the module is imported.
        code: The module, compiled.
    """

    path: Path
    line: int
    text: str
    change: str
    function: tuple[int, int] | None
    code: CodeType

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in the list of equivalent ones, whatever else in the file changes."""
        return str(self.path), self.text, self.change

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}  [{self.change}]"


def mutants(path: Path, only: Collection[str] | None = None) -> list[Mutant]:
    """Return every mutant of a module.

    Args:
        path: Its file.
        only: Text of the lines to change, without indentation; None is all.
    """
    source = path.read_text()
    tree, lines = ast.parse(source), source.splitlines()
    seen, made = {ast.dump(tree)}, []
    for node, holder, place, function in list(_places(tree, None)):
        for replacement, change in _changes(node):
            line = getattr(node, "lineno", getattr(holder, "lineno", 1))
            text = lines[line - 1].strip()
            if only is not None and text not in only:
                continue
            ast.copy_location(replacement, node)
            _put(holder, place, replacement)
            if (dump := ast.dump(tree)) not in seen:
                seen.add(dump)
                code = compile(ast.fix_missing_locations(tree), str(path.resolve()), "exec")
                made.append(Mutant(path, line, text, change, function, code))
            _put(holder, place, node)
    return made


Place = tuple[str, int | None]
Function = tuple[int, int] | None


def _places(
    holder: ast.AST, function: Function
) -> Iterator[tuple[ast.AST, ast.AST, Place, Function]]:
    """Go through all nodes with what holds them, where, and the lines of their function's body."""
    for name, value in ast.iter_fields(holder):
        if name in {"annotation", "returns", "type_comment", "ctx"} or _is_typing(holder, name):
            continue
        inside = function
        if isinstance(holder, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body":
            inside = holder.body[0].lineno, holder.end_lineno or holder.lineno
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _is_left_alone(node):
                yield node, holder, (name, index), inside
                yield from _places(node, inside)


def _put(holder: ast.AST, place: Place, node: ast.AST) -> None:
    name, index = place
    if index is None:
        setattr(holder, name, node)
    else:
        getattr(holder, name)[index] = node


def _is_typing(holder: ast.AST, field: str) -> bool:
    """Whether it is the type in ``cast(type, value)`` or between the brackets of a generic."""
    if not isinstance(holder, ast.Subscript) or field != "slice":
        return False
    name = holder.value.id if isinstance(holder.value, ast.Name) else ""
    return name in {"dict", "list", "tuple"} or (name[:1].isupper() and not name.isupper())


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.Call(func=ast.Name(id="TypeVar" | "dataclass")) | ast.Name(id="dataclass"):
            return True
        case ast.Constant(value=str(text)):
            return text.endswith(".") and " " in text and "\n" not in text
    return False


def _changes(node: ast.AST) -> Iterator[Change]:
    for other in OPERATORS.get(type(node), ()):
        yield other(), f"{type(node).__name__} becomes {other.__name__}"
    yield from _changes_of(node)


@singledispatch
def _changes_of(node: ast.AST) -> Iterator[Change]:
    """Give what may stand instead of a node of this kind."""
    yield from ()


@_changes_of.register
def _(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value), f"{value} becomes {not value}"
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1):
            yield ast.Constant(other), f"{value} becomes {other}"
    elif isinstance(value, bytes):
        yield ast.Constant(value + b"x"), f"{value!r} becomes another"
    elif isinstance(value, str) and "\n" in value:
        yield from _other_scripts(value)
    elif isinstance(value, str):
        yield ast.Constant(value + "x"), f"{value!r} becomes another"


def _other_scripts(script: str) -> Iterator[Change]:
    for old, new in SCRIPTS:
        for found in re.finditer(old, script):
            before, after = script[: found.start()], script[found.end() :]
            line = script.splitlines()[before.count("\n")].strip()
            yield ast.Constant(before + new + after), f"{found[0]!r} becomes {new!r} in {line!r}"


@_changes_of.register
def _(node: ast.Name | ast.Attribute) -> Iterator[Change]:
    field = "id" if isinstance(node, ast.Name) else "attr"
    name = getattr(node, field)
    if name in NAMES:
        yield _with(node, field, NAMES[name]), f"{name} becomes {NAMES[name]}"


@_changes_of.register
def _(node: ast.UnaryOp) -> Iterator[Change]:
    yield node.operand, f"{type(node.op).__name__} removed"


@_changes_of.register
def _(node: ast.BoolOp) -> Iterator[Change]:
    for operand, less in _shorter(node, "values"):
        yield less if len(less.values) > 1 else less.values[0], f"without {_say(operand)}"


@_changes_of.register
def _(node: ast.If | ast.While | ast.IfExp) -> Iterator[Change]:
    yield _with(node, "test", ast.UnaryOp(ast.Not(), node.test)), "condition negated"


@_changes_of.register
def _(node: ast.comprehension) -> Iterator[Change]:
    for condition, less in _shorter(node, "ifs"):
        yield less, f"without if {_say(condition)}"


@_changes_of.register
def _(node: ast.Call) -> Iterator[Change]:
    for keyword, less in _shorter(node, "keywords"):
        yield less, f"without {keyword.arg or '**' + _say(keyword.value)}"
    if isinstance(node.func, ast.Attribute) and node.func.attr in CHAINED:
        yield node.func.value, f"without .{node.func.attr}()"


@_changes_of.register
def _(node: ast.Dict) -> Iterator[Change]:
    for index, key in enumerate(node.keys):
        less = _with(node, "keys", node.keys[:index] + node.keys[index + 1 :])
        less.values = node.values[:index] + node.values[index + 1 :]
        yield less, f"without {_say(key or node.values[index])}"


@_changes_of.register
def _(node: ast.List | ast.Tuple | ast.Set) -> Iterator[Change]:
    if isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for item, less in _shorter(node, "elts"):
        yield less, f"without {_say(item)}"


@_changes_of.register
def _(node: ast.Expr | ast.Raise | ast.Delete | ast.AugAssign) -> Iterator[Change]:
    yield ast.Pass(), "statement removed"


@_changes_of.register
def _(node: ast.With | ast.AsyncWith) -> Iterator[Change]:
    if not any(item.optional_vars for item in node.items):
        yield ast.If(ast.Constant(True), node.body, []), f"without {_say(node.items[0])}"


@_changes_of.register
def _(node: ast.Assign) -> Iterator[Change]:
    # Without a name, whatever uses it would fail at once.
    if not isinstance(node.targets[0], ast.Name | ast.Tuple):
        yield ast.Pass(), "statement removed"


@_changes_of.register
def _(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and ast.unparse(node.value) != "None":
        yield ast.Return(ast.Constant(None)), "returns None"


@_changes_of.register
def _(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Change]:
    for decorator, less in _shorter(node, "decorator_list"):
        if not _is_left_alone(decorator):
            yield less, f"without @{_say(decorator)}"


def _shorter(node: ast.AST, field: str) -> Iterator[tuple[Any, Any]]:
    """Give each item of a field with the node that lacks it."""
    items = getattr(node, field)
    for index, item in enumerate(items):
        yield item, _with(node, field, items[:index] + items[index + 1 :])


def _with(node: ast.AST, field: str, value: Any) -> Any:
    other = copy.copy(node)
    setattr(other, field, value)
    return other


def _say(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."
