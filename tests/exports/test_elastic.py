"""Documents for Elasticsearch: in the fields and types of ECS, under our index template."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.exporting import export_findings, export_named, template_text
from quetsach.exports.contract import ExportFacts, confidence_word
from quetsach.exports.elastic import ECS_VERSION, ecs_document, ecs_type, index_template
from quetsach.exports.rows import ALL_COLUMNS
from quetsach.indicators.model import IndicatorKind, Tlp
from quetsach.schema import SIGHTING
from tests.exports.ecs_published import ALLOWED, ARRAYS, ECS, LOWER, OF_NETWORK, UPPER
from tests.exports.findings_made import made
from tests.exports.judges import elastic

OURS = ("quetsach.", "log.offset", "tls.client.ja4")
"""What ECS has no field for: our own, and what Filebeat and Suricata call by these names."""


def leaves(properties: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, mapping in properties.items():
        if "properties" in mapping:
            yield from leaves(mapping["properties"], f"{path}{name}.")
        else:
            yield path + name, mapping["type"]


def test_every_field_is_one_of_ecs_with_its_type_or_ours() -> None:
    published = {name: kind for kind, names in ECS.items() for name in names.split()}
    ours = dict(leaves(index_template()["template"]["mappings"]["properties"]))
    assert {name: ours[name] for name in published} == published
    assert not [name for name in ours if name not in published and not name.startswith(OURS)]


ROW: Mapping[str, Any] = {
    "quetsach.sighting.id": "0123456789abcdef",
    "threat.indicator.type": "name",
    "threat.indicator.name": "bad.example",
    "quetsach.indicator.key": "bad.example",
    "quetsach.match.rule": "exact",
    "quetsach.grade": "asked",
}


def document_of(**columns: Any) -> dict[str, Any]:
    facts = ExportFacts("0" * 64, "here", 0, "1", ALL_COLUMNS)
    named = {name.replace("__", "."): value for name, value in columns.items()}
    return ecs_document({**ROW, **named}, facts)


def test_the_published_lists_are_of_fields_that_we_fill() -> None:
    published = {name for names in ECS.values() for name in names.split()}
    assert {*ARRAYS, *LOWER, *UPPER, *ALLOWED} - {"dns.answers"} <= published
    assert ALLOWED["event.type"] >= OF_NETWORK


def test_a_single_address_of_a_host_is_an_array() -> None:
    host = document_of(host__ip="10.0.0.5", host__mac="00-17-A4-B2-C3-D4")["host"]
    assert host == {"ip": ["10.0.0.5"], "mac": ["00-17-A4-B2-C3-D4"]}
    assert "ip" not in document_of(host__ip="somewhere").get("host", {})


def test_digests_of_certificates_are_upper_and_protocols_lower_case() -> None:
    document = document_of(
        tls__server__hash__sha1="ab" * 20,
        tls__server__hash__sha256="cd" * 32,
        file__hash__sha256="ef" * 32,
        network__transport="TCP",
        network__application="HTTP",
    )
    assert document["tls"]["server"]["hash"] == {"sha1": "AB" * 20, "sha256": "CD" * 32}
    assert document["file"]["hash"]["sha256"] == "ef" * 32
    assert document["network"] == {"transport": "tcp", "application": "http"}


@pytest.mark.parametrize("kind", [*IndicatorKind])
def test_every_kind_of_indicator_has_a_word_of_ecs_or_none(kind: IndicatorKind) -> None:
    row = {**ROW, "threat.indicator.type": kind.value}
    assert ecs_type(row) in {None, *ALLOWED["threat.indicator.type"]}


def test_every_level_of_tlp_and_confidence_is_a_word_of_ecs() -> None:
    assert {level.upper() for level in Tlp} <= ALLOWED["threat.indicator.marking.tlp"]
    words = {confidence_word(confidence) for confidence in range(101)}
    assert words <= ALLOWED["threat.indicator.confidence"]


def test_the_template_names_every_column_of_the_schema() -> None:
    ours = dict(leaves(index_template()["template"]["mappings"]["properties"]))
    moved = {"quetsach.device": "quetsach.device.name", "dns.answers": "dns.answers.data"}
    assert {moved.get(name, name) for name in SIGHTING.names} <= set(ours)
    assert json.loads(template_text()) == index_template()
    assert ECS_VERSION.startswith("8.17.")


def test_a_second_load_adds_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path)
    first, second = (
        b"".join(export_findings(folder, export_named("ecs"), audience="owner").pieces)
        for _time in range(2)
    )
    assert elastic(first) == elastic(second)
    ids = [json.loads(line)["create"]["_id"] for line in first.splitlines()[::2]]
    assert ids == elastic(first)


def test_a_device_has_one_place_whatever_else_is_known_of_it() -> None:
    alone = document_of(quetsach__device="PC-1")["quetsach"]["device"]
    graded = document_of(quetsach__device="PC-1", quetsach__device__grade="likely")
    assert alone == {"name": "PC-1"}
    assert graded["quetsach"]["device"] == {"name": "PC-1", "grade": "likely"}
