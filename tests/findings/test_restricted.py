"""What leaves a findings folder says how many indicators it may not name, and names none."""

from pathlib import Path

from quetsach.api import findings as api_findings
from quetsach.api.avreports import export_avreport
from quetsach.api.sheets import write_cards
from quetsach.findings.restricted import pages_for
from quetsach.indicators.restriction import Audience, withheld_text
from tests.sweeping.evidence import HEADER, conn, swept, write


def _swept(tmp_path: Path) -> Path:
    listed = "ip,malware,tlp\n203.0.113.1,Openly,clear\n203.0.113.5,Secretly,red\n"
    log = write(
        tmp_path / "conn.log",
        HEADER
        + conn(1, "10.0.0.5", "203.0.113.1")
        + conn(2, "10.0.0.6", "203.0.113.5")
        + conn(3, "203.0.113.5", "10.0.0.7"),
    )
    swept(tmp_path, log, listed=listed)
    return tmp_path / "findings"


def test_the_page_for_others_says_how_many_it_does_not_name(tmp_path: Path) -> None:
    folder, out = _swept(tmp_path), tmp_path / "page.html"
    own = (folder / "report.html").read_text(encoding="utf-8")
    assert "203.0.113.5" in own
    assert api_findings.write_page(folder, out, Audience.ORGANISATION) == 1
    page = out.read_text(encoding="utf-8")
    assert "203.0.113.5" not in page
    assert "Secretly" not in page
    assert "203.0.113.1" in page
    assert withheld_text(1) in page
    assert "10.0.0.6" in page, "the device is there all the same"
    assert api_findings.confidential_indicators(api_findings.read_folder(folder)) == 1


def test_the_message_to_the_authority_holds_nothing_of_it(tmp_path: Path) -> None:
    folder, out = _swept(tmp_path), tmp_path / "message.xml"
    organ = write(tmp_path / "o.toml", 'organ_id = "000.00.00.H84"\norgan_name = "Sở A"\n')
    export_avreport(folder, out, organ=organ)
    text = out.read_text(encoding="utf-8")
    assert "203.0.113.5" not in text
    assert "Secretly" not in text
    assert "203.0.113.1" in text
    beside = out.with_name("message.xml.missing.txt").read_text(encoding="utf-8")
    assert withheld_text(1) in beside


def test_a_line_to_look_at_keeps_what_it_may_not_show(tmp_path: Path) -> None:
    log = write(tmp_path / "odd.txt", "seen 203.0.113.5 here\nand 203.0.113.1 there\n")
    listed = "ip,tlp\n203.0.113.1,clear\n203.0.113.5,red\n"
    swept(tmp_path, log, listed=listed)
    folder, out = tmp_path / "findings", tmp_path / "page.html"
    assert "203.0.113.5" in (folder / "report.html").read_text(encoding="utf-8")
    assert api_findings.write_page(folder, out, Audience.CLIENTS) == 1
    page = out.read_text(encoding="utf-8")
    assert "203.0.113.5" not in page
    assert "and 203.0.113.1 there" in page


def test_where_nothing_is_restricted_the_pages_stay_as_they_are(tmp_path: Path) -> None:
    folder = api_findings.read_folder(_swept(tmp_path))
    pages = {
        "devices": folder.devices,
        "coverage": folder.coverage,
        "rejects": folder.rejects,
        "manifest": folder.manifest,
    }
    assert pages_for(pages, Audience.OWNER) == pages
    (row,) = pages_for(pages, Audience.PUBLIC)["devices"]["devices"][1]["findings"]
    assert (row["sightings"], row["best_grade"], row["samples"]) == (1, "moved", [])


def test_handling_sheets_are_passed_on_and_name_nothing_of_it(tmp_path: Path) -> None:
    folder = _swept(tmp_path)
    written = write_cards(folder, out=tmp_path / "cards", html=True)
    text = "\n".join(path.read_text(encoding="utf-8") for path in written)
    assert "203.0.113.5" not in text
    assert "Secretly" not in text
    assert withheld_text(1) in text
    assert "203.0.113.1 (Openly, TLP:CLEAR)" in text
    assert len(written) == 2
