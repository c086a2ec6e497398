"""What could not be known is a problem that names the file; no log changes nothing."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.api import problems
from quetsach.findings.coverage import SourceCoverage
from quetsach.scanning.activity import RecordCounts
from quetsach.scanning.heads import FileSetAside
from quetsach.scanning.log_signs import FormCounts
from quetsach.sweeping.unknown_forms import broken_forms, files_set_aside, unknown_forms
from tests.sweeping.evidence import HEADER, conn, swept, write

CONN = HEADER + conn(1, "10.0.0.5", "198.51.100.1")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(99)
README = "Nhật ký của xã Tân Sơn\nNgười lập: văn thư\nGồm hai tệp\nxem thêm trong thư mục\n"


def _codes(summary: dict[str, Any]) -> list[str]:
    return [one["code"] for one in summary["unread"]]


def _source(**more: Any) -> SourceCoverage:
    return SourceCoverage("a.log", "x", "x", "plain", **more)


def test_a_readme_and_a_picture_are_named_once_and_change_nothing(tmp_path: Path) -> None:
    log = write(tmp_path / "in" / "conn.log", CONN)
    alone = swept(tmp_path, log, out=tmp_path / "alone")
    write(tmp_path / "in" / "README.txt", README)
    write(tmp_path / "in" / "so-do.png", PICTURE)
    both = swept(tmp_path, tmp_path / "in")
    kinds = [(Path(one["path"]).name, one["kind"]) for one in both["set_aside"]]
    assert kinds == [("README.txt", "text"), ("so-do.png", "picture")]
    assert problems.exit_code(both) == problems.exit_code(alone) == 0
    for name in ("lines", "sources", "bytes_read", "sieved_out", "unread", "as_text"):
        assert both[name] == alone[name], name


def test_nothing_but_no_logs_is_not_silence(tmp_path: Path) -> None:
    write(tmp_path / "in" / "README.txt", README)
    write(tmp_path / "in" / "so-do.png", PICTURE)
    summary = swept(tmp_path, tmp_path / "in")
    assert _codes(summary) == ["E130"]
    assert problems.exit_code(summary) == 3


@pytest.mark.parametrize(
    "line",
    ["{n} 01/09/2026 08:15:22 gw permit", "host-{n} -> 198.51.100.{n}", "x;00:17:a4:b2:c3:0{n}"],
)
def test_a_log_of_unknown_form_without_any_indicator_is_not_silence(
    line: str, tmp_path: Path
) -> None:
    text = "".join(line.format(n=n) + "\n" for n in range(9))
    log = write(tmp_path / "strange.log", text)
    summary = swept(tmp_path, log, write(tmp_path / "conn.log", CONN))
    assert _codes(summary) == ["E125"]
    assert summary["unread"][0]["path"] == str(log)
    assert problems.exit_code(summary) == 3


def test_a_text_that_names_an_indicator_once_is_not_silence(tmp_path: Path) -> None:
    note = write(tmp_path / "note.txt", README * 20 + "máy lạ: bad.example\n")
    summary = swept(tmp_path, note, listed="bad.example\n")
    assert (_codes(summary), summary["lines_to_look_at"]) == (["E125"], 1)
    assert summary["set_aside"] == []


def test_records_without_the_time_or_the_client_of_their_form_are_told() -> None:
    records = {
        "zeek.conn": RecordCounts(10, timed=4, with_client=10),
        "fortigate.traffic": RecordCounts(10, timed=10, with_client=0),
        # A name server's answers name nobody; a table of leases and a certificate are no contact.
        "pihole.dns": RecordCounts(10, timed=10, with_client=3),
        "zeek.x509": RecordCounts(10, timed=10),
        "zeek.dhcp": RecordCounts(10, timed=10),
        # Each dialect is judged by its own file; a browser does not tell who sat there.
        "barracuda.web": RecordCounts(10, timed=10),
        "browser.visits": RecordCounts(10, timed=10),
        "cisco.dhcp": RecordCounts(10),
        "host.netstat": RecordCounts(10, with_client=10),
        "text": RecordCounts(10),
    }
    told = [(one.code, one.facts["dataset"]) for one in broken_forms([_source(records=records)])]
    assert told == [
        ("E127", "barracuda.web"),
        ("E127", "fortigate.traffic"),
        ("E126", "zeek.conn"),
    ]
    assert not list(broken_forms([_source(records=records, duplicate_of="b")]))


def test_a_known_log_without_its_time_is_told(tmp_path: Path) -> None:
    lines = "".join(conn(n, "10.0.0.5", "198.51.100.1") for n in range(5))
    untimed = "\n".join(
        line if line.startswith("#") else "-" + line[line.index("\t") :]
        for line in (HEADER + lines).splitlines()
    )
    summary = swept(tmp_path, write(tmp_path / "conn.log", untimed + "\n"))
    assert "E126" in _codes(summary)
    assert problems.exit_code(summary) == 3


def test_only_lines_of_unknown_form_are_told_and_a_twin_once() -> None:
    unread = FormCounts(lines=4, unknown=4, like_log=4, named=2)
    known = FormCounts(lines=100, unknown=3, like_log=3)
    sources = [_source(forms=unread), _source(forms=unread, duplicate_of="a"), _source(forms=known)]
    assert [one.facts for one in unknown_forms(sources, [Path("gone")] * 3)] == [{"named": 2}]


def test_files_set_aside_are_sorted_by_their_paths() -> None:
    readme = SourceCoverage("b.txt", "text", "text", "plain")
    aside = files_set_aside([FileSetAside("c.png", "picture")], [_source(), readme])
    assert aside == [FileSetAside("b.txt", "text"), FileSetAside("c.png", "picture")]


def test_signs_that_elsewhere_end_a_line_are_told_and_not_in_json(tmp_path: Path) -> None:
    for sign in ("\r", "\u2028", "\u0085"):
        cut = conn(2, "10.0.0.6", "198.51.100.1").replace("ssl", f"ssl{sign}")
        log = write(tmp_path / f"{ord(sign)}.log", CONN + cut + conn(3, "10.0.0.7", "198.51.100.1"))
        summary = swept(tmp_path, log, out=tmp_path / f"out-{ord(sign)}")
        told = {one["code"]: one["facts"] for one in summary["unread"]}
        assert told["E128"] == {"count": "1"}
        assert problems.exit_code(summary) == 3
    record = (
        '{"ts":1662940801.5,"uid":"C1","id.orig_h":"10.0.0.5","id.orig_p":5,"id.resp_h":'
        '"198.51.100.1","id.resp_p":80,"method":"GET","host":"a.example","uri":"/\u2028x"}\n'
    )
    assert _codes(swept(tmp_path, write(tmp_path / "http.log", record * 3))) == []


def test_of_a_log_in_which_other_lines_are_read_only_the_unknown_ones_are_told(
    tmp_path: Path,
) -> None:
    # How many there are is not known: only lines that hold an indicator are parsed, and a sample.
    known = (
        "Nov 27 14:09:01 asa %ASA-6-302013: Built outbound TCP connection {n} for outside:"
        "192.0.2.{n}/80 (192.0.2.{n}/80) to inside:10.0.0.5/51812 (203.0.113.9/51812)\n"
    )
    odd = "Nov 27 14:09:02 fw VNFW|may 10.0.0.5 di 203.0.113.77|cho qua\n"
    text = "".join(known.format(n=n) for n in range(1, 40)) + odd
    summary = swept(tmp_path, write(tmp_path / "mixed.log", text))
    assert _codes(summary) == ["E125"]
    assert "các dòng này" in summary["unread"][0]["todo"]
