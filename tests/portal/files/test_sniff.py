"""A file is what its content says, whatever its name: F7, F12."""

import pytest

from quetsach_portal.files.kinds import FileKind
from tests.portal.files.samples import (
    DRAWING,
    LOG,
    PAGE,
    PROGRAM,
    checked,
    code,
    pdf,
    refusal,
    shortly,
    zipped,
)


@pytest.mark.parametrize("joined", [b"", b"\n", b"x" * 60_000], ids=shortly)
def test_F7_a_pdf_that_is_a_zip_as_well_is_refused(joined: bytes) -> None:
    both = pdf() + joined + zipped({"evil.exe": PROGRAM}) + b"%%EOF\n"
    found, told = refusal(both, "bien-ban.pdf", "proof")
    assert found == "P105"
    assert "PDF" in told
    assert "ZIP" in told


def test_F7_a_zip_behind_other_bytes_is_no_zip() -> None:
    assert code(PROGRAM + zipped({"a.log": LOG}), "nhat-ky.zip") == "P103"
    assert code(zipped({"a.log": LOG}) + b"more", "nhat-ky.zip") == "P106"


@pytest.mark.asvs("V5.2.2")
@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF",
        b"%PDF-1.7\n<!--" + pdf()[9:-6] + b"--><script>1</script>%%EOF\n",
        pdf().replace(b"\n", b"\n%<SVG onload=1>\n", 1),
        pdf() + b"\n<script>alert(1)</script>",
    ],
    ids=shortly,
)
def test_F7_a_pdf_that_is_a_page_as_well_is_refused(raw: bytes) -> None:
    assert code(raw, "a.pdf", "proof") in ("P105", "P106")


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7\n" + LOG, b"%PDF-9.9\n%%EOF", pdf()[:-40], b"%PDF-", pdf()[:20]], ids=shortly
)
def test_F7_a_pdf_that_breaks_off_is_refused(raw: bytes) -> None:
    assert code(raw, "a.pdf", "proof") == "P106"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (PAGE, FileKind.HTML),
        (b"  \r\n<HTML><body onload=alert(1)>", FileKind.HTML),
        (b"<!-- x --><script>alert(1)</script>", FileKind.HTML),
        (DRAWING, FileKind.SVG),
        (b'<?xml version="1.0"?>\n<!-- a -->' + DRAWING, FileKind.SVG),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Events><Event/></Events>', FileKind.XML),
        (b"<134>Sep 12 08:00:00 fw1 deny\n" * 9, FileKind.TEXT),
    ],
    ids=shortly,
)
def test_F12_pages_and_drawings_are_known_as_such_and_go_out_as_bytes(
    raw: bytes, kind: FileKind
) -> None:
    from quetsach_portal.files.kinds import ABOUT

    assert checked(raw, "luu-tu-bo-dinh-tuyen", "evidence").kind is kind
    assert ABOUT[kind].media_type == "application/octet-stream"
    assert code(raw, "anh.svg", "proof") == "P103"
