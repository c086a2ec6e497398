"""What dpkt and tshark read in a capture is what we read in it."""

import shutil
import subprocess
from collections import Counter
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import dpkt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quetsach.captures.pcap import Pcap
from tests.captures import packets
from tests.captures.files import events_of
from tests.captures.packets import CLIENT, CLIENT6, RESOLVER, SERVER, SERVER6, Frame
from tests.captures.test_pcap_connections import GET, OK, SERVED, hello

pytestmark = packets.needs_kernel

labels = st.text("abcxyz019-_", min_size=1, max_size=20)
names = st.lists(labels, min_size=1, max_size=4).map(".".join)
payloads = st.lists(st.tuples(st.booleans(), st.binary(min_size=1, max_size=40)), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, names), min_size=1, max_size=8))
def test_dpkt_reads_the_same_questions_and_answers(pairs: list[tuple[str, str]]) -> None:
    frames = []
    for number, (asked, alias) in enumerate(pairs):
        records = [(5, packets.name(alias)), (1, bytes([192, 0, 2, number]))]
        frames += packets.datagrams(
            [
                (True, packets.question(asked, number=number)),
                (False, packets.answer(asked, records, number=number)),
            ]
        )
    theirs = []
    for frame in frames[1::2]:
        message = dpkt.dns.DNS(dpkt.ethernet.Ethernet(frame.content).data.data.data)
        answers = [message.an[0].cname, str(ip_address(message.an[1].ip))]
        theirs.append((message.qd[0].name, answers))
    found, unread = events_of(Pcap(), packets.pcap(frames))
    assert unread == {}
    ours = [
        (event["dns.question.name"], event["dns.answers"])
        for event in found
        if event["event.dataset"] == "pcap.dns"
    ]
    assert ours == theirs


@settings(max_examples=40, deadline=None)
@given(st.lists(payloads, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_dpkt_counts_the_same_bytes(said: list[Any], six: bool, big: bool) -> None:
    client, server = (CLIENT6, SERVER6) if six else (CLIENT, SERVER)
    frames: list[Frame] = []
    for number, each in enumerate(said):
        frames += packets.conversation(each, (client, 50_000 + number), (server, 4444))
    theirs: Counter[tuple[int, int]] = Counter()
    for frame in frames:
        segment = dpkt.ethernet.Ethernet(frame.content).data.data
        theirs[segment.sport, segment.dport] += len(segment.data)
    found, _ = events_of(Pcap(), packets.pcap(frames, big=big))
    connections = [event for event in found if event["event.dataset"] == "pcap.conn"]
    assert len(connections) == len(said)
    for event in connections:
        ports = event["source.port"], event["destination.port"]
        assert event["source.bytes"] == theirs[ports]
        assert event["destination.bytes"] == theirs[ports[::-1]]
        assert event["event.action"] == "SF"


@pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is NOT installed")
def test_tshark_reads_the_same_names(tmp_path: Path) -> None:
    frames = packets.datagrams(
        [(True, packets.question("bad.example")), (True, packets.question("c2.example", 28))],
        server=(RESOLVER, 53),
    )
    frames += packets.conversation([(True, GET), (False, OK)], server=(SERVER, 80))
    frames += packets.conversation(
        [(True, hello(b"c2.bad.example")), (False, SERVED)], (CLIENT6, 51545), (SERVER6, 443)
    )
    path = tmp_path / "all.pcapng"
    path.write_bytes(packets.pcapng(frames))
    fields = ("dns.qry.name", "http.request.full_uri", "tls.handshake.extensions_server_name")
    asked = ["tshark", "-n", "-r", str(path), "-T", "fields", *(f"-e{each}" for each in fields)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    theirs = sorted(cell for line in told.splitlines() for cell in line.split("\t") if cell)
    found, _ = events_of(Pcap(), path.read_bytes())
    keys = ("dns.question.name", "url.full", "tls.client.server_name")
    ours = sorted(event[key] for event in found for key in keys if key in event)
    assert ours == theirs
