"""The glossary: its terms from docs/glossary.toml, and the names of src that they are about."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LEDGER = Path("docs/glossary.toml")

NOTHING = "nothing by itself"
"""The concept of the words that say nothing of what is meant."""

API = "quetsach_portal.api"
EXEMPT = ("Command", "Meta")
"""Classes that Django asks for by name."""


@dataclass(frozen=True)
class Term:
    """One concept. `to_come` is True while no name in src is `code` yet."""

    english: str
    code: str
    vietnamese: str
    meaning: str
    synonyms: tuple[str, ...] = ()
    to_come: bool = False
    page: "PageWord | None" = None


@dataclass(frozen=True)
class PageWord:
    """What a term means to readers of the portal: the help page of words shows it at `anchor`.

    `term` is how they call it in Vietnamese.
    """

    anchor: str
    term: str
    vietnamese: str
    english: str


@dataclass(frozen=True)
class Area:
    """The terms of one part of the work, in the order of the page."""

    name: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Glossary:
    """All areas, and the words that may name nothing by themselves."""

    areas: tuple[Area, ...]
    empty: tuple[str, ...]

    def terms(self) -> Iterator[Term]:
        """Yield the terms of all areas."""
        for area in self.areas:
            yield from area.terms


@dataclass(frozen=True)
class Name:
    """A public name of src: `kind` is class, function or module, `module` is where it is bound."""

    kind: str
    module: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} {self.module}.{self.text}"


def read_glossary(path: Path) -> Glossary:
    """Return the glossary in the file at `path`. Errors: KeyError for a field that is missing."""
    with path.open("rb") as file:
        tables = tomllib.load(file)
    areas = tuple(
        Area(area["name"], tuple(_term(term) for term in area["term"])) for area in tables["area"]
    )
    return Glossary(areas, tuple(tables["empty"]))


def _term(table: Mapping[str, object]) -> Term:
    synonyms = table.get("not", [])
    assert isinstance(synonyms, list)
    return Term(
        english=str(table["en"]),
        code=str(table["code"]),
        vietnamese=str(table["vi"]),
        meaning=str(table["is"]),
        synonyms=tuple(synonyms),
        to_come=bool(table.get("to_come", False)),
        page=_page_word(table) if "page" in table else None,
    )


def _page_word(table: Mapping[str, object]) -> PageWord:
    return PageWord(
        anchor=str(table["page"]),
        term=str(table.get("page_term", table["vi"])),
        vietnamese=str(table["page_vi"]),
        english=str(table["page_en"]),
    )


def public_names(source: Path) -> list[Name]:
    """Return the public classes, functions and modules below `source`, migrations left out."""
    names = []
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        if "migrations" in parts:
            continue
        if parts[-1] == "__init__":
            parts = parts[:-1]
        module = ".".join(parts)
        names.append(Name("module", ".".join(parts[:-1]), parts[-1]))
        names += [
            Name(kind, module, text)
            for kind, text in _bound(ast.parse(path.read_text(encoding="utf-8")))
            if not text.startswith("_")
        ]
    return names


def _bound(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield "class", node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield "function", node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield "constant", target.id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield "constant", node.target.id


def shared_classes(names: Sequence[Name]) -> dict[str, list[str]]:
    """Return the modules of each class name that is bound more than once."""
    modules: dict[str, list[str]] = {}
    for name in names:
        if name.kind == "class" and name.text not in EXEMPT:
            modules.setdefault(name.text, []).append(name.module)
    return {text: where for text, where in modules.items() if len(where) > 1}


def forbidden_names(names: Sequence[Name], glossary: Glossary) -> list[tuple[Name, str]]:
    """Return the names that use a forbidden word, each with the term that stands for it.

    A synonym may not be a name, nor a word of the name of a class: neither `slot` nor `SlotState`.
    Left out is what the API shows: classes are components, functions are operations of OpenAPI.
    """
    synonyms = {
        _words(synonym): term.english for term in glossary.terms() for synonym in term.synonyms
    }
    empty = set(glossary.empty)
    return [
        (name, english)
        for name in names
        if name.kind != "constant" and (name.kind == "module" or not _is_api(name.module))
        for english in _forbidden(name, synonyms, empty)
    ]


def _is_api(module: str) -> bool:
    return module == API or module.startswith(f"{API}.")


def _forbidden(
    name: Name, synonyms: Mapping[tuple[str, ...], str], empty: set[str]
) -> Iterator[str]:
    words = _words(name.text)
    if name.text.lower() in empty:
        yield NOTHING
    for synonym, english in synonyms.items():
        size = len(synonym)
        runs = {words[at : at + size] for at in range(len(words) - size + 1)}
        if synonym == words or (name.kind == "class" and synonym in runs):
            yield english


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters and the singular: `SlotTallies`: slot, tally."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return tuple(_singular(part.lower()) for part in parts)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
