"""Tables as text: columns by heading or content, no row lost."""

from pathlib import Path

import pytest

from quetsach.indicators.model import MatchRule
from tests.indicators.reading import keys, read_file

CSV = """STT;Chỉ báo;Loại;Cổng;Mã độc;Hết hạn;Nguồn
1;bad[.]example;domain;;Emotet;31/12/2022;https://cert.example/a
2;203.0.113.7;ip;443;Emotet;;https://cert.example/b
3;"c2.example";domain;;"tên; lạ";2022-09-12T08:00:00Z;https://cert.example/c
4;loader.bad.example;filename;;;;
5;10.0.0.1;ip;;;;
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_csv_finds_its_columns_by_content_and_by_vietnamese_headings(
    tmp_path: Path, encoding: str
) -> None:
    found = read_file(tmp_path, "ds.csv", CSV.replace("\n", "\r\n").encode(encoding))
    address, bad, c2 = found.indicators
    assert (address.key, address.rule) == ("203.0.113.7:443", MatchRule.IP_PORT)
    assert (bad.label, c2.label) == ("Emotet", "tên; lạ")
    assert (
        bad.claim.valid_until_us == 1_672_505_999_999_999
    )  # 31/12/2022 24:00 at +07:00, less 1 us
    assert c2.claim.valid_until_us == 1_662_969_600_000_000
    assert [(one.origin.row, one.reason) for one in found.refusals] == [
        (5, "other-kind"),
        (6, "private"),
    ]
    (reading,) = found.readings
    assert (reading.form, reading.column, reading.rows, reading.taken) == ("csv", "Chỉ báo", 5, 3)


def test_first_seen_never_narrows_what_is_looked_for(tmp_path: Path) -> None:
    found = read_file(tmp_path, "a.csv", "domain,first seen\nbad.example,2022-09-12\n")
    assert found.indicators[0].claim.valid_from_us is None
    found = read_file(tmp_path, "b.csv", "domain,valid from\nbad.example,2022-09-12\n")
    assert found.indicators[0].claim.valid_from_us == 1_662_915_600_000_000


def test_csv_without_a_header_loses_no_row(tmp_path: Path) -> None:
    found = read_file(tmp_path, "a.csv", "2022-09-12\tbad.example\n2022-09-13\tc2.example\n")
    assert keys(found) == ["bad.example", "c2.example"]
    assert found.readings[0].column == "2"


def test_unclosed_quote_swallows_no_row(tmp_path: Path) -> None:
    rows = "".join(f"n{n}.example,x\n" for n in range(50))
    found = read_file(
        tmp_path, "a.csv", 'domain,note\nbad.example,"open\n' + rows + 'c2.example,"y"z\n'
    )
    assert len(found.indicators) == 52
    assert found.readings[0].rows == 52


def test_a_table_gives_each_of_its_value_columns_and_no_source(tmp_path: Path) -> None:
    text = (
        "Domain,IP,SHA-256,Reference,Note\n"
        f"bad.example,198.41.0.4,{'a' * 64},https://cert.example/1,x\n"
        ",198.41.0.5,,cert.example,y\n"
        "c2.example,,,https://cert.example/2,\n"
        ",,,https://cert.example/3,nothing\n"
    )
    found = read_file(tmp_path, "ds.csv", text)
    assert keys(found) == ["198.41.0.4", "198.41.0.5", "a" * 64, "bad.example", "c2.example"]
    (reading,) = found.readings
    assert (reading.column, reading.rows, reading.taken) == ("Domain, IP, SHA-256", 6, 5)
    assert [(one.origin.row, one.reason) for one in found.refusals] == [(5, "empty")]


def test_the_host_beside_a_web_address_is_no_value_of_its_own(tmp_path: Path) -> None:
    text = "url,host,md5\nhttp://shop.example/a.exe,shop.example,\n"
    text += f"http://shop.example/b.exe,shop.example,{'b' * 32}\n"
    found = read_file(tmp_path, "ds.csv", text)
    assert keys(found) == ["b" * 32, "shop.example/a.exe", "shop.example/b.exe"]


TOLD = """indicator,type,malware,class,status,confidence,tlp,last seen,valid until
bad.example,domain,Emotet,c2,active,80,TLP:AMBER,2026-08-01,2026-09-30
203.0.113.7,ip,,,expired,0.5,white,,
c2.example,domain,,,revoked,,,,
"""


@pytest.mark.parametrize("bulk", [False, True])
def test_what_a_table_says_of_its_indicators_is_kept(tmp_path: Path, bulk: bool) -> None:
    text = TOLD.replace(",", ";") if bulk else TOLD
    found = read_file(tmp_path, "ds.csv", text.encode())
    address, bad, ended = (one.claim for one in found.indicators)
    assert (bad.family, bad.of_class, bad.confidence, bad.tlp) == ("Emotet", "c2", 80, "amber")
    assert bad.last_seen_us == 1_785_603_599_999_999, "its last day, to the end"
    assert (address.status, address.confidence, address.tlp) == ("expired", 50, "clear")
    assert (ended.status, ended.tlp) == ("withdrawn", None)


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("C2 host;Resolved to;Seen\nbad.example;198.41.0.4;2026-01-01\n", ["Resolved to"]),
        ("bad.example,198.41.0.4\nc2.example,198.41.0.5\n", ["2"]),
        ("A;B;C\n1;bad.example;198.41.0.4\n2;c2.example;\n", ["C"]),
        ("Domain;IP;Reference\nbad.example;198.41.0.4;https://cert.example/1\n", []),
        ("url;host\nhttp://shop.example/a.exe;shop.example\n", []),
        ("domain;note\nbad.example;mail.example\nc2.example;seen twice\n", []),
        ("domain;why\nbad.example;mail.example\nc2.example;seen twice\nd.example;no\n", []),
    ],
)
def test_a_column_of_values_that_is_not_read_is_told(
    tmp_path: Path, text: str, unread: list[str]
) -> None:
    (reading,) = read_file(tmp_path, "ds.csv", text).readings
    assert [one.code for one in reading.problems] == ["E276"] * bool(unread)
    assert [one.facts["columns"] for one in reading.problems] == unread
