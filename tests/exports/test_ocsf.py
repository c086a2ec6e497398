"""Findings of OCSF: what each says, beside what its schema asks for."""

from pathlib import Path
from typing import Any

import pytest

from quetsach.api.exporting import export_findings, export_named
from quetsach.exports.contract import ExportFacts
from quetsach.exports.ocsf import detection_finding
from quetsach.exports.rows import SHARED
from tests.exports.findings_made import MACHINE, made
from tests.exports.judges import json_lines, ocsf

ROW: dict[str, Any] = {
    "quetsach.sighting.id": "0123456789abcdef",
    "@timestamp": 1_788_225_322_500_000,
    "threat.indicator.type": "address",
    "threat.indicator.name": "[2001:db8::7]:443",
    "quetsach.indicator.key": "[2001:db8::7]:443",
    "threat.indicator.marking.tlp": "AMBER+STRICT",
    "quetsach.match.rule": "ip-port",
    "quetsach.grade": "asked",
}


def finding(**more: Any) -> dict[str, Any]:
    return detection_finding(ROW | more, ExportFacts("0" * 64, "Sở A", 0, "1", SHARED))


@pytest.mark.parametrize(
    ("grade", "severity"),
    [
        ("mentioned", 1),
        ("asked", 3),
        ("answered", 3),
        ("blocked", 3),
        ("connected", 4),
        ("moved", 5),
    ],
)  # fmt: skip
def test_the_grade_decides_how_severe_a_finding_is(grade: str, severity: int) -> None:
    made_finding = finding(**{"quetsach.grade": grade})
    assert made_finding["severity_id"] == severity
    # A device that stopped it says so in the words of its profile.
    stopped = (made_finding.get("action_id"), made_finding.get("disposition_id"))
    assert stopped == ((2, 2) if grade == "blocked" else (None, None))
    assert ("security_control" in made_finding["metadata"]["profiles"]) is (grade == "blocked")


def test_an_indicator_is_told_as_intelligence_and_as_observable() -> None:
    told = finding()
    assert told["osint"] == [{"value": "[2001:db8::7]:443", "type_id": 1, "tlp": "AMBER STRICT"}]
    assert told["observables"][0]["value"] == "2001:db8::7"
    assert (told["time"], told["type_uid"]) == (1_788_225_322_500, 200401)


def test_evidence_names_the_machine_only_where_it_is_told_to(tmp_path: Path) -> None:
    folder = made(tmp_path)
    texts = [
        b"".join(
            export_findings(
                folder, export_named("ocsf"), audience="owner", with_machines=with_machines
            ).pieces
        )
        for with_machines in (False, True)
    ]
    assert ocsf(texts[0]) == ocsf(texts[1])
    bare, named = map(json_lines, texts)
    assert not [row for row in bare if {*row["evidences"][0]} != {"connection_info"}]
    assert named[0]["resources"][0]["name"].startswith(MACHINE)
    assert {row["evidences"][0]["src_endpoint"]["ip"] for row in named} == {"10.0.0.5", "10.0.0.6"}
    assert all("raw_data" in row for row in named)
