"""Due dates: the words of a letter as the last moment in which a report is still in time.

"Trước ngày 29/9/2022" shuts that day out; "chậm nhất ngày", "đến hết ngày" and "trong ngày" let
it in. Times are those of Vietnam.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from quetsach.letters.dates import DAY, day_in, day_of
from quetsach.letters.lines import fold
from quetsach.letters.model import Due, Source
from quetsach.letters.questions import Open

ZONE = timezone(timedelta(hours=7))
"""Vietnam's clock, without summer time."""

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)

# What may stand between the word and the day; all bounded.
_FILL = (
    r"(?:[ ,:(]|ngay|vao|la|den|het|luc|thoi diem|thoi han|gio hanh chinh|thu [a-z]{2,4}"
    r"|thu [2-7]|chu nhat){0,10}?"
)
_BEFORE = r"(?P<before>(?<![a-z])truoc(?! het,)|(?<![a-z])before)"
_UNTIL = (
    r"(?P<until>(?<![a-z])(?:cham nhat|muon nhat|den het|het ngay|trong ngay|khong qua"
    r"|no later than|not later than|by|until)(?![a-z]))"
)
_LIMIT = (
    r"(?P<limit>(?<![a-z])(?:han chot|han cuoi|han nop|han gui|han bao cao|thoi han(?: bao cao"
    r"| hoan thanh| gui| nop)?|deadline|due(?: date)?)(?![a-z])[ :]{0,3}(?:la )?)"
)
_CLOCK = (
    r"(?:(?P<hour>[01]?[0-9]|2[0-4]) ?(?:h|gio|g|:) ?(?P<minute>[0-5][0-9])?(?![0-9])"
    r"(?: ?phut)?(?P<half> ?(?:chieu|sang|toi|am|pm))?)?"
)
_REPEAT = (
    r"(?:ngay )?(?P<monthday>[0-9]{1,2}) (?:h[ao]ng thang|cua thang|moi thang|thang sau)"
    r"|(?:thu )?(?P<weekday>hai|ba|tu|nam|sau|bay|[2-7]|chu nhat)(?: hang tuan| moi tuan)"
)
_MONTH = r"thang (?P<month>[0-9]{1,2}) ?(?:/|nam|-) ?(?P<year>[0-9]{4})(?![0-9])"
_DUE = re.compile(
    rf"(?:{_LIMIT})?(?:{_UNTIL} ?)?(?:{_BEFORE})?{_FILL}{_CLOCK}{_FILL}(?:{DAY}|{_REPEAT})"
)
_STARTS = re.compile(
    r"(?<![a-z])(?:truoc|before|cham nhat|muon nhat|den het|het|trong|khong qua"
    r"|no later than|not later than|by|until|han|thoi han|deadline|due)(?![a-z])"
)
_WHOLE_MONTH = re.compile(rf"(?<![a-z])(?P<word>trong|het|truoc|cham nhat) (?:{_MONTH})")
_WEEKDAYS = {"hai": 1, "ba": 2, "tu": 3, "nam": 4, "sau": 5, "bay": 6, "chu nhat": 7}
_REPORT = re.compile(r"bao cao|tong hop|phan hoi|gui ve|report")


@dataclass(frozen=True)
class Dated:
    """What is known of the letter's own date: the year, and the whole day where it is sure."""

    year: int | None = None
    day: date | None = None


def dues_in(source: Source, dated: Dated, opened: Open, field: str) -> tuple[Due, ...]:
    """Return the due dates that one sentence names, in its order."""
    folded = fold(source.text)
    report = _REPORT.search(folded) is not None
    found: list[Due] = []
    done = 0
    for start in _STARTS.finditer(folded):
        # "Trong ngày 27/6/2022, hệ thống ghi nhận ...": what begins so tells, and asks nothing.
        if start.start() < done or (start.start() == 0 and start[0].startswith("trong")):
            continue
        match = _DUE.match(folded, start.start())
        month = _WHOLE_MONTH.match(folded, start.start())
        if match is not None and (match["before"] or match["until"] or match["limit"]):
            done = match.end()
            found.append(_one(match, source, report, (dated, opened, field)))
        elif month is not None:
            done = month.end()
            found.append(_month(month, source, report, (opened, field)))
    return tuple(found)


def _one(
    match: re.Match[str], source: Source, report: bool, around: tuple[Dated, Open, str]
) -> Due:
    dated, opened, field = around
    words = source.text[match.start() : match.end()].strip()
    inclusive = match["before"] is None
    base = Due(words, source, inclusive=inclusive, report=report)
    if match["monthday"] or match["weekday"]:
        return _repeated(match, base)
    day = day_in(match)
    year = day.year if day.year is not None else dated.year
    if year is None:
        return _with(base, question=opened.ask(field, "due-year", words=words))
    value = day_of(year, day.month, day.day)
    if value is None:
        return _with(base, question=opened.ask(field, "date-impossible", words=words))
    if day.year is None and dated.day is not None and value < dated.day:
        # A letter of December may mean January: the year is not written, so it is asked for.
        return _with(base, question=opened.ask(field, "due-year", words=words))
    if match["limit"] and not match["until"] and not match["before"]:
        return _with(base, question=opened.ask(field, "due-unclear", words=words))
    return _with(base, last=_last(match, value, inclusive))


def _last(match: re.Match[str], day: date, inclusive: bool) -> datetime:
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    if match["hour"] is None:
        return start - _SECOND if not inclusive else start + _DAY - _SECOND
    hour = int(match["hour"])
    if hour < 12 and (match["half"] or "").strip() in ("chieu", "toi", "pm"):
        hour += 12
    at = start + timedelta(hours=hour, minutes=int(match["minute"] or 0))
    return at if inclusive else at - _SECOND


def _month(match: re.Match[str], source: Source, report: bool, around: tuple[Open, str]) -> Due:
    words = source.text[match.start() : match.end()].strip()
    year, month = int(match["year"]), int(match["month"])
    inclusive = match["word"] != "truoc"
    first = day_of(year, month, 1)
    base = Due(words, source, inclusive=inclusive, report=report)
    if first is None:
        return _with(base, question=around[0].ask(around[1], "date-impossible", words=words))
    end = (first.replace(day=28) + 4 * _DAY).replace(day=1) if inclusive else first
    return _with(base, last=datetime(end.year, end.month, 1, tzinfo=ZONE) - _SECOND)


def _repeated(match: re.Match[str], base: Due) -> Due:
    if match["monthday"]:
        return Due(
            base.words,
            base.source,
            inclusive=base.inclusive,
            report=base.report,
            repeats="monthly",
            day=int(match["monthday"]),
        )
    word = match["weekday"]
    return Due(
        base.words,
        base.source,
        inclusive=base.inclusive,
        report=base.report,
        repeats="weekly",
        day=_WEEKDAYS[word] if word in _WEEKDAYS else int(word) - 1,
    )


def _with(base: Due, *, last: datetime | None = None, question: str | None = None) -> Due:
    return Due(
        base.words,
        base.source,
        last_moment=None if last is None else last.isoformat(),
        inclusive=base.inclusive,
        report=base.report,
        question=question,
    )
