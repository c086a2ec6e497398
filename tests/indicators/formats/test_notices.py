"""Notices tell who was seen: no address of our own side becomes an indicator."""

import json
from pathlib import Path

from quetsach.indicators.options import ListOptions, column_map_of
from quetsach.indicators.read import read_lists
from tests.indicators.formats.lists import form, read, refused, rules

SINKHOLE = (
    '"timestamp","protocol","src_ip","src_port","src_asn","asn","geo","region","city","naics",'
    '"tag","infection","dst_ip","dst_port","http_host"\n'
    '"2022-09-12 01:15:22","tcp","198.51.100.5",40112,64496,64496,"VN","Hanoi","Hanoi",0,'
    '"avalanche","andromeda","203.0.113.7",80,"www.example"\n'
)


def test_a_sinkhole_report_gives_neither_end_nor_the_host_asked_for(tmp_path: Path) -> None:
    found = read(tmp_path, "event4_sinkhole_http.csv", SINKHOLE)
    assert form(found) == "notice"
    assert found.indicators == ()
    assert refused(found) == [(2, "context")]
    assert [problem.code for problem in found.readings[0].problems] == ["E219"]


def test_scan_reports_and_infected_hosts_are_notices(tmp_path: Path) -> None:
    scan = (
        '"timestamp","ip","port","hostname","tag","asn","geo","region","city","naics","sic"\n'
        '"2022-09-12 00:00:00",198.51.100.5,445,node.office.example,smb,64512,VN,R,C,0,0\n'
    )
    assert read(tmp_path, "scan_smb.csv", scan).indicators == ()
    cert = (
        "; ip, asn, country, lastseen, botname, domain, remote_ip, remote_port, local_port, p\n"
        "198.51.100.5,AS64496,VN,1441008351,patcher,bad.example,203.0.113.7,80,1036,tcp\n"
    )
    found = read(tmp_path, "cert.txt", cert)
    assert (form(found), found.indicators) == ("notice", ())


def test_controllers_and_phishing_pages_of_a_notice_are_indicators(tmp_path: Path) -> None:
    text = (
        "#category|address|asn|timestamp|optional_information|asninfo\n"
        "bot|198.51.100.5|64496|2022-09-12 11:18:52|family: Conficker;|X\n"
        "controller|203.0.113.7|64496|2022-09-12 17:47:40|family: stealrat;protocol: 6;|X\n"
        "phishing|203.0.113.8|64496|2022-09-12 13:03:18|http://bad.example/login;|X\n"
        "phishing|203.0.113.9|64496|2022-09-12 13:03:18||X\n"
        "scanner|203.0.113.10|64496|2022-09-12 13:03:18|port: 1;|X\n"
    )
    found = read(tmp_path, "cap.txt", text)
    assert [(one.key, one.claim.of_class.value) for one in found.indicators] == [
        ("203.0.113.7", "c2"),
        ("bad.example/login", "phishing"),
    ]
    assert found.indicators[0].claim.family == "stealrat"
    assert refused(found) == [(2, "context"), (5, "context"), (6, "context")]


def test_events_in_json_are_notices(tmp_path: Path) -> None:
    event = {"classification.type": "infected-system", "source.ip": "198.51.100.5",
             "destination.ip": "203.0.113.7", "malware.name": "conficker"}  # fmt: skip
    control = {"classification.type": "c2-server", "source.ip": "203.0.113.7"}
    found = read(tmp_path, "a.json", json.dumps({"data": [event, control]}))
    assert rules(found) == [("203.0.113.7", "exact")]
    assert refused(found) == [(1, "context")]


def test_a_column_map_makes_a_list_of_what_looks_like_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(SINKHOLE)
    column_map = column_map_of(
        'sender = "A"\n[recognise]\nfile_name = "list.csv"\n[[value]]\ncolumn = "dst_ip"\n', "m"
    )
    found = read_lists([path], ListOptions(accept_private=True, column_maps=(column_map,)))
    assert rules(found) == [("203.0.113.7", "exact")]


def test_a_list_with_a_column_of_countries_is_no_notice(tmp_path: Path) -> None:
    found = read(tmp_path, "ds.csv", "ip,asn,country,malware\n203.0.113.7,64496,VN,Emotet\n")
    assert rules(found) == [("203.0.113.7", "exact")]
