"""The result of `indicators check` as JSON: places instead of copies, never twice the input."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from quetsach.errors.exceptions import problem_json
from quetsach.indicators.check import AllowQuestion, CheckReport, ListCheck
from quetsach.indicators.contradictions import Contradiction
from quetsach.indicators.model import Origin
from quetsach.texts import compact_json

FEWEST_BYTES = 8192
"""A small list may get an answer of this size, however short it is."""

_CAPS = (None, 3000, 1000, 300, 100, 30, 10, 3, 0)
"""How many rows a section holds: the first of these with which the whole answer fits."""

Sections = Mapping[str, Sequence[Any]]
_Place = tuple[str, str]


def check_text(report: CheckReport, input_bytes: int) -> str:
    """Return `report` as JSON of at most twice `input_bytes`, or FEWEST_BYTES.

    Shapes: a row is named as [number of the list in `lists`, number of the row]. What is left out
    for its size is counted in `not_shown`, by section.
    """
    # The line end behind it counts, too.
    limit = max(2 * input_bytes, FEWEST_BYTES) - 1
    places = {
        (each.reading.list_name, each.reading.sha256): number
        for number, each in enumerate(report.lists)
    }
    sections = _sections(report, places)
    answer: dict[str, Any] = {}
    for cap in _CAPS:
        answer = _answer(report, sections, cap)
        text = compact_json(answer)
        if len(text.encode()) <= limit:
            return text
    return _without_lists(answer, limit)


def _without_lists(answer: dict[str, Any], limit: int) -> str:
    """Return the answer with as many lists as fit: a folder may hold thousands of tiny ones."""
    every, text = answer["lists"], ""
    kept = len(every)
    while kept and not text:
        kept //= 2
        left = {**answer["not_shown"], "lists": len(every) - kept}
        text = compact_json({**answer, "lists": every[:kept], "not_shown": left})
        text = text if len(text.encode()) <= limit else ""
    return text or compact_json({"not_shown": {"lists": len(every)}})


def _answer(report: CheckReport, sections: Sections, cap: int | None) -> dict[str, Any]:
    not_shown = {
        name: len(rows) - cap
        for name, rows in sections.items()
        if cap is not None and len(rows) > cap
    }
    refusals = sum(
        max(0, len(rows) - cap)
        for each in report.lists
        for _reason, rows in _by_reason(each)
        if cap is not None
    )
    if refusals:
        not_shown["refusals"] = refusals
    return {
        "lists": [_list(each, cap) for each in report.lists],
        "kinds": report.kinds,
        "open_questions": report.open_questions,
        "left_out": list(report.left_out),
        "allow": {of_class: len(listed) for of_class, listed in report.allow.items()},
        **{name: list(rows[:cap]) for name, rows in sections.items()},
        "not_shown": not_shown,
    }


def _sections(report: CheckReport, places: Mapping[_Place, int]) -> Sections:
    return {
        "questions": [_question(each, places) for each in report.questions],
        "contradictions": [_contradiction(each, places) for each in report.contradictions],
        "duplicates": [[each.key, _rows(each.origins, places)] for each in report.duplicates],
        "parents": [[each.key, count] for each, count in report.parents],
        "masked": [[*_row(origin, places), network] for origin, network in report.masked],
        "suffixes": [[*_row(each.origin, places), part] for each, part in report.suffixes],
        "whole_sites": [each.key for each in report.whole_sites],
        "dead": _rows(report.dead, places),
    }


def _list(each: ListCheck, cap: int | None) -> dict[str, Any]:
    reading = each.reading
    return {
        "reading": {
            "list_name": reading.list_name,
            "sha256": reading.sha256,
            "form": reading.form,
            "column": reading.column,
            "rows": reading.rows,
            "taken": reading.taken,
            "refused": reading.refused,
            "problems": [problem_json(problem) for problem in reading.problems],
        },
        "by_reason": each.by_reason,
        "refusals": {reason: rows[:cap] for reason, rows in _by_reason(each)},
    }


def _by_reason(each: ListCheck) -> list[tuple[str, list[list[Any]]]]:
    """Return the refused rows as [row, text], with the refused value behind where it is shorter."""
    ordered = sorted(each.refusals, key=lambda refusal: str(refusal.reason))
    return [
        (
            reason,
            [
                [refusal.origin.row, refusal.origin.text, *([refusal.value] * bool(refusal.value))]
                for refusal in refusals
            ],
        )
        for reason, refusals in groupby(ordered, key=lambda refusal: str(refusal.reason))
    ]


def _question(each: AllowQuestion, places: Mapping[_Place, int]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "key": each.indicator.key,
        "rows": _rows(each.indicator.origins, places),
        "on": {meeting.of_class: meeting.list_name for meeting in each.meetings},
        "proposal": each.proposal,
        "asked": each.asked,
    }
    if each.decision is not None:
        answer["decision"] = msgspec.to_builtins(each.decision)
    return answer


def _contradiction(each: Contradiction, places: Mapping[_Place, int]) -> dict[str, Any]:
    return {
        "clash": each.clash,
        "key": each.indicator.key,
        "said": list(each.said),
        "rows": _rows(each.origins, places),
    }


def _rows(origins: Iterable[Origin], places: Mapping[_Place, int]) -> list[list[int]]:
    return [_row(origin, places) for origin in origins]


def _row(origin: Origin, places: Mapping[_Place, int]) -> list[int]:
    # A release names the lists that it was made from, which were not read here.
    return [places.get((origin.list_name, origin.list_sha256), -1), origin.row]
