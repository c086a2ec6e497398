"""Pages of the command line, errors, fields, letters and report forms."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
import msgspec
import pyarrow as pa

from quetsach import schema
from quetsach.errors.catalogue import ProblemEntry
from quetsach.forms.definition import ReportFormDefinition
from tools import form_pages
from tools.pages.markdown import page, table

HELP_WIDTH = 90


def cli_page(command: click.Command, name: str) -> str:
    """Return the page of the command line: the help of `command` and of all below it."""
    return page(
        "The command line",
        "stdout is the answer, stderr everything else. Exit codes: 0 nothing found, 1 found, "
        "2 failed, 3 finished but not all was read (3 wins over 0 and 1), 130 after Ctrl-C (other "
        "signals: 128 and their number).",
        "A path that was named and is not there is a failure (2) before anything is written. `-` "
        "is standard input where one file is read, once in a run, and standard output where one "
        "file is written; what else is said then goes to stderr. Every command takes `-v`, `-q`, "
        "`--lang`, `--color` and `--no-pager`; what is typed each time may stand in a file of "
        "settings ([configuration](configuration.md)).",
        *helps(command, name),
    )


def helps(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[str]:
    """Yield a section for `command` and each command below it: its help, as it is printed."""
    wide = {"terminal_width": HELP_WIDTH, "max_content_width": HELP_WIDTH}
    context = click.Context(
        command, info_name=name, parent=parent, **{**command.context_settings, **wide}
    )
    yield f"## {context.command_path}\n\n```text\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from helps(found, below, context)


def letter_page(root: type) -> str:
    """Return the page of the JSON of a letter: each kind of object with its fields."""
    _top, kinds = msgspec.json.schema_components([root])
    ordered = sorted(kinds, key=lambda name: name != root.__name__)
    plain = [name for name in ordered if not name.startswith("ReadField_")]
    found = next(kinds[name] for name in ordered if name.startswith("ReadField_"))
    sections = [_object(name, kinds[name]) for name in plain]
    return page(
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
    return page(
        "The forms that are shipped",
        "What each form asks, of which unit, and how it adds up over the units; a star marks what "
        "must be answered. A block can be left out. How to write a form of one's own: "
        "[forms.md](forms.md).",
        *parts,
    )


ERROR_GROUPS = {
    "E1": "Evidence",
    "E2": "Indicators",
    "E3": "The findings folder",
    "E4": "Documents",
    "E5": "Engines",
    "E6": "Usage",
}


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
    return page(
        "Problems",
        "Each problem has a code that never changes. `%(...)s` stands for a fact of the case.",
        *sections,
    )


def schema_page() -> str:
    """Return the page of the two tables: events and sightings."""
    only_sightings = [one for one in schema.SIGHTING_FIELDS if one not in schema.EVENT_FIELDS]
    return page(
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
