"""From findings to the filled report on disk, as DOCX and PDF."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from quetsach.documents.docx import write_docx
from quetsach.documents.fill import fill_from_findings
from quetsach.documents.fonts import Face, find_face
from quetsach.documents.letterhead import Letterhead, letterhead_of
from quetsach.documents.pdf import write_pdf
from quetsach.documents.printable import Unfit
from quetsach.forms.reading import shipped_form
from quetsach.texts import _
from quetsach.whole_files import write_whole

_SHOWN = 8


@dataclass(frozen=True)
class Written:
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
) -> Written:
    """Write the form, filled from the findings, to `out_dir` as DOCX and PDF.

    Errors: E401 to E405; E406 when `out_dir` cannot be written.
    """
    form = shipped_form(form_code)
    filling = fill_from_findings(form, summary, coverage, unit)
    head = letterhead_of(unit) if header is None else header
    face = find_face()
    word, pdf = BytesIO(), BytesIO()
    # Both are made before either is written: a failure leaves no half of a report behind.
    paper = write_docx(form, filling, head, word, created=created)
    write_pdf(form, filling, head, pdf, created=created, face=face)
    files = tuple(out_dir / f"{form.code}.{kind}" for kind in ("docx", "pdf"))
    for path, content in zip(files, (word, pdf), strict=True):
        write_whole(path, content.getvalue())
    return Written(files, tuple(notes_on(face, paper.unfit)))


def notes_on(face: Face, unfit: tuple[Unfit, ...]) -> Iterator[str]:
    """Yield what a reader should know: another typeface, characters that could not be printed."""
    if not face.is_prescribed:
        yield _(
            "The PDF is set in %(family)s: Times New Roman and Liberation Serif are missing here."
        ) % {"family": face.family}
    yield from unfit_notes(unfit)


def unfit_notes(unfit: tuple[Unfit, ...]) -> Iterator[str]:
    """Yield for each character that no typeface here shows what it is, and where it stands."""
    for one in unfit[:_SHOWN]:
        yield _("This character cannot be printed: %(sign)s, in “%(beside)s”.") % {
            "sign": one.named,
            "beside": one.beside,
        }
    if len(unfit) > _SHOWN:
        yield _("%(count)s more kinds of characters cannot be printed.") % {
            "count": len(unfit) - _SHOWN
        }
