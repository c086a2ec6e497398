"""Days as letters write them: 09/9/2022, 29-9-2022, ngày 29 tháng 9 năm 2022, 29 September 2022."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
"""One day; names its groups, so it stands once in a pattern."""

_DAY = re.compile(DAY)


@dataclass(frozen=True)
class Day:
    """A day as it stands in a text; `value` is None where there is no such day or no year."""

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


def day_in(found: re.Match[str]) -> Day:
    """Return the day that a pattern with DAY has found."""
    part = found.groupdict()
    for n in "1234":
        if part[f"d{n}"] is not None:
            year = part[f"y{n}"]
            return Day(
                found.start(f"d{n}") if n != "4" else found.start("m4"),
                found.end(f"y{n}") if year else found.end(f"m{n}"),
                int(part[f"d{n}"]),
                _month(part[f"m{n}"]),
                int(year) if year else None,
            )
    raise AssertionError("a pattern without DAY")


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text[:3]))


def days(folded: str) -> Iterator[Day]:
    """Yield the days in a text without accents, those with a year only."""
    for found in _DAY.finditer(folded):
        one = day_in(found)
        if one.year is not None:
            yield one
