"""Merge the parts of the Vietnamese catalogue into one file, and hold them against the source.

`python -m tools.compile_catalogue` writes the catalogue that the program reads;
with `--check` it writes nothing and also names each text without translation, and the reverse.
"""

import ast
import importlib.util
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

from tools.catalogue_parts import ENGINE, merge_catalogue

SOURCE = Path("src/quetsach")

MARKS = frozenset({"_", "N_"})

MARKED_FIELDS = frozenset({"title", "reads"})
"""What a format is called: message ids by its contract, and so without a mark."""


@dataclass(frozen=True)
class Text:
    """A message id in use, and where; `id` is None where it is no constant string."""

    id: str | None
    where: str


def texts_in(source: str, where: str) -> Iterator[Text]:
    """Return each text that a module marks for translation, with the place of its mark."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in MARKS and len(node.args) == 1:
                yield from _text(node.args[0], f"{where}:{node.lineno}")
        elif isinstance(node, ast.ClassDef) and where.startswith("src/quetsach/formats/"):
            for field in node.body:
                yield from _field_text(field, where)


def texts_in_template(source: str, where: str) -> Iterator[Text]:
    """Return each text that a template marks for translation, with the place of its mark."""
    parsed = Environment(autoescape=True).parse(source)
    found = extract_from_ast(parsed, gettext_functions=("_",))
    for line, _function, message in found:
        if isinstance(message, str):
            yield Text(message, f"{where}:{line}")


def texts_in_dialect(source: str, where: str) -> Iterator[Text]:
    """Return what a dialect of log lines says of itself; no other file of this kind has texts."""
    if "/formats/dialects/" in where:
        table = tomllib.loads(source)
        yield from (Text(table[key], where) for key in ("title", "reads"))


def _field_text(field: ast.stmt, where: str) -> Iterator[Text]:
    if isinstance(field, ast.Assign):
        target, value = field.targets[0], field.value
    elif isinstance(field, ast.AnnAssign) and field.value is not None:
        target, value = field.target, field.value
    else:
        return
    if isinstance(target, ast.Name) and target.id in MARKED_FIELDS:
        yield from _text(value, f"{where}:{field.lineno}")


def _text(argument: ast.expr, where: str) -> Iterator[Text]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        if argument.value:
            yield Text(argument.value, where)
    elif isinstance(argument, ast.JoinedStr | ast.BinOp):
        # No catalogue can hold what is put together before it is looked up.
        yield Text(None, where)


def compare(
    texts: Iterable[Text], translated: Iterable[str], lent: Iterable[str] = ()
) -> list[str]:
    """Return what is amiss between the texts in use and the translated ones.

    `lent` are texts of a library that may be translated here, and need not be.
    """
    texts = list(texts)
    used = {text.id for text in texts if text.id is not None}
    known = set(translated)
    built = [
        f"{text.where}: a text is put together before it is translated"
        for text in texts
        if text.id is None
    ]
    missing = [
        f"{text.where}: no translation: {text.id!r}"
        for text in texts
        if text.id is not None and text.id not in known
    ]
    unused = [
        f"nothing uses this translation: {message!r}"
        for message in sorted(known - used - set(lent))
    ]
    return built + missing + unused


def _texts_of(root: Path) -> list[Text]:
    readers = {".py": texts_in, ".html": texts_in_template, ".toml": texts_in_dialect}
    return [
        text
        for path in sorted(root.rglob("*"))
        if path.suffix in readers
        for text in readers[path.suffix](path.read_text(encoding="utf-8"), path.as_posix())
    ]


def _words_of_click() -> set[str]:
    # Click looks its words up in our catalogue, see cli/main.py; some of them under no mark.
    found = importlib.util.find_spec("click")
    assert found is not None
    assert found.origin is not None
    return {
        node.value
        for path in Path(found.origin).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def main(arguments: Sequence[str]) -> int:
    """Compile or check the catalogue; return the exit code."""
    merged, problems = merge_catalogue(ENGINE)
    if "--check" in arguments:
        translated = [entry.msgid for entry in merged]
        problems += compare(_texts_of(SOURCE), translated, _words_of_click())
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems; the parts are in {ENGINE.parts}", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        ENGINE.write(merged)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
