"""Forms: listed as shipped, and filled in alike from the same findings."""

from pathlib import Path

from quetsach.api import reports
from tests.sweeping.evidence import HEADER, conn, swept, write


def test_the_same_findings_give_the_same_documents(tmp_path: Path) -> None:
    swept(tmp_path, write(tmp_path / "conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77")))
    written = []
    for name in ("one", "two"):
        papers = reports.report(
            tmp_path / "findings",
            form="phu-luc-2022",
            unit="UBND xã Hàm Giang",
            out=tmp_path / name,
        )
        written.append([(path.name, path.read_bytes()) for path in papers.files])
    assert written[0] == written[1]
    assert len(written[0]) == 2


def test_the_shipped_forms_are_listed_with_their_versions() -> None:
    forms = {one.code: one for one in reports.report_forms()}
    assert forms["phu-luc-2022"].version
    assert forms["phu-luc-2022"].title_vi != forms["phu-luc-2022"].title_en
