"""Numbers, sizes, times and foreign text as they are written in the language in use."""

import unicodedata
from datetime import date, datetime, tzinfo

from quetsach.texts import _, language

LONGEST_TEXT = 500
"""How many characters of one foreign text the page shows; the JSON files hold the whole."""

_WEEKDAYS_VI = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_KIB = 1024


def number(value: int) -> str:
    """Return `value` with thousands apart: 1.234.567 in Vietnamese, 1,234,567 in English."""
    text = f"{value:,}"
    return text if language() == "en" else text.replace(",", ".")


def size(count: int) -> str:
    """Return a number of bytes in the unit that reads best, powers of 1,024."""
    if count < _KIB:
        return _("%(n)s bytes") % {"n": number(count)}
    amount = float(count)
    unit = "KiB"
    for unit in ("KiB", "MiB", "GiB", "TiB"):  # noqa: B007 - the unit it stops at is the answer
        amount /= _KIB
        if amount < _KIB:
            break
    whole, tenth = divmod(round(amount * 10), 10)
    mark = "." if language() == "en" else ","
    return f"{number(whole)}{mark}{tenth} {unit}"


def moment(text: str | None, zone: tzinfo) -> str:
    """Return an ISO 8601 time as people write it, in `zone`; a dash where there is none."""
    return "–" if text is None else moment_of(datetime.fromisoformat(text).astimezone(zone))


def span(first: str | None, last: str | None, zone: tzinfo) -> str:
    """Return the time from `first` to `last`; a single dash where neither is known."""
    if first is None and last is None:
        return "–"
    # The dash stays with what it follows: alone on a line it is lost.
    return f"{moment(first, zone)}\N{NO-BREAK SPACE}– {moment(last, zone)}"


def moment_of(when: datetime) -> str:
    """Return `when` as 12/9/2022 08:15 in Vietnamese, 12 Sep 2022 08:15 in English."""
    # Kept on one line by no-break spaces: a date torn apart in a narrow column is misread.
    return f"{day(when)} {when:%H:%M}".replace(" ", "\N{NO-BREAK SPACE}")


def day(when: date) -> str:
    """Return the day of `when` as 12/9/2022 in Vietnamese, 12 Sep 2022 in English."""
    return f"{short_day(when)}{' ' if language() == 'en' else '/'}{when.year}"


def short_day(when: date) -> str:
    """Return the day of `when` without its year."""
    if language() == "en":
        return f"{when.day} {_MONTHS_EN[when.month - 1]}"
    return f"{when.day}/{when.month}"


def weekday(when: date) -> str:
    """Return the short name of the day of the week."""
    return (_WEEKDAYS_EN if language() == "en" else _WEEKDAYS_VI)[when.weekday()]


def month(when: date) -> str:
    """Return the month of `when` with its year."""
    if language() == "en":
        return f"{_MONTHS_EN[when.month - 1]} {when.year}"
    return f"{when.month}/{when.year}"


def foreign(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return text from a log, list or path, fit to be seen: nothing invisible, not too long.

    Control and format characters (a right-to-left override turns `gpj.exe` around) are written
    as their code point, because a reader must see what stands in the evidence.
    """
    shown = "".join(_seen(one) for one in text[:longest])
    left = len(text) - longest
    if left <= 0:
        return shown
    return shown + " " + _("… (%(n)s more characters in the JSON files)") % {"n": number(left)}


def _seen(one: str) -> str:
    if one == " " or not unicodedata.category(one).startswith(("C", "Z")):
        return one
    return f"‹U+{ord(one):04X}›"
