"""Of all evidence only collections are looks; what is damaged is none, and all are counted."""

from pathlib import Path

from quetsach.api.looks import MOST_LOOKS, looks_in
from tests.collect.windows_zip import CACHE, first_line, packed, windows_11
from tests.sweeping.evidence import HEADER, conn, write


def test_logs_and_damaged_archives_are_no_look(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(0, "10.0.0.5", "203.0.113.77"))
    cut = write(tmp_path / "cut.zip", packed(windows_11())[:-40])
    assert looks_in([str(log), str(cut)], tmp_path / "spool") == ((), 0)


def test_more_looks_than_are_told_are_counted(tmp_path: Path) -> None:
    hosts = range(MOST_LOOKS + 3)
    text = "".join(first_line("dnscache", f"PC-{n}") + CACHE for n in hosts)
    told, more = looks_in([str(write(tmp_path / "x.txt", text))], tmp_path / "spool")
    assert (len(told), more) == (MOST_LOOKS, 3)
