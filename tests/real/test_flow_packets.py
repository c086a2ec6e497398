"""NetFlow and IPFIX of makers, held against what another codec reads in the same packets."""

import io
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from quetsach.captures.contract import CaptureSource, LineSink, UnreadReason
from quetsach.captures.netflow import NetFlow, decode_packets

pytestmark = pytest.mark.real

NAMES = {
    "source.ip": ("ipv4_src_addr", "sourceIPv4Address", "ipv6_src_addr", "sourceIPv6Address"),
    "source.port": ("l4_src_port", "sourceTransportPort"),
    "destination.ip": ("ipv4_dst_addr", "destinationIPv4Address", "destinationIPv6Address"),
    "destination.port": ("l4_dst_port", "destinationTransportPort"),
    "source.nat.ip": ("xlate_src_addr_ipv4", "postNATSourceIPv4Address"),
    "url.domain": ("netscalerHttpReqHost",),
}
# Only WLAN clients and their bytes, no contact.
WITHOUT_ENDS = {"netflow-9-cisco-wlc"}
# Read alone, in a folder of many exporters: the templates of netscaler are two weeks older.
UNCLEAR = {"ipfix_test_netscaler_data.dat", "netflow9_test_cisco_wlc_data261.dat"}


def unlike_their_list(packets: Path) -> set[str]:
    """Return the files that are not as long as the list of sources says: they were changed here."""
    rows = re.findall(
        r"^\| (\S+) \| (\d+) \|", (packets / "SOURCES.md").read_text("utf-8"), re.MULTILINE
    )
    sizes = {path.name: path.stat().st_size for path in packets.iterdir()}
    return {name for name, size in rows if sizes.get(name) != int(size)}


def events(content: bytes) -> list[dict[str, Any]]:
    out = io.BytesIO()
    decode_packets(content, LineSink(out, 1 << 24))
    return [msgspec.json.decode(line) for line in out.getvalue().splitlines()]


def ends_of(flow: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: next((flow[key] for key in keys if flow.get(key) not in (None, "", 0)), None)
        for name, keys in NAMES.items()
    }
    absent = (None, "0.0.0.0", "::")
    ends = {name: value for name, value in told.items() if value not in absent}
    if ends.get("source.nat.ip") == ends.get("source.ip"):
        ends.pop("source.nat.ip", None)
    return ends


def test_each_flow_that_another_codec_reads_is_read(data: Path) -> None:
    packets = data / "evidence/flow-binary/packets"
    compared, changed = 0, unlike_their_list(packets)
    for path in sorted((data / "expected/netflow").glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        if changed & set(told["packets_in_order"]):
            continue
        ours = events(b"".join((packets / name).read_bytes() for name in told["packets_in_order"]))
        for expected in told["expected_events"]:
            ends = ends_of(expected.get("netflow") or expected.get("ipfix") or expected)
            if "source.ip" not in ends or "destination.ip" not in ends:
                continue
            # The half that answered is told with the half that asked.
            turned = {_other(name): value for name, value in ends.items() if "nat" not in name}
            assert any(
                ends.items() <= one.items() or turned.items() <= one.items() for one in ours
            ), (path.name, ends)
            compared += 1
    assert compared >= 24


def _other(name: str) -> str:
    side, _, what = name.partition(".")
    return f"{ {'source': 'destination', 'destination': 'source'}.get(side, side) }.{what}"


def test_a_folder_of_many_exporters_is_read_or_told(data: Path) -> None:
    files = sorted((data / "evidence/flow-binary/packets").glob("*.dat"))
    changed = unlike_their_list(data / "evidence/flow-binary/packets")
    for path in files:
        if {path.name, path.name.replace("data", "tpl")} & changed:
            continue
        sink = LineSink(io.BytesIO(), 1 << 24)
        beside = tuple(other for other in files if other != path)
        NetFlow().decode(CaptureSource(path, path.name, beside), sink)
        if path.name in UNCLEAR:
            assert set(sink.unread) <= {
                *(UnreadReason.TWO_TEMPLATES, UnreadReason.NO_TEMPLATE, UnreadReason.NO_ENDS)
            }
        else:
            assert not sink.unread, path.name
            assert sink.lines
