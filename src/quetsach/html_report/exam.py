"""An exam in words and as a page: how often "certain" and "likely" were right, and where not."""

from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context
from datetime import date, datetime, tzinfo
from math import floor
from typing import Any

from quetsach.errors.catalogue import N_
from quetsach.html_report.cards import step_text
from quetsach.html_report.page import CONTENT_POLICY, page_templates
from quetsach.html_report.words import Term, certainty, day, foreign, moment_of, number
from quetsach.texts import Language, _, language, use_language

OUTCOMES: Mapping[str, Term] = {
    "right": Term(N_("named rightly"), N_("The machine that connected was named.")),
    "wrong": Term(N_("named wrongly"), N_("Another machine was named, with or without the right.")),
    "among-rivals": Term(
        N_("not settled, the right one among them"),
        N_("Several machines were named as possible; the right one is among them."),
    ),
    "not-among-rivals": Term(
        N_("not settled, the right one missing"),
        N_("Several machines were named as possible; the right one is not among them."),
    ),
    "no-device": Term(
        N_("seen, nobody named"), N_("The connection stands in the logs, and no machine was named.")
    ),
    "not-seen": Term(
        N_("not in the logs"), N_("The machine connected, and no log given shows it.")
    ),
    "not-done": Term(
        N_("did not take place"), N_("The machine left no receipt: it was off, or the script was.")
    ),
    "void": Term(N_("does not count"), N_("What the receipt says cannot be true, or compared.")),
}
"""What became of an occasion, in words."""

_OLD: Mapping[str, str] = {
    "year": N_("the exam is more than a year older than the evidence"),
    "tables": N_("inventory or network plan are not those of the exam"),
}


def outcome_text(outcome: str) -> str:
    """Return in words what became of an occasion."""
    return _(OUTCOMES[outcome].name) if outcome in OUTCOMES else foreign(outcome)


def per_cent(share: float) -> str:
    """Return a share from 0 to 1 in per cent with one decimal, cut: 100 only where it is all."""
    text = f"{floor(share * 1000 + 1e-9) / 10:.1f}".removesuffix(".0")
    return (text if language() == "en" else text.replace(".", ",")) + " %"


def rate_text(rate: Mapping[str, Any]) -> str:
    """Return a measured rate (shape: a MeasuredRate) with what it proves at least."""
    facts = {
        "right": number(rate["right"]),
        "of": number(rate["of"]),
        "low": per_cent(rate["low"]),
    }
    return _("%(right)s of %(of)s right, so at least %(low)s") % facts


def exam_sentences(exam: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a sweep says of the exam that it carries (shape: `exam` of manifest.json)."""
    for grade in ("certain", "likely"):
        rate = exam["grades"].get(grade)
        facts = {
            "sure": certainty(grade).name,
            "measured": rate_text(rate) if rate else _("not measured"),
            "day": day(date.fromisoformat(exam["day"])),
        }
        yield _("%(sure)s: %(measured)s (exam of %(day)s)") % facts
    if exam["old"]:
        yield _("This exam is old: %(why)s. Make a new one.") % {"why": _(_OLD[exam["old"]])}


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


def intro_text(result: Mapping[str, Any]) -> str:
    """Return in one sentence what was asked of whom."""
    outcomes = result["outcomes"]
    counted = result["drawn"] - outcomes["not-done"] - outcomes["void"]
    facts = {
        "drawn": number(result["drawn"]),
        "counted": number(counted),
        "machines": number(result["machines"]),
    }
    return (
        _(
            "%(drawn)s connections were drawn, %(counted)s of them took place and count, from "
            "%(machines)s machines."
        )
        % facts
    )


def _rates(rates: Mapping[str, Any], *, grades: bool) -> Sequence[tuple[str, str]]:
    return [
        (certainty(name).name if grades else way_text(name), rate_text(rate))
        for name, rate in rates.items()
    ]


_WAYS: Mapping[str, str] = {
    "direct": N_("by its address alone"),
    "lease": N_("DHCP"),
    "neighbour": N_("neighbour table"),
    "nat": N_("address translation"),
    "proxy": N_("web proxy"),
}


def way_text(way: str) -> str:
    """Return in words by which way a machine was named."""
    return " + ".join(_(_WAYS[part]) if part in _WAYS else part for part in way.split("+"))


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
