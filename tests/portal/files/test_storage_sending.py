"""Files handed out: as attachments that run nothing, and only accepted ones: F10 to F12."""

import contextlib
from pathlib import Path

import pytest
from django.http import FileResponse, Http404

from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import attachment
from tests.portal.files.conftest import Keep
from tests.portal.files.samples import EICAR, pdf, shortly
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><script>document.title='ran'</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def sent(answer: FileResponse) -> bytes:
    with contextlib.closing(answer):
        return answer.getvalue()


@pytest.mark.parametrize(
    ("raw", "name"), [(PAGE, "trang.html"), (DRAWING, "hinh.svg")], ids=shortly
)
def test_F12_a_page_or_drawing_goes_out_as_an_attachment_that_runs_nothing(
    raw: bytes, name: str, kept: Keep
) -> None:
    stored = kept(raw, name, "evidence")
    run_ready()
    stored.refresh_from_db()
    answer = attachment(stored)
    assert sent(answer) == raw
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_F10_the_name_is_sent_encoded(kept: Keep) -> None:
    answer = attachment(kept(pdf(), "a\r\nSet-Cookie: Biên bản.pdf"))
    assert sent(answer) == pdf()
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''aSet-Cookie_%20Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    )
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("state", [one for one in FileState if one != FileState.ACCEPTED])
def test_F11_only_an_accepted_file_is_handed_out(state: FileState, kept: Keep) -> None:
    stored = kept(pdf(), "a.pdf")
    stored.state = state
    with pytest.raises(Http404):
        attachment(stored)


def test_F11_nobody_can_download_what_is_in_quarantine(kept: Keep, home: Path) -> None:
    stored = kept(EICAR, "mau.log", "evidence")
    run_ready()
    stored = StoredFile.objects.get(pk=stored.pk)
    assert stored.state == FileState.QUARANTINED
    with pytest.raises(Http404):
        attachment(stored)
