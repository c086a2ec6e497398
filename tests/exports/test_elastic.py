"""Documents for Elasticsearch: in the fields and types of ECS, under our index template."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quetsach.api.exporting import export_findings, export_named, template_text
from quetsach.exports.contract import ExportFacts
from quetsach.exports.elastic import ECS_VERSION, ecs_document, index_template
from quetsach.exports.rows import ALL_COLUMNS
from quetsach.schema import SIGHTING
from tests.exports.findings_made import made
from tests.exports.judges import elastic

# Source: Elastic Common Schema 8.17, the reference of its fields.
ECS: Mapping[str, str] = {
    "date": "@timestamp event.start event.end threat.indicator.last_seen",
    "ip": (
        "source.ip source.nat.ip destination.ip destination.nat.ip host.ip network.forwarded_ip "
        "dns.resolved_ip"
    ),
    "long": (
        "event.duration source.port source.nat.port source.bytes destination.port "
        "destination.nat.port destination.bytes http.response.status_code process.pid"
    ),
    "wildcard": "url.full",
    "keyword": (
        "ecs.version event.kind event.category event.module event.provider event.dataset "
        "event.action event.type event.outcome event.timezone event.original event.hash "
        "observer.name source.mac destination.domain network.transport network.application "
        "network.direction dns.question.name dns.question.type dns.answers.data dns.response_code "
        "url.domain http.request.method user_agent.original tls.client.server_name tls.client.ja3 "
        "tls.server.ja3s tls.server.hash.sha1 tls.server.hash.sha256 file.hash.md5 file.hash.sha1 "
        "file.hash.sha256 file.name rule.name host.name host.mac process.executable process.name "
        "log.file.path threat.indicator.name threat.indicator.type threat.indicator.marking.tlp "
        "threat.indicator.confidence threat.software.name"
    ),
}
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
    facts = ExportFacts("0" * 64, "here", 0, "1", ALL_COLUMNS)
    row = {
        "quetsach.sighting.id": "0123456789abcdef",
        "threat.indicator.type": "name",
        "threat.indicator.name": "bad.example",
        "quetsach.indicator.key": "bad.example",
        "quetsach.match.rule": "exact",
        "quetsach.grade": "asked",
        "quetsach.device": "PC-1",
    }
    alone = ecs_document(row, facts)["quetsach"]["device"]
    graded = ecs_document({**row, "quetsach.device.grade": "likely"}, facts)["quetsach"]["device"]
    assert alone == {"name": "PC-1"}
    assert graded == {"name": "PC-1", "grade": "likely"}
