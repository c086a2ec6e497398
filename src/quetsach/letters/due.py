"""Due dates: the words of a letter as the last moment in which a report is still in time.

"Trước ngày 29/9/2022" shuts that day out; "chậm nhất ngày", "đến hết ngày" and "trong ngày" let
it in. Times are those of Vietnam.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from quetsach.letters.lines import fold_accents
from quetsach.letters.model import DueDate, OpenQuestions, Quote

# Days as letters write them: 09/9/2022, 29-9-2022, ngày 29 tháng 9 năm 2022, 29 September 2022.

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ENGLISH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS)

# In text without accents (lines.fold). No day within an address, a number or a longer chain.
DAY = (
    r"(?<![0-9/.,-])(?:"
    r"(?P<d1>[0-9]{1,2}) ?(?P<s>[/.-]) ?(?P<m1>[0-9]{1,2})(?: ?(?P=s) ?(?P<y1>[0-9]{4}))?"
    r"(?! ?[/-] ?[0-9a-z]|[0-9]|\.[0-9])"
    r"|(?P<d2>[0-9]{1,2}) ?thang ?(?P<m2>[0-9]{1,2})(?![0-9/])"
    r"(?: ?,? ?nam ?(?P<y2>[0-9]{4})(?![0-9]))?"
    rf"|(?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m3>{_ENGLISH})\.?,? (?P<y3>[0-9]{{4}})(?![0-9])"
    rf"|(?<![a-z])(?P<m4>{_ENGLISH})\.? (?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>[0-9]{{4}})"
    r"(?![0-9])"
    r")"
)
"""One day; it has named groups, so a pattern contains it once."""

_DAY = re.compile(DAY)


@dataclass(frozen=True)
class LetterDay:
    """A day as written in a text; `value` is None where there is no such day or no year."""

    start: int
    end: int
    day: int
    month: int
    year: int | None

    @property
    def value(self) -> date | None:
        """The day itself."""
        return None if self.year is None else day_of(self.year, self.month, self.day)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return that day, or None if the calendar has none."""
    try:
        return date(year, month, day) if 1900 <= year <= 2199 else None
    except ValueError:
        return None


def day_in(match: re.Match[str]) -> LetterDay:
    """Return the day that a pattern with DAY has found."""
    part = match.groupdict()
    for n in "1234":
        if part[f"d{n}"] is not None:
            year = part[f"y{n}"]
            return LetterDay(
                match.start(f"d{n}") if n != "4" else match.start("m4"),
                match.end(f"y{n}") if year else match.end(f"m{n}"),
                int(part[f"d{n}"]),
                _month(part[f"m{n}"]),
                int(year) if year else None,
            )
    raise AssertionError("a pattern without DAY")


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text[:3]))


def days(folded: str) -> Iterator[LetterDay]:
    """Yield the days in a text without accents, those with a year only."""
    for found in _DAY.finditer(folded):
        one = day_in(found)
        if one.year is not None:
            yield one


ZONE = timezone(timedelta(hours=7))
"""Vietnam's clock, without summer time."""

_SECOND = timedelta(seconds=1)
_DUE_DAY = timedelta(days=1)

# What may come between the word and the day; all bounded.
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
class KnownDate:
    """What is known of the letter's own date: the year, and the whole day where it is sure."""

    year: int | None = None
    day: date | None = None


def dues_in(
    source: Quote, dated: KnownDate, opened: OpenQuestions, field: str
) -> tuple[DueDate, ...]:
    """Return the due dates that one sentence names, in its order."""
    folded = fold_accents(source.text)
    report = _REPORT.search(folded) is not None
    dues: list[DueDate] = []
    done = 0
    for start in _STARTS.finditer(folded):
        # "Trong ngày 27/6/2022, hệ thống ghi nhận ...": what begins so tells, and asks nothing.
        if start.start() < done or (start.start() == 0 and start[0].startswith("trong")):
            continue
        match = _DUE.match(folded, start.start())
        month = _WHOLE_MONTH.match(folded, start.start())
        if match is not None and (match["before"] or match["until"] or match["limit"]):
            done = match.end()
            dues.append(_one(match, source, report, (dated, opened, field)))
        elif month is not None:
            done = month.end()
            dues.append(_due_month(month, source, report, (opened, field)))
    return tuple(dues)


def _one(
    match: re.Match[str], source: Quote, report: bool, around: tuple[KnownDate, OpenQuestions, str]
) -> DueDate:
    dated, opened, field = around
    words = source.text[match.start() : match.end()].strip()
    inclusive = match["before"] is None
    base = DueDate(words, source, inclusive=inclusive, report=report)
    if match["monthday"] or match["weekday"]:
        return _repeated(match, base)
    day = day_in(match)
    year = day.year if day.year is not None else dated.year
    if year is None:
        return _with(base, question=opened.ask(field, "due-year", words=words))
    moment = day_of(year, day.month, day.day)
    if moment is None:
        return _with(base, question=opened.ask(field, "date-impossible", words=words))
    if day.year is None and dated.day is not None and moment < dated.day:
        # A letter of December may mean January: the year is not written, so it is asked for.
        return _with(base, question=opened.ask(field, "due-year", words=words))
    if match["limit"] and not match["until"] and not match["before"]:
        return _with(base, question=opened.ask(field, "due-unclear", words=words))
    return _with(base, last=_last(match, moment, inclusive))


def _last(match: re.Match[str], day: date, inclusive: bool) -> datetime:
    start = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    if match["hour"] is None:
        return start - _SECOND if not inclusive else start + _DUE_DAY - _SECOND
    hour = int(match["hour"])
    if hour < 12 and (match["half"] or "").strip() in ("chieu", "toi", "pm"):
        hour += 12
    at = start + timedelta(hours=hour, minutes=int(match["minute"] or 0))
    return at if inclusive else at - _SECOND


def _due_month(
    match: re.Match[str], source: Quote, report: bool, around: tuple[OpenQuestions, str]
) -> DueDate:
    words = source.text[match.start() : match.end()].strip()
    year, month = int(match["year"]), int(match["month"])
    inclusive = match["word"] != "truoc"
    first = day_of(year, month, 1)
    base = DueDate(words, source, inclusive=inclusive, report=report)
    if first is None:
        return _with(base, question=around[0].ask(around[1], "date-impossible", words=words))
    end = (first.replace(day=28) + 4 * _DUE_DAY).replace(day=1) if inclusive else first
    return _with(base, last=datetime(end.year, end.month, 1, tzinfo=ZONE) - _SECOND)


def _repeated(match: re.Match[str], base: DueDate) -> DueDate:
    if match["monthday"]:
        return DueDate(
            base.words,
            base.source,
            inclusive=base.inclusive,
            report=base.report,
            repeats="monthly",
            day=int(match["monthday"]),
        )
    word = match["weekday"]
    return DueDate(
        base.words,
        base.source,
        inclusive=base.inclusive,
        report=base.report,
        repeats="weekly",
        day=_WEEKDAYS[word] if word in _WEEKDAYS else int(word) - 1,
    )


def _with(base: DueDate, *, last: datetime | None = None, question: str | None = None) -> DueDate:
    return DueDate(
        base.words,
        base.source,
        last_moment=None if last is None else last.isoformat(),
        inclusive=base.inclusive,
        report=base.report,
        question=question,
    )
