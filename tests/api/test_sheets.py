"""Single pages: their codes lead where they should, and wrong links are refused."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from quetsach.api import sheets
from quetsach.api.sheets import case_code, write_cards
from quetsach.api.verifying import verify
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import digest_of_file, read_folder, write_json
from quetsach.findings.signed import digest_of_manifest
from tests.documents.cards import HOSTILE, hostile, usual
from tests.documents.sheets import code_on, page_text
from tests.oracles import qr
from tests.sweeping.evidence import HEADER, conn, swept, write


def test_one_card_is_made_of_plain_values() -> None:
    device = {"device": "PC-01", "host_name": "PC-01", "grade": "likely", "sightings": 3}
    link = "https://portal.example/cases/42"
    made = sheets.card(device, case_url=link)
    assert qr.read(code_on(made)) == link
    assert "PC-01" in page_text(made)
    assert made == sheets.card(device, case_url=link)
    with pytest.raises(QuetsachError) as caught:
        sheets.card(device, case_url="javascript:x")
    assert caught.value.problem.code == "E409"
    with pytest.raises(QuetsachError) as caught:
        sheets.card(device, case_url=link, zone="Mars/Base")
    assert caught.value.problem.code == "E601"


def test_sheets_are_pdf_pages() -> None:
    link = "https://portal.example/n/abc"
    for made in (
        sheets.join_sheet(sheets.JoinSheet("Phòng Nội vụ", "Chiến dịch", link)),
        sheets.receipt_sheet(sheets.ReceiptSheet("Phòng Nội vụ", link, "UBND huyện", "triển khai")),
    ):
        assert qr.read(code_on(made)) == link
        assert "Phòng Nội vụ" in page_text(made)
    english = sheets.join_sheet(sheets.JoinSheet("A", "B", link), language="en")
    assert "For staff of the unit" in page_text(english)


def rewritten(folder: Path, devices: list[Any]) -> Path:
    """Put `devices` into the findings in `folder`, digests and all."""
    page = folder / "devices.json"
    content = json.loads(page.read_text(encoding="utf-8"))
    text = json.dumps({**content, "devices": devices})
    page.write_text(text, encoding="utf-8")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["devices.json"] = digest_of_file(page)
    write_json(folder / "manifest.json", manifest)
    return folder


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    lines = conn(1, "10.0.0.5", "203.0.113.77") + conn(2, "10.0.0.6", "203.0.113.77")
    swept(tmp_path, write(tmp_path / "conn.log", HEADER + lines))
    return tmp_path / "findings"


def test_a_key_too_long_for_a_code_is_told_by_its_digest(findings: Path) -> None:
    found, device = read_folder(findings), {"device": "Ả" * 100_000}
    for url in (None, "https://portal.example/{device}"):
        code = case_code(found, device, url)
        assert "sha256-" in code
        assert len(code) < 400


def code_of(folder: Path, **more: Any) -> str:
    with pytest.raises(QuetsachError) as caught:
        write_cards(folder, **more)
    return caught.value.problem.code


def test_each_device_to_be_handled_gets_its_sheet(findings: Path) -> None:
    written = write_cards(findings)
    assert [path.name for path in written] == ["001-10-0-0-5.pdf", "002-10-0-0-6.pdf"]
    assert sorted((findings / "cards").iterdir()) == list(written)
    for path in written:
        document = pypdfium2.PdfDocument(path)
        assert len(document) == 1
        document.close()


def test_the_findings_stay_what_they_were(findings: Path) -> None:
    before = {path.name: digest_of_file(path) for path in findings.iterdir()}
    write_cards(findings)
    assert {p.name: digest_of_file(p) for p in findings.iterdir() if p.is_file()} == before
    assert read_folder(findings).devices["devices"]
    assert not verify(findings).verdict.faults


@pytest.mark.parametrize(
    "name", ["pc-ketoan-03", "00-17-a4-b2-c3-d4", "10.20.3.41", "TS-2023-0117", usual()["device"]]
)
def test_a_device_is_found_by_any_of_its_names(findings: Path, name: str) -> None:
    folder = rewritten(findings, [{**hostile(), "device": "other"}, usual()])
    (path,) = write_cards(folder, devices=[name], html=True)
    assert path.name == "002-PC-KETOAN-03.html"
    assert "TS-2023-0117" in path.read_text(encoding="utf-8")


def test_a_device_that_is_not_there_is_named_and_nothing_is_written(findings: Path) -> None:
    assert code_of(findings, devices=["10.0.0.5", "nobody"]) == "E408"
    assert not (findings / "cards").exists()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "portal.example/c",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://[::1",
        "https://portal.example/" + "x" * 1000,
        "https://portal.example/\x1b[2J",
    ],
)
def test_only_a_web_address_can_stand_in_the_code(findings: Path, url: str) -> None:
    assert code_of(findings, case_url=url) == "E409"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, "quetsach:case:{digest}:10.0.0.5"),
        (
            "https://portal.example/c/{device}?from=paper",
            "https://portal.example/c/10.0.0.5?from=paper",
        ),
        ("https://portal.example/c/", "https://portal.example/c/10.0.0.5"),
    ],
)
def test_the_code_leads_back_to_the_case(findings: Path, url: str | None, expected: str) -> None:
    found = read_folder(findings)
    digest = digest_of_manifest(found.manifest)
    code = case_code(found, found.devices["devices"][0], url)
    assert code == expected.replace("{digest}", digest)


def test_hostile_names_make_sheets_with_plain_names_in_the_folder(findings: Path) -> None:
    names = [HOSTILE, "../../etc/passwd", "CON", "\u202e", "Máy Đặng Trần", "", "a/b\\c:d"]
    devices = [{**usual(), "device": one, "machine": {}, "host_name": one} for one in names]
    folder = rewritten(findings, [{**one, "device": one["device"] or "x"} for one in devices])
    written = write_cards(folder, html=True)
    assert {path.parent for path in written} == {folder / "cards"}
    assert [path.name for path in written][1:] == [
        "002-etc-passwd.html",
        "003-CON.html",
        "004-device.html",
        "005-May-Dang-Tran.html",
        "006-x.html",
        "007-a-b-c-d.html",
    ]


@pytest.mark.parametrize("devices", [[7], [{}], [{"device": 7}]])
def test_findings_of_another_shape_are_named(findings: Path, devices: list[Any]) -> None:
    assert code_of(rewritten(findings, devices)) == "E404"


def test_no_devices_make_no_sheets(findings: Path) -> None:
    assert write_cards(rewritten(findings, [])) == ()
    assert not (findings / "cards").exists()


def test_a_folder_that_cannot_be_written_is_named(findings: Path, tmp_path: Path) -> None:
    write(tmp_path / "taken", "x")
    assert code_of(findings, out=tmp_path / "taken", html=True) == "E406"


def test_a_link_that_lies_in_a_folder_from_elsewhere_is_not_written_through(
    findings: Path, tmp_path: Path
) -> None:
    (usual_name, *_others) = (one.name for one in write_cards(findings, html=True))
    mine = write(tmp_path / "mine.txt", "kept")
    (findings / "cards" / f".{usual_name}.part").symlink_to(mine)
    write_cards(findings, html=True)
    assert mine.read_text() == "kept"
