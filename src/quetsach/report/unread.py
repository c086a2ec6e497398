"""What was not read: files with a code and a way out, and lines that were refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quetsach.errors import CATALOGUE
from quetsach.report.listed import tallied
from quetsach.report.words import reason
from quetsach.report.written import foreign, number
from quetsach.texts import _

MOST_ROWS = 200
"""How many refused lines the page shows; rejects.json has more, and the count is of all."""


@dataclass(frozen=True)
class Unread:
    """The section on what was not read."""

    files: Sequence[Mapping[str, str]]
    as_text: Sequence[str]
    total: str
    reasons: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, str]]
    not_shown: str


def unread(rejects: Mapping[str, Any], summary: Mapping[str, Any]) -> Unread:
    """Return the section from rejects.json and the summary of the sweep."""
    rows = rejects["rows"][:MOST_ROWS]
    left = rejects["total"] - len(rows)
    return Unread(
        files=[_file(one) for one in summary["unread"]],
        as_text=[foreign(one) for one in summary["as_text"]],
        total=number(rejects["total"]),
        reasons=tallied(rejects["by_reason"]),
        rows=list(_rows(rows)),
        not_shown=number(left) if left > 0 else "",
    )


def _file(one: Mapping[str, Any]) -> Mapping[str, str]:
    entry = CATALOGUE.get(one["code"])
    # The sweep may have run in another language; where no fact stands in the sentence, say it anew.
    what = one["what"] if entry is None or "%(" in entry.what else _(entry.what)
    return {
        "path": foreign(one["path"]),
        "code": foreign(one["code"]),
        "what": foreign(what),
        "todo": foreign(one["todo"] if entry is None else _(entry.todo)),
    }


def _rows(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, str]]:
    for one in rows:
        yield {
            "path": foreign(one["path"]),
            "offset": number(one["offset"]),
            "reason": reason(one["reason"]),
            "excerpt": foreign(one["excerpt"]),
        }
