"""How many of the units below have reported, in sentences that name the missing ones."""

from collections.abc import Iterator

from quetsach.documents.official_report import OfficialReport
from quetsach.documents.official_words import official_words
from quetsach.forms.figure import Used
from quetsach.forms.numbers import shown

MOST_NAMED = 10
"""So many missing units are named in the report itself; more are listed in its annex."""


def reported_sentences(report: OfficialReport, listed_in: str | None = None) -> Iterator[str]:
    """Yield how many of the units below have reported, were late, or are not counted.

    `listed_in` is the annex that the report itself leads to; the annex, which lists them, has None.
    """
    words = official_words().reported
    expected = report.reported + len(report.missing)
    facts = {"reported": shown(report.reported), "expected": shown(expected)}
    if not report.missing:
        yield words["all"] % facts
    elif listed_in is None or len(report.missing) > MOST_NAMED:
        sentence = words["some_counted" if listed_in is None else "some_listed"]
        count = shown(len(report.missing))
        yield sentence % {**facts, "count": count, "annex": listed_in}
    else:
        names = "; ".join(" ".join(name.split()) for name in report.missing)
        yield words["some"] % {**facts, "missing": names}
    used = [child.used for child in report.children]
    if late := used.count(Used.LATE):
        yield words["late"] % {"count": shown(late)}
    if listed_in is not None and (left := used.count(Used.EXCLUDED)):
        yield words["excluded"] % {"count": shown(left), "annex": listed_in}
