"""The body of a letter: what it rests on, what it asks for, and until when."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from quetsach.letters.due import DAY, KnownDate, day_in, dues_in
from quetsach.letters.kinds import BODY_OR_PERSON, KINDS
from quetsach.letters.lines import LetterLine, fold_accents, paragraphs
from quetsach.letters.model import DueDate, LegalBasis, LetterTask, OpenQuestions, Quote, ReadField
from quetsach.letters.number import IssueLine
from quetsach.letters.tasks import (
    MOST_TASKS,
    NumberedPoints,
    find_recipient_above,
    items_of,
    loose_items,
    sentences,
    task_of,
    with_who,
)

MOST_BASIS = 100

_NAMES = "|".join(
    sorted((fold_accents(name) for name in KINDS.values() if " " in name), key=len, reverse=True)
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


def basis_in(line: LetterLine, opened: OpenQuestions) -> Iterator[LegalBasis]:
    """Yield the documents that a line names by number."""
    for found in _REST.finditer(line.folded):
        yield _one(line, found, opened)


def _one(line: LetterLine, match: re.Match[str], opened: OpenQuestions) -> LegalBasis:
    source = line.source
    kind = line.at(*match.span("kind"))
    end = match.end()
    number: ReadField[str] = ReadField(match["number"], source)
    if match["number"] is None:
        number = ReadField(source=source, question=opened.ask("basis", "basis-number", kind=kind))
    code = line.at(*match.span("code")) if match["code"] else None
    day, end = _day(line, end, kind, opened)
    issuer = _ISSUER.match(line.folded, end)
    end = issuer.end() if issuer else end
    subject = _SUBJECT.match(line.folded, end)
    return LegalBasis(
        kind,
        number,
        ReadField(code, source) if code else ReadField(),
        day,
        ReadField(line.at(*issuer.span("issuer")), source) if issuer else ReadField(),
        ReadField(_until_next(line.at(*subject.span("subject"))), source)
        if subject
        else ReadField(),
        source,
    )


def _until_next(subject: str) -> str:
    """Return the subject without the rest of the sentence: the writer, or the next basis."""
    for match in _NEXT.finditer(fold_accents(subject)):
        if subject[match.end()].isupper() or match[0].endswith(" "):
            after = fold_accents(subject[match.end() :])
            if not match[0].startswith(",") or BODY_OR_PERSON.match(after):
                return subject[: match.start()].strip()
    return subject


def _day(
    line: LetterLine, end: int, kind: str, opened: OpenQuestions
) -> tuple[ReadField[str], int]:
    match = _DAY.match(line.folded, end)
    if match is None:
        blank = _NO_DAY.match(line.folded, end)
        if blank is None:
            return ReadField(), end
        return ReadField(question=opened.ask("basis", "basis-date", kind=kind)), end
    day = day_in(match)
    words = line.at(day.start, day.end)
    if day.value is None:
        question = opened.ask("basis", "date-impossible", words=words)
        return ReadField(source=line.source, question=question), match.end()
    return ReadField(day.value.isoformat(), Quote(line.text, line.place)), match.end()


@dataclass(frozen=True)
class LetterBody:
    """What the body says, before it is checked for contradictions."""

    basis: tuple[LegalBasis, ...]
    tasks: tuple[LetterTask, ...]
    dues: tuple[DueDate, ...]
    told: tuple[Quote, ...]
    lines: tuple[LetterLine, ...]


def body_of(lines: Sequence[LetterLine], when: IssueLine, opened: OpenQuestions) -> LetterBody:
    """Return what the lines of the body say; what is not sure is a question."""
    whole = paragraphs(lines)
    items = items_of(whole)
    day = None if when.date.value is None else date.fromisoformat(when.date.value)
    dated = KnownDate(when.year, day)
    whole_sentences = tuple(one for line in whole if not line.cells for one in sentences(line))
    tasks = _tasks(items, dated, opened)
    of_tasks = [due for task in tasks for due in _dues(task)]
    loose = (line for line in (*items.before, *items.after) if items.count and not line.cells)
    # What loose items say is in the tasks already.
    others = [
        due
        for line in loose
        for one in sentences(line)
        for due in dues_in(one, dated, opened, "dues")
    ]
    return LetterBody(
        _basis(items, whole, opened), tasks, (*of_tasks, *others), whole_sentences, tuple(whole)
    )


def _basis(
    items: NumberedPoints, whole: Sequence[LetterLine], opened: OpenQuestions
) -> tuple[LegalBasis, ...]:
    """Return what the letter rests on: named before its items; else anywhere."""
    for lines in (items.before if items.count else (), whole):
        basis = [one for line in lines if not line.cells for one in basis_in(line, opened)]
        if len(basis) > MOST_BASIS:
            opened.ask("basis", "entries-more", limit=MOST_BASIS)
        if basis:
            return tuple(basis[:MOST_BASIS])
    return ()


def _tasks(
    items: NumberedPoints, dated: KnownDate, opened: OpenQuestions
) -> tuple[LetterTask, ...]:
    points = list(items.items) or list(loose_items(items.before))[:MOST_TASKS]
    tasks = []
    for n, point in enumerate(points, 1):
        path = f"tasks.{n}"
        tasks.append(task_of(point, dated=dated, opened=opened, path=path))
    if not tasks:
        opened.ask("tasks", "tasks")
    if items.count > MOST_TASKS:
        opened.ask("tasks", "tasks-more", count=items.count, limit=MOST_TASKS)
    _ask_of_numbers(tasks, opened)
    return with_who(tasks, _lead(items), opened)


def _lead(items: NumberedPoints) -> ReadField[str]:
    """Return who is asked above the items, by the last words that lead them in."""
    told = [one for line in items.before[-5:] for one in sentences(line)]
    leads = [who for one in told if (who := find_recipient_above(one)).value is not None]
    return leads[-1] if leads else ReadField()


def _ask_of_numbers(tasks: Sequence[LetterTask], opened: OpenQuestions) -> None:
    """Ask about items that are missing between two others."""
    for before, after in pairwise(tasks):
        if before.number.isdecimal() and after.number.isdecimal():
            first, second = int(before.number), int(after.number)
            if second > first + 1:
                opened.ask("tasks", "tasks-numbers", before=first, after=second)


def _dues(task: LetterTask) -> list[DueDate]:
    return [*task.dues, *(due for sub in task.subtasks for due in _dues(sub))]


def due_of(
    dues: Sequence[DueDate], when: IssueLine, *, needed: bool, opened: OpenQuestions
) -> ReadField[str]:
    """Return the one last moment for the report; null with a question where there are several."""
    candidates = [one for one in dues if one.report] or list(dues)
    sure = {one.last_moment: one for one in candidates if one.last_moment is not None}
    unsure = next((one for one in candidates if one.question is not None), None)
    if len(sure) > 1:
        words = "; ".join(one.words for one in sure.values())
        return ReadField(question=opened.ask("due", "due-several", words=words))
    if unsure is not None:
        return ReadField(source=unsure.source, question=unsure.question, partial=unsure.words)
    if not sure:
        repeated = next((one for one in candidates if one.repeats), None)
        if repeated is not None:
            return ReadField(source=repeated.source, partial=repeated.words)
        return ReadField(question=opened.ask("due", "due")) if needed or not dues else ReadField()
    moment, due = next(iter(sure.items()))
    own = when.date.value
    if own is not None and moment is not None and moment[:10] < own:
        question = opened.ask("due", "due-early", date=own, due=due.words)
        return ReadField(source=due.source, question=question, partial=due.words)
    return ReadField(moment, due.source)
