"""Write the reference pages of docs/ from the code they describe.

`python -m tools.docs` writes them; with `--check` it writes nothing and names the stale ones.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import click
import pyarrow as pa

from quetsach import schema
from quetsach.errors import CATALOGUE, Entry
from quetsach.texts import use_language

FOLDER = Path("docs")

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


def formats_page(formats: Iterable[Named]) -> str:
    """Return the page of the log formats, in the order in which they are tried."""
    rows = [(f"`{one.name}`", one.title, one.reads) for one in formats]
    return _page(
        "Log formats",
        "A file's format is told by its first 64 KiB, never by its name; the first format of this "
        "list that recognises it reads it. How to add one: "
        "[CONTRIBUTING.md](../CONTRIBUTING.md).",
        table(("name", "format", "what is read"), rows),
    )


def lists_page(forms: Iterable[Named]) -> str:
    """Return the page of the forms of lists, in the order in which they are tried."""
    rows = [(f"`{one.name}`", one.title, one.reads) for one in forms]
    return _page(
        "Forms of lists",
        "A list's form is told by what stands in it; the first form of this list that knows it "
        "reads it. Each row is taken, or refused with its reason: `quetsach indicators check LIST` "
        "shows which. A saved column map (`quetsach indicators columns`) comes before all others.",
        table(("name", "form", "what is read"), rows),
    )


def errors_page(catalogue: Mapping[str, Entry]) -> str:
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


def _fields(fields: Iterable[schema.Field]) -> str:
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


def _page(title: str, *parts: str) -> str:
    return "\n\n".join((f"# {title}", NOTE, *parts)) + "\n"


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name, in English."""
    # Help texts are translated when their module is imported.
    use_language("en")
    from quetsach.cli.main import cli
    from quetsach.formats.registry import FORMATS
    from quetsach.indicators.forms.registry import FORMS

    return {
        "cli.md": cli_page(cli, "quetsach"),
        "errors.md": errors_page(CATALOGUE),
        "formats.md": formats_page(FORMATS),
        "lists.md": lists_page(FORMS),
        "schema.md": schema_page(),
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
