"""An official report as the content of its paper; dots stand where a clerk has to write."""

from collections.abc import Iterator

from quetsach.documents import decree30 as decree
from quetsach.documents.document_proof import proof_of
from quetsach.documents.heading import numbered_as, opening
from quetsach.documents.letter import Medium
from quetsach.documents.letter_annex import attached_line
from quetsach.documents.letter_draft import citation_in_words
from quetsach.documents.letter_paper import bare, code_of, named_below, post_lines, told
from quetsach.documents.letterhead import Letterhead
from quetsach.documents.official_annexes import Labels, annex_labels, annexes
from quetsach.documents.official_figures import first_small, percents, told_count, with_unit
from quetsach.documents.official_report import (
    OfficialReport,
    Recheck,
    checked_report,
)
from quetsach.documents.official_reported import reported_sentences
from quetsach.documents.official_words import official_words
from quetsach.documents.paper import Block, Paper, Role, plain
from quetsach.documents.paper_lines import (
    Fitting,
    addressed_lines,
    dots,
    listed,
    short_rule,
)
from quetsach.documents.party import party_notation
from quetsach.documents.times_width import balanced_lines
from quetsach.forms.numbers import shown
from quetsach.forms.sample import whole_percent

_MOST_HEADLINES = 6
_MOST_UNDECIDED = 10


def compose_official(report: OfficialReport, medium: Medium) -> Paper:
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
    return Paper(
        title=f"{report.form.kind}: {about}",
        head=start.lines(number),
        kind=report.form.kind,
        subject=subject,
        subject_rule=short_rule(subject, decree.BIG_PT),
        addressed=addressed_lines(tuple(map(bare, head.addressees))),
        blocks=tuple(_content(report, labels, fitting)),
        recipients_head=f"{words.recipients}:",
        recipients=tuple(listed(told(recipients, fitting, words))),
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


def _post(report: OfficialReport, head: Letterhead, fitting: Fitting) -> tuple[str, ...]:
    if report.signer is None and head.signer_post is None:
        return tuple(report.form.signer_post.upper().split("\n"))
    return post_lines(report.signer, head, fitting)


def _content(report: OfficialReport, labels: Labels, fitting: Fitting) -> Iterator[Block]:
    """Yield what stands between addressees and signature; the annexes hold the rest."""
    legal = [bare(fitting.line(line)) for line in report.legal if line.strip()]
    for place, line in enumerate(legal, 1):
        yield plain(Role.LEGAL, line + ("." if place == len(legal) else ";"))
    for line in _leads(report, fitting):
        yield plain(Role.LEAD, line)
    yield from (plain(Role.ITEM, fitting.line(one)) for one in _replaced(report, labels))
    yield from _said(report, fitting)
    for place, (title, lines) in enumerate(_points(report, labels), 1):
        yield plain(Role.HEADING, f"{place}. {title}")
        yield from (plain(Role.ITEM, fitting.line(line)) for line in lines)
    yield plain(Role.CLOSING, report.form.closing)


def _leads(report: OfficialReport, fitting: Fitting) -> Iterator[str]:
    lines = [line for one in report.basis if (line := fitting.line(one))]
    if not lines and report.form.basis is not None:
        lines = [report.form.basis]
    if not lines:
        words = official_words()
        unit = " ".join((report.head.unit or words.we).split())
        lines = [words.lead % {"unit": fitting.line(unit)}]
    yield from lines


def _replaced(report: OfficialReport, labels: Labels) -> Iterator[str]:
    change = report.correction
    if change is None:
        return
    words = official_words()
    sentence = words.adds if change.is_supplement else words.replaces
    cited = citation_in_words(change.of)
    yield sentence % {"cited": cited, "reason": change.reason.strip().rstrip(".")}
    yield words.old_and_new % {"annex": labels.correction}


def _said(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    for one in report.words:
        lines = fitting.text(one).split("\n")
        yield from (plain(Role.ITEM, line.strip()) for line in lines if line.strip())
    if report.is_nil:
        yield plain(Role.ITEM, official_words().nil)


def _points(report: OfficialReport, labels: Labels) -> Iterator[tuple[str, list[str]]]:
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
        entry, figure = report.form.entry(key), report.figures.get(key)
        if entry is None:
            continue
        beside = [one for one in report.verified if one.field == key]
        count = told_count(figure, beside)
        if count.quantity:
            text = f"{with_unit(entry, count.quantity)} ({first_small(count.remark)})"
        else:
            text = first_small(count.remark)
        yield f"- {entry.label.vi}: {text}."


def _verified(one: Recheck) -> Iterator[str]:
    words = official_words().verified
    facts = {"what": one.what.strip(), **percents(one)}
    if one.declared is None:
        yield f"- {words['undeclared'] % facts}"
    else:
        yield f"- {words['declared'] % {**facts, 'declared': whole_percent(one.declared)}}"
    facts = {
        "sample": shown(one.share.of + len(one.undecided)),
        "population": shown(one.population),
        "units": one.units,
        "hits": shown(one.share.hits),
        "misses": shown(one.share.of - one.share.hits),
        "unknown": shown(len(one.undecided)),
        "names": "; ".join(" ".join(name.split()) for name in one.undecided[:_MOST_UNDECIDED]),
    }
    told = [words["method"] % facts]
    if one.undecided:
        is_all = len(one.undecided) <= _MOST_UNDECIDED
        told.append(words["undecided" if is_all else "undecided_many"] % facts)
    told.append(words["range"])
    sentences = [f"{'; '.join(told)}."]
    if one.outside:
        sentences.append(words["outside"] % {"outside": one.outside})
    yield " ".join(sentences)
    if one.seed:
        # A line of its own: beside other words the 32 digits would tear it apart when justified.
        yield words["seed"] % {"seed": one.seed}
