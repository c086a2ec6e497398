"""What the calls give: tables for pandas, and HTML for a notebook in which no text acts."""

from pathlib import Path

import pytest

import quetsach
from quetsach.library.results import MOST_SHOWN
from tests.sweeping.evidence import write

DNS = (
    "#separator \\x09\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\n"
    "#path\tdns\n1788225322.5\tC1\t10.0.0.5\t40112\t10.0.0.1\t53\tudp\tbad.example\n"
)
HOSTILE = "<img src=x onerror=alert(1)>"


def test_the_sightings_go_to_pandas_with_their_times(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    log = write(tmp_path / "a.log", "2026-09-01T08:15:22+07:00 10.0.0.5 bad.example\n")
    listed = write(tmp_path / "list.txt", "bad.example\n")
    findings = quetsach.sweep(log, listed)
    frame = findings.to_pandas()
    assert len(frame) == len(findings)
    assert str(frame["@timestamp"].dtype) == "datetime64[us, UTC]"


def test_the_tables_go_to_polars_where_it_is(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    listed = write(tmp_path / "list.txt", "bad.example\n")
    log = write(tmp_path / "a.log", "2026-09-01T08:15:22+07:00 10.0.0.5 bad.example\n")
    for tables in (quetsach.sweep(log, listed), quetsach.read_list(listed), quetsach.parse(DNS)):
        frame = tables.to_polars()
        assert isinstance(frame, polars.DataFrame)
        assert len(frame) == len(tables) == 1


def test_a_notebook_shows_no_text_of_a_log_or_list_as_markup(tmp_path: Path) -> None:
    lease = (
        "lease 10.0.0.5 {\n  starts 2 2026/09/01 00:00:00;\n  ends 2 2026/09/01 05:00:00;\n"
        f'  hardware ethernet 00:17:a4:00:00:0a;\n  client-hostname "{HOSTILE}";\n}}\n'
    )
    write(tmp_path / "logs" / "dhcpd.leases", lease)
    write(tmp_path / "logs" / "dns.log", DNS)
    listed = write(tmp_path / "list.csv", f"indicator,malware\nbad.example,{HOSTILE}\n")
    findings = quetsach.sweep(tmp_path / "logs", listed)
    assert findings.devices
    events = quetsach.parse(DNS.replace("bad.example", f"{HOSTILE}.bad.example"))
    assert len(events) == 1
    for page in (shown._repr_html_() for shown in (findings, quetsach.read_list(listed), events)):
        assert "<table>" in page
        assert "<img" not in page


def test_a_notebook_shows_the_unit_of_a_machine(tmp_path: Path) -> None:
    log = write(tmp_path / "dns.log", DNS)
    listed = write(tmp_path / "list.txt", "bad.example\n")
    plan = write(tmp_path / "units.csv", "code,name,subnet\nTC03,Xã Đại An,10.0.0.0/24\n")
    assert "<td>Xã Đại An</td>" in quetsach.sweep(log, listed, plan=plan)._repr_html_()
    assert "Đại An" not in quetsach.sweep(log, listed)._repr_html_()


def test_long_tables_say_how_many_rows_are_left_out(tmp_path: Path) -> None:
    names = "".join(f"bad{number}.example\n" for number in range(MOST_SHOWN + 7))
    page = quetsach.read_list(write(tmp_path / "list.txt", names))._repr_html_()
    assert page.count("<tr>") == MOST_SHOWN + 1
    assert "7 more" in page


def test_a_line_says_the_counts_and_that_something_is_missing(tmp_path: Path) -> None:
    log = write(tmp_path / "dns.log", DNS)
    listed = write(tmp_path / "list.txt", "bad.example\n10.0.0.1\n")
    assert "1 indicators, 1 rows refused" in repr(quetsach.read_list(listed))
    assert "not all was read" not in repr(quetsach.sweep(log, listed))
    assert "not all was read" in repr(quetsach.sweep([log, f"{tmp_path}/*.none"], listed))
    assert repr(quetsach.parse("")) == "<ParsedText text: 0 events, 0 rejected, 0 skipped>"
