"""The door for reports: everything that it promises is there, and it opens quickly."""

import ast
import subprocess
import sys
from pathlib import Path

from quetsach.api import reports
from tests.sweeping.evidence import HEADER, conn, swept, write


def test_everything_that_is_named_is_there_once() -> None:
    tree = ast.parse(Path(reports.__file__).read_text(encoding="utf-8"))
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom))
    names = [one.asname for node in imports for one in node.names if one.asname]
    assert len(set(names)) == len(names) > 80
    for name in (*names, "PaperLimits", "PdfFlaw", "PdfPurpose", "PdfTrust", "pdf_signer"):
        assert getattr(reports, name) is not None


def test_what_only_sketches_need_is_loaded_by_sketches_alone() -> None:
    script = "import sys; import quetsach.api.reports; print('datasketches' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert run.stdout.strip() == b"False"


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
