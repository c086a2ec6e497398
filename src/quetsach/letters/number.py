"""Number and code of a letter, also where the number was stamped on later and lost its place."""

import re
from collections.abc import Sequence

from quetsach.letters.lines import Line, fold
from quetsach.letters.model import Found
from quetsach.letters.questions import Open

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
    head: Sequence[Line], *, file: str, stamped: bool, opened: Open
) -> tuple[Found[str], Found[str]]:
    """Return number and code; null with a question where they are not sure.

    Shapes: `stamped` says that the head's day was stamped on out of its order as well.
    """
    for one in head:
        for pattern in (_STATE, _PARTY):
            found = pattern.search(one.folded)
            if found is not None and _is_label(one, found):
                return _judged(one, found, file=file, stamped=stamped, opened=opened)
    for one in head:
        found = _ONLY_NUMBER.match(one.folded)
        if found is not None and one.text[:1].isupper():
            # Without its code nobody can tell whether the number is whole.
            question = opened.ask("number", "number")
            number = Found[str](source=one.source, question=question, partial=found["number"])
            return number, Found(source=one.source, question=opened.ask("code", "code"))
    missing: Found[str] = Found(question=_missing(None, file, opened))
    return missing, Found(question=opened.ask("code", "code"))


def _is_label(line: Line, found: re.Match[str]) -> bool:
    """Tell whether it is the letter's own: a letter that is quoted says "số", small."""
    code = line.at(*found.span("code"))
    start = line.text[found.start()]
    return start.isupper() and any(map(str.isupper, code))


def _judged(
    line: Line, found: re.Match[str], *, file: str, stamped: bool, opened: Open
) -> tuple[Found[str], Found[str]]:
    code = line.at(*found.span("code")).rstrip(".&")
    source = line.source
    if found["number"]:
        number = found["number"]
        hint = _in_file_name(code, file)
        if hint is not None and hint.lstrip("0") != number.lstrip("0"):
            facts = {"number": number, "hint": hint}
            question = opened.ask("number", "number-differs", **facts)
            return Found(source=source, question=question), Found(code, source)
        return Found(number, source), Found(code, source)
    glued = _GLUED.match(fold(code))
    if glued is not None:
        return _unglued(line, code, glued, stamped=stamped, opened=opened)
    after = _AFTER.match(line.folded, found.end("code"))
    if after is not None and int(after[1]) not in _YEARS:
        return Found(after[1], source), Found(code, source)
    return Found(source=source, question=_missing(code, file, opened)), Found(code, source)


def _unglued(
    line: Line, code: str, glued: re.Match[str], *, stamped: bool, opened: Open
) -> tuple[Found[str], Found[str]]:
    """Take a stamped number off the code it ran into, where only one reading makes sense."""
    digits, source = glued["digits"], line.source
    last = re.split(r"[-/]", fold(code))[-1]
    sure = len(digits) >= 3 or (stamped and len(last) - len(digits) >= 3)
    if sure and not _POLICE.match(last) and int(digits) not in _YEARS:
        return Found(digits, source), Found(code[: glued.end("code")], source)
    question = opened.ask("number", "number-glued", words=code)
    # The code may end in digits by itself (PA05); then the number is still missing.
    whole = (
        Found(code, source) if _POLICE.match(last) else Found[str](source=source, question=question)
    )
    return Found(source=source, question=question), whole


def _missing(code: str | None, file: str, opened: Open) -> str:
    hint = None if code is None else _in_file_name(code, file)
    if hint is None:
        return opened.ask("number", "number")
    return opened.ask("number", "number-file", hint=hint)


def _in_file_name(code: str, file: str) -> str | None:
    """Return the number that stands beside the code in the name of the file."""
    name = re.sub(r"[^a-z0-9]+", "-", fold(file[:200]))
    plain = re.sub(r"[^a-z0-9]+", "-", fold(code)).strip("-")
    found = re.search(
        rf"(?:(?<![0-9])([0-9]{{1,6}})-)?{re.escape(plain)}(?:-([0-9]{{1,6}}))?", name
    )
    if found is None or len(plain) < 3:
        return None
    return found[1] or found[2]
