"""What a file is must be what it is meant to be, by its content: F7, F8, F11, F12."""

import gzip
from pathlib import Path

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.files import storage
from quetsach_portal.files.checking import check
from quetsach_portal.files.kinds import PROOF, RULES, FileKind
from quetsach_portal.files.models import FileScanResult, FileState, StoredFile
from quetsach_portal.files.problems import FileRefused
from quetsach_portal.jobs.models import Job
from tests.portal.files.conftest import Keep, bytes_in
from tests.portal.files.samples import (
    EICAR,
    LOG,
    MIB,
    PAGE,
    PROGRAM,
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
from tests.portal.working import run_ready


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


@pytest.mark.asvs("V5.2.2")
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


def test_an_empty_file_is_refused_for_every_purpose() -> None:
    assert {code(b"", "a.log", purpose) for purpose in RULES} == {"P101"}


@pytest.mark.asvs("V5.2.1")
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


@pytest.mark.asvs("V1.5.1")
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


@pytest.mark.django_db
def test_evidence_waits_for_its_job_and_is_accepted_by_it(kept: Keep) -> None:
    stored = kept(zipped({"fw1/conn.log": LOG}), "nhat-ky.zip", "evidence")
    assert (stored.state, Job.objects.get().kind) == (FileState.CHECKING, "files.check")
    assert run_ready(1) == 1
    stored.refresh_from_db()
    assert (stored.state, stored.kind) == (FileState.ACCEPTED, "zip")
    assert stored.scan == FileScanResult.NOT_SCANNED
    follow = Job.objects.get(kind="intake.checked")
    assert follow.payload == {"file": str(stored.pk)}
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "file.kept",
        "file.accepted",
    }


@pytest.mark.django_db
def test_refused_evidence_says_why_and_its_bytes_go(
    kept: Keep, home: Path, django_capture_on_commit_callbacks
) -> None:
    stored = kept(zipped({"a.zip": zipped({"b": LOG})}), "nhat-ky.zip", "evidence")
    with django_capture_on_commit_callbacks(execute=True):
        run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P110")
    assert "a.zip" in stored.told
    assert bytes_in(home) == set()


@pytest.mark.django_db
def test_F11_eicar_as_evidence_is_isolated_and_the_uploader_told(kept: Keep, home: Path) -> None:
    stored = kept(zipped({"mau.com": EICAR}), "nhat-ky.zip", "evidence")
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.scan) == (FileState.QUARANTINED, FileScanResult.FOUND)
    assert "EICAR" in stored.told
    assert "cách ly" in stored.told
    assert not storage.path_of(stored).exists()
    assert storage.quarantine_of(stored.pk).exists()
    assert AuditEvent.objects.filter(action="file.quarantined").count() == 1


@pytest.mark.django_db
def test_F11_a_worker_that_died_after_isolating_is_followed_by_one_that_says_so(
    kept: Keep, home: Path
) -> None:
    stored = kept(EICAR, "mau.log", "evidence")
    storage.isolate(stored.pk)
    run_ready()
    stored.refresh_from_db()
    assert stored.state == FileState.QUARANTINED


@pytest.mark.django_db
def test_bytes_that_are_gone_are_told(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    storage.remove(stored.pk)
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P131")


@pytest.mark.django_db
def test_bytes_that_changed_since_they_came_are_refused(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    storage.path_of(stored).write_bytes(LOG[1:])
    run_ready()
    stored.refresh_from_db()
    assert (stored.state, stored.refusal["code"]) == (FileState.REFUSED, "P128")


@pytest.mark.django_db
def test_a_check_that_runs_twice_changes_nothing_the_second_time(kept: Keep) -> None:
    stored = kept(LOG, "a.log", "evidence")
    run_ready()
    Job.objects.update(state="ready")
    run_ready()
    assert AuditEvent.objects.filter(action="file.accepted").count() == 1
    assert StoredFile.objects.get(pk=stored.pk).state == FileState.ACCEPTED
