"""The forms that the program ships, and those filled in from findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quetsach.findings.folder import Findings, read_folder
from quetsach.forms.reading import shipped_codes, shipped_form

if TYPE_CHECKING:
    from quetsach.documents.report import Written


@dataclass(frozen=True)
class ReportForm:
    """A form that the program ships: its code, its version, and its title in both languages."""

    code: str
    version: str
    title_vi: str
    title_en: str


def report_forms() -> list[ReportForm]:
    """Return the forms that can be asked for and filled in, sorted by code.

    Errors: E402 when a definition is not sound.
    """
    forms = map(shipped_form, shipped_codes())
    return [ReportForm(one.code, one.version, one.title.vi, one.title.en) for one in forms]


def report(folder: Path, *, form: str, unit: str | None, out: Path | None = None) -> "Written":
    """Fill the form with this code from the findings in `folder`; return the files written.

    Errors: E303, E305 for the folder; E401 to E405 for the form; E406 when it cannot be written.
    """
    # Imported where it is used: who only lists forms need not wait for the typesetter.
    from quetsach.documents.report import write_report

    findings = read_folder(folder)
    summary: Mapping[str, Any] = findings.manifest["summary"]
    target = folder if out is None else out
    return write_report(
        summary, findings.coverage, target, form_code=form, unit=unit, created=_as_of(findings)
    )


def _as_of(findings: Findings) -> datetime:
    """Return the time that a document from these findings carries: that of the last log line.

    Not the clock's: the same findings give the same bytes.
    """
    last = max((one["last"] for one in findings.coverage["sources"] if one["last"]), default=None)
    return datetime.fromisoformat(last) if last else datetime(1980, 1, 1, tzinfo=UTC)
