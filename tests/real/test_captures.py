"""Captures of others: what a full-packet recorder read in them is what we read in them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of

pytestmark = [pytest.mark.real, packets.needs_kernel]

FINGERPRINTS = {
    "tls.client.ja3": "ja3",
    "tls.client.ja4": "ja4",
    "tls.server.ja3s": "ja3s",
}
# A hello in the form of SSL 2 has no fingerprint; what QUIC and SOCKS hide is not looked into.
READ_AT_LEAST = 42


def captures(data: Path) -> list[Path]:
    return sorted((data / "evidence" / "pcap").glob("*/*.pcap*"))


def expected_tls(path: Path) -> list[dict[str, Any]]:
    sessions = json.loads(path.read_text(encoding="utf-8")).get("sessions3") or []
    bodies = [session["body"] for session in sessions]
    return [body for body in bodies if "tcp" in body.get("protocol", ()) and "tls" in body]


def test_fingerprints_and_certificates_are_those_of_others(data: Path) -> None:
    compared = 0
    for path in sorted((data / "expected" / "arkime").glob("*.test")):
        capture = data / "evidence" / "pcap" / "arkime" / f"{path.stem}.pcap"
        bodies = expected_tls(path)
        if not bodies or not capture.exists():
            continue
        events, _ = events_of(Pcap(), capture.read_bytes())
        for field, key in FINGERPRINTS.items():
            ours = {event[field] for event in events if field in event}
            theirs = {value for body in bodies for value in body["tls"].get(key, ())}
            assert ours <= theirs, (path.stem, field, ours, theirs)
            compared += len(ours)
        ours = {
            event["tls.server.hash.sha1"] for event in events if "tls.server.hash.sha1" in event
        }
        shown = [one for body in bodies for one in body.get("cert", ())]
        theirs = {one["hash"].replace(":", "") for one in shown}
        assert ours <= theirs, (path.stem, ours, theirs)
        compared += len(ours)
    assert compared >= READ_AT_LEAST


def test_every_capture_is_read_and_no_damage_of_it_breaks_the_reader(data: Path) -> None:
    chance = random.Random(20260901)
    for path in captures(data):
        content = path.read_bytes()
        events, _ = events_of(Pcap(), content)
        assert all(
            event["event.dataset"].partition(".")[0] in ("pcap", "flows") for event in events
        )
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 20, 400))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        events_of(Pcap(), bytes(damaged[: chance.randrange(len(damaged))]))
        events_of(Pcap(), bytes(damaged))
