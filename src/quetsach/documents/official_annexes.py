"""The annexes of an official report: its form, the reports below it, what has changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from quetsach.documents import decree30 as decree
from quetsach.documents.letter_annex import roman
from quetsach.documents.official_children import child_blocks
from quetsach.documents.official_figures import absent_in_words, in_words, signed
from quetsach.documents.official_form import FormContent, form_blocks
from quetsach.documents.official_report import OfficialReport
from quetsach.documents.official_words import official_words
from quetsach.documents.paper import Appendix, Block, Grid, Role, plain
from quetsach.documents.paper_lines import Fitting
from quetsach.documents.times_width import balanced_lines
from quetsach.forms.definition import Field, Kind, Row, kind_of
from quetsach.forms.figure import Figure
from quetsach.forms.values import Absent, Count, Value

_CHANGES_MM = (11.0, 51.0, 38.0, 38.0, 22.0)


@dataclass(frozen=True)
class Labels:
    """How the annexes of a report are called; None for one that it does not have."""

    form: str
    children: str | None
    correction: str | None


def annex_labels(report: OfficialReport, word: str) -> Labels:
    """Return the labels of the annexes: Roman numbers where there are two or more."""
    has_children, has_change = report.is_added_up, report.correction is not None
    count = 1 + has_children + has_change
    names = [f"{word} {roman(n)}" if count > 1 else word for n in range(1, count + 1)]
    return Labels(names[0], names[1] if has_children else None, names[-1] if has_change else None)


def annexes(
    report: OfficialReport, labels: Labels, line: str, fitting: Fitting
) -> Iterator[Appendix]:
    """Yield the annexes of `report` in their order; `line` names the report in each."""
    words = official_words()
    content = FormContent(report.figures, report.verified, fitting)
    yield _annex(labels.form, report.form.title.vi, line, form_blocks(report.form, content))
    if labels.children is not None:
        blocks = tuple(child_blocks(report, fitting))
        yield _annex(labels.children, words.children.title, line, blocks)
    if labels.correction is not None and report.correction is not None:
        shown = words.correction
        title = shown.title_supplement if report.correction.is_supplement else shown.title
        yield _annex(labels.correction, title, line, tuple(_changes(report, fitting)))


def _annex(label: str, title: str, line: str, blocks: tuple[Block, ...]) -> Appendix:
    width = decree.points(decree.TEXT_WIDTH_MM)
    lines = balanced_lines(title.upper(), decree.BIG_PT, width, bold=True)
    return Appendix(label, lines, line, blocks)


def _changes(report: OfficialReport, fitting: Fitting) -> Iterator[Block]:
    assert report.correction is not None
    words = official_words().correction
    rows: list[tuple[str, ...]] = []
    for entry in report.form.entries():
        old, new = report.correction.old.get(entry.id), report.figures.get(entry.id)
        before, after = _value(old), _value(new)
        if not _same(before, after):
            cells = _told(entry, before, fitting), _told(entry, after, fitting)
            label = fitting.line(entry.label.vi)
            rows.append((str(len(rows) + 1), label, *cells, _difference(before, after)))
    if not rows:
        yield plain(Role.ITEM, words.none)
        return
    aligns = ("center", "left", *_aligns(rows), "center")
    yield Grid(words.heads, tuple(rows), _CHANGES_MM, aligns)


def _aligns(rows: list[tuple[str, ...]]) -> tuple[str, str]:
    texts = any(len(cell) > 30 for row in rows for cell in row[2:4])
    return ("left", "left") if texts else ("center", "center")


def _value(figure: Figure | None) -> Value:
    return Absent.MISSING if figure is None else figure.total


def _same(one: Value, other: Value) -> bool:
    """Tell whether two values answer the same; a better grade alone is no other answer."""
    if isinstance(one, Count) and isinstance(other, Count):
        return one.number == other.number
    return type(one) is type(other) and in_words(one) == in_words(other)


def _told(entry: Field | Row, value: Value, fitting: Fitting) -> str:
    if isinstance(value, Absent) and kind_of(entry) is Kind.COUNT:
        return fitting.text(absent_in_words(value))
    choices = entry.choices if isinstance(entry, Field) else ()
    return fitting.text(in_words(value, choices)).strip()


def _difference(one: Value, other: Value) -> str:
    if isinstance(one, Count) and isinstance(other, Count):
        return signed(other.number - one.number)
    return ""
