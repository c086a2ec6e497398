"""Feeds and reports in JSON."""

import json
from pathlib import Path
from typing import Any

from tests.indicators.formats.told import form, read, refused, rules


def _json(value: Any) -> str:
    return json.dumps(value, indent=1)


def test_urlhaus_gives_web_addresses_alone(tmp_path: Path) -> None:
    text = _json({"7": [{"dateadded": "2022-09-12 01:00:00 UTC", "url": "http://shop.example/a",
                         "url_status": "online", "threat": "malware_download",
                         "tags": ["exe", "Emotet"],
                         "urlhaus_link": "https://haus.example/url/7/"}]})  # fmt: skip
    found = read(tmp_path, "urlhaus.json", text)
    assert form(found) == "feed-json"
    (one,) = found.indicators
    assert (one.key, one.claim.of_class, one.label) == (
        "shop.example/a", "download", "malware_download; exe, Emotet; online",
    )  # fmt: skip


def test_feodo_gives_address_and_port_not_the_providers_name(tmp_path: Path) -> None:
    text = _json([{"ip_address": "203.0.113.7", "port": 443, "status": "offline",
                   "hostname": "vm7.provider.example", "as_number": 64496, "as_name": "X",
                   "country": "VN", "first_seen": "2022-09-12 01:00:00",
                   "last_online": "2022-09-13", "malware": "Emotet"}])  # fmt: skip
    found = read(tmp_path, "feodo.json", text)
    assert rules(found) == [("203.0.113.7:443", "ip-port")]
    assert (found.indicators[0].claim.of_class, found.indicators[0].claim.family) == (
        "c2", "Emotet",
    )  # fmt: skip


def test_threatfox_is_read_under_its_numbers(tmp_path: Path) -> None:
    text = _json({"query_status": "ok", "data": [
        {"id": "1", "ioc": "203.0.113.7:443", "ioc_type": "ip:port", "threat_type": "botnet_cc",
         "malware_printable": "X RAT", "confidence_level": 90},
        {"id": "2", "ioc": "a" * 64, "ioc_type": "sha256_hash", "threat_type": "payload"},
        {"id": "3", "ioc": "b" * 96, "ioc_type": "sha3_384_hash", "threat_type": "payload"},
    ]})  # fmt: skip
    found = read(tmp_path, "threatfox.json", text)
    assert [key for key, _rule in rules(found)] == ["203.0.113.7:443", "a" * 64]
    assert refused(found) == [(3, "other-kind")]
    assert found.indicators[0].claim.confidence == 90


def test_one_object_a_line_and_damaged_lines_between(tmp_path: Path) -> None:
    text = (
        '{"cidr":"203.0.113.0/24","sblid":"SBL1"}\n'
        '{"cidr":"198.51.100.0/24","sblid":"SBL2"\n'
        '{"cidr":"2001:db8::/32","sblid":"SBL3"}\n'
        '{"type":"metadata","records":3}\n'
    )
    found = read(tmp_path, "drop.json", text)
    assert [key for key, _rule in rules(found)] == ["2001:db8::/32", "203.0.113.0/24"]
    assert refused(found) == [(2, "unparsable")]


def test_a_list_of_words_and_a_report_with_nested_objects(tmp_path: Path) -> None:
    assert rules(read(tmp_path, "a.json", '["bad.example", "203.0.113.7"]')) == [
        ("203.0.113.7", "exact"), ("bad.example", "below"),
    ]  # fmt: skip
    report = {"Summary": {"Src IP": "10.0.0.9", "Subject": {"Name": "a.exe", "md5": "a" * 32},
              "Ips": [{"Ipv4": "203.0.113.7", "Port": "80", "Reputation": "0",
                       "Severity": "-1"}]}}  # fmt: skip
    found = read(tmp_path, "b.json", _json(report))
    assert rules(found) == [("a" * 32, "hash")]
    assert refused(found) == [(2, "context")]


def test_an_object_like_the_others_without_its_value_is_refused(tmp_path: Path) -> None:
    text = _json([{"url": "http://bad.example/a", "threat": "phishing", "tags": "x"},
                  {"url": "", "threat": "phishing", "tags": "y"}])  # fmt: skip
    found = read(tmp_path, "a.json", text)
    assert rules(found) == [("bad.example/a", "url-prefix")]
    assert refused(found) == [(2, "empty")]


def test_pages_that_a_report_refers_to_are_no_indicators(tmp_path: Path) -> None:
    report = {"iocs": [{"domain": "bad.example"}],
              "references": [{"name": "x", "url": "https://news.example/report"}]}  # fmt: skip
    found = read(tmp_path, "a.json", _json(report))
    assert rules(found) == [("bad.example", "below")]
    assert refused(found) == [(2, "reference")]


def test_json_of_stix_and_misp_is_left_to_their_forms(tmp_path: Path) -> None:
    for value in (
        {"type": "bundle", "objects": [{"external_references": [{"url": "http://a.example/"}]}]},
        {"Event": {"info": "x", "Attribute": [{"ip": "203.0.113.7"}]}},
        [{"Event": {"url": "http://a.example/"}}],
    ):
        assert form(read(tmp_path, "a.json", _json(value))) != "feed-json"


def test_json_without_such_fields_is_no_feed(tmp_path: Path) -> None:
    assert form(read(tmp_path, "a.json", '{"name": "x", "version": [1, 2]}')) == "plain"


def test_depth_costs_nothing_but_its_length(tmp_path: Path) -> None:
    deep = "[" * 500 + '{"ip":"203.0.113.7"}' + "]" * 500
    assert rules(read(tmp_path, "a.json", deep)) == [("203.0.113.7", "exact")]
    assert read(tmp_path, "b.json", "[" * 200_000).indicators == ()
