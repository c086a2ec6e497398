"""Tables of notices: as text with known headings, in a document, an archive or a mail."""

import io
import json
import zipfile
from datetime import datetime
from email.message import EmailMessage

import pytest
from docx import Document
from openpyxl import Workbook

from quetsach.errors.exceptions import QuetsachError
from tests.notices.reading import OLDER, SINKHOLE, XARF, read, reasons, us
from tests.readers.samples import pdf


def test_shadowservers_sinkhole_report_gives_both_ends_in_utc() -> None:
    (one,) = read(SINKHOLE).notices
    assert (one.address, one.port, one.transport) == ("203.0.113.5", 40_112, "tcp")
    assert (one.remote_address, one.remote_port) == ("198.51.100.77", 443)
    assert one.when_us == us("2022-09-12T05:00:00+00:00")
    assert (one.zone_assumed, one.zone, one.time_digits) == (True, "UTC", "second")
    assert one.family == "avalanche-andromeda"
    assert one.row == 2
    assert ("src_asn", "64500") in one.raw


def test_the_older_report_names_its_controller_otherwise() -> None:
    (one,) = read(OLDER).notices
    assert (one.address, one.port) == ("203.0.113.5", 40_112)
    assert (one.remote_address, one.remote_port) == ("198.51.100.77", 80)
    assert (one.family, one.remote_name) == ("conficker", "")


def test_a_free_table_with_those_names_is_read_and_an_offset_outweighs_utc() -> None:
    file = read(
        "timestamp,ip,port,dst_ip,dst_port\n"
        "2022-09-12T12:00:00+07:00,203.0.113.5,40112,198.51.100.77,443\n"
        "2022-09-12T05:00:00Z,203.0.113.5,,198.51.100.77,443\n"
        "2022-09-12 05:00,203.0.113.5,0,,\n"
    )
    assert [one.when_us for one in file.notices] == [us("2022-09-12T05:00:00+00:00")] * 3
    assert [one.zone_assumed for one in file.notices] == [False, False, True]
    assert [one.port for one in file.notices] == [40_112, None, None]
    assert [one.time_digits for one in file.notices] == ["second", "second", "minute"]


def test_vietnamese_headings_are_read_in_local_time() -> None:
    file = read(
        "DANH SÁCH ĐỊA CHỈ IP CỦA ĐƠN VỊ\n\n"
        "STT;Địa chỉ IP;Thời gian;Tên mã độc/botnet;Địa chỉ kết nối;Cổng\n"
        "1;203.0.113.5;12/09/2022 12:00:00;andromeda;198.51.100[.]77;443\n"
        "2;203.0.113.6:40112;12/9/2022;conficker;bad.example;\n"
        "3;203.0.113.7;12h05 ngày 12/09/2022;;198.51.100.78:8080;\n"
    )
    first, second, third = file.notices
    assert first.when_us == us("2022-09-12T12:00:00+07:00")
    assert (first.zone, first.remote_port, first.port) == ("Asia/Ho_Chi_Minh", 443, None)
    assert (first.remote_address, first.family) == ("198.51.100.77", "andromeda")
    assert (second.time_digits, second.port, second.remote_name) == ("day", 40_112, "bad.example")
    assert second.when_us == us("2022-09-12T00:00:00+07:00")
    assert (third.when_us, third.time_digits) == (us("2022-09-12T12:05:00+07:00"), "minute")
    assert (third.remote_address, third.remote_port) == ("198.51.100.78", 8080)


def test_a_period_in_two_columns_or_in_one_has_both_ends() -> None:
    two = read(
        "Địa chỉ IP,Lần đầu,Lần cuối,Mã độc\n203.0.113.5,12/09/2022 08:00,13/09/2022 09:30,x\n"
    ).notices[0]
    one = read(
        "Địa chỉ IP,Thời gian,Mã độc\n203.0.113.5,12/09/2022 08:00 - 13/09/2022 09:30,x\n"
    ).notices[0]
    for notice in (one, two):
        assert notice.when_us == us("2022-09-12T08:00:00+07:00")
        assert notice.end_us == us("2022-09-13T09:30:00+07:00")


ROWS = (
    ("STT", "Địa chỉ IP", "Thời gian", "Tên mã độc/botnet", "Địa chỉ kết nối", "Cổng"),
    ("1", "203.0.113.5", "12/09/2022 12:00:00", "andromeda", "198.51.100[.]77", "443"),
    ("2", "203.0.113.6", "không rõ", "conficker", "bad[.]example", ""),
)


def a_sheet() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Phụ lục", None])
    for row in ROWS:
        sheet.append(row)
    sheet.append(["3", "203.0.113.7", datetime(2022, 9, 12, 12, 0, 0), "x", "198.51.100.77", 443])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_letter() -> bytes:
    document = Document()
    document.add_paragraph("Kính gửi: Đơn vị")
    table = document.add_table(rows=0, cols=6)
    for row in ROWS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def a_long_list() -> bytes:
    """Return a PDF whose table goes on over several pages, its head on the first alone."""
    rows = [ROWS[0]]
    rows += [
        (
            str(at),
            f"203.0.113.{at}",
            f"12/09/2022 12:{at:02d}:00",
            "andromeda",
            "198.51.100.77",
            "443",
        )
        for at in range(1, 60)
    ]
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    return pdf(f"#table(columns: 6, {cells})")


def test_a_list_of_several_pages_in_a_pdf_is_read_to_its_end() -> None:
    file = read(a_long_list(), "ds.pdf")
    assert [one.address for one in file.notices] == [f"203.0.113.{at}" for at in range(1, 60)]
    assert {one.remote_port for one in file.notices} == {443}
    assert file.rejected == ()


@pytest.mark.parametrize(("name", "raw"), [("ds.xlsx", a_sheet()), ("cv.docx", a_letter())])
def test_the_units_list_in_a_document_is_read_row_by_row(name: str, raw: bytes) -> None:
    file = read(raw, name)
    one = file.notices[0]
    assert file.form == "paper"
    assert (one.address, one.remote_address, one.remote_port) == (
        "203.0.113.5",
        "198.51.100.77",
        443,
    )
    assert one.when_us == us("2022-09-12T12:00:00+07:00")
    assert one.zone == "Asia/Ho_Chi_Minh"
    assert one.place
    assert reasons(file) == ["bad-time"]
    if name == "ds.xlsx":
        assert file.notices[1].when_us == us("2022-09-12T12:00:00+07:00")
        assert file.notices[1].row == 5


def test_a_report_in_an_archive_or_attached_to_a_mail_is_read_where_it_lies() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2022-09-12-sinkhole.csv", SINKHOLE)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "cert@cert.example", "XARF"
    mail.set_content("See the report.")
    mail.add_attachment(
        json.dumps(XARF).encode(), maintype="text", subtype="plain", filename="xarf.json"
    )
    in_archive = read(packed.getvalue(), "report.zip").notices
    attached = read(mail.as_bytes(), "report.eml").notices
    assert [(one.address, one.port) for one in in_archive] == [("203.0.113.5", 40_112)]
    assert [(one.address, one.port) for one in attached] == [("203.0.113.5", 40_112)]
    assert "sinkhole.csv" in in_archive[0].place


def test_a_part_of_a_mail_that_could_not_be_read_is_named_beside_the_notices() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "cert@cert.example", "report"
    mail.set_content("See the reports.")
    for name, raw in (("good.csv", SINKHOLE.encode()), ("bad.pdf", b"%PDF-1.7 cut off")):
        mail.add_attachment(raw, maintype="application", subtype="octet-stream", filename=name)
    file = read(mail.as_bytes(), "report.eml")
    assert len(file.notices) == 1
    assert [one.code for one in file.problems] == ["E411"]
    for part in list(mail.iter_attachments())[:1]:
        part.set_content("nothing", subtype="plain")
    with pytest.raises(QuetsachError) as caught:
        read(mail.as_bytes(), "report.eml")
    assert caught.value.problem.code == "E411"
