"""An official report: its paper with annexes, blanks dotted."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.documents.letters.drafts import citation_in_words
from quetsach.documents.letters.letter import Medium, numbered_as, opening
from quetsach.documents.letters.paper import (
    attached_line,
    bare,
    code_of,
    named_below,
    post_lines,
    recipient_lines,
    roman,
)
from quetsach.documents.reports.children import child_blocks, reported_sentences
from quetsach.documents.reports.figures import (
    absent_in_words,
    first_small,
    in_words,
    percents,
    print_count,
    signed,
    with_unit,
)
from quetsach.documents.reports.form_sections import FormContent, form_blocks
from quetsach.documents.reports.report import (
    OfficialReport,
    RecheckFigures,
    checked_report,
)
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    Block,
    DocumentAppendix,
    DocumentContent,
    DocumentTable,
    ParagraphRole,
    TextFitter,
    addressed_lines,
    dots,
    listed,
    plain,
    short_rule,
)
from quetsach.documents.typeset.form_paper import open_basis
from quetsach.documents.typeset.letterhead import Letterhead, party_notation
from quetsach.documents.typeset.proof import proof_of
from quetsach.documents.typeset.text import balanced_lines
from quetsach.documents.typeset.wording import official_words
from quetsach.forms.definition import ReportField, ReportFieldKind, TableCount, kind_of
from quetsach.forms.sample import whole_percent
from quetsach.forms.values import AbsenceReason, GradedCount, SummedFigure, Value, format_number

_CHANGES_MM = (11.0, 51.0, 38.0, 38.0, 22.0)


@dataclass(frozen=True)
class AppendixLabels:
    """How the annexes of a report are called; None for one that it does not have."""

    form: str
    children: str | None
    correction: str | None


def annex_labels(report: OfficialReport, word: str) -> AppendixLabels:
    """Return the labels of the annexes: Roman numbers where there are two or more."""
    has_children, has_change = report.is_added_up, report.correction is not None
    count = 1 + has_children + has_change
    names = [f"{word} {roman(n)}" if count > 1 else word for n in range(1, count + 1)]
    return AppendixLabels(
        names[0], names[1] if has_children else None, names[-1] if has_change else None
    )


def annexes(
    report: OfficialReport, labels: AppendixLabels, line: str, fitting: TextFitter
) -> Iterator[DocumentAppendix]:
    """Yield the annexes of `report` in their order; `line` names the report in each."""
    words = official_words()
    content = FormContent(
        report.figures,
        report.verified,
        fitting,
        looked_line(report),
        is_summed_below=bool(report.children),
    )
    # The title stands once, on the first page; the annex says what it holds.
    title = report.form.title.vi
    title = words.form_title if _plain(title) == _plain(report.subject) else title
    yield _annex(labels.form, title, line, form_blocks(report.form, content))
    if labels.children is not None:
        blocks = tuple(child_blocks(report, fitting))
        yield _annex(labels.children, words.children.title, line, blocks)
    if labels.correction is not None and report.correction is not None:
        shown = words.correction
        title = shown.title_supplement if report.correction.is_supplement else shown.title
        yield _annex(labels.correction, title, line, tuple(_changes(report, fitting)))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _annex(label: str, title: str, line: str, blocks: tuple[Block, ...]) -> DocumentAppendix:
    width = decree.points(decree.TEXT_WIDTH_MM)
    lines = balanced_lines(title.upper(), decree.BIG_PT, width, bold=True)
    return DocumentAppendix(label, lines, line, blocks)


def _changes(report: OfficialReport, fitting: TextFitter) -> Iterator[Block]:
    assert report.correction is not None
    words = official_words().correction
    rows: list[tuple[str, ...]] = []
    for field in report.form.entries():
        old, new = report.correction.old.get(field.id), report.figures.get(field.id)
        before, after = _value(old), _value(new)
        if not _same(before, after):
            cells = _answer_text(field, before, fitting), _answer_text(field, after, fitting)
            label = fitting.line(field.label.vi)
            rows.append((str(len(rows) + 1), label, *cells, _difference(before, after)))
    if not rows:
        yield plain(ParagraphRole.ITEM, words.none)
        return
    aligns = ("center", "left", *_aligns(rows), "center")
    yield DocumentTable(words.heads, tuple(rows), _CHANGES_MM, aligns)


def _aligns(rows: list[tuple[str, ...]]) -> tuple[str, str]:
    texts = any(len(cell) > 30 for row in rows for cell in row[2:4])
    return ("left", "left") if texts else ("center", "center")


def _value(figure: SummedFigure | None) -> Value:
    return AbsenceReason.MISSING if figure is None else figure.total


def _same(before: Value, after: Value) -> bool:
    """Tell whether two values are the same answer; a better grade alone is no change."""
    if isinstance(before, GradedCount) and isinstance(after, GradedCount):
        return before.number == after.number
    return type(before) is type(after) and in_words(before) == in_words(after)


def _answer_text(field: ReportField | TableCount, answer: Value, fitting: TextFitter) -> str:
    if isinstance(answer, AbsenceReason) and kind_of(field) is ReportFieldKind.COUNT:
        return fitting.text(absent_in_words(answer))
    choices = field.choices if isinstance(field, ReportField) else ()
    return fitting.text(in_words(answer, choices)).strip()


def _difference(one: Value, other: Value) -> str:
    if isinstance(one, GradedCount) and isinstance(other, GradedCount):
        return signed(other.number - one.number)
    return ""


_MOST_HEADLINES = 6
_MOST_UNDECIDED = 10


def compose_official(report: OfficialReport, medium: Medium) -> DocumentContent:
    """Return the paper of `report` for `medium`: the QR code is on the copy for paper alone.

    Errors: E460 when it cannot be printed as it is.
    """
    checked_report(report)
    start = opening(report.head)
    head, words, fitting = start.head, start.words, start.fitting
    number = numbered_as(start.known_number, notation_of(report, head))
    labels = annex_labels(report, words.annex)
    about = fitting.line(report.subject)
    width = decree.points(decree.TEXT_WIDTH_MM)
    subject = balanced_lines(about, decree.BIG_PT, width, bold=True)
    recipients = report.recipients or report.form.recipients
    return DocumentContent(
        title=f"{report.form.kind}: {about}",
        head=start.lines(number),
        kind=report.form.kind,
        subject=subject,
        subject_rule=short_rule(subject, decree.BIG_PT),
        addressed=addressed_lines(tuple(map(bare, head.addressees))),
        blocks=tuple(_content(report, labels, fitting)),
        recipients_head=f"{words.recipients}:",
        recipients=tuple(listed(recipient_lines(recipients, fitting, words))),
        signer_post=_post(report, head, fitting),
        signer_name=named_below(report.signer, head, fitting),
        appendices=tuple(
            annexes(report, labels, attached_line(head, number, words, medium), fitting)
        ),
        stamp=start.stamp(report.urgency),
        contact=tuple(fitting.line(line) for line in report.contact),
        proof=proof_of(report.proof, fitting, coded=medium is Medium.PAPER, version=report.version),
        unfit=fitting.unfit,
        beyond=frozenset(fitting.beyond),
        house=start.house,
    )


def notation_of(report: OfficialReport, head: Letterhead) -> str:
    """Return the code of the report: its kind, then its body ("BC-UBND")."""
    code = dots(10) if head.code is None else code_of(head.code)
    if head.is_party:
        return party_notation(report.form.kind_code, code)
    begin = f"{report.form.kind_code}-"
    return code if code.startswith(begin) else begin + code


def _post(report: OfficialReport, head: Letterhead, fitting: TextFitter) -> tuple[str, ...]:
    if report.signer is None and head.signer_post is None:
        return tuple(report.form.signer_post.upper().split("\n"))
    return post_lines(report.signer, head, fitting)


def _content(
    report: OfficialReport, labels: AppendixLabels, fitting: TextFitter
) -> Iterator[Block]:
    """Yield the text between addressees and signature; the annexes hold the rest."""
    legal = [bare(fitting.line(line)) for line in report.legal if line.strip()]
    for place, line in enumerate(legal, 1):
        yield plain(ParagraphRole.LEGAL, line + ("." if place == len(legal) else ";"))
    for line in _leads(report, fitting):
        yield plain(ParagraphRole.LEAD, line)
    yield from (plain(ParagraphRole.ITEM, fitting.line(one)) for one in _replaced(report, labels))
    yield from _remarks_of_units(report, fitting)
    for place, (title, lines) in enumerate(_points(report, labels), 1):
        yield plain(ParagraphRole.HEADING, f"{place}. {title}")
        yield from (plain(ParagraphRole.ITEM, fitting.line(line)) for line in lines)
    yield plain(ParagraphRole.CLOSING, report.form.closing)


def _leads(report: OfficialReport, fitting: TextFitter) -> Iterator[str]:
    lines = [line for one in report.basis if (line := fitting.line(one))]
    if not lines and report.form.basis is not None:
        lines = [open_basis(report.form.basis)]
    if not lines:
        words = official_words()
        unit = " ".join((report.head.unit or words.we).split())
        lines = [words.lead % {"unit": fitting.line(unit)}]
    yield from lines


def looked_line(report: OfficialReport) -> str:
    """Return what was looked at with why no more, "" in reports that do not say it."""
    if report.looked is None:
        return ""
    words = " ".join(report.looked.words.split()).rstrip(" .")
    reason = " ".join(report.looked.reason.split()).rstrip(" .")
    return official_words().looked % {"words": words, "reason": reason} if reason else f"{words}."


def _replaced(report: OfficialReport, labels: AppendixLabels) -> Iterator[str]:
    change = report.correction
    if change is None:
        return
    words = official_words()
    sentence = words.adds if change.is_supplement else words.replaces
    cited = citation_in_words(change.of)
    yield sentence % {"cited": cited, "reason": change.reason.strip().rstrip(".")}
    yield words.old_and_new % {"annex": labels.correction}


def _remarks_of_units(report: OfficialReport, fitting: TextFitter) -> Iterator[Block]:
    for one in report.words:
        lines = fitting.text(one).split("\n")
        yield from (plain(ParagraphRole.ITEM, line.strip()) for line in lines if line.strip())
    if report.is_nil:
        yield plain(ParagraphRole.ITEM, official_words().nil)
    if line := looked_line(report):
        yield plain(ParagraphRole.ITEM, fitting.line(line))


def _points(report: OfficialReport, labels: AppendixLabels) -> Iterator[tuple[str, list[str]]]:
    """Yield the numbered parts of the report: their titles and lines."""
    words = official_words()
    if report.is_added_up:
        yield words.headings["reporting"], list(reported_sentences(report, labels.children))
    lines = list(_headlines(report))
    lines.append(words.details % {"annex": labels.form})
    if labels.children is not None:
        lines.append(words.details_below % {"annex": labels.children})
    yield words.headings["results"], lines
    if report.verified:
        yield (
            words.headings["checked"],
            [
                *(line for one in report.verified for line in _verified(one)),
                words.verified["rounded"],
            ],
        )


def _headlines(report: OfficialReport) -> Iterator[str]:
    chosen = report.headline
    if chosen is None:
        chosen = tuple(row.id for row in report.form.counts()[:_MOST_HEADLINES])
    for key in chosen:
        field, figure = report.form.entry(key), report.figures.get(key)
        if field is None:
            continue
        beside = [recheck for recheck in report.verified if recheck.field == key]
        count = print_count(figure, beside, is_summed_below=bool(report.children))
        if count.quantity:
            text = f"{with_unit(field, count.quantity)}; {first_small(count.remark)}"
        else:
            text = first_small(count.remark)
        yield f"- {field.label.vi}: {text}."


def _verified(recheck: RecheckFigures) -> Iterator[str]:
    words = official_words().verified
    facts = {"what": recheck.what.strip(), **percents(recheck)}
    if recheck.declared is None:
        yield f"- {words['undeclared'] % facts}"
    else:
        yield f"- {words['declared'] % {**facts, 'declared': whole_percent(recheck.declared)}}"
    facts = {
        "sample": format_number(recheck.share.of + len(recheck.undecided)),
        "population": format_number(recheck.population),
        "units": recheck.units,
        "hits": format_number(recheck.share.hits),
        "misses": format_number(recheck.share.of - recheck.share.hits),
        "unknown": format_number(len(recheck.undecided)),
        "names": "; ".join(" ".join(name.split()) for name in recheck.undecided[:_MOST_UNDECIDED]),
    }
    clauses = [words["method"] % facts]
    if recheck.undecided:
        is_all = len(recheck.undecided) <= _MOST_UNDECIDED
        clauses.append(words["undecided" if is_all else "undecided_many"] % facts)
    clauses.append(words["range"])
    sentences = [f"{'; '.join(clauses)}."]
    if recheck.outside:
        sentences.append(words["outside"] % {"outside": recheck.outside})
    yield " ".join(sentences)
    if recheck.seed:
        # A line of its own: beside other words the 32 digits would tear it apart when justified.
        yield words["seed"] % {"seed": recheck.seed}
