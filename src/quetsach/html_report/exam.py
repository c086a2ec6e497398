"""The result of an exam as a page: its rates, and each connection with its steps."""

from collections.abc import Mapping, Sequence
from contextvars import copy_context
from datetime import date, datetime, tzinfo
from typing import Any

from quetsach.html_report.cards import step_text
from quetsach.html_report.exam_words import (
    OUTCOMES,
    intro_text,
    outcome_text,
    rate_text,
    way_text,
)
from quetsach.html_report.page import CONTENT_POLICY, page_templates
from quetsach.html_report.words import certainty, day, foreign, moment_of, number
from quetsach.texts import Language, _, use_language


def exam_page(result: Mapping[str, Any], findings: str, shown_in: Language, zone: tzinfo) -> str:
    """Return the result of an exam (shape: result.json) as one self-contained page.

    `findings` is the folder of its blind sweep, for `quetsach why`.
    """
    return copy_context().run(_page, result, findings, shown_in, zone)


def _page(result: Mapping[str, Any], findings: str, shown_in: Language, zone: tzinfo) -> str:
    use_language(shown_in)
    rows = sorted(
        result["rows"], key=lambda row: (list(OUTCOMES).index(row["outcome"]), row["when_s"])
    )
    wrong_first = sorted(rows, key=lambda row: row["outcome"] != "wrong")
    return (
        page_templates()
        .get_template("exam.html")
        .render(
            language=shown_in,
            policy=CONTENT_POLICY,
            title=_("Exam of %(day)s") % {"day": day(date.fromisoformat(result["day"]))},
            intro=intro_text(result),
            grades=_rates(result["grades"], grades=True),
            ways=_rates(result["ways"], grades=False),
            traced=_rates(result["traced"], grades=True),
            outcomes=_outcomes(result["outcomes"]),
            rows=[_row(row, findings, zone) for row in wrong_first],
            commitment=result["commitment"],
        )
    )


def _rates(rates: Mapping[str, Any], *, grades: bool) -> Sequence[tuple[str, str]]:
    return [
        (certainty(name).name if grades else way_text(name), rate_text(rate))
        for name, rate in rates.items()
    ]


def _outcomes(counts: Mapping[str, int]) -> Sequence[tuple[str, str, str]]:
    return [
        (_(term.name), number(counts.get(outcome, 0)), _(term.meaning))
        for outcome, term in OUTCOMES.items()
        if counts.get(outcome, 0)
    ]


def _row(occasion: Mapping[str, Any], findings: str, zone: tzinfo) -> Mapping[str, Any]:
    return {
        "when": moment_of(datetime.fromtimestamp(occasion["when_s"], tz=zone)),
        "machine": foreign(occasion["machine"], 64),
        "mark": occasion["mark"],
        "outcome": outcome_text(occasion["outcome"]),
        "is_wrong": occasion["outcome"] in ("wrong", "not-among-rivals"),
        "why": _(occasion["why"]) if occasion["why"] else "",
        "said": [_said(one, findings, zone) for one in occasion["said"]],
        "trace": outcome_text(occasion["trace"]) if occasion["trace"] else "",
        "because": foreign(occasion["trace_because"]),
    }


def _said(statement: Mapping[str, Any], findings: str, zone: tzinfo) -> Mapping[str, Any]:
    return {
        "device": foreign(statement["device"], 100),
        "address": foreign(statement["address"], 64),
        "sure": certainty(statement["grade"]).name,
        "way": way_text(statement["way"]),
        "steps": [step_text(step, zone) for step in statement["steps"]],
        "command": f"quetsach why {findings} {statement['sighting']}"
        if statement["sighting"]
        else "",
    }
