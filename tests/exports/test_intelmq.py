"""Events of IntelMQ: what stands where, and whom they call infected."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from quetsach.api.exporting import export_findings, export_named
from quetsach.exports.contract import ExportFacts
from quetsach.exports.intelmq import intelmq_event
from quetsach.exports.rows import SHARED
from tests.exports.findings_made import made
from tests.exports.judges import intelmq, json_lines

NAME = ("name", "below", "bad.example")


def event(kind: str, rule: str, key: str, **more: Any) -> dict[str, Any]:
    row = {
        "quetsach.sighting.id": "0123456789abcdef",
        "threat.indicator.type": kind,
        "threat.indicator.name": key,
        "quetsach.indicator.key": key,
        "quetsach.match.rule": rule,
        "quetsach.grade": "asked",
    }
    return intelmq_event(row | more, ExportFacts("0" * 64, "Sở A", 0, "1", SHARED))


@pytest.mark.parametrize(
    ("indicator", "fields"),
    [
        (NAME, {"destination.fqdn": "bad.example"}),
        (("address", "exact", "192.0.2.7"), {"destination.ip": "192.0.2.7"}),
        (
            ("address", "ip-port", "[2001:db8::7]:443"),
            {"destination.ip": "2001:db8::7", "destination.port": 443},
        ),
        (("network", "cidr", "198.51.100.0/25"), {"destination.network": "198.51.100.0/25"}),
        (("url", "url-prefix", "bad.example/a"), {"destination.url": "http://bad.example/a"}),
        (("hash", "hash", "a" * 64), {"malware.hash.sha256": "a" * 64}),
        # No word for it but our own.
        (("fingerprint", "fingerprint", "ja3:" + "c" * 32), {}),
    ],
)
def test_each_kind_has_its_field(indicator: tuple[str, str, str], fields: dict[str, Any]) -> None:
    told = event(*indicator)
    places = ("source.", "destination.", "malware.hash.")
    assert {name: value for name, value in told.items() if name.startswith(places)} == fields


@pytest.mark.parametrize(
    ("role", "kind"),
    [(None, "infected-system"), ("client", "infected-system"), ("resolver", "undetermined")],
)
def test_who_asks_for_others_is_not_called_infected(role: str | None, kind: str) -> None:
    more = {} if role is None else {"quetsach.device.role": role}
    assert event(*NAME, **more)["classification.type"] == kind


@pytest.mark.parametrize(
    ("marking", "level"),
    [("CLEAR", "WHITE"), ("GREEN", "GREEN"), ("AMBER", "AMBER"), ("AMBER+STRICT", "RED"),
     ("RED", "RED"), (None, None)],
)  # fmt: skip
def test_a_marking_never_lets_out_more(marking: str | None, level: str | None) -> None:
    more = {} if marking is None else {"threat.indicator.marking.tlp": marking}
    told = event(*NAME, **more)
    assert told.get("tlp") == level
    assert told.get("extra.threat_indicator_marking_tlp") == marking


def test_only_contacts_become_events_and_the_raw_record_is_ours(tmp_path: Path) -> None:
    export = export_findings(made(tmp_path), export_named("intelmq"), audience="owner")
    text = b"".join(export.pieces)
    rows = json_lines(text)
    assert len(intelmq(text)) == export.counts.written == 4
    assert export.counts.no_contact == 1
    for row in rows:
        assert b"10.0.0." not in b64decode(row["raw"])
        assert not [name for name in row if name.startswith("source.")]
