"""Workbooks filled in as a unit would, and packed, for tests."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import openpyxl

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.reports.models.report import ReportDraft
from quetsach_portal.reports.workbooks import workbook
from tests.portal.reports.acting import PEOPLE


def filled(slot: ExpectedReport, **answers: Any) -> bytes:
    """Return the slot's workbook with the answers of these fields written."""
    book = openpyxl.load_workbook(io.BytesIO(workbook.workbook_of(slot)))
    page = book["Báo cáo"]
    for row in page.iter_rows():
        if row[0].value in answers:
            row[5].value = answers[row[0].value]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def packed(files: Mapping[str, bytes]) -> io.BytesIO:
    """Return a ZIP file of `files`, as a form takes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    out.seek(0)
    out.name = "cac-xa.zip"
    return out


def people(slot: ExpectedReport) -> int | None:
    """Return what a draft says of the third number, None where it says nothing."""
    draft = ReportDraft.objects.filter(slot=slot).first()
    return None if draft is None or PEOPLE not in draft.own else draft.own[PEOPLE]["value"]["count"]
