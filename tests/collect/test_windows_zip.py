"""Collections in the true form of Windows are read whole, in each language and code page."""

import io
import zipfile
from pathlib import Path

import pytest

from quetsach.api.why import why
from quetsach.findings.folder import read_folder
from tests.collect.windows_zip import packed, windows_7, windows_11
from tests.sweeping.evidence import swept, write

LISTED = "203.0.113.77\nbad.example\ngone.example\nblocked.example\n"
KINDS = {
    "11": windows_11(),
    "7-en-cp437": windows_7("en", "cp437"),
    "7-en-utf-16": windows_7("en", "utf-16"),
    "7-vi-cp1258": windows_7("vi", "cp1258"),
    "7-vi-cp437": windows_7("vi", "cp437"),
    "7-vi-utf-8-sig": windows_7("vi", "utf-8-sig"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_contact_is_found_and_no_block_is_blamed(kind: str, tmp_path: Path) -> None:
    collection = write(tmp_path / "quetsach-PC-VT-07.zip", packed(KINDS[kind]))
    summary = swept(tmp_path, collection, listed=LISTED)
    assert summary["unread"] == []
    assert summary["rejects"] == 0
    devices = read_folder(tmp_path / "findings").devices["devices"]
    found = {
        (because.sighting["quetsach.indicator.key"], because.sighting["event.dataset"])
        for one in devices
        for number in one["samples"]
        if (because := why(tmp_path / "findings", number)).evidence_state == "same"
    }
    connections = "host.tcp" if kind == "11" else "host.netstat"
    assert {
        ("203.0.113.77", connections),
        ("203.0.113.77", "host.hosts"),
        ("bad.example", "host.dnscache"),
        ("gone.example", "host.dnscache"),
    } <= found
    assert "blocked.example" not in {key for key, _ in found}


def test_the_machine_is_named_by_its_own_word(tmp_path: Path) -> None:
    collection = write(tmp_path / "quetsach-PC-VT-07.zip", packed(KINDS["11"]))
    swept(tmp_path, collection, listed=LISTED)
    devices = read_folder(tmp_path / "findings").devices["devices"]
    samples = [number for one in devices for number in one["samples"]]
    rows = [why(tmp_path / "findings", number).sighting for number in samples]
    assert {one["host.mac"] for one in rows} == {"00-17-A4-B2-C3-D4"}
    assert {one["quetsach.device.address"] for one in rows} == {"10.20.3.41"}


def test_the_zip_is_one_that_others_read() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(KINDS["11"]))) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].date_time == (2026, 9, 1, 8, 15, 22)
