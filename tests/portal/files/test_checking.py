"""What a file is must be what it is meant to be, by its content: F7, F8, F11, F12."""

import gzip
import struct

import pytest

from quetsach_portal.files.checking import check
from quetsach_portal.files.kinds import PROOF, RULES, FileKind
from quetsach_portal.files.problems import FileRefused
from tests.portal.files.samples import (
    EICAR,
    LOG,
    MIB,
    checked,
    code,
    document,
    pdf,
    picture,
    refusal,
    shortly,
    spreadsheet,
    tarred,
    workbook,
    zipped,
)

PROGRAM = b"MZ\x90\x00" + bytes(56) + struct.pack("<L", 64) + b"PE\x00\x00" + bytes(400)
PAGE = b"<!DOCTYPE html>\n<html><script>alert(1)</script></html>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.mark.parametrize(
    ("raw", "name", "purpose", "kind"),
    [
        (pdf(), "bien-ban.pdf", "proof", FileKind.PDF),
        (picture("JPEG"), "anh.JPG", "proof", FileKind.JPEG),
        (picture("PNG"), "anh.png", "proof", FileKind.PNG),
        (document(), "bien-ban.docx", "proof", FileKind.DOCX),
        (workbook(), "danh-sach.xlsx", "proof", FileKind.XLSX),
        (workbook(), "don-vi.xlsx", "register", FileKind.XLSX),
        (spreadsheet(), "don-vi.ods", "register", FileKind.ODS),
        ("mã,tên\nTC01,Xã Một\n".encode("utf-8-sig"), "don-vi.csv", "register", FileKind.CSV),
        ("mã;tên\n".encode("utf-16"), "don-vi.csv", "register", FileKind.CSV),
        (LOG, "conn.log", "evidence", FileKind.TEXT),
        (LOG, "conn.2022-09-12", "evidence", FileKind.TEXT),
        (b"\x00" * 40 + LOG, "nhat-ky-sau-mat-dien", "evidence", FileKind.TEXT),
        (gzip.compress(LOG, mtime=0), "conn.log.gz", "evidence", FileKind.GZIP),
        (LOG, "giai-nen-boi-trinh-duyet.gz", "evidence", FileKind.TEXT),
        (zipped({"fw1/conn.log": LOG}), "nhat-ky.zip", "evidence", FileKind.ZIP),
        (tarred({"./var/log/conn.log": LOG}), "nhat-ky.tar", "evidence", FileKind.TAR),
        (b"\xd4\xc3\xb2\xa1" + bytes(20), "mang.pcap", "evidence", FileKind.PCAP),
        (b"ElfFile\x00" + bytes(120), "Security.evtx", "evidence", FileKind.EVTX),
        (zipped({"manifest.json": b"{}"}), "ket-qua.zip", "findings", FileKind.ZIP),
    ],
    ids=shortly,
)
def test_what_is_meant_is_taken_for_what_it_is(
    raw: bytes, name: str, purpose: str, kind: FileKind
) -> None:
    assert checked(raw, name, purpose).kind is kind


@pytest.mark.parametrize(
    ("raw", "name", "purpose", "wanted"),
    [
        (PAGE, "bien-ban.pdf", "proof", "P103"),
        (PROGRAM, "bien-ban.docx", "proof", "P103"),
        (PROGRAM, "nhat-ky.log", "evidence", "P103"),
        (document(), "bien-ban.exe", "proof", "P104"),
        (document(), "bien-ban", "proof", "P104"),
        (pdf(), "bien-ban.docx", "proof", "P104"),
        (picture("PNG"), "anh.jpg", "proof", "P104"),
        (LOG, "chay-ngay.exe", "evidence", "P104"),
        (LOG, "nhat-ky.zip", "evidence", "P104"),
        (picture("GIF"), "anh.png", "proof", "P103"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "nhat-ky.zip", "evidence", "P103"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "don-vi.xls", "register", "P103"),
        (zipped({"a.txt": b"1"}), "bien-ban.docx", "proof", "P103"),
        (workbook(), "ket-qua.zip", "findings", "P103"),
        (bytes(4096), "toan-so-khong.log", "evidence", "P103"),
        (bytes(range(256)) * 20, "nhi-phan.log", "evidence", "P103"),
        (b"mot,hai\n", "don-vi.pdf", "register", "P103"),
    ],
    ids=shortly,
)
def test_F7_a_file_that_is_not_what_it_must_be_is_refused(
    raw: bytes, name: str, purpose: str, wanted: str
) -> None:
    found, told = refusal(raw, name, purpose)
    assert found == wanted
    assert "Tệp phải là" in told


def test_F7_the_refusal_names_each_kind_that_is_taken_and_what_it_found() -> None:
    _code, told = refusal(PAGE, "bien-ban.pdf", "proof")
    for word in ("PDF", "JPEG", "PNG", "DOCX", "XLSX", "trang web"):
        assert word in told


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


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7\n" + LOG, b"%PDF-9.9\n%%EOF", pdf()[:-40], b"%PDF-", pdf()[:20]], ids=shortly
)
def test_F7_a_pdf_that_breaks_off_is_refused(raw: bytes) -> None:
    assert code(raw, "a.pdf", "proof") == "P106"


def test_an_empty_file_is_refused_for_every_purpose() -> None:
    assert {code(b"", "a.log", purpose) for purpose in RULES} == {"P101"}


def test_F8_a_file_of_21_MB_is_refused_before_it_is_read() -> None:
    class Unread:
        """A file of 21 MB of which nothing may be read."""

        def seek(self, place: int, whence: int = 0) -> int:
            return 21 * MIB if whence == 2 else place

        def read(self, size: int = -1) -> bytes:
            raise AssertionError

    with pytest.raises(FileRefused) as caught:
        check(Unread(), name="a.pdf", rules=PROOF)  # type: ignore[arg-type]
    assert caught.value.problem.code == "P102"
    assert "21 MB" in caught.value.told
    assert "20 MB" in caught.value.told


@pytest.mark.parametrize(
    "raw",
    [
        EICAR,
        EICAR + b"\r\n",
        gzip.compress(EICAR, mtime=0),
        zipped({"sach.log": LOG, "thu/eicar.com": EICAR}),
        zipped({"eicar.log.gz": gzip.compress(EICAR, mtime=0)}),
        tarred({"eicar.com": EICAR}),
        tarred({"sach.log": LOG, "eicar.com": EICAR}, packed="gz"),
    ],
    ids=shortly,
)
def test_F11_the_eicar_file_is_found_wherever_it_is_packed(raw: bytes) -> None:
    assert code(raw, "chung-cu") == "P123"


def test_F11_a_log_that_tells_of_eicar_far_inside_is_evidence() -> None:
    assert code(LOG * 10 + b'{"alert":"' + EICAR + b'"}\n', "suricata.log") == ""


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


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "http://192.0.2.1/a.dtd"><svg/>',
        b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>',
        b'\n\n<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % p SYSTEM "http://192.0.2.1/"> %p;]><a/>',
        b'<!DOCTYPE html [<!ENTITY x "y">]><html>&x;</html>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode(
            "utf-16"
        ),
    ],
    ids=shortly,
)
def test_F6_xml_with_a_document_type_is_refused(raw: bytes) -> None:
    assert code(raw, "ban-ve.svg") == "P118"


def test_F6_a_prolog_without_end_is_refused_without_holding_it() -> None:
    endless = b'<?xml version="1.0"?><!--' + b"a" * (8 * MIB)
    assert code(endless, "a.xml") == "P106"


def test_every_kind_that_is_taken_has_a_title_and_endings() -> None:
    from quetsach_portal.files.kinds import ABOUT

    assert set(ABOUT) == set(FileKind)
    for rules in RULES.values():
        assert rules.titles()
        assert all(one.startswith(".") for one in rules.endings())
