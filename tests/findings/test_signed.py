"""Signed findings: no file of the folder can be changed, lost or added without being named."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from quetsach.errors.exceptions import QuetsachError
from quetsach.findings.folder import json_bytes
from quetsach.findings.signed import read_signed, sign_findings
from quetsach.signing.signature import SignatureVerdict, judge
from tests.signing.seals import KEY, OTHER, WHEN
from tests.sweeping.evidence import HEADER, conn, swept, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log = write(tmp_path / "evidence/conn.log", HEADER + conn(1, "10.0.0.5", "203.0.113.77"))
    write(tmp_path / "list.txt", "203.0.113.77\n")
    swept(tmp_path, log)
    return tmp_path / "findings"


@pytest.fixture
def signed(folder: Path) -> Path:
    sign_findings(folder, KEY, WHEN)
    return folder


def verdict(folder: Path) -> SignatureVerdict:
    return judge(read_signed(folder), (KEY.public,))


def found(folder: Path) -> str:
    """Return the state, or the code of the error where it is no findings folder any more."""
    try:
        return str(verdict(folder).state)
    except QuetsachError as error:
        return error.problem.code


def manifest(folder: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return value


def test_findings_are_unsigned_until_they_are_signed(folder: Path) -> None:
    assert (verdict(folder).state, manifest(folder)["signature"]) == ("unsigned", None)
    sign_findings(folder, KEY, WHEN)
    assert (verdict(folder).state, verdict(folder).uncovered) == ("trusted", ())


def test_every_file_of_the_folder_is_covered_the_report_too(signed: Path) -> None:
    for path in sorted(signed.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
        assert verdict(signed).state == "altered", path.name
        path.write_bytes(content)
        if path.name != "manifest.json":
            path.unlink()
            assert any(path.name in fault for fault in verdict(signed).faults)
            path.write_bytes(content)
    assert verdict(signed).state == "trusted"


def test_no_flipped_bit_of_the_manifest_is_overlooked(signed: Path) -> None:
    path = signed / "manifest.json"
    content = path.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert found(signed) in ("altered", "E303"), place


def test_file_that_was_added_is_named_and_not_taken_for_signed(signed: Path) -> None:
    (signed / "more.docx").write_bytes(b"x")
    (signed / "sub").mkdir()
    (signed / "sub/a.txt").write_bytes(b"x")
    assert verdict(signed).uncovered == ("more.docx", "sub/a.txt")


def test_second_key_signs_the_same_content(signed: Path) -> None:
    sign_findings(signed, OTHER, WHEN)
    assert [one.trusted for one in verdict(signed).signers] == [True, False]
    assert judge(read_signed(signed), (OTHER.public,)).state == "trusted"


def test_same_key_signs_once_and_nobody_signs_what_was_changed(signed: Path) -> None:
    with pytest.raises(QuetsachError) as error:
        sign_findings(signed, KEY, WHEN)
    assert error.value.problem.code == "E234"
    (signed / "report.html").write_text("other")
    with pytest.raises(QuetsachError) as error:
        sign_findings(signed, OTHER, WHEN)
    assert error.value.problem.code == "E235"


def test_signature_of_other_findings_does_not_fit(signed: Path) -> None:
    value = manifest(signed)
    value["summary"]["sightings"] += 1
    (signed / "manifest.json").write_bytes(json_bytes(value))
    assert verdict(signed).state == "altered"


@pytest.mark.parametrize("signature", [[], {}, "x", [None], [{"value": "x"}], 5])
def test_damaged_signature_is_altered_and_not_unsigned(signed: Path, signature: Any) -> None:
    value = {**manifest(signed), "signature": signature}
    (signed / "manifest.json").write_bytes(json_bytes(value))
    assert verdict(signed).state == "altered"


def test_signature_that_was_taken_out_is_missed(signed: Path) -> None:
    value = {**manifest(signed), "signature": None}
    (signed / "manifest.json").write_bytes(json_bytes(value))
    assert verdict(signed).state == "altered"
    del value["also_signed"]
    (signed / "manifest.json").write_bytes(json_bytes(value))
    assert verdict(signed).state == "unsigned"


def test_hostile_manifest_is_no_traceback_and_leads_nowhere(signed: Path) -> None:
    value = manifest(signed)
    value["files"]["../../outside"] = "0" * 64
    for content in (json_bytes(value), b"[" * 100_000, b"{}" * 5, b'{"format": 1}', b"\xff", b""):
        (signed / "manifest.json").write_bytes(content)
        assert found(signed) in ("altered", "E303")


def test_link_in_the_folder_is_refused(signed: Path, tmp_path: Path) -> None:
    shutil.copy(signed / "report.html", tmp_path / "elsewhere")
    (signed / "report.html").unlink()
    (signed / "report.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(QuetsachError) as error:
        verdict(signed)
    assert error.value.problem.code == "E305"
