"""Every message id that the report shows, read from its code and its templates."""

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import quetsach.html_report

PACKAGE = Path(quetsach.html_report.__path__[0])


def message_ids() -> set[str]:
    """Return the ids given to _() and N_() in report/, code and templates."""
    code = {one for path in PACKAGE.glob("*.py") for one in _in_code(path)}
    templates = {one for path in PACKAGE.glob("templates/*.html") for one in _in_template(path)}
    return code | templates


def _in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_"):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield argument.value


def _in_template(path: Path) -> Iterator[str]:
    parsed = Environment(autoescape=True).parse(path.read_text("utf-8"))
    for _line, _function, message in extract_from_ast(parsed, ("_",)):
        assert isinstance(message, str), f"{path.name}: an id must stand whole in the template"
        yield message
