"""Names: shown clean, kept nowhere as a path, and sent as RFC 6266 has it: F10."""

import contextlib
import unicodedata
from pathlib import Path

import pytest
from django.http import FileResponse, Http404
from hypothesis import given
from hypothesis import strategies as st

from quetsach_portal.files import storage
from quetsach_portal.files.models import FileState, StoredFile
from quetsach_portal.files.storage import attachment, attachment_header, display_name, ending_of
from tests.portal.files.conftest import Keep
from tests.portal.files.samples import (
    EICAR,
    pdf,
    refusal_of,
    shortly,
)
from tests.portal.working import run_ready


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../x", "x"),
        ("..\\..\\x.log", "x.log"),
        ("C:\\Users\\an\\bien-ban.pdf", "bien-ban.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ("anh\u202egpj.exe", "anhgpj.exe"),
        ("a\x00.pdf", "a.pdf"),
        ("a\u200b\ufeffb.pdf", "ab.pdf"),
        (unicodedata.normalize("NFD", "Biên bản số 1.pdf"), "Biên bản số 1.pdf"),
        ("  .pdf  ", "pdf"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ("a<b>|?.pdf", "a_b___.pdf"),
        ("nhật  ký\t.log", "nhật ký.log"),
    ],
)
def test_F10_a_name_is_shown_clean(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


def test_F10_a_name_of_300_signs_keeps_its_ending() -> None:
    for stem in ("a" * 300, "ễ" * 300, "😀" * 300):
        name = display_name(f"{stem}.xlsx")
        assert len(name.encode()) <= 255
        assert name.endswith(".xlsx")
        assert len(name) > 60
    assert len(display_name("a." + "b" * 400).encode()) == 255


@given(st.text(max_size=400))
def test_F10_any_name_becomes_one_that_can_be_saved_and_stays_itself(given_name: str) -> None:
    name = display_name(given_name)
    assert 0 < len(name.encode()) <= 255
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in name)
    assert display_name(name) == name


@pytest.mark.asvs("V1.2.1", "V5.4.2")
@given(st.text(max_size=400))
def test_F10_no_name_breaks_out_of_its_header(given_name: str) -> None:
    header = attachment_header(given_name)
    assert header.startswith("attachment; filename")
    assert header.isascii()
    assert header.isprintable()


def test_F10_a_Vietnamese_name_is_sent_as_RFC_8187_has_it() -> None:
    assert attachment_header("Biên bản.pdf") == (
        "attachment; filename*=utf-8''Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    )
    assert attachment_header("a.pdf") == 'attachment; filename="a.pdf"'


def test_endings_are_told_in_small_letters() -> None:
    assert [ending_of(one) for one in ("a.PDF", "a.tar.gz", "khong", ".an")] == [
        "pdf",
        "gz",
        "",
        "",
    ]


@pytest.mark.django_db
def test_F8_without_room_on_the_disk_nothing_is_begun(kept: Keep, monkeypatch) -> None:
    monkeypatch.setattr(storage, "KEPT_FREE", 1 << 60)
    assert refusal_of(lambda: kept(pdf(), "a.pdf")).problem.code == "P129"


RAN = b"<!doctype html><script>document.title='ran'</script>"


DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def sent(answer: FileResponse) -> bytes:
    with contextlib.closing(answer):
        return answer.getvalue()


@pytest.mark.asvs("V1.3.4", "V3.2.1", "V5.3.1")
@pytest.mark.django_db
@pytest.mark.parametrize(("raw", "name"), [(RAN, "trang.html"), (DRAWN, "hinh.svg")], ids=shortly)
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


@pytest.mark.asvs("V5.4.1")
@pytest.mark.django_db
def test_F10_the_name_is_sent_encoded(kept: Keep) -> None:
    answer = attachment(kept(pdf(), "a\r\nSet-Cookie: Biên bản.pdf"))
    assert sent(answer) == pdf()
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''aSet-Cookie_%20Bi%C3%AAn%20b%E1%BA%A3n.pdf"
    )
    assert "Set-Cookie" not in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize("state", [one for one in FileState if one != FileState.ACCEPTED])
def test_F11_only_an_accepted_file_is_handed_out(state: FileState, kept: Keep) -> None:
    stored = kept(pdf(), "a.pdf")
    stored.state = state
    with pytest.raises(Http404):
        attachment(stored)


@pytest.mark.django_db
def test_F11_nobody_can_download_what_is_in_quarantine(kept: Keep, home: Path) -> None:
    stored = kept(EICAR, "mau.log", "evidence")
    run_ready()
    stored = StoredFile.objects.get(pk=stored.pk)
    assert stored.state == FileState.QUARANTINED
    with pytest.raises(Http404):
        attachment(stored)
