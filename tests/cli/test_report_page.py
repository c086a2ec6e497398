"""`quetsach report page`: the HTML report as others may see it."""

from pathlib import Path

from tests.cli.running import quetsach_here
from tests.sweeping.evidence import HEADER, conn, swept, write


def test_the_page_is_written_and_what_it_leaves_out_is_counted(tmp_path: Path) -> None:
    log = write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.5"))
    swept(tmp_path, log, listed="ip,tlp\n203.0.113.5,amber+strict\n203.0.113.6,\n")
    out = tmp_path / "page.html"
    told = quetsach_here(
        "report", "page", str(tmp_path / "findings"), "--for", "clients", "-o", str(out)
    )
    assert told.returncode == 0
    assert b"1 " in told.stdout.splitlines()[-1]
    assert "203.0.113.5" not in out.read_text(encoding="utf-8")
