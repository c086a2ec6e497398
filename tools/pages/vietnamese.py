"""The generated pages of docs/vi/: what the program itself says, in Vietnamese.

Help texts are translated when their module is imported, so these pages are written by a process of
their own: `python -m tools.pages.vietnamese` prints them as JSON, by their file names.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from quetsach.blocklists.contract import Output
from quetsach.errors.catalogue import ProblemEntry
from quetsach.texts import _, use_language
from tools.glossary import LEDGER, Glossary, read_glossary
from tools.pages.formats import Named, NamedKind
from tools.pages.markdown import page, table
from tools.pages.reference import helps

MODULE = "tools.pages.vietnamese"
WORDS: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Title, first paragraphs and headings of each page, by its name."""


def vietnamese_pages() -> dict[str, str]:
    """Return the generated pages of docs/vi/ by their file names below docs/.

    Errors: CalledProcessError where they cannot be written; what was wrong stands on stderr.
    """
    written = subprocess.run(
        [sys.executable, "-m", MODULE], check=True, stdout=subprocess.PIPE
    ).stdout
    pages: dict[str, str] = json.loads(written)
    return pages


def _pages() -> dict[str, str]:
    """Return the same in a process whose language is Vietnamese from its start."""
    from quetsach.blocklists.outputs.registry import OUTPUTS
    from quetsach.captures.registry import capture_readers
    from quetsach.cli.main import cli, speak
    from quetsach.errors.exceptions import CATALOGUE
    from quetsach.formats.registry import all_formats
    from quetsach.indicators.formats.registry import FORMS
    from quetsach_portal.config.environment import VARIABLES
    from quetsach_public.settings import VARIABLES as PUBLIC_VARIABLES

    speak("vi")  # For what click itself says.
    return {
        "vi/cli.md": _page("cli", *helps(cli, "quetsach")),
        "vi/errors.md": problems_page(CATALOGUE),
        "vi/glossary.md": words_page(read_glossary(LEDGER)),
        "vi/formats.md": log_formats_page(all_formats(), capture_readers()),
        "vi/lists.md": list_formats_page(FORMS),
        "vi/outputs.md": device_files_page(OUTPUTS),
        "vi/portal-settings.md": variables_page(VARIABLES, PUBLIC_VARIABLES),
    }


def _page(name: str, *parts: str) -> str:
    return page(WORDS[name]["title"], *WORDS[name]["intro"], *parts)


def problems_page(catalogue: Mapping[str, ProblemEntry]) -> str:
    """Return the page of the problems in the language in use: code, what happened, what to do."""
    words = WORDS["errors"]
    sections = []
    for prefix, title in words["groups"].items():
        rows = [
            (f"`{code}`", _(entry.what), _(entry.todo))
            for code, entry in sorted(catalogue.items())
            if code.startswith(prefix)
        ]
        if rows:
            sections.append(f"## {title}\n\n{table(words['heads'], rows)}")
    return _page("errors", *sections)


def words_page(glossary: Glossary) -> str:
    """Return the page of the words: those explained to readers first, then all of them."""
    words = WORDS["glossary"]
    explained = [
        (term.page.term, term.page.vietnamese) for term in glossary.terms() if term.page is not None
    ]
    areas = [
        (
            words["areas"].get(area.name, area.name),
            [(term.vietnamese, term.english) for term in area.terms],
        )
        for area in glossary.areas
    ]
    return _page(
        "glossary",
        f"{words['explained']}\n\n{table(words['explained_heads'], explained)}",
        words["beside"],
        *(f"### {name}\n\n{table(words['beside_heads'], rows)}" for name, rows in areas),
    )


def log_formats_page(formats: Iterable[Named], decoders: Iterable[NamedKind]) -> str:
    """Return the page of the log formats in the language in use, in the order of trying."""
    heads = WORDS["formats"]["heads"]
    rows = [(f"`{one.name}`", _(one.title), _(one.reads)) for one in formats]
    kinds = [(f"`{one.kind}`", _(one.title), _(one.reads)) for one in decoders]
    return _page("formats", table(heads, rows), WORDS["formats"]["packed"], table(heads, kinds))


def list_formats_page(forms: Iterable[Named]) -> str:
    """Return the page of the forms of lists; without Vietnamese words the English ones stand."""
    words = WORDS["lists"]["forms"]
    rows = [(f"`{one.name}`", *words.get(one.name, (one.title, one.reads))) for one in forms]
    return _page("lists", table(WORDS["lists"]["heads"], rows))


def device_files_page(outputs: Iterable[Output]) -> str:
    """Return the page of the files for devices in the language in use: use, undo, limits."""
    words = WORDS["outputs"]
    outputs = list(outputs)
    devices = [
        (f"`{one.name}`", _(one.title), ", ".join(words["modes"][mode] for mode in one.modes))
        for one in outputs
        if not one.exchange
    ]
    exchange = [(f"`{one.name}`", _(one.title)) for one in outputs if one.exchange]
    ways = [(f"`{one.name}`", _(one.use), _(one.undo_by), _(one.limits)) for one in outputs]
    return _page(
        "outputs",
        f"{words['devices']}\n\n{table(words['devices_heads'], devices)}",
        f"{words['exchange']}\n\n{table(words['exchange_heads'], exchange)}",
        f"{words['ways']}\n\n{table(words['ways_heads'], ways)}",
    )


def variables_page(portal: Iterable[Sequence[str]], public: Iterable[Sequence[str]]) -> str:
    """Return the page of the settings of both planes: without it, and what it is."""
    words = WORDS["settings"]
    return _page(
        "settings",
        f"{words['portal']}\n\n{table(words['heads'], _variables(portal))}",
        f"{words['public']}\n\n{table(words['heads'], _variables(public))}",
    )


def _variables(variables: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield a row a variable; one without Vietnamese words keeps the English ones."""
    for name, usual, what in variables:
        without, meaning = WORDS["settings"]["variables"].get(name, (usual, what))
        yield (f"`{name}`", without or usual, meaning)


if __name__ == "__main__":
    use_language("vi")
    json.dump(_pages(), sys.stdout)
