"""An exam in words: how often "certain" and "likely" were right, and how occasions came out."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import floor
from typing import Any

from quetsach.errors.catalogue import N_
from quetsach.html_report.words import Term, certainty, day, foreign, number
from quetsach.texts import _, language

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
    "no-receipt": Term(
        N_("receipt missing"),
        N_("The connection stands in the logs, and its receipt did not come back. Fetch it."),
    ),
    "not-done": Term(
        N_("did not take place"), N_("The machine left no receipt: it was off, or the script was.")
    ),
    "void": Term(N_("does not count"), N_("What the receipt says cannot be true, or compared.")),
}
"""What became of an occasion, in words."""

_OLD: Mapping[str, str] = {
    "year": N_("the exam is more than a year older than the evidence"),
    "tables": N_("inventory, network plan or declared log sources are not those of the exam"),
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


_NO_QUESTION = ("no-receipt", "not-done", "void")


def intro_text(result: Mapping[str, Any]) -> str:
    """Return in one sentence what was asked of whom."""
    outcomes = result["outcomes"]
    counted = result["drawn"] - sum(outcomes.get(name, 0) for name in _NO_QUESTION)
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
