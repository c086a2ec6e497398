"""The readers of pairs, on small files in the form of each source, made up here."""

import json

import pytest

from tools.scoreboard.board import read_board, total
from tools.scoreboard.definitional import Definitional
from tools.scoreboard.page import rows, words
from tools.scoreboard.readers import captures, netflow, tables, wazuh
from tools.scoreboard.readers.netflow import capture
from tools.scoreboard.readers.registry import read_pairs

ARP = "? (10.0.0.4) at 00:17:a4:00:00:04 [ether] on eth0\n"


@pytest.fixture
def data(tmp_path):
    """A data set of one pair of each kind."""

    def put(path, content):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    put("evidence/arp-table/made.raw", ARP)
    put(
        "expected/ntc/made.yml",
        '---\nparsed_sample:\n  - ip_address: "10.0.0.4"\n    mac_address: "00:17:a4:00:00:04"\n'
        '  - ip_address: "10.0.0.5"\n    mac_address: ""\n',
    )
    put("evidence/linux-host/made--netstat.out", "x")
    rows = [("10.0.0.4", "203.0.113.7"), ("localhost", "203.0.113.8"), ("10.0.0.4", "*")]
    netstat = [
        {"local_address": ours, "local_port": "1", "foreign_address": peer, "foreign_port": "443"}
        for ours, peer in rows
    ]
    put("expected/jc/made--netstat.json", json.dumps(netstat))
    put("expected/wazuh/made.ini", "[a]\nlog 1 pass = one\nlog 2 fail = two\ndecoder = made\n")
    put("evidence/flow-binary/packets/made.dat", b"\x00\x05rest")
    flow = {"ipv4_src_addr": "10.0.0.4", "ipv4_dst_addr": "203.0.113.7", "l4_dst_port": 443}
    events = [{"netflow": flow}, {"netflow": {"scope_system": 1}}]
    told = {"packets_in_order": ["made.dat"], "expected_events": events}
    put("expected/netflow/netflow-5-made.json", json.dumps(told))
    for folder, name in (("suricata-verify", "made--a.pcap"), ("arkime", "made.pcap")):
        put(f"evidence/pcap/{folder}/{name}", b"\xd4\xc3\xb2\xa1\x00")
    put("evidence/pcap/ndpi/made.pcap", b"\xd4\xc3\xb2\xa1\x00")
    put(
        "expected/suricata-verify/made.yaml",
        "checks:\n- filter:\n    count: 0\n    match: {event_type: dns}\n"
        "- filter:\n    count: 1\n    match:\n      event_type: dns\n      dns.type: answer\n"
        "      src_ip: 192.0.2.53\n      src_port: 53\n      dest_ip: 10.0.0.4\n"
        "      dest_port: 5000\n      dns.rrname: Bad.Example\n",
    )
    ends = {"source": {"ip": "10.0.0.4", "port": 1}, "destination": {"ip": "203.0.113.7"}}
    body = {**ends, "firstPacket": 1_000, "dns": [{"queryHost": "bad.example"}]}
    put("expected/arkime/made.test", json.dumps({"sessions3": [{"body": body}]}))
    put(
        "expected/ndpi/made.pcap.out",
        "Google\t3\n\t1\tTCP 10.0.0.4:1 <-> 203.0.113.7:443 [proto: 91/TLS][1 pkts]"
        "[Hostname/SNI: bad.example][x]\n",
    )
    return tmp_path


def fields(pairs):
    return [dict(one.fields) for pair in pairs for one in pair.expected]


def test_a_row_of_a_table_is_expected_only_where_it_ties_two_things_together(data):
    expected = data / "expected"
    assert fields(tables.read_ntc(expected)) == [
        {"host.ip": "10.0.0.4", "host.mac": "00-17-A4-00-00-04"}
    ]
    (told,) = fields(tables.read_jc(expected))
    assert told == {
        "source.ip": "10.0.0.4",
        "source.port": 1,
        "destination.ip": "203.0.113.7",
        "destination.port": 443,
    }


def test_of_a_line_of_a_rule_set_the_product_is_known(data):
    pairs = list(wazuh.read(data / "expected"))
    assert [one.message for one in pairs] == [b"one", b"two"]
    assert fields(pairs) == [{"event.dataset": "made"}] * 2


def test_packets_of_flows_are_told_as_a_capture(data):
    (pair,) = netflow.read(data / "expected")
    assert pair.message == capture([b"\x00\x05rest"])
    assert pair.message.endswith(b"\x08\x07\x00\x0e\x00\x00\x00\x05rest")
    assert fields([pair]) == [
        {"source.ip": "10.0.0.4", "destination.ip": "203.0.113.7", "destination.port": 443}
    ]


def test_who_asked_is_expected_also_where_the_answer_is_told(data):
    (told,) = fields(captures.read_suricata(data / "expected"))
    assert (told["source.ip"], told["destination.port"]) == ("10.0.0.4", 53)
    assert told["dns.question.name"] == "bad.example"


def test_sessions_and_flows_of_captures_are_expected_with_their_names(data):
    (session,) = fields(captures.read_arkime(data / "expected"))
    assert session["@timestamp"].timestamp() == 1
    assert session["dns.question.name"] == "bad.example"
    (flow,) = fields(captures.read_ndpi(data / "expected"))
    assert flow["tls.client.server_name"] == "bad.example"
    assert (flow["source.ip"], flow["destination.port"]) == ("10.0.0.4", 443)


def test_all_readers_together_make_a_board_and_its_page(data):
    pairs = read_pairs(data)
    assert {one.source for one in pairs} == {
        "arkime", "jc", "ndpi", "netflow", "ntc", "suricata-verify", "wazuh",
    }  # fmt: skip
    board = read_board(pairs, Definitional())
    assert total(board.figures(), "ntc/").right == 2
    for mixed in ("product", "central"):
        again = read_board(pairs, Definitional(), mixed)
        assert total(again.figures()) == total(board.figures())


def test_the_page_says_products_and_counts():
    table = (
        "# date: 2026-09-01\n# pairs: 7\n# sha256 of inputs: 00\n"
        "product\tfield\tright\tabsent\twrong\tdefinitional\tharm\n"
        "made/a\tsource.ip\t3\t2\t1\t1\t0\nmade/a\t@timestamp\t1\t0\t0\t0\t0\n"
    )
    assert list(rows(table)) == [
        ("made/a", "8", "4", "2", "1", "1"),
        ("all", "8", "4", "2", "1", "1"),
    ]
    assert "7 messages" in words(table)
    assert "2026-09-01" in words(table)
