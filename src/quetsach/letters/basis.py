"""The letters, plans and laws that a letter rests on."""

import re
from collections.abc import Iterator

from quetsach.letters.dates import DAY, day_in
from quetsach.letters.kinds import BODY_OR_PERSON, KINDS
from quetsach.letters.lines import Line, fold
from quetsach.letters.model import Basis, Found, Source
from quetsach.letters.questions import Open

MOST_BASIS = 100

_NAMES = "|".join(
    sorted((fold(name) for name in KINDS.values() if " " in name), key=len, reverse=True)
)
_REST = re.compile(
    rf"(?P<kind>(?<![a-z])(?:cong van|thong tu|nghi dinh|luat|{_NAMES}))"
    r"(?: lien tich| hoa toc| khan)? (?:so|s[o06]) ?:? ?"
    r"(?:(?P<number>[0-9]{1,6}[a-z]?)?(?: ?/ ?| ?- ?)"
    r"(?P<code>(?:[0-9]{4}/)?[a-z](?:[a-z0-9&]|[-/](?=[a-z0-9]))*))?"
)
_DAY = re.compile(rf" ?,?\(? ?ngay ?{DAY}")
_NO_DAY = re.compile(r" ?,? ?ngay[ .…_]{0,20}thang")
_ISSUER = re.compile(
    r" ?,?\(? ?cua (?P<issuer>[^,;.()]{2,200}?)(?= (?:ve viec|v/v|ve) |[,;.()]|\Z)"
)
_SUBJECT = re.compile(r" ?,? (?:ve viec|v/v|ve) (?P<subject>[^;]{2,400}?)(?=;|\. |\.?\Z|\.?/\.)")

_NEXT = re.compile(
    r", (?=[a-z])| va (?=(?:cong van|ke hoach|chi thi|quyet dinh|thong bao) so)"
    r"|, (?:don vi|co quan) bao cao "
)


def basis_in(line: Line, opened: Open) -> Iterator[Basis]:
    """Yield the documents that a line names by number."""
    for found in _REST.finditer(line.folded):
        yield _one(line, found, opened)


def _one(line: Line, found: re.Match[str], opened: Open) -> Basis:
    source = line.source
    kind = line.at(*found.span("kind"))
    end = found.end()
    number: Found[str] = Found(found["number"], source)
    if found["number"] is None:
        number = Found(source=source, question=opened.ask("basis", "basis-number", kind=kind))
    code = line.at(*found.span("code")) if found["code"] else None
    day, end = _day(line, end, kind, opened)
    issuer = _ISSUER.match(line.folded, end)
    end = issuer.end() if issuer else end
    subject = _SUBJECT.match(line.folded, end)
    return Basis(
        kind,
        number,
        Found(code, source) if code else Found(),
        day,
        Found(line.at(*issuer.span("issuer")), source) if issuer else Found(),
        Found(_until_next(line.at(*subject.span("subject"))), source) if subject else Found(),
        source,
    )


def _until_next(subject: str) -> str:
    """Return the subject without what the sentence goes on with: who writes, or the next basis."""
    for found in _NEXT.finditer(fold(subject)):
        if subject[found.end()].isupper() or found[0].endswith(" "):
            after = fold(subject[found.end() :])
            if not found[0].startswith(",") or BODY_OR_PERSON.match(after):
                return subject[: found.start()].strip()
    return subject


def _day(line: Line, end: int, kind: str, opened: Open) -> tuple[Found[str], int]:
    found = _DAY.match(line.folded, end)
    if found is None:
        blank = _NO_DAY.match(line.folded, end)
        if blank is None:
            return Found(), end
        return Found(question=opened.ask("basis", "basis-date", kind=kind)), end
    day = day_in(found)
    words = line.at(day.start, day.end)
    if day.value is None:
        question = opened.ask("basis", "date-impossible", words=words)
        return Found(source=line.source, question=question), found.end()
    return Found(day.value.isoformat(), Source(line.text, line.place)), found.end()
