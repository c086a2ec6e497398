"""AVReport on disk: findings go out and come back the same, and distrust is marked."""

import json
from pathlib import Path

import pytest

from quetsach.api import sweeps
from quetsach.api.avreports import KeyAndCertificate, export, read_file, to_json
from quetsach.errors.exceptions import QuetsachError
from tests.avreport.messages import FIELD, NOW, identity, xmlsec
from tests.sweeping.evidence import HEADER, conn, write

ORGAN = 'organ_id = "000.00.00.H84"\norgan_name = "Sở KH&CN Vĩnh Long"\n'


@pytest.fixture
def findings(tmp_path: Path) -> Path:
    lines = conn(1, "10.0.0.5", "203.0.113.77") + conn(2, "10.0.0.6", "203.0.113.78")
    log = write(tmp_path / "conn.log", HEADER + lines + conn(3, "10.0.0.5", "203.0.113.78"))
    listed = "indicator,family\n203.0.113.77,Qakbot\n203.0.113.78,\n"
    write(tmp_path / "organ.toml", ORGAN)
    write(tmp_path / "list.csv", listed)
    request = sweeps.sweep_request(
        evidence=[str(log)], lists=[tmp_path / "list.csv"], out=tmp_path / "found"
    )
    sweeps.sweep(request)
    return tmp_path / "found"


@pytest.fixture
def pair(tmp_path: Path) -> KeyAndCertificate:
    own = identity("so", "Root")
    return KeyAndCertificate(write(tmp_path / "k.pem", own.key), write(tmp_path / "c.pem", own.pem))


def test_signed_message_comes_back_with_the_same_machines_and_connections(
    findings: Path, pair: KeyAndCertificate, tmp_path: Path
) -> None:
    done = export(findings, tmp_path / "m.xml", organ=tmp_path / "organ.toml", pair=pair)
    root = write(tmp_path / "root.pem", identity("Root", ca=True).pem)
    found = read_file(tmp_path / "m.xml", trust=[root], when=NOW)
    assert (found.trusted, found.exit_code) == (True, 0)
    assert found.message == done.message
    assert found.message.machines() == [("10.0.0.5", None), ("10.0.0.6", None)]
    told = {(one.ip, *one.facts.items()) for one in found.message.rows}
    assert told == {
        ("10.0.0.5", ("MalwareName", "Qakbot")),
        ("10.0.0.5", ("TargetIP", "203.0.113.77")),
        ("10.0.0.5", ("TargetIP", "203.0.113.78")),
        ("10.0.0.6", ("TargetIP", "203.0.113.78")),
    }
    assert found.message.datetime == 1_662_940_803
    run = xmlsec(tmp_path, "--verify", "--trusted-pem", "root.pem", "m.xml")
    assert run.returncode == 0, run.stderr


def test_what_is_missing_is_written_beside_the_message(findings: Path, tmp_path: Path) -> None:
    done = export(findings, tmp_path / "m.xml", organ=tmp_path / "organ.toml")
    assert not done.is_signed
    lines = (tmp_path / "m.xml.missing.txt").read_text("utf-8").splitlines()
    assert tuple(lines) == done.missing
    assert any("QualityFeature" in one for one in lines)
    assert any("10.0.0.6" in one for one in lines)


def test_the_same_findings_give_the_same_bytes(
    findings: Path, pair: KeyAndCertificate, tmp_path: Path
) -> None:
    for name in ("a.xml", "b.xml"):
        export(findings, tmp_path / name, organ=tmp_path / "organ.toml", pair=pair)
    assert (tmp_path / "a.xml").read_bytes() == (tmp_path / "b.xml").read_bytes()


def test_foreign_message_is_marked_in_the_json(tmp_path: Path) -> None:
    found = read_file(write(tmp_path / "m.xml", FIELD))
    told = json.loads(json.dumps(to_json(found)))
    assert (found.exit_code, told["trusted"], told["signature"]["state"]) == (2, False, "wrong")
    assert told["reason"]
    assert {"ip": None, "name": "PC-2"} in told["machines"]
    assert told["datetime"] == "2023-11-14T22:13:20+00:00"
    assert told["deviations"]
    assert told["missing"]


def test_unsigned_and_unknown_are_3(
    findings: Path, pair: KeyAndCertificate, tmp_path: Path
) -> None:
    organ = tmp_path / "organ.toml"
    export(findings, tmp_path / "u.xml", organ=organ)
    export(findings, tmp_path / "s.xml", organ=organ, pair=pair)
    for name, state in (("u.xml", "unsigned"), ("s.xml", "unknown-certificate")):
        found = read_file(tmp_path / name, when=NOW)
        assert (found.exit_code, found.signature.state, found.trusted) == (3, state, False)


def test_nothing_is_written_when_the_key_is_wrong(findings: Path, tmp_path: Path) -> None:
    bad = KeyAndCertificate(write(tmp_path / "k.pem", b"x"), write(tmp_path / "c.pem", b"x"))
    with pytest.raises(QuetsachError) as error:
        export(findings, tmp_path / "m.xml", organ=tmp_path / "organ.toml", pair=bad)
    assert error.value.problem.code == "E442"
    assert not list(tmp_path.glob("m.xml*"))


def test_missing_files_are_named(findings: Path, tmp_path: Path) -> None:
    for call, code in (
        (lambda: read_file(tmp_path / "no.xml"), "E444"),
        (lambda: export(findings, tmp_path / "m.xml", organ=tmp_path / "no"), "E444"),
        (lambda: export(tmp_path, tmp_path / "m.xml", organ=tmp_path / "organ.toml"), "E303"),
        (lambda: read_file(tmp_path / "organ.toml"), "E440"),
    ):
        with pytest.raises(QuetsachError) as error:
            call()
        assert error.value.problem.code == code
