"""What was read of damaged inputs: docs/fuzzing.json as a page, and its sums as a section."""

from collections.abc import Mapping
from typing import Any

from tools.pages.markdown import page, table

GROUPS = {
    "log": "logs, each form and dialect",
    "capture": "packet captures, flows, event logs, tables",
    "packed": "archives, packed streams, office containers, XML",
    "list": "lists of indicators, releases, decisions",
    "notice": "notices of an authority, each form",
    "table": "inventories, ranges, handlings, overrides",
    "message": "messages of the AV report and their signatures",
    "paper": "letters and other documents",
    "form": "report forms, versions, bundles, workbooks",
    "findings": "findings folders",
    "exam": "sealed truths and receipts of exams",
    "sign": "keys, certificates, signatures, stamps, slips",
    "settings": "files of settings",
    "listen": "syslog and dnstap over the network, parts of a watch",
    "kernel": "the kernel beside its twin in Python",
    "upload": "uploads of the portal, for each purpose",
    "portal": "other readers of the portal",
    "public": "requests to the public page, its files",
}
"""What the targets of each group read, by the beginning of their names."""

_BEGIN, _END = "<!-- fuzzing: written by `make docs` -->", "<!-- end of fuzzing -->"
_HEAD = ("", "inputs", "processor, s", "lines hit", "slowest, s", "open flaws")


def fuzzing_page(record: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page with a row for each target."""
    parts: list[str] = []
    for group, what in GROUPS.items():
        rows = {name: row for name, row in record.items() if name.partition(".")[0] == group}
        if rows:
            cells = [_cells(f"`{name}`", [row]) for name, row in sorted(rows.items())]
            parts.append(f"## `{group}`: {what}\n\n{table(_HEAD, cells)}")
    return page(
        "What was read of damaged inputs",
        "Each target is a reader of strangers' bytes ([how it is done](reliability.md#fuzzing)). "
        "Of a log each damaged line is an input, else a damaged file. Lines hit are those of "
        "functions in the reader's own modules, as seen with every sixteenth call.",
        *parts,
    )


def fuzzing_section(record: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the section of docs/reliability.md: its sums for each group of targets."""
    cells = []
    for group, what in GROUPS.items():
        rows = [row for name, row in record.items() if name.partition(".")[0] == group]
        if rows:
            cells.append(_cells(f"{len(rows)} × {what}", rows))
    cells.append(_cells("all", [*record.values()]))
    return f"{_BEGIN}\n\n{table(_HEAD, cells)}\n\n{_END}"


def _cells(name: str, rows: "list[Mapping[str, Any]]") -> tuple[str, ...]:
    def added(key: str) -> float:
        return float(sum(row[key] for row in rows))

    hit, lines = added("lines_hit"), added("lines")
    slowest = max((row["slowest_seconds"] for row in rows), default=0)
    flaws = sum(len(row["flaws"]) for row in rows)
    share = f"{hit / lines:.0%}" if lines else "–"
    return (
        name,
        f"{added('inputs'):,.0f}",
        f"{added('cpu_seconds'):,.0f}",
        share,
        str(slowest),
        str(flaws),
    )


def with_section(text: str, section: str) -> str:
    """Return the page `text` with the section in its place.

    Errors: ValueError where the page has no place for it.
    """
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    if not rest or _END not in rest:
        raise ValueError("docs/reliability.md has no place for the table of fuzzing")
    return before + section + after
