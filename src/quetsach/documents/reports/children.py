"""The reports below an official report: which came in, which are missing, and their annex."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quetsach.documents.reports.figures import short_value, signed
from quetsach.documents.reports.report import OfficialReport
from quetsach.documents.typeset import decree30 as decree
from quetsach.documents.typeset.content import (
    Block,
    DocumentTable,
    ParagraphRole,
    TextFitter,
    plain,
)
from quetsach.documents.typeset.decree30 import millimetres
from quetsach.documents.typeset.text import width_pt
from quetsach.documents.typeset.wording import official_words
from quetsach.forms.definition import TableCount
from quetsach.forms.values import (
    AbsenceReason,
    ChildContribution,
    ChildUse,
    GradedCount,
    SummedFigure,
    Value,
    format_number,
)

MOST_NAMED = 10
"""So many of those units are named in the report itself; more are listed in its annex."""


def units_without_report(report: OfficialReport) -> tuple[tuple[str, Sequence[str]], ...]:
    """Return the units of which no report went in, by why: the key of its words, and names."""
    groups = (
        ("waiting", report.waiting),
        ("returned", report.returned),
        ("missing", report.missing),
    )
    return tuple((why, names) for why, names in groups if names)


def reported_sentences(report: OfficialReport, listed_in: str | None = None) -> Iterator[str]:
    """Yield how many of the units below have reported, were late, or are not counted.

    `listed_in` is the annex that the report itself leads to; the annex, which lists them, has None.
    """
    words = official_words().reported
    facts = {"reported": format_number(report.reported), "expected": format_number(report.known)}
    clauses = [words["reported"] % facts]
    is_named = listed_in is not None and report.absentees <= MOST_NAMED
    for why, names in units_without_report(report):
        if is_named:
            listed = "; ".join(" ".join(name.split()) for name in names)
            clauses.append(
                words[f"{why}_named"] % {"names": listed, "count": format_number(len(names))}
            )
        else:
            clauses.append(words[f"{why}_counted"] % {"count": format_number(len(names))})
    if report.absentees and not is_named and listed_in is not None:
        clauses.append(words["listed"] % {"annex": listed_in})
    yield f"{'; '.join(clauses)}."
    used = [child.used for child in report.children]
    if late := used.count(ChildUse.LATE):
        yield words["late"] % {"count": format_number(late)}
    if (looked := report.looked) is not None and looked.expected > report.known:
        facts = {"n": format_number(looked.received), "of": format_number(looked.expected)}
        yield words["deep"] % facts
    if listed_in is not None and (left := used.count(ChildUse.EXCLUDED)):
        yield words["excluded"] % {"count": format_number(left), "annex": listed_in}


_PLACE_MM, _VERSION_MM, _REMARK_MM = 13.0, 12.0, 32.0
_HALF_CODE_MM, _WHOLE_CODE_MM = 22.0, 40.0
"""How wide 16 digits are on two lines and on one."""

_UNIT_MM = 40.0
"""How wide the column of names is at least; figures that leave less have tables of their own."""

_NARROWEST_MM, _PADDING_MM = 11.0, 4.0
_OF_DIGEST = 16


def child_blocks(report: OfficialReport, fitting: TextFitter) -> Iterator[Block]:
    """Yield the annex of the units below: who has reported, who has not and why, each report."""
    for sentence in reported_sentences(report):
        yield plain(ParagraphRole.ITEM, fitting.line(sentence))
    for why, absent in units_without_report(report):
        yield plain(ParagraphRole.HEADING, official_words().reported[f"{why}_head"])
        yield _named_ones(absent, fitting)
    deeper = _deeper(report)
    if deeper:
        yield plain(ParagraphRole.HEADING, official_words().reported["deep_head"])
        yield _named_ones(deeper, fitting)
    if report.children:
        yield from _reports(report, fitting)


def _deeper(report: OfficialReport) -> Sequence[str]:
    """Return the units at any depth whose reports are in no total, those named above left out."""
    if report.looked is None:
        return ()
    named = {name for _why, names in units_without_report(report) for name in names}
    return [name for name in report.looked.missing if name not in named]


def _named_ones(names: Sequence[str], fitting: TextFitter) -> DocumentTable:
    words = official_words().children
    rows = tuple((str(n), fitting.line(name)) for n, name in enumerate(names, 1))
    widths = (_PLACE_MM, decree.TEXT_WIDTH_MM - _PLACE_MM)
    return DocumentTable(words.heads[:2], rows, widths, ("center", "left"))


def _reports(report: OfficialReport, fitting: TextFitter) -> Iterator[Block]:
    words = official_words().children
    counts = report.form.counts()
    yield plain(ParagraphRole.HEADING, words.versions)
    yield from _legend(report)
    names = _names(report, fitting)
    versions, remarks = _versions(report), _remarks(report, fitting)
    figures = [_figures(report, row, n) for n, row in enumerate(counts, 1)]
    labels = [
        words.column % {"number": n, "label": fitting.line(row.label.vi)}
        for n, row in enumerate(counts, 1)
    ]
    whole = [*names, *versions, *figures, *remarks]
    if _room(whole) >= _UNIT_MM:
        yield from _named(labels)
        yield _grid(whole)
        yield from _adjusted(report, fitting)
        return
    yield _grid([*names, *_versions(report, _WHOLE_CODE_MM), *remarks])
    for begin, part in _in_tables(figures):
        end = begin + len(part) - 1
        yield plain(ParagraphRole.HEADING, words.figures % {"first": begin, "last": end})
        yield from _named(labels[begin - 1 : end])
        yield _grid([*names, *part])
    yield from _adjusted(report, fitting)


def _adjusted(report: OfficialReport, fitting: TextFitter) -> Iterator[Block]:
    """Yield each adjustment of a sum with its reason."""
    for number, row in enumerate(report.form.counts(), 1):
        figure = report.figures.get(row.id)
        if figure is not None and figure.adjustment is not None:
            facts = {
                "number": number,
                "amount": signed(figure.adjustment.amount),
                "reason": " ".join(figure.adjustment.reason.split()).rstrip(" .;,"),
            }
            sentence = official_words().children.adjusted % facts
            yield plain(ParagraphRole.VALUE, fitting.line(sentence))


def _named(labels: Sequence[str]) -> Iterator[Block]:
    """Yield what the numbered columns of the table below count."""
    if labels:
        told = official_words().children.columns % {"columns": "; ".join(labels)}
        yield plain(ParagraphRole.ITEM, told)


def _legend(report: OfficialReport) -> Iterator[Block]:
    """Yield the legend of the signs that the tables use."""
    words = official_words()
    reasons: set[AbsenceReason] = set()
    for row in report.form.counts():
        totals = (_total(child.figures.get(row.id)) for child in report.children)
        reasons |= {total for total in totals if isinstance(total, AbsenceReason)}
    meanings = [
        f"“{words.children.sign[why]}”: {words.value.absent[why].lower()}"
        for why in AbsenceReason
        if why in reasons
    ]
    if any(child.used is ChildUse.EXCLUDED for child in report.children):
        meanings.append(words.children.bracketed)
    if meanings:
        yield plain(ParagraphRole.ITEM, words.children.signs % {"signs": "; ".join(meanings)})


def _total(figure: SummedFigure | None) -> Value:
    # A form that does not have the field has not collected it.
    return AbsenceReason.NOT_COLLECTED if figure is None else figure.total


@dataclass(frozen=True)
class _Column:
    """One column: its head, a cell for each unit, its cell in the sum row, its width."""

    head: str
    cells: tuple[str, ...]
    width: float
    align: str = "center"
    sums: Mapping[str, str] = field(default_factory=dict)


def _names(report: OfficialReport, fitting: TextFitter) -> list[_Column]:
    words = official_words().children
    places = tuple(str(n) for n in range(1, len(report.children) + 1))
    names = tuple(fitting.line(child.name) for child in report.children)
    return [
        _Column(words.heads[0], places, _PLACE_MM),
        # It takes the room that the others leave.
        _Column(words.heads[1], names, 0.0, "left", words.sums),
    ]


def _versions(report: OfficialReport, code_mm: float = _HALF_CODE_MM) -> list[_Column]:
    _place, _unit, version, code, _remark = official_words().children.heads
    numbers = tuple(str(child.version) for child in report.children)
    digests = tuple(child.digest[:_OF_DIGEST] for child in report.children)
    return [_Column(version, numbers, _VERSION_MM), _Column(code, digests, code_mm)]


def _remarks(report: OfficialReport, fitting: TextFitter) -> list[_Column]:
    cells = tuple(fitting.line(_remark(child)) for child in report.children)
    head = official_words().children.heads[-1]
    return [_Column(head, cells, _REMARK_MM, "left")] if any(cells) else []


def _figures(report: OfficialReport, row: TableCount, number: int) -> _Column:
    cells = tuple(_cell(child, row) for child in report.children)
    sums = _sums(report.figures.get(row.id))
    widest = max(width_pt(text, decree.GRID_PT) for text in (*cells, *sums.values()))
    width = max(_NARROWEST_MM, millimetres(widest) + _PADDING_MM)
    return _Column(f"({number})", cells, width, sums=sums)


def _in_tables(figures: Sequence[_Column]) -> Iterator[tuple[int, list[_Column]]]:
    """Yield groups of columns that fit beside the names, with the number of the first."""
    part: list[_Column] = []
    begin = 1
    room = decree.TEXT_WIDTH_MM - _PLACE_MM - _UNIT_MM
    for number, column in enumerate(figures, 1):
        if part and sum(one.width for one in (*part, column)) > room:
            yield begin, part
            begin, part = number, []
        part.append(column)
    if part:
        yield begin, part


def _room(columns: Sequence[_Column]) -> float:
    return decree.TEXT_WIDTH_MM - sum(column.width for column in columns)


def _grid(columns: Sequence[_Column]) -> DocumentTable:
    """Return the columns as a table; below it, the sums that one of them has."""
    rows = list(zip(*(column.cells for column in columns), strict=True))
    numbers = columns[2:]
    rows += [
        tuple(column.sums.get(name, "") for column in columns)
        for name in official_words().children.sums
        if any(column.sums.get(name) for column in numbers)
    ]
    return DocumentTable(
        tuple(column.head for column in columns),
        tuple(rows),
        tuple(column.width or _room(columns) for column in columns),
        tuple(column.align for column in columns),
    )


def _cell(child: ChildContribution, row: TableCount) -> str:
    told = short_value(_total(child.figures.get(row.id)))
    return f"({told})" if child.used is ChildUse.EXCLUDED else told


def _remark(child: ChildContribution) -> str:
    words = official_words().children
    if child.used is ChildUse.EXCLUDED:
        return words.excluded % {"reason": child.reason or "-"}
    if child.used is ChildUse.LATE:
        return f"{words.late}; {child.reason}" if child.reason else words.late
    return child.reason


def _sums(figure: SummedFigure | None) -> dict[str, str]:
    """Return how a column makes the total of the report, by the names of its lines."""
    if figure is None:
        return {}
    own = None if figure.own is None else figure.own.value
    mine = format_number(own.number) if isinstance(own, GradedCount) else ""
    change, total = figure.adjustment, figure.total
    return {
        "children": "" if figure.children is None else format_number(figure.children),
        "own_of_all" if figure.own_is_of_all else "own": mine,
        "adjustment": "" if change is None else signed(change.amount),
        "overlap": signed(-figure.overlap) if figure.overlap else "",
        "total": format_number(total.number) if isinstance(total, GradedCount) else "",
    }
