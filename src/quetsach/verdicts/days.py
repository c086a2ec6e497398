"""Local days as ISO dates: counted, put together into spans, and written for people."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from quetsach.texts import _, language

MOST_DAYS = 366
"""How many single days are named at most, the latest; a clock that is years off names no more."""

MOST_SPANS = 4

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def days_between(after: str, before: str) -> int:
    """Return how many whole days lie after the day `after` and before the day `before`."""
    return max(0, (date.fromisoformat(before) - date.fromisoformat(after)).days - 1)


def latest_days(after: str, before: str) -> Iterator[str]:
    """Yield the days after `after` and before `before`, in order; of too many the latest."""
    end = date.fromisoformat(before).toordinal()
    begin = date.fromisoformat(after).toordinal() + 1
    for number in range(max(begin, end - MOST_DAYS), end):
        yield date.fromordinal(number).isoformat()


def day_after(day: str, days: int) -> str:
    """Return the day `days` later, "" where the calendar ends before it."""
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except OverflowError:
        return ""


def spans(days: Iterable[str]) -> list[tuple[str, str]]:
    """Return the days put together into (first, last) of days that follow each other."""
    found: list[tuple[date, date]] = []
    for day in sorted(map(date.fromisoformat, set(days))):
        if found and (day - found[-1][1]).days == 1:
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return [(first.isoformat(), last.isoformat()) for first, last in found]


def day_text(day: str) -> str:
    """Return a day for people: 12/09/2022, or 12 September 2022."""
    one = date.fromisoformat(day)
    if language() == "vi":
        return f"{one.day:02}/{one.month:02}/{one.year}"
    return f"{one.day} {_MONTHS[one.month - 1]} {one.year}"


def days_text(days: Iterable[str]) -> str:
    """Return days as spans: `on 5 September 2022, from 12 to 14 September 2022`."""
    found = spans(days)
    shown = [_span_text(*one) for one in found[:MOST_SPANS]]
    if len(found) > MOST_SPANS:
        shown.append(_("and in %(count)s more spans") % {"count": len(found) - MOST_SPANS})
    return ", ".join(shown)


def _span_text(first: str, last: str) -> str:
    if first == last:
        return _("on %(day)s") % {"day": day_text(first)}
    facts = {"first": _short(first, last), "last": day_text(last)}
    return _("from %(first)s to %(last)s") % facts


def _short(first: str, last: str) -> str:
    """Return the first day of a span without what its last day says again."""
    if language() == "vi" or first[:4] != last[:4]:
        return day_text(first)
    words: Sequence[str] = day_text(first).split()
    return " ".join(words[:1] if first[:7] == last[:7] else words[:2])
