"""Day and place of a letter, also where day and month were stamped on behind their line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from quetsach.letters.dates import day_of, days
from quetsach.letters.lines import Line
from quetsach.letters.model import Found
from quetsach.letters.questions import Open

_BLANK = r"[.…_ ]{0,20}"
_DAY = re.compile(
    rf"(?<![a-z])ngay{_BLANK}(?P<day>[0-9]{{1,2}})?{_BLANK}thang{_BLANK}(?P<month>[0-9]{{1,2}})?"
    rf"{_BLANK}nam{_BLANK}(?P<year>(?:19|20|21)[0-9]{{2}})?(?![0-9]{{3}})"
    r"(?P<stamps>(?: ?[0-9]{1,4}){1,3} ?\Z)?"
)


@dataclass(frozen=True)
class Issued:
    """Day and place; `stamped` tells whether the day was found behind its line."""

    date: Found[str]
    place: Found[str]
    stamped: bool = False
    year: int | None = None


def issued(head: Sequence[Line], opened: Open) -> Issued:
    """Return day and place of the letter from its head."""
    lines = [(one, found) for one in head if (found := _DAY.search(one.folded)) is not None]
    if not lines:
        return _by_figures(head, opened)
    whole = {_written(found) for _one, found in lines}
    if len(whole) > 1 and any("," in one.text[: found.start()] for one, found in lines):
        own = [pair for pair in lines if "," in pair[0].text[: pair[1].start()][-3:]]
        lines = own if len(own) == 1 else lines
        whole = {_written(found) for _one, found in lines}
    if len(whole) > 1:
        words = "; ".join(one.at(*found.span()) for one, found in lines)
        question = opened.ask("date", "date-several", words=words)
        return Issued(Found(source=lines[0][0].source, question=question), Found())
    return _judged(*lines[0], opened)


def _written(found: re.Match[str]) -> tuple[str | None, ...]:
    return (found["day"], found["month"], found["year"], found["stamps"])


def _judged(line: Line, found: re.Match[str], opened: Open) -> Issued:
    place = _place(line, found.start())
    year = int(found["year"]) if found["year"] else None
    day, month = found["day"], found["month"]
    stamps = (found["stamps"] or "").split()
    words = line.at(*found.span())
    if day and month and year:
        value = day_of(year, int(month), int(day))
        if value is None:
            question = opened.ask("date", "date-impossible", words=words)
            return Issued(Found(source=line.source, question=question), place, year=year)
        return Issued(Found(value.isoformat(), line.source), place, year=year)
    if year is not None and stamps:
        return _stamped(line, found, place, opened)
    partial = _partial(year, month)
    question = _asked(partial, opened)
    return Issued(Found(source=line.source, question=question, partial=partial), place, year=year)


def _stamped(line: Line, found: re.Match[str], place: Found[str], opened: Open) -> Issued:
    """Put the stamped figures into the blanks, if they fit in one way only."""
    year = int(found["year"])
    blanks = [name for name in ("day", "month") if not found[name]]
    stamps = found["stamps"].split()
    fits = set()
    for order in permutations(stamps) if len(stamps) == len(blanks) else ():
        known = {name: int(found[name]) for name in ("day", "month") if found[name]}
        known.update(zip(blanks, map(int, order), strict=True))
        value = day_of(year, known["month"], known["day"])
        if value is not None:
            fits.add(value)
    if len(fits) == 1:
        return Issued(Found(fits.pop().isoformat(), line.source), place, stamped=True, year=year)
    words = line.at(*found.span())
    partial = _partial(year, found["month"])
    question = opened.ask("date", "date-order", words=words)
    return Issued(Found(source=line.source, question=question, partial=partial), place, True, year)


def _asked(partial: str, opened: Open) -> str:
    year, _sign, month = partial.partition("-")
    if month:
        return opened.ask("date", "date-partial", month=f"{int(month)}/{year}")
    return opened.ask("date", "date-year", year=year) if year else opened.ask("date", "date")


def _partial(year: int | None, month: str | None) -> str:
    if year is None:
        return ""
    return f"{year}-{int(month):02d}" if month and 1 <= int(month) <= 12 else str(year)


def _place(line: Line, end: int) -> Found[str]:
    """Return the place named before the day: the words with capitals that lead up to it."""
    before = line.text[:end].rstrip()
    if not before.endswith(","):
        return Found()
    taken: list[str] = []
    for word in reversed(before[:-1].split()[-8:]):
        if word != "-" and not (word[0].isupper() and "/" not in word and ":" not in word):
            break
        if any(sign.isdecimal() for sign in word):
            break
        if taken and not taken[0].isupper() and word.isupper() and len(word) > 3:
            # A body's name in capitals ran into the line.
            break
        taken.insert(0, word)
    value = " ".join(taken).strip("- ")
    return Found(value, line.source) if value else Found()


def _by_figures(head: Sequence[Line], opened: Open) -> Issued:
    """Return a day written without "ngày ... tháng", where it alone fills a line of the head."""
    for one in head:
        for day in days(one.folded):
            around = one.folded[: day.start].rstrip(" ,:") + one.folded[day.end :]
            bare = re.fullmatch(r"(?:[\w .-]{0,30}, ?)?(?:ngay|date|dated)?\W*", around)
            if bare is not None and day.value is not None:
                place = _place(one, len(re.sub(r"ngay ?\Z", "", one.folded[: day.start])))
                year = day.value.year
                return Issued(Found(day.value.isoformat(), one.source), place, year=year)
    return Issued(Found(question=opened.ask("date", "date")), Found())
