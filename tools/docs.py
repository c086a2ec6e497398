"""Write the reference pages of docs/ from the code they describe, and the index of the dialects.

`python -m tools.docs` writes them; with `--check` it writes nothing and names the stale ones.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import click
import django
import msgspec
import pyarrow as pa

from quetsach import schema
from quetsach.blocklists.contract import Output
from quetsach.errors.catalogue import ProblemEntry
from quetsach.errors.exceptions import CATALOGUE
from quetsach.forms.definition import ReportFormDefinition
from quetsach.indicators.model import IndicatorKind
from quetsach.texts import use_language
from tools import form_pages
from tools.glossary import LEDGER, Area, Glossary, Term, read_glossary
from tools.scoreboard import board as scoreboard
from tools.scoreboard import page as scoreboard_page
from tools.security_asvs import REQUIREMENTS, asvs_page, proofs, read_requirements

FOLDER = Path("docs")

PAGE_WORDS = "../src/quetsach_portal/worklist/guide/words.json"
"""The words of the portal's help, which has no docs folder beside it."""

DIALECT_INDEX = "../src/quetsach/formats/dialects/shipped/index.json"
"""No page, but written from the dialects as pages are."""

NOTE = "<!-- Written by `make docs`; a change here is overwritten. -->"

ERROR_GROUPS = {
    "E1": "Evidence",
    "E2": "Indicators",
    "E3": "The findings folder",
    "E4": "Documents",
    "E5": "Engines",
    "E6": "Usage",
}

HELP_WIDTH = 90


class Named(Protocol):
    """The three texts that a format is described by; all of a Format that a page needs."""

    name: str
    title: str
    reads: str


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


class NamedKind(Protocol):
    """The three texts that a decoder is described by; all of a Decoder that a page needs."""

    kind: str
    title: str
    reads: str


def formats_page(
    formats: Iterable[Named], decoders: Iterable[NamedKind], scores: str | None = None
) -> str:
    """Return the page of the log formats, in the order in which they are tried.

    `scores` is the text of the scoreboard's table.
    """
    rows = [(f"`{one.name}`", one.title, one.reads) for one in formats]
    kinds = [(f"`{decoder.kind}`", decoder.title, decoder.reads) for decoder in decoders]
    return _page(
        "Log formats",
        "A file's format is told by its first 64 KiB, never by its name; the first format of this "
        "list that recognises it reads it. How to add one: "
        "[CONTRIBUTING.md](../CONTRIBUTING.md).",
        table(("name", "format", "what is read"), rows),
        "## Packed and binary evidence",
        "These are turned into JSON lines first, each file in a process of its own that is shut "
        "in: no network, no other file, bounded memory and time. The lines are then read by the "
        "formats above. A file keeps its name and its digest; `quetsach why` renders it anew. What "
        "is not read of it is a coded problem with its figure.",
        table(("kind", "evidence", "what is read"), kinds),
        *([] if scores is None else _scores(scores)),
    )


def _scores(scores: str) -> list[str]:
    """Return the section of the scoreboard."""
    figures = table(scoreboard_page.HEAD, scoreboard_page.rows(scores))
    return ["## Held against other readers", scoreboard_page.words(scores), figures]


def lists_page(forms: Iterable[Named]) -> str:
    """Return the page of the forms of lists, in the order in which they are tried."""
    rows = [(f"`{one.name}`", one.title, one.reads) for one in forms]
    return _page(
        "Formats of lists",
        "A list's format is recognised by its content; the first format in this table that "
        "recognises it reads it. Each row is accepted, or refused with its reason: `quetsach "
        "indicators check LIST` shows which. A saved column map (`quetsach indicators columns`) "
        "is tried before all others.",
        "A list of a million rows is read once: `quetsach indicators compile LIST... -o FILE` "
        "writes what a sweep needs of it as one file, which is given with `-i` like a list and "
        "mapped into memory. It stands for its lists: the same findings, whose manifest names the "
        "file (`compiled_lists`) beside the lists that it was made of. It is for the same version "
        "and kind of machine; damaged, cut or of another version it is refused (E271, E272), and "
        "so it is where `--zone`, `--inside` or `--accept-private` of the run would take other "
        "rows (E273). Keep the lists; a compiled file is no release.",
        "Without that, `sweep` keeps what it read of lists of 256 KiB and more in "
        "`$XDG_CACHE_HOME/quetsach/lists` (`~/.cache`), a folder that nobody else may open, by the "
        "digests of the files, the options and the program; 1 GiB in all, what was used longest "
        "ago goes first. What is damaged there is made again (`list_cache` of `sweep --json` says "
        "`stored`, `mapped`, `rebuilt` or `none`). `--no-cache` keeps nothing, as for a list that "
        "must not be left on a machine (TLP:RED).",
        table(("name", "format", "what is read"), rows),
    )


def outputs_page(outputs: Iterable[Output]) -> str:
    """Return the page of the forms that indicators are written in."""
    outputs = list(outputs)
    devices = [one for one in outputs if not one.exchange]
    rows = [
        (
            f"`{one.name}`",
            one.title,
            ", ".join(one.covers),
            _covered(one),
            "yes" if one.ports else "",
            ", ".join(one.modes),
        )
        for one in devices
    ]
    facts = ("name", "format", "kinds", "a name covers", "ports", "modes")
    ways = [(f"`{one.name}`", one.use, one.undo_by, one.limits) for one in outputs]
    exchange = [(f"`{one.name}`", one.title) for one in outputs if one.exchange]
    return _page(
        "Outputs",
        "What `quetsach indicators convert --to NAME` writes. Indicators that a format does not "
        "support are left out and listed with the reason, on the screen and in `left-out.json`. "
        "Nothing is blocked unless `--mode block` is given. A name that covers only itself does so "
        "in every format that can block it.",
        f"## Formats for devices\n\n{table(facts, rows)}",
        f"## Formats for people and other programs\n\n{table(('name', 'format'), exchange)}",
        "## How to use and undo each\n\n`%(file)s` stands for the file.\n\n"
        + table(("name", "use", "undo", "limits"), ways),
        _NEVER_BLOCK_TEXT,
    )


def _covered(output: Output) -> str:
    if IndicatorKind.NAME not in output.covers:
        return ""
    return "itself and all below" if output.below else "itself and `www.`"


_NEVER_BLOCK_TEXT = """\
## What is never written for a device

- Private and special ranges (unless `--accept-private`), and well-known resolvers.
- The never-block list, your `--belt` files, one entry a line: a name with all its subdomains, an
  address, a network, a range `a-b`. An indicator above such a name, or a network around such an
  address, is left out too. If one line cannot be read, the whole list is refused.
- An indicator on an allow-list (`--allow`), and a name under `gov.vn` or `chinhphu.vn`, unless a
  person includes it with `--take`.
- Indicators that were withdrawn, have expired, or are not yet valid.

The written text is checked once more; if it would block an entry of the never-block list, nothing
is written.

## How to prove that a file works

Each release for a device contains a test name (`block-test-....quetsach.example`) and a test
address of the range for documentation, treated like every listed entry. Some formats also answer a
second name with that address, which shows that the file is loaded. As neither exists in reality, a
full proof of a block needs `--test-name` or `--test-address`: a name or address of your own that
answers until the file is loaded."""


def errors_page(catalogue: Mapping[str, ProblemEntry]) -> str:
    """Return the page of the problems: code, what happened, what to do."""
    sections = []
    for prefix, title in ERROR_GROUPS.items():
        rows = [
            (f"`{code}`", entry.what, entry.todo)
            for code, entry in sorted(catalogue.items())
            if code.startswith(prefix)
        ]
        if rows:
            sections.append(f"## {title}\n\n{table(('code', 'what', 'what to do'), rows)}")
    return _page(
        "Problems",
        "Each problem has a code that never changes. `%(...)s` stands for a fact of the case.",
        *sections,
    )


def schema_page() -> str:
    """Return the page of the two tables: events and sightings."""
    only_sightings = [one for one in schema.SIGHTING_FIELDS if one not in schema.EVENT_FIELDS]
    return _page(
        "Fields",
        "Names follow the Elastic Common Schema, flat and dotted; `quetsach.*` are our own. Absent "
        "is null. The unit and the meaning also stand in the metadata of each Parquet column.",
        f"## An event: one record of a log\n\n{_fields(schema.EVENT_FIELDS)}",
        "## A sighting: one record that meets one indicator\n\n"
        "A row of `sightings.parquet`: all fields of the event, and these.\n\n"
        f"{_fields(only_sightings)}",
    )


def _fields(fields: Iterable[schema.SchemaField]) -> str:
    rows = [(f"`{one.name}`", _type(one.type), one.unit, one.doc) for one in fields]
    return table(("field", "type", "unit", "what it holds"), rows)


def _type(kind: pa.DataType) -> str:
    return "time" if pa.types.is_timestamp(kind) else str(kind).replace("item: ", "")


def cli_page(command: click.Command, name: str) -> str:
    """Return the page of the command line: the help of `command` and of all below it."""
    return _page(
        "The command line",
        "stdout is the answer, stderr everything else. Exit codes: 0 nothing found, 1 found, "
        "2 failed, 3 finished but not all was read (3 wins over 0 and 1).",
        *_helps(command, name, None),
    )


def _helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=HELP_WIDTH,
        max_content_width=HELP_WIDTH,
    )
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from _helps(found, below, context)


def letter_page(root: type) -> str:
    """Return the page of the JSON of a letter: each kind of object with its fields."""
    _top, kinds = msgspec.json.schema_components([root])
    ordered = sorted(kinds, key=lambda name: name != root.__name__)
    plain = [name for name in ordered if not name.startswith("ReadField_")]
    found = next(kinds[name] for name in ordered if name.startswith("ReadField_"))
    sections = [_object(name, kinds[name]) for name in plain]
    return _page(
        "The JSON of a letter",
        "What `quetsach letter read` prints. A field of type *found T* is an object with a value "
        "of type T, the words it came from, and a question where it is unsure: then its value is "
        "null.",
        *sections[:1],
        _object("found", found).replace("| `value` | string or null |", "| `value` | T or null |"),
        *sections[1:],
    )


def _object(name: str, schema: Mapping[str, Any]) -> str:
    told = " ".join(str(schema.get("description", "")).split())
    if "enum" in schema:
        values = ", ".join(f"`{value}`" for value in schema["enum"])
        return f"## {name}\n\n{told}\n\nOne of: {values}."
    rows = [
        (f"`{field}`", _json_type(of), str(of.get("description", "")))
        for field, of in schema["properties"].items()
    ]
    return f"## {name}\n\n{told}\n\n{table(('field', 'type', 'what it holds'), rows)}"


def _json_type(schema: Mapping[str, Any]) -> str:
    """Return the type of a field in a few words."""
    if "anyOf" in schema:
        return " or ".join(map(_json_type, schema["anyOf"]))
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        if name.startswith("ReadField_"):
            kind = name.removeprefix("ReadField_").removesuffix("_")
            return f"found {_READ_KINDS.get(kind, kind)}"
        return f"[{name}](#{name.lower()})"
    if schema.get("type") == "array":
        return f"list of {_json_type(schema['items'])}"
    return str(schema.get("type", "any"))


_READ_KINDS = {"str": "string", "tuple_str__..._": "list of string"}


def forms_page(forms: Iterable[ReportFormDefinition]) -> str:
    """Return the page of the report forms that are shipped, section by section."""
    parts = []
    for form in forms:
        parts.append(f"## {form.code}\n\n{form_pages.told(form)}")
        for title, heads, rows in form_pages.sections_of(form):
            parts.append(f"### {title}\n\n{table(heads, rows)}")
        checks = form_pages.checks_of(form)
        if checks:
            listed = "\n".join(f"- {check}" for check in checks)
            parts.append(f"### Checks of {form.code}\n\n{listed}")
    return _page(
        "The forms that are shipped",
        "What each form asks, of which unit, and how it adds up over the units; a star marks what "
        "must be answered. A block can be left out. How to write a form of one's own: "
        "[forms.md](forms.md).",
        *parts,
    )


def glossary_page(glossary: Glossary) -> str:
    """Return the page of the glossary, area by area."""
    empty = ", ".join(f"`{word}`" for word in glossary.empty)
    return _page(
        "Glossary",
        "One word for one thing, in code, pages and documents. The source is "
        "[glossary.toml](glossary.toml); `tests/test_glossary.py` holds the code against it. "
        "A code name in *italics* is decided but not in the code yet. The words of the last column "
        "are no class names in `src`.",
        *(f"## {area.name}\n\n{_terms(area)}" for area in glossary.areas),
        f"## Words that name nothing by themselves\n\n{empty}.",
    )


def page_words(glossary: Glossary) -> str:
    """Return the words that the portal's help explains to its readers, as JSON."""
    words = [
        {
            "anchor": term.page.anchor,
            "vi": term.page.term,
            "en": term.english,
            "vi_is": term.page.vietnamese,
            "en_is": term.page.english,
        }
        for term in glossary.terms()
        if term.page is not None
    ]
    return json.dumps(words, ensure_ascii=False, indent=1) + "\n"


def _terms(area: Area) -> str:
    heads = ("English", "code", "tiếng Việt", "is", "not")
    rows = [
        (term.english, _code(term), term.vietnamese, term.meaning, ", ".join(term.synonyms))
        for term in area.terms
    ]
    return table(heads, rows)


def _code(term: Term) -> str:
    return f"*`{term.code}`*" if term.to_come else f"`{term.code}`"


def settings_page(portal: Iterable[Sequence[str]], public: Iterable[Sequence[str]]) -> str:
    """Return the page of the settings of both planes."""
    return _page(
        "Settings of the portal and the public page",
        "Both are set by environment variables alone, read once when they start. The portal:",
        _settings(portal),
        "The public page ([how it is served](public-page.md)):",
        _settings(public),
    )


def interface_page(schema: Mapping[str, Any]) -> str:
    """Return the page of the portal's interface for programs, address by address."""
    rows = [
        (f"`{way.upper()} {path}`", told["summary"])
        for path, ways in schema["paths"].items()
        for way, told in ways.items()
    ]
    return _page(
        "The portal for other programs",
        "A focal point, a compiler or an owner of the lead office creates a token on the page "
        "*Chương trình* of their unit; a program sends it as `Authorization: Bearer qs_...`. The "
        "token reads what its maker may read in that unit on that day. A field that a page hides "
        "from the maker is empty here; an object that the maker may not see answers 404.",
        "Long lists come in pages: `?limit=100`, then `&after=` with the `next` of the page "
        "before, until it is null. Times are ISO 8601 with their offset; deadlines are exclusive. "
        "A refusal gives its reason in `detail`. All schemas are described, as OpenAPI 3.1, at "
        "`/api/v1/openapi.json`.",
        table(("address", "gives"), rows),
    )


class Retained(Protocol):
    """What becomes of a field; all of a FieldRetention that a page needs."""

    @property
    def fate(self) -> str:
        """What becomes of it: keep, blank or delete."""

    @property
    def after(self) -> str:
        """When, in words."""


class Step(Protocol):
    """One step of an act; all of a LifecycleStep that a page needs."""

    @property
    def act(self) -> str:
        """The act that the step belongs to."""

    @property
    def function(self) -> Callable[..., object]:
        """What is called."""

    @property
    def meaning(self) -> str:
        """What that does."""


def life_page(steps: Iterable[Step], retention: Mapping[str, Retained]) -> str:
    """Return the page of what the acts of a campaign's life do, and how long fields are kept."""
    by_act: dict[str, list[Step]] = {}
    for step in steps:
        by_act.setdefault(step.act, []).append(step)
    parts = [
        f"## `{act}`\n\n"
        + table(
            ("step", "function", "does"),
            [
                (str(number), f"`{_place_of(step.function)}`", step.meaning)
                for number, step in enumerate(of_act, start=1)
            ],
        )
        for act, of_act in by_act.items()
    ]
    return _page(
        "The life of a campaign",
        "What the acts of `lifecycle/actions.py` do, each in one transaction: all of its steps, or "
        "none. `purge` is part of `archive`.",
        *parts,
        _retention_part(retention),
    )


def _retention_part(retention: Mapping[str, Retained]) -> str:
    rows: dict[tuple[str, str, str], list[str]] = {}
    for name, one_field in retention.items():
        model, _dot, field_name = name.rpartition(".")
        rows.setdefault((model, one_field.fate, one_field.after), []).append(f"`{field_name}`")
    return (
        "## What is kept, and how long\n\n"
        "Every field that can name a person or a machine.\n\n"
        + table(
            ("table", "fields", "fate", "after"),
            [
                (f"`{model}`", ", ".join(names), fate, after)
                for (model, fate, after), names in rows.items()
            ],
        )
    )


def _place_of(function: Callable[..., object]) -> str:
    return f"{function.__module__.removeprefix('quetsach_portal.')}.{function.__name__}"


def security_page() -> str:
    """Return the table of requirements of ASVS and the tests that prove them."""
    rows = read_requirements(REQUIREMENTS.read_text("utf-8"))
    return _page(
        "Security requirements and their tests",
        "Ids are those of the OWASP Application Security Verification Standard 5.0.0 (OWASP "
        "Foundation, CC BY-SA 4.0), as its published file has them; the words are ours, and the "
        "standard's own hold. A test names what it proves by `@pytest.mark.asvs`.",
        asvs_page(rows, proofs()),
    )


def _portal_pages() -> dict[str, str]:
    """Return the pages that are written from the portal's code, which needs Django set up."""
    with TemporaryDirectory() as home:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quetsach_portal.config.settings")
        os.environ.setdefault("QUETSACH_HOME", home)
        django.setup()
        from quetsach_portal.api.interface import interface
        from quetsach_portal.lifecycle.actions import LIFECYCLE_STEPS
        from quetsach_portal.lifecycle.retention_table import RETENTION

        return {
            "portal-api.md": interface_page(interface.get_openapi_schema(path_prefix="/api/v1")),
            "campaign-life.md": life_page(LIFECYCLE_STEPS, RETENTION),
        }


def _settings(variables: Iterable[Sequence[str]]) -> str:
    rows = [(f"`{name}`", usual, what) for name, usual, what in variables]
    return table(("Variable", "Without it", "Is"), rows)


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name, in English."""
    # Help texts are translated when their module is imported.
    use_language("en")
    from quetsach.blocklists.outputs.registry import OUTPUTS
    from quetsach.captures.registry import capture_readers
    from quetsach.cli.main import cli
    from quetsach.formats.dialects.making_index import index_text
    from quetsach.formats.registry import all_formats
    from quetsach.indicators.formats.registry import FORMS
    from quetsach.letters.model import ReadLetter
    from quetsach_portal.config.environment import VARIABLES
    from quetsach_public.settings import VARIABLES as PUBLIC_VARIABLES

    return {
        "cli.md": cli_page(cli, "quetsach"),
        "errors.md": errors_page(CATALOGUE),
        "formats.md": formats_page(
            all_formats(), capture_readers(), scoreboard.FILE.read_text("utf-8")
        ),
        "glossary.md": glossary_page(read_glossary(LEDGER)),
        "lists.md": lists_page(FORMS),
        "outputs.md": outputs_page(OUTPUTS),
        "letter.md": letter_page(ReadLetter),
        "schema.md": schema_page(),
        "portal-settings.md": settings_page(VARIABLES, PUBLIC_VARIABLES),
        "forms-shipped.md": forms_page(form_pages.shipped_forms()),
        "security-asvs.md": security_page(),
        DIALECT_INDEX: index_text(),
        PAGE_WORDS: page_words(read_glossary(LEDGER)),
        **_portal_pages(),
    }


def stale(wanted: Mapping[str, str], folder: Path) -> list[str]:
    """Return the names of the pages in `folder` that are not as `wanted`."""
    return [
        name
        for name, text in wanted.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str]) -> int:
    """Write or check the pages; return the exit code."""
    wanted = pages()
    old = stale(wanted, FOLDER)
    if "--check" in arguments:
        for name in old:
            print(f"{FOLDER / name} is stale: run make docs", file=sys.stderr)
        return 1 if old else 0
    for name in old:
        (FOLDER / name).write_text(wanted[name], encoding="utf-8")
        print(f"wrote {FOLDER / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
