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

from quetsach import schema
from quetsach.blocklists.contract import Output
from quetsach.errors.catalogue import ProblemEntry
from quetsach.forms.definition import ReportFormDefinition
from quetsach.texts import _, use_language
from tools import compile_catalogue, form_pages
from tools.glossary import LEDGER, Glossary, read_glossary
from tools.pages.formats import Named, NamedKind
from tools.pages.markdown import page, table
from tools.pages.portal import DescribedSetting
from tools.pages.reference import helps

MODULE = "tools.pages.vietnamese"
WORDS: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Title, first paragraphs and headings of each page, by its name."""


def vietnamese_pages() -> dict[str, str]:
    """Return the generated pages of docs/vi/ by their file names below docs/.

    Errors: SystemExit or CalledProcessError where they cannot be written; stderr says why.
    """
    # Of a catalogue that is older than its parts the pages would be half in English.
    if compile_catalogue.main([]):
        raise SystemExit(1)
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
    from quetsach_portal.config.setting_keys import portal_settings, public_settings

    speak("vi")  # For what click itself says.
    return {
        "vi/cli.md": _page("cli", *helps(cli, "quetsach")),
        "vi/errors.md": problems_page(CATALOGUE),
        "vi/glossary.md": words_page(read_glossary(LEDGER)),
        "vi/formats.md": log_formats_page(all_formats(), capture_readers()),
        "vi/lists.md": list_formats_page(FORMS),
        "vi/outputs.md": device_files_page(OUTPUTS),
        "vi/portal-settings.md": variables_page(portal_settings(), public_settings()),
        "vi/schema.md": columns_page(),
        "vi/forms-shipped.md": questions_page(form_pages.shipped_forms()),
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


def variables_page(portal: Iterable[DescribedSetting], public: Iterable[DescribedSetting]) -> str:
    """Return the page of the settings of both planes: key, variable, without it, what it is."""
    words = WORDS["settings"]
    return _page(
        "settings",
        f"{words['portal']}\n\n{table(words['heads'], _settings(portal))}",
        f"{words['public']}\n\n{table(words['heads'], _settings(public))}",
    )


def _settings(settings: Iterable[DescribedSetting]) -> Iterator[Sequence[str]]:
    """Yield a row a setting; one without Vietnamese words keeps the English ones."""
    for setting in settings:
        english = (setting.usual, setting.meaning)
        usual, meaning = WORDS["settings"]["variables"].get(setting.variable, english)
        yield (f"`{setting.key}`", f"`{setting.variable}`", usual or setting.usual, meaning)


def addresses_page(schema: Mapping[str, Any]) -> str:
    """Return the page of the portal's interface; without words the English ones stand."""
    words = WORDS["api"]["addresses"]
    rows = [
        (f"`{way.upper()} {path}`", words.get(f"{way.upper()} {path}", told["summary"]))
        for path, ways in schema["paths"].items()
        for way, told in ways.items()
    ]
    return _page("api", table(WORDS["api"]["heads"], rows))


def columns_page() -> str:
    """Return the page of the fields of an event and of a sighting."""
    words = WORDS["schema"]
    beside = [one for one in schema.SIGHTING_FIELDS if one not in schema.EVENT_FIELDS]
    return _page(
        "schema",
        f"{words['event']}\n\n{table(words['heads'], _fields(schema.EVENT_FIELDS))}",
        f"{words['sighting']}\n\n{table(words['heads'], _fields(beside))}",
    )


def _fields(fields: Iterable[schema.SchemaField]) -> Iterator[Sequence[str]]:
    for one in fields:
        yield (f"`{one.name}`", WORDS["schema"]["fields"].get(one.name, one.doc))


def questions_page(forms: Iterable[ReportFormDefinition]) -> str:
    """Return the page of what each form asks, section by section."""
    words = WORDS["forms"]
    parts = []
    for form in forms:
        parts.append(f"## {form.title.vi}\n\n`{form.code}`. {words['version']} {form.version}.")
        for section in form.sections:
            optional = f" ({words['optional']})" if section.optional else ""
            rows = [
                (
                    f"`{entry.id}`{' *' if entry.required else ''}",
                    entry.label.vi,
                    words["adds_up"][entry.aggregation.value],
                    f"`{entry.derived}`" if entry.derived else "",
                )
                for entry in form_pages.entries_of(section)
            ]
            parts.append(f"### {section.number}. {section.title.vi}{optional}")
            parts.append(table(words["heads"], rows))
    return _page("forms", *parts)


if __name__ == "__main__":
    use_language("vi")
    json.dump(_pages(), sys.stdout)
