"""Merge the parts of the portal's Vietnamese catalogue, and hold them against the source.

`python -m tools.portal_catalogue` writes the catalogue that Django reads; with `--check` it writes
nothing and names each text without translation, and the reverse.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import django
from django.conf import settings
from django.utils.translation.template import templatize

from tools.catalogue_parts import PORTAL, merge_catalogue, read_parts
from tools.compile_catalogue import Text, compare

SOURCE = Path("src/quetsach_portal")

MARKS = frozenset({"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "N_"})
PLURAL_MARKS = frozenset({"ngettext", "ngettext_lazy"})
LIBRARIES = frozenset({"allauth.po", "django.po", "ninja.po"})
"""Parts that lend a library the Vietnamese it lacks; nothing of ours need use them."""

_CALL = re.compile(r"\b(n?gettext)\((?=[\"'u])")


def texts_in_python(source: str, where: str) -> Iterator[Text]:
    """Return each text that a module marks for translation, singular and plural."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in MARKS | PLURAL_MARKS and node.args:
            yield _text(node.args[0], f"{where}:{node.lineno}")


def texts_in_template(source: str, where: str) -> Iterator[Text]:
    """Return each text that a Django template marks for translation."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    for line in templatize(source).splitlines():
        for found in _CALL.finditer(line):
            message = _first_string(line[found.end() :])
            if message is not None:
                # Django writes %% for a percent sign in what it extracts, and so do catalogues.
                yield Text(message, where)


def _first_string(rest: str) -> str | None:
    found = re.match(r"u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", rest)
    if found is None:
        return None
    value = ast.literal_eval(found.group(1))
    return value if isinstance(value, str) else None


def _text(argument: ast.expr, where: str) -> Text:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return Text(argument.value, where)
    if isinstance(argument, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        # A value that was marked where it was written down.
        return Text("", where)
    return Text(None, where)


def texts() -> list[Text]:
    """Return every text that the portal shows."""
    readers = {".py": texts_in_python, ".html": texts_in_template, ".txt": texts_in_template}
    return [
        text
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in readers and "migrations" not in path.parts
        for text in readers[path.suffix](path.read_text(encoding="utf-8"), path.as_posix())
        if text.id != ""
    ]


def main(arguments: Sequence[str]) -> int:
    """Compile or check the catalogue; return the exit code."""
    merged, problems = merge_catalogue(PORTAL)
    if "--check" in arguments:
        lent = [
            entry.msgid for name, part in read_parts(PORTAL) if name in LIBRARIES for entry in part
        ]
        problems += compare(texts(), [entry.msgid for entry in merged], lent)
        if PORTAL.target.exists() and PORTAL.target.read_bytes() != merged.to_binary():
            problems.append(f"{PORTAL.target} is older than its parts: pages would show English")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{len(problems)} problems; the parts are in {PORTAL.parts}", file=sys.stderr)
        return 1
    if "--check" not in arguments:
        PORTAL.write(merged)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
