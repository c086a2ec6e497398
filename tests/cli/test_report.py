"""`quetsach report`: the form beside the findings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from quetsach.forms.proof_bundle import sign_bundle, write_bundle
from quetsach.forms.version import code_of, digest_of
from quetsach.signing.keys import generate_key_pair, public_pem
from tests.cli.running import names_in, quetsach_here
from tests.forms.proved import ALL, COMMUNE, FORM, NOON, OTHER, ROOT, A, whole


def test_the_documents_are_written_and_named(findings: Path, tmp_path: Path) -> None:
    out = tmp_path / "papers"
    run = quetsach_here(
        "report", findings, "--form", "phu-luc-2022", "--unit", "UBND xã Hàm Giang", "-o", out
    )
    assert run.returncode == 0
    written = sorted(run.stdout.decode().split("\n")[:-1])
    assert written == [str(out / name) for name in names_in(out)]
    assert {Path(one).suffix for one in written} == {".docx", ".pdf"}


def test_an_unknown_form_names_the_known_ones(findings: Path) -> None:
    run = quetsach_here("report", findings, "--form", "nothing")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E401 ")
    assert b"phu-luc-2022" in run.stderr


@pytest.fixture
def proof(tmp_path: Path) -> Path:
    path = tmp_path / "bao-cao.proof"
    path.write_bytes(whole())
    return path


def test_a_whole_bundle_is_proven_with_its_figures(proof: Path) -> None:
    run = quetsach_here(
        "--lang", "en", "report", "verify", proof, "--code", code_of(digest_of(ROOT))
    )
    out = run.stdout.decode()
    assert (run.returncode, run.stderr) == (0, b"")
    assert "6 of 6 referenced versions" in out
    assert "ALL MATCHES." in out
    assert code_of(digest_of(ROOT)) in out
    assert "Đơn vị root" in out


def test_the_words_are_vietnamese_where_nobody_asks_otherwise(proof: Path) -> None:
    run = quetsach_here("--lang", "vi", "report", "verify", proof)
    assert run.returncode == 0
    assert b"ALL FITS" not in run.stdout


def test_a_changed_bundle_a_missing_part_and_no_bundle_differ(proof: Path, tmp_path: Path) -> None:
    proof.write_bytes(proof.read_bytes().replace(b'"count":7', b'"count":8', 1))
    assert quetsach_here("report", "verify", proof).returncode == 1
    partial = tmp_path / "partial"
    partial.write_bytes(write_bundle(ROOT, (COMMUNE, OTHER, A), (FORM,)))
    run = quetsach_here("report", "verify", partial)
    assert run.returncode == 3
    assert "Đơn vị b" in run.stdout.decode()
    partial.write_bytes(b"%PDF-1.7")
    run = quetsach_here("report", "verify", partial)
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E454 ")
    assert quetsach_here("report", "verify", tmp_path / "nothing").stderr.startswith(b"E101 ")


def test_another_reports_code_is_no_proof(proof: Path) -> None:
    run = quetsach_here("report", "verify", proof, "--code", code_of(digest_of(OTHER)))
    assert run.returncode == 1


def test_the_json_names_everything(tmp_path: Path) -> None:
    key = generate_key_pair("Sở Khoa học và Công nghệ")
    (tmp_path / "so.pub.pem").write_bytes(public_pem(key.public))
    path = tmp_path / "signed"
    path.write_bytes(sign_bundle(write_bundle(ROOT, ALL, (FORM,)), key, NOON))
    run = quetsach_here("report", "verify", path, "--key", tmp_path / "so.pub.pem", "--json")
    said = json.loads(run.stdout)
    assert run.returncode == said["exit_code"] == 0
    assert (said["fits"], said["recomputed"], said["unchecked"]) == (6, 6, 0)
    assert said["signature"] == "trusted"
    assert said["signers"][0]["owner"] == "Sở Khoa học và Công nghệ"
    assert said["totals"]["people_took_part"]["count"] == 70


def test_who_names_a_key_learns_that_it_has_not_signed(proof: Path, tmp_path: Path) -> None:
    stranger = generate_key_pair("Người lạ")
    (tmp_path / "so.pub.pem").write_bytes(public_pem(generate_key_pair("Sở").public))
    signed = tmp_path / "signed"
    signed.write_bytes(sign_bundle(whole(), stranger, NOON))
    for path in (proof, signed):
        arguments = ("--lang", "en", "report", "verify", path)
        run = quetsach_here(*arguments, "--key", tmp_path / "so.pub.pem")
        assert run.returncode == 3
        assert "No key that you trust has signed it." in run.stdout.decode()
        assert "ALL MATCHES." not in run.stdout.decode()
        assert quetsach_here(*arguments).returncode == 0


def test_a_hostile_name_drives_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "evil"
    path.write_bytes(write_bundle(replace(OTHER, unit="x\x1b[2J\u202e\nALL FITS."), (), (FORM,)))
    run = quetsach_here("--lang", "en", "report", "verify", path)
    assert b"\x1b" not in run.stdout
    assert "\u202e" not in run.stdout.decode()
    # Only the last line is ours.
    assert run.stdout.decode().splitlines().count("ALL MATCHES.") == 1


def test_the_folder_of_findings_still_needs_no_word_before_it(
    findings: Path, tmp_path: Path
) -> None:
    arguments = (findings, "--form", "phu-luc-2022", "-o", tmp_path / "papers")
    one, other = quetsach_here("report", *arguments), quetsach_here("report", "fill", *arguments)
    first = quetsach_here("report", "--form", "phu-luc-2022", findings, "-o", tmp_path / "papers")
    assert one.returncode == other.returncode == first.returncode == 0
    assert one.stdout == other.stdout == first.stdout != b""


def test_a_code_that_is_cut_short_is_told_as_such(proof: Path) -> None:
    run = quetsach_here("report", "verify", proof, "--code", "14441db1")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"E601 ")
    assert b"16" in run.stderr
