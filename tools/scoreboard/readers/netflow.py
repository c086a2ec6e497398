"""Pairs of flow records: packets of NetFlow and IPFIX, and the flows that a codec reads in them.

The packets are told as a capture of them, which is how an office has them. A flow has three times:
held against each other is when it began, as for the logs of firewalls and sensors.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.scoreboard.judge import normal_fields
from tools.scoreboard.pairs import Expectation, Pair

SOURCE = "netflow"

_NAMES = {
    "@timestamp": (
        "first_switched",
        "flowStartMilliseconds",
        "flowStartSeconds",
        "flowStartMicroseconds",
    ),
    "source.ip": ("ipv4_src_addr", "sourceIPv4Address", "ipv6_src_addr", "sourceIPv6Address"),
    "source.port": ("l4_src_port", "sourceTransportPort"),
    "destination.ip": (
        "ipv4_dst_addr",
        "destinationIPv4Address",
        "ipv6_dst_addr",
        "destinationIPv6Address",
    ),
    "destination.port": ("l4_dst_port", "destinationTransportPort"),
    "source.nat.ip": ("xlate_src_addr_ipv4", "postNATSourceIPv4Address"),
    "source.nat.port": ("xlate_src_port", "postNAPTSourceTransportPort"),
    "destination.nat.ip": ("xlate_dst_addr_ipv4", "postNATDestinationIPv4Address"),
    "destination.nat.port": ("xlate_dst_port", "postNAPTDestinationTransportPort"),
}


def read(folder: Path) -> Iterator[Pair]:
    """Yield the pairs below `folder`, the folder of expectations."""
    packets = folder.parent / "evidence" / "flow-binary" / "packets"
    for path in sorted((folder / SOURCE).glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        files = [packets / str(name) for name in told["packets_in_order"]]
        expected = tuple(_expectations(told["expected_events"]))
        if expected and all(file.is_file() for file in files):
            product = "ipfix" if path.stem.startswith("ipfix") else path.stem[:9].rstrip("-")
            message = capture(file.read_bytes() for file in files)
            yield Pair(SOURCE, product, path.stem, message, expected, path, alone=True)


def _expectations(events: Iterable[Mapping[str, Any]]) -> Iterator[Expectation]:
    for event in events:
        flow = event.get("netflow") or event.get("ipfix") or event
        told = {
            field: next((flow[key] for key in keys if _is_value(flow.get(key))), None)
            for field, keys in _NAMES.items()
        }
        when = told["@timestamp"]
        if str(when) > str(flow.get("last_switched", when)):
            # The counter of the exporter ran over, and the codec took no notice of it.
            when = told["@timestamp"] = None
        if isinstance(when, int):
            told["@timestamp"] = datetime.fromtimestamp(when, UTC)
        fields = normal_fields(told)
        if "source.ip" in fields:
            yield Expectation(fields)


def _is_value(value: object) -> bool:
    return value not in {None, "", 0, "::", "0.0.0.0"}


def capture(packets: Iterable[bytes]) -> bytes:
    """Return a capture (pcap, raw IPv4, UDP to port 2055) of `packets`."""
    told = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    for packet in packets:
        port = 4739 if packet[:2] == b"\x00\x0a" else 2055
        datagram = struct.pack(">HHHH", 50_000, port, 8 + len(packet), 0) + packet
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0)
        whole = head + bytes((192, 0, 2, 1)) + bytes((192, 0, 2, 2)) + datagram
        told += struct.pack("<IIII", 1_500_000_000, 0, len(whole), len(whole)) + whole
    return told
