"""The report of a sweep: its factual paragraph, the figures it can fill in, and its files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import msgspec

from quetsach.atomic_files import write_set
from quetsach.documents.typeset.docx import write_docx
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.documents.typeset.pdf import write_pdf
from quetsach.documents.typeset.text import UnprintableCharacter, day
from quetsach.documents.typeset.typst import Face, find_face
from quetsach.documents.typeset.wording import wording
from quetsach.errors.exceptions import QuetsachError
from quetsach.forms.definition import ReportField, ReportFormDefinition, TextSource
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import FigureGrade, FilledForm, TextValue, Value
from quetsach.texts import _

# Strongest first; the order in which the paragraph names them.
_GRADES = ("moved", "connected", "blocked", "answered", "asked")


# A time without offset would mean another day on another machine.
_Time: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True)
class _Device:
    device: str
    best_grade: str
    sightings: int
    indicators: tuple[str, ...]
    first_seen: _Time | None = None
    last_seen: _Time | None = None


@dataclass(frozen=True)
class _NotBlamed:
    role: str = ""


@dataclass(frozen=True)
class _Summary:
    lines: int
    indicators: int
    sightings: int
    rejects: int
    devices: tuple[_Device, ...]
    not_blamed: tuple[_NotBlamed, ...] = ()
    unread: tuple[Any, ...] = ()
    as_text: tuple[str, ...] = ()
    unattributed: int = 0
    lines_to_look_at: int = 0


@dataclass(frozen=True)
class _Source:
    path: str
    lines: int
    first: _Time | None = None
    last: _Time | None = None
    duplicate_of: str | None = None
    set_aside: bool = False


@dataclass(frozen=True)
class _Coverage:
    sources: tuple[_Source, ...]
    alive: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Assessment:
    """The text that a sweep gives to a report; each line of `text` is a paragraph.

    `is_measured` is False where nothing was looked at, and the text says so.
    """

    text: str
    is_measured: bool


def assess(summary: Mapping[str, Any], coverage: Mapping[str, Any]) -> Assessment:
    """Return what a sweep saw and found, in Vietnamese.

    A zero is always given together with the evidence that was searched.
    Errors: E404 when `summary` or `coverage` has not the expected shape.
    """
    try:
        sweep = msgspec.convert(summary, _Summary)
        looked = msgspec.convert(coverage, _Coverage)
    except msgspec.ValidationError as err:
        raise QuetsachError("E404", "findings", reason=str(err)) from err
    read = [
        source
        for source in looked.sources
        if source.lines > 0 and source.duplicate_of is None and not source.set_aside
    ]
    if not read or sweep.lines == 0:
        return Assessment(_join([wording().sweep.nothing, _unread(sweep)]), is_measured=False)
    paragraphs = (
        _join([_evidence_sentence(sweep, read), _alive(looked)]),
        _join([_result_sentence(sweep), _when(sweep.devices)]),
        *_reservations(sweep),
    )
    return Assessment("\n".join(paragraphs), is_measured=True)


def _evidence_sentence(sweep: _Summary, read: Sequence[_Source]) -> str:
    return wording().sweep.looked % {
        "lines": _number(sweep.lines),
        "sources": _number(len(read)),
        "period": _period(read),
        "indicators": _number(sweep.indicators),
    }


def _period(read: Sequence[_Source]) -> str:
    say = wording().sweep
    spans = [(s.first, s.last) for s in read if s.first is not None and s.last is not None]
    if not spans:
        return say.period_unknown
    first, last = _days([a for a, _ in spans], [b for _, b in spans])
    text = (say.period_day if first == last else say.period) % {"first": first, "last": last}
    timeless = len(read) - len(spans)
    if timeless:
        return say.period_partly % {"period": text, "timeless": _number(timeless)}
    return text


def _alive(looked: _Coverage) -> str:
    addresses = {address for those in looked.alive.values() for address in those}
    return wording().sweep.alive % {"alive": _number(len(addresses))} if addresses else ""


def _result_sentence(sweep: _Summary) -> str:
    say = wording().sweep
    if not sweep.devices:
        return say.none_named if sweep.sightings or sweep.lines_to_look_at else say.none
    by_grade = Counter(device.best_grade for device in sweep.devices)
    unknown = set(by_grade) - set(_GRADES)
    if unknown:
        raise QuetsachError("E404", "findings", reason=f"grade {min(unknown)!r}")
    return say.found % {
        "devices": _number(len(sweep.devices)),
        "sightings": _number(sum(device.sightings for device in sweep.devices)),
        "hit": _number(len({name for device in sweep.devices for name in device.indicators})),
        "grades": "; ".join(
            say.grades[grade] % {"count": _number(by_grade[grade])}
            for grade in _GRADES
            if by_grade[grade]
        ),
    }


def _when(devices: Sequence[_Device]) -> str:
    firsts = [d.first_seen for d in devices if d.first_seen is not None]
    lasts = [d.last_seen for d in devices if d.last_seen is not None]
    if not firsts or not lasts:
        return ""
    first, last = _days(firsts, lasts)
    return wording().sweep.seen % {"first": first, "last": last}


def _reservations(sweep: _Summary) -> list[str]:
    say = wording().sweep
    to_decide = sum(device.role == "allowed" for device in sweep.not_blamed)
    outdated = sum(device.role == "outdated" for device in sweep.not_blamed)
    counted = (
        (say.not_blamed, len(sweep.not_blamed) - to_decide - outdated),
        (say.to_decide, to_decide),
        (say.outdated, outdated),
        (say.unattributed, sweep.unattributed),
        (say.as_text, len(sweep.as_text)),
        (say.to_look_at, sweep.lines_to_look_at),
    )
    sentences = [text % {"count": _number(count)} for text, count in counted if count]
    line = _join([*sentences, _unread(sweep)])
    return [line] if line else []


def _unread(seen: _Summary) -> str:
    say = wording().sweep
    counted = ((say.unread_files, len(seen.unread)), (say.unread_lines, seen.rejects))
    parts = [text % {"count": _number(count)} for text, count in counted if count]
    return say.unread % {"files": ", ".join(parts)} if parts else ""


def _join(sentences: Iterable[str]) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _number(count: int) -> str:
    # Thousands are set off by dots in Vietnamese; official paper writes 2 as 02.
    return f"{count:02d}" if 0 < count < 10 else f"{count:,}".replace(",", ".")


def _days(firsts: Sequence[datetime], lasts: Sequence[datetime]) -> tuple[str, str]:
    first, last = min(firsts), max(lasts)
    # Both in one zone: with each in its own, a period could end before it began.
    return day(first), day(last.astimezone(first.tzinfo))


def fill_from_findings(
    form: ReportFormDefinition,
    summary: Mapping[str, Any],
    coverage: Mapping[str, Any],
    unit: str | None,
) -> FilledForm:
    """Return what the findings can answer of `form`; counts are no matter of logs and stay open.

    Errors: E404 when `summary` or `coverage` has not the expected shape.
    """
    values: dict[str, Value] = {}
    for each in form.entries():
        if not isinstance(each, ReportField):
            continue
        if each.source is TextSource.SWEEP:
            told = assess(summary, coverage)
            values[each.id] = TextValue(
                told.text, FigureGrade.MEASURED if told.is_measured else None
            )
        elif each.source is TextSource.UNIT and unit is not None and unit.strip():
            values[each.id] = TextValue(unit, FigureGrade.DECLARED)
    return FilledForm(values)


_SHOWN = 8


@dataclass(frozen=True)
class WrittenReport:
    """What was written: the files, and notes on what a reader should know about them."""

    files: tuple[Path, ...]
    notes: tuple[str, ...]


def write_report(
    summary: Mapping[str, Any],
    coverage: Mapping[str, Any],
    out_dir: Path,
    *,
    form_code: str,
    unit: str | None,
    created: datetime,
    header: Letterhead | None = None,
) -> WrittenReport:
    """Write the form, filled from the findings, to `out_dir` as DOCX and PDF.

    Errors: E401 to E405; E406 when `out_dir` cannot be written.
    """
    form = shipped_form(form_code)
    filling = fill_from_findings(form, summary, coverage, unit)
    head = letterhead_of(unit) if header is None else header
    face = find_face()
    word, pdf = BytesIO(), BytesIO()
    # Both are made before either is written: a failure leaves no partial report on disk.
    paper = write_docx(form, filling, head, word, created=created)
    write_pdf(form, filling, head, pdf, created=created, face=face)
    files = tuple(out_dir / f"{form.code}.{kind}" for kind in ("docx", "pdf"))
    write_set(list(zip(files, (word.getvalue(), pdf.getvalue()), strict=True)))
    return WrittenReport(files, tuple(notes_on(face, paper.unfit)))


def notes_on(face: Face, unfit: tuple[UnprintableCharacter, ...]) -> Iterator[str]:
    """Yield what a reader should know: another typeface, characters that could not be printed."""
    if not face.is_prescribed:
        yield _(
            "The PDF is set in %(family)s: Times New Roman and Liberation Serif are missing here."
        ) % {"family": face.family}
    yield from unfit_notes(unfit)


def unfit_notes(unfit: tuple[UnprintableCharacter, ...]) -> Iterator[str]:
    """Yield each character that no typeface here shows, with its context."""
    for one in unfit[:_SHOWN]:
        yield _("This character cannot be printed: %(sign)s, in “%(beside)s”.") % {
            "sign": one.named,
            "beside": one.beside,
        }
    if len(unfit) > _SHOWN:
        yield _("%(count)s more kinds of characters cannot be printed.") % {
            "count": len(unfit) - _SHOWN
        }
