"""How many of the units below have reported, in sentences that name of whom no report went in."""

from collections.abc import Iterator, Sequence

from quetsach.documents.official_report import OfficialReport
from quetsach.documents.official_words import official_words
from quetsach.forms.figure import Used
from quetsach.forms.numbers import shown

MOST_NAMED = 10
"""So many of those units are named in the report itself; more are listed in its annex."""


def without_one(report: OfficialReport) -> tuple[tuple[str, Sequence[str]], ...]:
    """Return the units of which no report went in, by why: the key of its words, and names."""
    found = (
        ("waiting", report.waiting),
        ("returned", report.returned),
        ("missing", report.missing),
    )
    return tuple((why, names) for why, names in found if names)


def reported_sentences(report: OfficialReport, listed_in: str | None = None) -> Iterator[str]:
    """Yield how many of the units below have reported, were late, or are not counted.

    `listed_in` is the annex that the report itself leads to; the annex, which lists them, has None.
    """
    words = official_words().reported
    facts = {"reported": shown(report.reported), "expected": shown(report.known)}
    told = [words["reported"] % facts]
    is_named = listed_in is not None and report.absentees <= MOST_NAMED
    for why, names in without_one(report):
        if is_named:
            listed = "; ".join(" ".join(name.split()) for name in names)
            told.append(words[f"{why}_named"] % {"names": listed, "count": shown(len(names))})
        else:
            told.append(words[f"{why}_counted"] % {"count": shown(len(names))})
    if report.absentees and not is_named and listed_in is not None:
        told.append(words["listed"] % {"annex": listed_in})
    yield f"{'; '.join(told)}."
    used = [child.used for child in report.children]
    if late := used.count(Used.LATE):
        yield words["late"] % {"count": shown(late)}
    if listed_in is not None and (left := used.count(Used.EXCLUDED)):
        yield words["excluded"] % {"count": shown(left), "annex": listed_in}
