"""Who is the client of an EVE line, and who holds which address."""

import base64
import json
from datetime import UTC
from typing import Any

import pytest

from quetsach.formats.suricata_eve import SuricataEve

EVE = SuricataEve()


def event(kind: str, source: str, destination: str, **sections: Any) -> dict[str, Any]:
    """Return the event of one line from `ip:port` to `ip:port`."""
    ends = [part for end in (source, destination) for part in end.rsplit(":", 1)]
    line = {
        "timestamp": "2026-09-01T08:15:22.000000+0700",
        "event_type": kind,
        "src_ip": ends[0],
        "src_port": int(ends[1]),
        "dest_ip": ends[2],
        "dest_port": int(ends[3]),
        **sections,
    }
    text = json.dumps(line).encode()
    ((_, found),) = EVE.parse([(0, text)], EVE.layout(text), UTC).events
    return dict(found)


CLIENT, SERVER = "10.20.3.41:55575", "10.20.1.53:53"


@pytest.mark.parametrize("ends", [(CLIENT, SERVER), (SERVER, CLIENT)])
@pytest.mark.parametrize("word", ["answer", "response"])
def test_an_answer_has_the_asking_device_as_its_source(ends: tuple[str, str], word: str) -> None:
    found = event("dns", *ends, dns={"type": word, "rrname": "bad.example", "rcode": "NOERROR"})
    assert (found["source.ip"], found["destination.port"]) == ("10.20.3.41", 53)


def test_an_answer_between_two_resolvers_is_left_as_it_stands() -> None:
    found = event("dns", "10.20.1.53:53", "198.51.100.53:53", dns={"type": "answer", "rrname": "x"})
    assert found["source.ip"] == "10.20.1.53"


def test_an_answer_on_an_odd_port_is_turned_by_its_direction() -> None:
    ends = ("10.20.1.53:5300", "10.20.3.41:55575")
    dns = {"type": "answer", "rrname": "bad.example"}
    assert event("dns", *ends, dns=dns)["source.ip"] == "10.20.1.53"
    assert event("dns", *ends, dns=dns, direction="to_client")["source.ip"] == "10.20.3.41"


def test_a_file_s_receiver_is_the_source_of_a_download_and_its_sender_of_an_upload() -> None:
    server, client = "203.0.113.77:8080", "10.20.3.41:50001"
    http = {"hostname": "bad.example", "http_port": 8080, "url": "/a"}
    down = event("fileinfo", server, client, http=http, fileinfo={"filename": "/a"})
    up = event("fileinfo", client, server, http=http, fileinfo={"filename": "/a"})
    assert down["source.ip"] == up["source.ip"] == "10.20.3.41"


def test_an_alert_on_an_answer_is_not_turned_by_its_ports_alone() -> None:
    """Scanners choose source ports such as 53 and 80 at will."""
    alert = {"action": "allowed", "signature": "Scan"}
    assert event("alert", "203.0.113.9:80", "10.20.3.41:50001", alert=alert)["source.ip"] == (
        "203.0.113.9"
    )


@pytest.mark.parametrize("word", ["offer", "nak", "decline", "discover"])
def test_an_address_that_was_not_acknowledged_is_nobody_s(word: str) -> None:
    dhcp = {"client_mac": "00:17:a4:b2:c3:d4", "assigned_ip": "10.20.3.41", "dhcp_type": word}
    found = event("dhcp", "10.20.3.1:67", "255.255.255.255:68", dhcp=dhcp)
    assert "host.ip" not in found
    assert found["host.mac"] == "00-17-A4-B2-C3-D4"


def test_a_line_is_found_in_any_order_of_its_sections() -> None:
    flow = {"pkts_toserver": 1, "pkts_toclient": 1, "state": "closed"}
    tcp = {"tcp_flags_tc": "14"}
    ends = ("10.20.3.41:50001", "203.0.113.77:443")
    one = event("flow", *ends, flow=flow, tcp=tcp)
    assert one == event("flow", *ends, tcp=tcp, flow=flow)
    assert one["event.outcome"] == "failure"


@pytest.mark.parametrize("odd", [[], {}, None, True, 1.5, [{"a": []}]])
@pytest.mark.parametrize("name", ["type", "rrname", "rrtype", "rcode", "answers", "queries"])
def test_a_dns_section_of_odd_types_is_still_an_event(name: str, odd: Any) -> None:
    found = event("dns", CLIENT, SERVER, dns={"type": "answer", "rrname": "bad.example", name: odd})
    assert found["source.ip"] == "10.20.3.41"


def test_the_packet_of_an_alert_tells_what_its_client_asked() -> None:
    asked = b"\x12\x34\x01\x00\x00\x01" + bytes(6) + b"\x03bad\x07example\x00\x00\x01\x00\x01"
    payload = base64.b64encode(asked).decode()
    found = event("alert", CLIENT, SERVER, proto="UDP", alert={"signature": "x"}, payload=payload)
    assert (found["source.ip"], found["dns.question.name"]) == ("10.20.3.41", "bad.example")
    found = event("alert", SERVER, CLIENT, proto="UDP", alert={"signature": "x"}, payload=payload)
    assert "dns.question.name" not in found
