"""One sweep's findings, and the report that is made of them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pypdfium2
import pytest

from quetsach.documents.reports.sweep_report import fill_from_findings
from quetsach.documents.typeset import typst
from quetsach.documents.typeset.docx import write_docx
from quetsach.documents.typeset.letterhead import Letterhead, letterhead_of
from quetsach.documents.typeset.pdf import write_pdf
from quetsach.forms.definition import ReportFormDefinition
from quetsach.forms.reading import shipped_form
from quetsach.forms.values import FilledForm

CREATED = datetime(2022, 9, 28, 2, 0, tzinfo=UTC)
UNIT = "Ủy ban nhân dân xã Tập Sơn"


def device(name: str, grade: str, **more: Any) -> dict[str, Any]:
    return {
        "device": name,
        "addresses": [name],
        "grade": "likely",
        "rivals": [],
        "indicators": ["bad.example"],
        "first_seen": None,
        "last_seen": None,
        "sightings": 5,
        "connections": 0,
        "best_grade": grade,
        **more,
    }


def source(path: str, lines: int, **more: Any) -> dict[str, Any]:
    return {"path": path, "lines": lines, "first": None, "last": None, "duplicate_of": None, **more}


@pytest.fixture
def summary() -> dict[str, Any]:
    return {
        "bytes_read": 98_765_432,
        "lines": 1_234_567,
        "candidates": 20,
        "sightings": 15,
        "rejects": 3,
        "unread": [{"path": "cut.gz", "code": "E106", "what": "-", "todo": "-"}],
        "as_text": [],
        "devices": [
            device(
                "10.20.3.41",
                "moved",
                sightings=7,
                first_seen="2022-09-12T08:15:22+07:00",
                last_seen="2022-09-14T09:00:00+07:00",
            ),
            device("10.20.3.42", "asked", indicators=["bad.example", "worse.example"]),
        ],
        "not_blamed": [{"device": "10.20.1.53", "role": "resolver"}],
        "unattributed": 2,
        "indicators_hit": ["bad.example", "worse.example", "third.example"],
        "indicators": 9,
        "refused": 1,
    }


@pytest.fixture
def coverage() -> dict[str, Any]:
    return {
        "sources": [
            source(
                "dns.log",
                1_234_000,
                first="2022-09-12T00:00:03+07:00",
                last="2022-09-15T23:00:00+07:00",
            ),
            source("odd.log", 567),
        ],
        "alive": {"2022-09-12": ["10.20.3.41", "10.20.3.42"], "2022-09-13": ["10.20.3.41"]},
    }


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[typst.FallbackFont]]:
    """Give the typefaces beside Times New Roman: none, until a test names some."""
    named: list[typst.FallbackFont] = []
    typst._other_for.cache_clear()
    monkeypatch.setattr(typst, "others", lambda: named)
    yield named
    typst._other_for.cache_clear()


@pytest.fixture
def created() -> datetime:
    return CREATED


@pytest.fixture
def form() -> ReportFormDefinition:
    return shipped_form("phu-luc-2022")


@pytest.fixture
def head() -> Letterhead:
    return letterhead_of(UNIT)


@pytest.fixture
def filling(
    form: ReportFormDefinition, summary: dict[str, Any], coverage: dict[str, Any]
) -> FilledForm:
    return fill_from_findings(form, summary, coverage, UNIT)


@pytest.fixture
def word() -> Callable[[ReportFormDefinition, FilledForm, Letterhead], bytes]:
    def made(form: ReportFormDefinition, filling: FilledForm, head: Letterhead) -> bytes:
        out = BytesIO()
        write_docx(form, filling, head, out, created=CREATED)
        return out.getvalue()

    return made


@pytest.fixture
def pdf() -> Callable[[ReportFormDefinition, FilledForm, Letterhead], bytes]:
    def made(form: ReportFormDefinition, filling: FilledForm, head: Letterhead) -> bytes:
        out = BytesIO()
        write_pdf(form, filling, head, out, created=CREATED)
        return out.getvalue()

    return made


@pytest.fixture
def pages() -> Callable[[bytes], list[str]]:
    """Return the text of each page of a PDF."""

    def read(data: bytes) -> list[str]:
        with pypdfium2.PdfDocument(data) as document:
            return [page.get_textpage().get_text_range() for page in document]

    return read
