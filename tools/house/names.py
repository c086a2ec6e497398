"""Variables of functions, and which of them have a name that says nothing."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ODD = frozenset(
    {
        *("one", "found", "told", "said", "made", "held", "row", "seen", "taken", "left", "wanted"),
        *("given", "known", "asked", "its", "item", "obj", "elem", "value", "data", "entry", "res"),
        *("x", "tmp"),
    }
)
LONGEST_LIFE = 3
"""Lines from binding to last use in which such a name may be."""

TABLE_PATH = re.compile(r"table|csv|sheet|workbook|rows|column|parquet|xlsx")
TABLE_LIBRARIES = frozenset({"csv", "pyarrow", "xlsxwriter", "python_calamine", "openpyxl"})

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True)
class Variable:
    """A name in one function or comprehension: first line where bound, last where read."""

    name: str
    line: int
    last_line: int

    @property
    def is_odd(self) -> bool:
        """True for an empty name that lives longer than three lines."""
        return self.name in ODD and self.last_line - self.line > LONGEST_LIFE


def odd_variables(tree: ast.Module, path: Path) -> list[Variable]:
    """Return the odd variables of a file; `row` is a word of files about tables."""
    is_about_tables = bool(TABLE_PATH.search(path.as_posix())) or bool(
        TABLE_LIBRARIES & _libraries(tree)
    )
    return [
        variable
        for variable in variables(tree, ODD)
        if variable.is_odd and not (variable.name == "row" and is_about_tables)
    ]


def _libraries(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def variables(tree: ast.AST, names: frozenset[str] | None = None) -> Iterator[Variable]:
    """Return each variable, parameter and loop variable of the functions in `tree`, once.

    With `names` only those of these names.
    """
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield from _variables_of(node, _parameters(node.args), names)
        elif isinstance(node, Comprehension):
            targets = [
                name
                for generator in node.generators
                for name in ast.walk(generator.target)
                if isinstance(name, ast.Name)
            ]
            yield from _variables_of(node, {name.id: name.lineno for name in targets}, names)


def _parameters(arguments: ast.arguments) -> dict[str, int]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    return {each.arg: each.lineno for each in every if each.arg not in ("self", "cls")}


def _variables_of(
    scope: ast.AST, bound: dict[str, int], names: frozenset[str] | None
) -> Iterator[Variable]:
    first = dict(bound)
    if isinstance(scope, Function):
        for name, line in _bindings(scope):
            first[name] = min(line, first.get(name, line))
    if names is not None:
        first = {name: line for name, line in first.items() if name in names}
    if not first:
        return
    last = dict(first)
    for node in ast.walk(scope):
        if isinstance(node, ast.Name) and node.id in last:
            last[node.id] = max(last[node.id], node.lineno)
    for name, line in first.items():
        yield Variable(name, line, last[name])


def _bindings(scope: ast.AST) -> Iterator[tuple[str, int]]:
    """Return what the statements of a function bind, without scopes inside it."""
    open_nodes = [scope]
    while open_nodes:
        for node in ast.iter_child_nodes(open_nodes.pop()):
            if isinstance(node, Function | Comprehension | ast.ClassDef):
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node.lineno
            elif isinstance(node, ast.ExceptHandler) and node.name:
                yield node.name, node.lineno
            open_nodes.append(node)
