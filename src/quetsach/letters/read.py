"""From a document to a letter: head, body, foot and appendices, each read by its own part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from msgspec import structs

from quetsach.errors import Problem
from quetsach.letters.appendix import appendices, appendix_start, counts_open, missing_annexes
from quetsach.letters.basis import MOST_BASIS, basis_in
from quetsach.letters.due import Dated, dues_in
from quetsach.letters.english import English, read_english
from quetsach.letters.foot import foot_start, recipients_of, signer_of
from quetsach.letters.head import (
    addressees_of,
    body_start,
    in_order,
    issuer_of,
    kind_of,
    parts_of,
    subject_of,
    urgency_of,
)
from quetsach.letters.issued import Issued, issued
from quetsach.letters.lines import MOST_LINES, Line, fold, lines_of, paragraphs
from quetsach.letters.looks import letter_first, looks_of
from quetsach.letters.model import (
    Appendix,
    Basis,
    Contact,
    Due,
    Found,
    Indicators,
    KnownForm,
    Letter,
    Looks,
    Signer,
    Source,
    Task,
    TaskKind,
)
from quetsach.letters.number import number_and_code
from quetsach.letters.questions import Open
from quetsach.letters.reporting import annexes_in, compiler_of, contact_of, page_of, report_to
from quetsach.letters.sentences import sentences
from quetsach.letters.tasks import (
    MOST_TASKS,
    Items,
    items_of,
    loose_items,
    task_of,
    with_who,
)
from quetsach.letters.who import asked_above
from quetsach.papers.contract import Paper

Counting = Callable[[Paper], Indicators | None]
"""Counts the indicators of a document; None where it cannot tell."""


@dataclass(frozen=True)
class _Document:
    """A document, the lines of the letter in it, and those of what came with it."""

    paper: Paper
    lines: tuple[Line, ...]
    others: tuple[Line, ...]
    looks: Looks


@dataclass(frozen=True)
class _Body:
    """What the body says, before it is checked for contradictions."""

    basis: tuple[Basis, ...]
    tasks: tuple[Task, ...]
    dues: tuple[Due, ...]
    told: tuple[Source, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Top:
    """The fields of the head and the foot."""

    issuer: Found[str]
    parent: Found[str]
    number: Found[str]
    code: Found[str]
    issued: Issued
    kind: Found[str]
    subject: Found[str]
    addressees: Found[tuple[str, ...]]


def read_letter(
    paper: Paper, *, known: Sequence[KnownForm] = (), count: Counting | None = None
) -> Letter:
    """Return what the letter in `paper` says; what it does not say surely is a question.

    Shapes: `known` are forms to compare its appendices with; without `count` no indicators are
    counted. Cost: linear in its text, of which the first 50,000 lines are read.
    """
    every, cut = lines_of(paper)
    lines, others = letter_first(every)
    looks = looks_of(lines)
    opened = Open()
    problems = [str(one) for one in paper.problems]
    if cut:
        opened.ask("", "too-long")
        problems.append(str(Problem("E430", paper.name, {"lines": MOST_LINES})))
    counted = None if count is None else count(paper)
    if looks is Looks.NONE:
        opened.ask("", "not-a-letter")
        return _nothing(paper, opened, problems, counted)
    if paper.by_ocr:
        opened.ask("", "ocr")
    if looks is Looks.ENGLISH:
        opened.ask("", "english")
        return _english(paper, lines, opened=opened, problems=problems, counted=counted)
    return _letter(
        _Document(paper, tuple(lines), tuple(others), looks),
        known=known,
        opened=opened,
        problems=problems,
        counted=counted,
    )


def _letter(
    document: _Document,
    *,
    known: Sequence[KnownForm],
    opened: Open,
    problems: Sequence[str],
    counted: Indicators | None,
) -> Letter:
    paper, lines = document.paper, in_order(document.lines)
    begin = body_start(lines)
    foot = begin + foot_start(lines[begin:])
    end = appendix_start(lines, begin if foot == len(lines) else foot)
    foot = min(foot, end)
    parts = parts_of(lines, begin)
    issuer, parent = issuer_of(parts, opened)
    when = issued(parts.head, opened)
    number, code = number_and_code(parts.head, file=paper.name, stamped=when.stamped, opened=opened)
    kind = kind_of(parts, code.value, opened)
    top = _Top(
        issuer,
        parent,
        number,
        code,
        when,
        kind,
        subject_of(parts, opened),
        addressees_of(parts, kind.value, opened),
    )
    body = _body(lines[begin:foot], when, opened)
    page = page_of(body.lines, opened, campaign=_speaks_of_campaign(body, top.subject))
    needed = any(one.kind is TaskKind.REPORT for task in body.tasks for one in task.kinds)
    compiler = compiler_of(body.tasks, body.told, opened) if needed else Found[str]()
    to, through = report_to(body.told, opened, needed=needed)
    extra = appendices([*lines[end:], *document.others], known, opened)
    annexes = annexes_in(body.told)
    _ask_of_annexes(annexes, extra, opened, elsewhere=bool(document.others))
    recipients, filed = recipients_of(lines[foot:end], opened)
    return Letter(
        file=paper.name,
        sha256=paper.sha256,
        form=paper.form,
        looks=document.looks,
        by_ocr=paper.by_ocr,
        issuer=top.issuer,
        parent=top.parent,
        number=top.number,
        code=top.code,
        date=when.date,
        place=when.place,
        kind=top.kind,
        subject=top.subject,
        urgency=urgency_of(parts),
        addressees=top.addressees,
        basis=body.basis,
        tasks=body.tasks,
        due=_due(body.dues, when, needed=needed, opened=opened),
        dues=body.dues,
        campaign_page=page,
        compiler=compiler,
        report_to=to,
        report_through=through,
        contact=contact_of(body.told),
        annexes=annexes,
        appendices=extra,
        recipients=recipients,
        filed=filed,
        signer=signer_of(lines[foot:end], opened),
        indicators=counted,
        complete=_is_complete(problems),
        problems=tuple(problems),
        questions=tuple(opened.questions),
    )


def _body(lines: Sequence[Line], when: Issued, opened: Open) -> _Body:
    whole = paragraphs(lines)
    items = items_of(whole)
    day = None if when.date.value is None else date.fromisoformat(when.date.value)
    dated = Dated(when.year, day)
    told = tuple(one for line in whole if not line.cells for one in sentences(line))
    tasks = _tasks(items, dated, opened)
    of_tasks = [due for task in tasks for due in _dues(task)]
    left = (line for line in (*items.before, *items.after) if items.count and not line.cells)
    # What loose items say is in the tasks already.
    others = [
        due
        for line in left
        for one in sentences(line)
        for due in dues_in(one, dated, opened, "dues")
    ]
    return _Body(_basis(items, whole, opened), tasks, (*of_tasks, *others), told, tuple(whole))


def _basis(items: Items, whole: Sequence[Line], opened: Open) -> tuple[Basis, ...]:
    """Return what the letter rests on: named before its items; else anywhere."""
    for lines in (items.before if items.count else (), whole):
        found = [one for line in lines if not line.cells for one in basis_in(line, opened)]
        if len(found) > MOST_BASIS:
            opened.ask("basis", "entries-more", limit=MOST_BASIS)
        if found:
            return tuple(found[:MOST_BASIS])
    return ()


def _tasks(items: Items, dated: Dated, opened: Open) -> tuple[Task, ...]:
    wanted = list(items.items) or list(loose_items(items.before))[:MOST_TASKS]
    found = []
    for n, item in enumerate(wanted, 1):
        path = f"tasks.{n}"
        found.append(task_of(item, dated=dated, opened=opened, path=path))
    if not found:
        opened.ask("tasks", "tasks")
    if items.count > MOST_TASKS:
        opened.ask("tasks", "tasks-more", count=items.count, limit=MOST_TASKS)
    _ask_of_numbers(found, opened)
    return with_who(found, _lead(items), opened)


def _lead(items: Items) -> Found[str]:
    """Return who is asked above the items, by the last words that lead them in."""
    told = [one for line in items.before[-5:] for one in sentences(line)]
    leads = [who for one in told if (who := asked_above(one)).value is not None]
    return leads[-1] if leads else Found()


def _ask_of_numbers(tasks: Sequence[Task], opened: Open) -> None:
    """Ask about items that are missing between two others."""
    for before, after in pairwise(tasks):
        if before.number.isdecimal() and after.number.isdecimal():
            first, second = int(before.number), int(after.number)
            if second > first + 1:
                opened.ask("tasks", "tasks-numbers", before=first, after=second)


def _dues(task: Task) -> list[Due]:
    return [*task.dues, *(due for sub in task.subtasks for due in _dues(sub))]


def _due(dues: Sequence[Due], when: Issued, *, needed: bool, opened: Open) -> Found[str]:
    """Return the one last moment for the report; null with a question where several stand."""
    wanted = [one for one in dues if one.report] or list(dues)
    sure = {one.last_moment: one for one in wanted if one.last_moment is not None}
    unsure = next((one for one in wanted if one.question is not None), None)
    if len(sure) > 1:
        words = "; ".join(one.words for one in sure.values())
        return Found(question=opened.ask("due", "due-several", words=words))
    if unsure is not None:
        return Found(source=unsure.source, question=unsure.question, partial=unsure.words)
    if not sure:
        repeated = next((one for one in wanted if one.repeats), None)
        if repeated is not None:
            return Found(source=repeated.source, partial=repeated.words)
        return Found(question=opened.ask("due", "due")) if needed or not dues else Found()
    moment, due = next(iter(sure.items()))
    own = when.date.value
    if own is not None and moment is not None and moment[:10] < own:
        question = opened.ask("due", "due-early", date=own, due=due.words)
        return Found(source=due.source, question=question, partial=due.words)
    return Found(moment, due.source)


def _speaks_of_campaign(body: _Body, subject: Found[str]) -> bool:
    return "chien dich" in fold(subject.value or "") or any(
        "chien dich" in line.folded for line in body.lines
    )


def _ask_of_annexes(
    annexes: Sequence[Source], extra: Sequence[Appendix], opened: Open, *, elsewhere: bool
) -> None:
    missing = () if elsewhere else missing_annexes(annexes, extra)
    if missing:
        opened.ask("annexes", "annex", words=missing[0].text)
    for label in list(counts_open(extra))[:20]:
        opened.ask("appendices", "counts", words=label)


def _english(
    paper: Paper,
    lines: Sequence[Line],
    *,
    opened: Open,
    problems: Sequence[str],
    counted: Indicators | None,
) -> Letter:
    got: English = read_english(lines, opened)
    when = issued(got.head, opened)
    body = _body(got.body, when, opened)
    base = _nothing(paper, opened, problems, counted)
    needed = any(one.kind is TaskKind.REPORT for task in body.tasks for one in task.kinds)
    letter = structs.replace(
        base,
        looks=Looks.ENGLISH,
        issuer=got.issuer,
        number=got.number,
        code=got.code,
        date=when.date,
        place=when.place,
        subject=got.subject,
        addressees=got.addressees,
        basis=body.basis,
        tasks=body.tasks,
        due=_due(body.dues, when, needed=needed, opened=opened),
        dues=body.dues,
        campaign_page=page_of(body.lines, opened, campaign=False),
        contact=contact_of(body.told),
        annexes=annexes_in(body.told),
        signer=got.signer,
    )
    return structs.replace(letter, questions=tuple(opened.questions))


def _is_complete(problems: Sequence[str]) -> bool:
    """Tell whether all was read: macros (E415) and an old font's letters (E419) lose no text."""
    return all(one.startswith(("E415 ", "E419 ")) for one in problems)


def _nothing(
    paper: Paper, opened: Open, problems: Sequence[str], counted: Indicators | None
) -> Letter:
    text: Found[str] = Found()
    names: Found[tuple[str, ...]] = Found()
    return Letter(
        file=paper.name,
        sha256=paper.sha256,
        form=paper.form,
        looks=Looks.NONE,
        by_ocr=paper.by_ocr,
        issuer=text,
        parent=text,
        number=text,
        code=text,
        date=text,
        place=text,
        kind=text,
        subject=text,
        urgency=Found(),
        addressees=names,
        basis=(),
        tasks=(),
        due=text,
        dues=(),
        campaign_page=text,
        compiler=text,
        report_to=text,
        report_through=text,
        contact=Contact(text, text, text),
        annexes=(),
        appendices=(),
        recipients=names,
        filed=text,
        signer=Signer(text, text, Found(), text),
        indicators=counted,
        complete=_is_complete(problems),
        problems=tuple(problems),
        questions=tuple(opened.questions),
    )
