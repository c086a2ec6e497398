"""Files of notices as authorities send them, whole and damaged, and what is made of each item."""

import io
import json
import zipfile
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from quetsach.clocks import MICROSECONDS
from quetsach.errors.exceptions import QuetsachError
from quetsach.notices import read as reading
from quetsach.notices.formats.contract import NoticeOptions
from quetsach.notices.formats.registry import NOTICE_FORMS
from quetsach.notices.model import Notice, NoticeFile
from quetsach.notices.read import read_notice_files, read_notices
from tests.readers.samples import pdf


def us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * MICROSECONDS)


def read(text: str | bytes, name: str = "n.csv", **options: bool) -> NoticeFile:
    raw = text if isinstance(text, bytes) else text.encode()
    return read_notices(raw, name, NoticeOptions(**options))


def reasons(file: NoticeFile) -> list[str]:
    return [one.reason for one in file.rejected]


SINKHOLE = (
    '"timestamp","protocol","src_ip","src_port","src_asn","src_geo","dst_ip","dst_port",'
    '"infection","family","tag","naics"\n'
    '"2022-09-12 05:00:00","tcp","203.0.113.5","40112","64500","VN","198.51.100.77","443",'
    '"avalanche-andromeda","andromeda","botnet","0"\n'
)
OLDER = (
    "timestamp,ip,port,asn,geo,region,city,hostname,type,infection,url,agent,cc_ip,cc_port\n"
    "2022-09-12 05:00:00,203.0.113.5,40112,64500,VN,,,host.example,tcp,conficker,,,"
    "198.51.100.77,80\n"
)


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


def test_each_bad_row_is_rejected_with_its_reason_and_none_is_lost() -> None:
    file = read(
        "timestamp,ip,port,dst_ip,dst_port\n"
        "2022-09-12 05:00:00,203.0.113.5,40112,198.51.100.77,443\n"
        "2022-09-12 05:00:00,203.0.113.500,1,,\n"
        "2022-09-12 05:00:00,,1,,\n"
        "2022-13-45 05:00:00,203.0.113.5,1,,\n"
        "12/09/2022 25:61,203.0.113.5,1,,\n"
        "2022-09-12 05:00:00,203.0.113.5,70000,,\n"
        "2022-09-12 05:00:00,10.0.0.5,1,,\n"
        "2022-09-12 05:00:00,203.0.113.0/24,1,,\n"
        "timestamp,ip,port,dst_ip,dst_port\n"
        "2022-09-12 05:00:00,203.0.113.5,1,,,overflow\n"
        "\n"
    )
    assert reasons(file) == [
        "bad-address",
        "no-address",
        "bad-time",
        "bad-time",
        "bad-port",
        "private-address",
        "network",
        "heading",
        "unreadable",
    ]
    assert file.items == len(file.notices) + len(file.rejected) == 10
    assert [one.number for one in file.rejected] == list(range(2, 11))


def test_private_addresses_are_taken_where_they_are_meant() -> None:
    text = "timestamp,ip,port\n2022-09-12 05:00:00,10.0.5.5,7711\n"
    assert reasons(read(text)) == ["private-address"]
    assert read(text, accept_private=True).notices[0].address == "10.0.5.5"


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("203.0.113. 5", "203.0.113.5"),
        ("203.0.\u200b113.5", "203.0.113.5"),
        ("203[.]0[.]113[.]5", "203.0.113.5"),
        ("203.0.113.5 6", None),
        ("203.0.113.5 203.0.113.6", None),
        ("2 03.0.113.5", None),
    ],
)
def test_an_address_broken_at_a_dot_is_whole_again_but_no_number_is_guessed(
    cell: str, address: str | None
) -> None:
    file = read(f"timestamp,ip,port\n2022-09-12,{cell},1\n")
    assert [one.address for one in file.notices] == ([address] if address else [])


def test_ipv6_is_written_in_its_shortest_form() -> None:
    one = read("timestamp,ip,port\n2022-09-12 05:00:00,2001:0DB8:0::0005,40112\n").notices[0]
    assert (one.address, one.port) == ("2001:db8::5", 40_112)


N6 = {
    "id": "0123456789abcdef",
    "source": "example.sinkhole",
    "category": "bots",
    "name": "andromeda",
    "time": "2022-09-12T05:00:00Z",
    "address": [{"ip": "203.0.113.5", "cc": "VN", "asn": 64500}, {"ip": "203.0.113.6"}],
    "sport": 40112,
    "dip": "198.51.100.77",
    "dport": 443,
    "proto": "tcp",
    "count": 3,
}
INTELMQ = {
    "classification.type": "infected-system",
    "source.ip": "203.0.113.5",
    "source.port": 40112,
    "destination.ip": "198.51.100.77",
    "destination.port": 443,
    "destination.fqdn": "BAD.example.",
    "protocol.transport": "tcp",
    "time.source": "2022-09-12T05:00:00+00:00",
    "malware.name": "andromeda",
}
XARF_OLD = {
    "Version": "3",
    "ReporterInfo": {"ReporterOrg": "Example CERT"},
    "Report": {
        "ReportClass": "Content",
        "ReportType": "Botnet",
        "Date": "2022-09-12T05:00:00Z",
        "SourceIp": "203.0.113.5",
        "SourcePort": 40112,
        "BotnetName": "andromeda",
    },
}
XARF = {
    "xarf_version": "4.0.0",
    "report_id": "550e8400-e29b-41d4-a716-446655440000",
    "category": "infrastructure",
    "type": "botnet",
    "timestamp": "2022-09-12T05:00:00Z",
    "reporter": {"org": "Example CERT"},
    "source_identifier": "203.0.113.5",
    "source_port": 40112,
    "c2_server": "bad.example",
    "malware_family": "andromeda",
}


@pytest.mark.parametrize(
    ("event", "form"),
    [(N6, "n6"), (INTELMQ, "intelmq"), (XARF_OLD, "xarf-3"), (XARF, "xarf")],
)
def test_json_of_each_sender_is_read_as_list_object_and_lines(
    event: dict[str, object], form: str
) -> None:
    for text in (
        json.dumps(event),
        json.dumps([event]),
        json.dumps(event) + "\n" + json.dumps(event) + "\n",
    ):
        file = read(text, "n.json")
        assert file.form == form
        one = file.notices[0]
        assert (one.address, one.port) == ("203.0.113.5", 40_112)
        assert (one.when_us, one.zone_assumed) == (us("2022-09-12T05:00:00+00:00"), False)
        assert one.family == "andromeda"


def test_an_event_of_n6_with_two_addresses_is_two_items() -> None:
    file = read(json.dumps(N6), "n.json")
    assert [one.address for one in file.notices] == ["203.0.113.5", "203.0.113.6"]
    assert (file.notices[0].count, file.notices[0].source) == (3, "example.sinkhole")
    assert (file.notices[0].remote_address, file.notices[0].remote_port) == ("198.51.100.77", 443)


def test_intelmq_is_read_nested_too_and_its_names_are_canonical() -> None:
    nested = {
        "source": {"ip": "203.0.113.5", "port": 40112},
        "destination": {"fqdn": "BAD.example."},
        "time": {"source": "2022-09-12T05:00:00+00:00"},
        "classification": {"type": "infected-system"},
    }
    file = read(json.dumps([INTELMQ, nested]), "n.json")
    assert [one.remote_name for one in file.notices] == ["bad.example", "bad.example"]


def test_a_broken_line_of_json_is_an_item_that_was_rejected() -> None:
    file = read(f"{json.dumps(N6)}\n{json.dumps(N6)[:-9]}\n[1]\n", "n.json")
    assert len(file.notices) == 2
    assert reasons(file) == ["unreadable", "other-kind"]


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


@pytest.mark.parametrize("text", ["", "no table at all\n", "a,b,c\n1,2,3\n", "{}", "[]", "[[[["])
def test_what_is_no_notice_is_said_to_be_none(text: str) -> None:
    with pytest.raises(QuetsachError) as caught:
        read(text)
    assert caught.value.problem.code == "E251"


def test_headings_without_any_row_are_an_error_and_no_clean_answer() -> None:
    with pytest.raises(QuetsachError) as caught:
        read("timestamp,ip,port\n")
    assert caught.value.problem.code == "E253"


def test_too_many_items_are_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ITEMS", 3)
    with pytest.raises(QuetsachError) as caught:
        read("timestamp,ip,port\n" + "2022-09-12,203.0.113.5,1\n" * 4)
    assert caught.value.problem.code == "E252"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuetsachError) as caught:
        read_notice_files([tmp_path / "gone.csv"])
    assert caught.value.problem.code == "E250"
    assert "gone.csv" in str(caught.value)


def test_a_line_of_16_mb_and_deep_nesting_cost_one_item() -> None:
    file = read("timestamp,ip,port\n2022-09-12,203.0.113.5,1\n" + "x" * (16 << 20) + "\n")
    assert reasons(file) == ["too-long"]
    deep = read(json.dumps(N6) + "\n" + "[" * 1_000_000 + "\n", "n.json")
    assert (len(deep.notices), len(deep.rejected)) == (2, 1)


def test_every_form_has_a_name_and_a_title_of_its_own() -> None:
    assert len({one.name for one in NOTICE_FORMS}) == len(NOTICE_FORMS)
    assert all(one.title for one in NOTICE_FORMS)


DAMAGE = st.sampled_from(list(',"\t\n\r\0\x1b{}[]:;.09azĐ\u202e\ufeff'))


@given(
    st.sampled_from([SINKHOLE, OLDER, json.dumps([N6]), json.dumps(XARF), json.dumps(INTELMQ)]),
    st.lists(st.tuples(st.integers(0, 600), DAMAGE), max_size=6),
)
def test_damaged_files_give_items_or_an_error_and_never_lose_one(
    text: str, damage: list[tuple[int, str]]
) -> None:
    for at, sign in damage:
        text = text[: at % len(text)] + sign + text[at % len(text) + 1 :]
    try:
        file = read(text)
    except QuetsachError as error:
        if error.problem.code not in {"E251", "E253", "E410", "E411", "E414"}:
            raise
        return
    assert file.items == len(file.notices) + len(file.rejected)
    numbers = sorted(one.number for one in (*file.notices, *file.rejected))
    assert numbers == list(range(1, file.items + 1))
    for one in file.notices:
        assert isinstance(one, Notice)
        assert one.port is None or 0 < one.port <= 65_535
        assert "\x1b" not in one.family + one.reference + one.source
