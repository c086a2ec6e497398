"""Number and code of a letter, also where the number was stamped on later and lost its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from quetsach.letters.due import day_of, days
from quetsach.letters.lines import LetterLine, fold_accents
from quetsach.letters.model import OpenQuestions, ReadField

_CODE = r"[a-z](?:[a-z0-9&.]|[-/](?=[a-z]))*"
_BOUNDED_CODE = rf"(?=(?P<code>(?:(?:19|20)[0-9]{{2}}/)?{_CODE}))(?P=code)"
_LABEL = r"(?:\A|(?<=[^a-z0-9]))(?:s[o06]|no|ref(?:erence)?(?: ?no)?|our ref) ?[.:]{0,2} ?"
_BLANK = r"[.…_ ]{0,30}"
# Số: 1790/STTTT-BCVTCNTT, Số: /UBND-TH, Số: 12/2022/QĐ-UBND
_STATE = re.compile(rf"{_LABEL}{_BLANK}(?P<number>[0-9]{{1,6}}[a-z]?)?{_BLANK}/ ?{_BOUNDED_CODE}")
# Số 12-CV/HU, Số -CV/HU
_PARTY = re.compile(
    rf"{_LABEL}{_BLANK}(?P<number>[0-9]{{1,6}})?{_BLANK}[-–] ?"
    r"(?P<code>[a-z]{1,5}/[a-z]{1,8}(?:-[a-z]{1,8})?)(?![a-z])"
)
_ONLY_NUMBER = re.compile(rf"{_LABEL}{_BLANK}(?P<number>[0-9]{{1,6}})(?![0-9/.-])")
_GLUED = re.compile(r"(?P<code>.*?[a-z&])(?P<digits>[0-9]{1,6})\Z")
# Units of the police have digits of their own in their names: PA05, PC02, A05.
_POLICE = re.compile(r"(?:p[abchkvtx]|[abchkvxt])[0-9]{2}\Z")
_AFTER = re.compile(r" ([0-9]{1,5})(?=\Z| [a-z][a-z .-]{0,40}, ?ngay)")
_YEARS = range(1980, 2101)


def number_and_code(
    head: Sequence[LetterLine], *, file: str, stamped: bool, opened: OpenQuestions
) -> tuple[ReadField[str], ReadField[str]]:
    """Return number and code; null with a question where they are not sure.

    Shapes: `stamped` says that the head's day was stamped on out of its order as well.
    """
    for line in head:
        for pattern in (_STATE, _PARTY):
            match = pattern.search(line.folded)
            if match is not None and _is_label(line, match):
                return _judged(line, match, file=file, stamped=stamped, opened=opened)
    for line in head:
        match = _ONLY_NUMBER.match(line.folded)
        if match is not None and line.text[:1].isupper():
            # Without its code nobody can tell whether the number is whole.
            question = opened.ask("number", "number")
            number = ReadField[str](source=line.source, question=question, partial=match["number"])
            return number, ReadField(source=line.source, question=opened.ask("code", "code"))
    missing: ReadField[str] = ReadField(question=_missing(None, file, opened))
    return missing, ReadField(question=opened.ask("code", "code"))


def _is_label(line: LetterLine, found: re.Match[str]) -> bool:
    """Tell whether it is the letter's own: a letter that is quoted says "số", small."""
    code = line.at(*found.span("code"))
    start = line.text[found.start()]
    return start.isupper() and any(map(str.isupper, code))


def _judged(
    line: LetterLine, match: re.Match[str], *, file: str, stamped: bool, opened: OpenQuestions
) -> tuple[ReadField[str], ReadField[str]]:
    code = line.at(*match.span("code")).rstrip(".&")
    source = line.source
    if match["number"]:
        number = match["number"]
        hint = _in_file_name(code, file)
        if hint is not None and hint.lstrip("0") != number.lstrip("0"):
            facts = {"number": number, "hint": hint}
            question = opened.ask("number", "number-differs", **facts)
            return ReadField(source=source, question=question), ReadField(code, source)
        return ReadField(number, source), ReadField(code, source)
    glued = _GLUED.match(fold_accents(code))
    if glued is not None:
        return _unglued(line, code, glued, stamped=stamped, opened=opened)
    after = _AFTER.match(line.folded, match.end("code"))
    if after is not None and int(after[1]) not in _YEARS:
        return ReadField(after[1], source), ReadField(code, source)
    return ReadField(source=source, question=_missing(code, file, opened)), ReadField(code, source)


def _unglued(
    line: LetterLine, code: str, glued: re.Match[str], *, stamped: bool, opened: OpenQuestions
) -> tuple[ReadField[str], ReadField[str]]:
    """Take a stamped number off the code it ran into, where only one reading makes sense."""
    digits, source = glued["digits"], line.source
    last = re.split(r"[-/]", fold_accents(code))[-1]
    sure = len(digits) >= 3 or (stamped and len(last) - len(digits) >= 3)
    if sure and not _POLICE.match(last) and int(digits) not in _YEARS:
        return ReadField(digits, source), ReadField(code[: glued.end("code")], source)
    question = opened.ask("number", "number-glued", words=code)
    # The code may end in digits by itself (PA05); then the number is still missing.
    whole = (
        ReadField(code, source)
        if _POLICE.match(last)
        else ReadField[str](source=source, question=question)
    )
    return ReadField(source=source, question=question), whole


def _missing(code: str | None, file: str, opened: OpenQuestions) -> str:
    hint = None if code is None else _in_file_name(code, file)
    if hint is None:
        return opened.ask("number", "number")
    return opened.ask("number", "number-file", hint=hint)


def _in_file_name(code: str, file: str) -> str | None:
    """Return the number beside the code in the name of the file."""
    name = re.sub(r"[^a-z0-9]+", "-", fold_accents(file[:200]))
    plain = re.sub(r"[^a-z0-9]+", "-", fold_accents(code)).strip("-")
    match = re.search(
        rf"(?:(?<![0-9])([0-9]{{1,6}})-)?{re.escape(plain)}(?:-([0-9]{{1,6}}))?", name
    )
    if match is None or len(plain) < 3:
        return None
    return match[1] or match[2]


# Day and place of a letter, also where day and month were stamped on behind their line.

_ISSUED_BLANK = r"[.…_ ]{0,20}"
_DAY = re.compile(
    rf"(?<![a-z])ngay{_ISSUED_BLANK}(?P<day>[0-9]{{1,2}})?{_ISSUED_BLANK}thang{_ISSUED_BLANK}(?P<month>[0-9]{{1,2}})?"
    rf"{_ISSUED_BLANK}nam{_ISSUED_BLANK}(?P<year>(?:19|20|21)[0-9]{{2}})?(?![0-9]{{3}})"
    r"(?P<stamps>(?: ?[0-9]{1,4}){1,3} ?\Z)?"
)


@dataclass(frozen=True)
class IssueLine:
    """Day and place; `stamped` tells whether the day was found behind its line."""

    date: ReadField[str]
    place: ReadField[str]
    stamped: bool = False
    year: int | None = None


def issued(head: Sequence[LetterLine], opened: OpenQuestions) -> IssueLine:
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
        return IssueLine(ReadField(source=lines[0][0].source, question=question), ReadField())
    return _issued_judged(*lines[0], opened)


def _written(found: re.Match[str]) -> tuple[str | None, ...]:
    return (found["day"], found["month"], found["year"], found["stamps"])


def _issued_judged(line: LetterLine, match: re.Match[str], opened: OpenQuestions) -> IssueLine:
    place = _place(line, match.start())
    year = int(match["year"]) if match["year"] else None
    day, month = match["day"], match["month"]
    stamps = (match["stamps"] or "").split()
    words = line.at(*match.span())
    if day and month and year:
        issued = day_of(year, int(month), int(day))
        if issued is None:
            question = opened.ask("date", "date-impossible", words=words)
            return IssueLine(ReadField(source=line.source, question=question), place, year=year)
        return IssueLine(ReadField(issued.isoformat(), line.source), place, year=year)
    if year is not None and stamps:
        return _stamped(line, match, place, opened)
    partial = _partial(year, month)
    question = _asked(partial, opened)
    return IssueLine(
        ReadField(source=line.source, question=question, partial=partial), place, year=year
    )


def _stamped(
    line: LetterLine, match: re.Match[str], place: ReadField[str], opened: OpenQuestions
) -> IssueLine:
    """Put the stamped figures into the blanks, if they fit in one way only."""
    year = int(match["year"])
    blanks = [name for name in ("day", "month") if not match[name]]
    stamps = match["stamps"].split()
    fits = set()
    for order in permutations(stamps) if len(stamps) == len(blanks) else ():
        figures = {name: int(match[name]) for name in ("day", "month") if match[name]}
        figures.update(zip(blanks, map(int, order), strict=True))
        issued = day_of(year, figures["month"], figures["day"])
        if issued is not None:
            fits.add(issued)
    if len(fits) == 1:
        return IssueLine(
            ReadField(fits.pop().isoformat(), line.source), place, stamped=True, year=year
        )
    words = line.at(*match.span())
    partial = _partial(year, match["month"])
    question = opened.ask("date", "date-order", words=words)
    return IssueLine(
        ReadField(source=line.source, question=question, partial=partial), place, True, year
    )


def _asked(partial: str, opened: OpenQuestions) -> str:
    year, _sign, month = partial.partition("-")
    if month:
        return opened.ask("date", "date-partial", month=f"{int(month)}/{year}")
    return opened.ask("date", "date-year", year=year) if year else opened.ask("date", "date")


def _partial(year: int | None, month: str | None) -> str:
    if year is None:
        return ""
    return f"{year}-{int(month):02d}" if month and 1 <= int(month) <= 12 else str(year)


def _place(line: LetterLine, end: int) -> ReadField[str]:
    """Return the place named before the day: the words with capitals that lead up to it."""
    before = line.text[:end].rstrip()
    if not before.endswith(","):
        return ReadField()
    words: list[str] = []
    for word in reversed(before[:-1].split()[-8:]):
        if word != "-" and not (word[0].isupper() and "/" not in word and ":" not in word):
            break
        if any(sign.isdecimal() for sign in word):
            break
        if words and not words[0].isupper() and word.isupper() and len(word) > 3:
            # A body's name in capitals ran into the line.
            break
        words.insert(0, word)
    value = " ".join(words).strip("- ")
    return ReadField(value, line.source) if value else ReadField()


def _by_figures(head: Sequence[LetterLine], opened: OpenQuestions) -> IssueLine:
    """Return a day written without "ngày ... tháng", where it alone fills a line of the head."""
    for line in head:
        for day in days(line.folded):
            around = line.folded[: day.start].rstrip(" ,:") + line.folded[day.end :]
            bare = re.fullmatch(r"(?:[\w .-]{0,30}, ?)?(?:ngay|date|dated)?\W*", around)
            if bare is not None and day.value is not None:
                place = _place(line, len(re.sub(r"ngay ?\Z", "", line.folded[: day.start])))
                year = day.value.year
                return IssueLine(ReadField(day.value.isoformat(), line.source), place, year=year)
    return IssueLine(ReadField(question=opened.ask("date", "date")), ReadField())
