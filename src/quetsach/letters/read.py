"""From a document to a letter: head, body, foot and appendices, each read by its own part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import structs

from quetsach.errors.exceptions import Problem
from quetsach.letters.appendix import appendices, appendix_start, counts_open, missing_annexes
from quetsach.letters.body import LetterBody, body_of, due_of
from quetsach.letters.foot import EnglishLetter, foot_start, read_english, recipients_of, signer_of
from quetsach.letters.head import (
    LetterParts,
    addressees_of,
    body_start,
    in_order,
    issuer_of,
    kind_of,
    parts_of,
    subject_of,
    urgency_of,
)
from quetsach.letters.holder import holder_request
from quetsach.letters.kinds import letter_first, looks_of
from quetsach.letters.lines import MOST_LINES, LetterLine, fold_accents, lines_of
from quetsach.letters.model import (
    DocumentLikeness,
    IndicatorCount,
    KnownForm,
    LetterContact,
    OpenQuestions,
    Quote,
    ReadAppendix,
    ReadField,
    ReadLetter,
    ReadSigner,
    TaskKind,
)
from quetsach.letters.number import IssueLine, issued, number_and_code
from quetsach.letters.reporting import annexes_in, compiler_of, contact_of, page_of, report_to
from quetsach.readers.contract import ReadDocument

Counting = Callable[[ReadDocument], IndicatorCount | None]
"""Counts the indicators of a document; None where it cannot tell."""


@dataclass(frozen=True)
class _Document:
    """A document, the lines of the letter in it, and those of what came with it."""

    paper: ReadDocument
    lines: tuple[LetterLine, ...]
    others: tuple[LetterLine, ...]
    looks: DocumentLikeness


def read_letter(
    paper: ReadDocument, *, forms: Sequence[KnownForm] = (), count: Counting | None = None
) -> ReadLetter:
    """Return what the letter in `paper` says; what it does not say surely is a question.

    Shapes: `forms` are forms to compare its appendices with; without `count` no indicators are
    counted. Cost: linear in its text, of which the first 50,000 lines are read.
    """
    every, cut = lines_of(paper)
    lines, others = letter_first(every)
    looks = looks_of(lines)
    opened = OpenQuestions()
    problems = [str(one) for one in paper.problems]
    if cut:
        opened.ask("", "too-long")
        problems.append(str(Problem("E430", paper.name, {"lines": MOST_LINES})))
    counted = None if count is None else count(paper)
    if looks is DocumentLikeness.NONE:
        opened.ask("", "not-a-letter")
        return _nothing(paper, opened, problems, counted)
    if paper.by_ocr:
        opened.ask("", "ocr")
    if looks is DocumentLikeness.ENGLISH:
        opened.ask("", "english")
        return _english(paper, lines, opened=opened, problems=problems, counted=counted)
    return _letter(
        _Document(paper, tuple(lines), tuple(others), looks),
        forms=forms,
        opened=opened,
        problems=problems,
        counted=counted,
    )


def _letter(
    document: _Document,
    *,
    forms: Sequence[KnownForm],
    opened: OpenQuestions,
    problems: Sequence[str],
    counted: IndicatorCount | None,
) -> ReadLetter:
    paper, lines = document.paper, in_order(document.lines)
    begin = body_start(lines)
    foot = begin + foot_start(lines[begin:])
    end = appendix_start(lines, begin if foot == len(lines) else foot)
    foot = min(foot, end)
    nothing = _nothing(paper, opened, problems, counted)
    letter, when = _headed(nothing, parts_of(lines, begin), opened)
    body = body_of(lines[begin:foot], when, opened)
    letter = _asking(letter, body, opened)
    extra = appendices([*lines[end:], *document.others], forms, opened)
    request = holder_request(
        lines[begin:foot],
        [*lines[end:], *document.others],
        opened,
        subject=letter.subject.value or "",
        issuer=letter.issuer.value or "",
        dues=body.dues,
    )
    annexes = annexes_in(body.told)
    _ask_of_annexes(annexes, extra, opened, elsewhere=bool(document.others))
    recipients, filed = recipients_of(lines[foot:end], opened)
    letter = structs.replace(
        letter,
        looks=document.looks,
        due=due_of(body.dues, when, needed=_asks_for_a_report(body), opened=opened),
        contact=contact_of(body.told),
        annexes=annexes,
        appendices=extra,
        recipients=recipients,
        filed=filed,
        signer=signer_of(lines[foot:end], opened),
        holder_request=request,
    )
    return structs.replace(letter, questions=tuple(opened.questions))


def _headed(
    letter: ReadLetter, parts: LetterParts, opened: OpenQuestions
) -> tuple[ReadLetter, IssueLine]:
    """Return `letter` with the part above the body, and when it was issued."""
    issuer, parent = issuer_of(parts, opened)
    when = issued(parts.head, opened)
    number, code = number_and_code(
        parts.head, file=letter.file, stamped=when.stamped, opened=opened
    )
    kind = kind_of(parts, code.value, opened)
    headed = structs.replace(
        letter,
        issuer=issuer,
        parent=parent,
        number=number,
        code=code,
        date=when.date,
        place=when.place,
        kind=kind,
        subject=subject_of(parts, opened),
        addressees=addressees_of(parts, kind.value, opened),
        urgency=urgency_of(parts),
    )
    return headed, when


def _asking(letter: ReadLetter, body: LetterBody, opened: OpenQuestions) -> ReadLetter:
    """Return `letter` with what its body asks for, and who is to report to whom."""
    page = page_of(body.lines, opened, campaign=_speaks_of_campaign(body, letter.subject))
    needed = _asks_for_a_report(body)
    compiler = compiler_of(body.tasks, body.told, opened) if needed else ReadField[str]()
    to, through = report_to(body.told, opened, needed=needed)
    return structs.replace(
        letter,
        basis=body.basis,
        tasks=body.tasks,
        dues=body.dues,
        campaign_page=page,
        compiler=compiler,
        report_to=to,
        report_through=through,
    )


def _asks_for_a_report(body: LetterBody) -> bool:
    return any(one.kind is TaskKind.REPORT for task in body.tasks for one in task.kinds)


def _speaks_of_campaign(body: LetterBody, subject: ReadField[str]) -> bool:
    return "chien dich" in fold_accents(subject.value or "") or any(
        "chien dich" in line.folded for line in body.lines
    )


def _ask_of_annexes(
    annexes: Sequence[Quote],
    extra: Sequence[ReadAppendix],
    opened: OpenQuestions,
    *,
    elsewhere: bool,
) -> None:
    missing = () if elsewhere else missing_annexes(annexes, extra)
    if missing:
        opened.ask("annexes", "annex", words=missing[0].text)
    for label in list(counts_open(extra))[:20]:
        opened.ask("appendices", "counts", words=label)


def _english(
    paper: ReadDocument,
    lines: Sequence[LetterLine],
    *,
    opened: OpenQuestions,
    problems: Sequence[str],
    counted: IndicatorCount | None,
) -> ReadLetter:
    got: EnglishLetter = read_english(lines, opened)
    when = issued(got.head, opened)
    body = body_of(got.body, when, opened)
    base = _nothing(paper, opened, problems, counted)
    letter = structs.replace(
        base,
        looks=DocumentLikeness.ENGLISH,
        issuer=got.issuer,
        number=got.number,
        code=got.code,
        date=when.date,
        place=when.place,
        subject=got.subject,
        addressees=got.addressees,
        basis=body.basis,
        tasks=body.tasks,
        due=due_of(body.dues, when, needed=_asks_for_a_report(body), opened=opened),
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
    paper: ReadDocument,
    opened: OpenQuestions,
    problems: Sequence[str],
    counted: IndicatorCount | None,
) -> ReadLetter:
    text: ReadField[str] = ReadField()
    names: ReadField[tuple[str, ...]] = ReadField()
    return ReadLetter(
        file=paper.name,
        sha256=paper.sha256,
        form=paper.form,
        looks=DocumentLikeness.NONE,
        by_ocr=paper.by_ocr,
        issuer=text,
        parent=text,
        number=text,
        code=text,
        date=text,
        place=text,
        kind=text,
        subject=text,
        urgency=ReadField(),
        addressees=names,
        basis=(),
        tasks=(),
        due=text,
        dues=(),
        campaign_page=text,
        compiler=text,
        report_to=text,
        report_through=text,
        contact=LetterContact(text, text, text),
        annexes=(),
        appendices=(),
        recipients=names,
        filed=text,
        signer=ReadSigner(text, text, ReadField(), text),
        indicators=counted,
        complete=_is_complete(problems),
        problems=tuple(problems),
        questions=tuple(opened.questions),
    )
