"""Tables of abuse.ch and others, in their true form."""

import json
from pathlib import Path
from typing import Any

from tests.indicators.formats.lists import form, read, refused, rules

BANNER = "#" * 64 + "\n# URLhaus Database Dump (CSV - recent URLs only)  #\n#\n"
URLHAUS = BANNER + (
    "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\n"
    '"1","2022-09-12 01:00:00","http://shop.example/a.exe","offline","2022-09-12 02:00:00",'
    '"malware_download","exe,Emotet","https://haus.example/url/1/","x"\n'
    '"2","2022-09-12 01:00:00","http://203.0.113.7:8080/i","online","","malware_download",'
    '"elf","https://haus.example/url/2/","x"\n'
    "# Number of entries: 2\n"
)


def test_a_web_address_of_urlhaus_never_becomes_its_host(tmp_path: Path) -> None:
    found = read(tmp_path, "csv_recent.csv", URLHAUS)
    assert form(found) == "feed-table"
    assert rules(found) == [
        ("203.0.113.7:8080/i", "url-prefix"),
        ("shop.example/a.exe", "url-prefix"),
    ]
    shop = found.indicators[1]
    assert (shop.claim.of_class, shop.label) == (
        "download",
        "malware_download; exe,Emotet; offline; last online 2022-09-12 02:00:00",
    )
    assert found.refusals == ()


def test_payloads_give_web_address_and_hashes(tmp_path: Path) -> None:
    text = BANNER + (
        "# firstseen,url,filetype,md5,sha256,signature\n"
        f'"2022-09-12","http://shop.example/a","exe","{"a" * 32}","{"b" * 64}","Emotet"\n'
    )
    found = read(tmp_path, "payloads.csv", text)
    assert [key for key, _rule in rules(found)] == ["a" * 32, "b" * 64, "shop.example/a"]
    assert {one.claim.family for one in found.indicators} == {"Emotet"}
    assert {one.claim.of_class.value for one in found.indicators} == {"download"}


def test_feodo_names_its_columns_in_a_row(tmp_path: Path) -> None:
    text = BANNER + (
        '"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"\n'
        '"2022-06-04 21:24:53","203.0.113.7","8080","offline","2022-09-12","Emotet"\n'
        '"2022-06-04 21:24:53","not-an-ip","8080","offline","2022-09-12","Emotet"\n'
        '"short"\n'
    )
    found = read(tmp_path, "ipblocklist.csv", text)
    assert rules(found) == [("203.0.113.7:8080", "ip-port")]
    assert (found.indicators[0].claim.of_class, found.indicators[0].claim.family) == (
        "c2", "Emotet",
    )  # fmt: skip
    assert [reason for _row, reason in refused(found)] == ["unparsable", "unparsable"]


def test_threatfox_says_port_class_family_and_confidence(tmp_path: Path) -> None:
    text = BANNER + (
        '# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware",'
        '"malware_alias","malware_printable","last_seen_utc","confidence_level","reference",'
        '"tags","anonymous","reporter"\n'
        '"2022-09-12 06:26:07", "1", "203.0.113.7:9443", "ip:port", "botnet_cc", "win.x", '
        '"None", "X RAT", "", "75", "None", "c2", "0", "t"\n'
        '"2022-09-12 06:26:07", "2", "bad.example", "domain", "payload_delivery", "win.x", '
        '"None", "X RAT", "", "100", "None", "", "0", "t"\n'
        '"2022-09-12 06:26:07", "3", "a@bad.example", "envelope_from", "payload_delivery", '
        '"win.x", "None", "X RAT", "", "50", "None", "", "0", "t"\n'
    )
    found = read(tmp_path, "full.csv", text)
    assert rules(found) == [("203.0.113.7:9443", "ip-port"), ("bad.example", "below")]
    c2, drop = found.indicators
    assert (c2.claim.of_class, c2.claim.family, c2.claim.confidence) == ("c2", "X RAT", 75)
    assert (drop.claim.of_class, drop.claim.confidence) == ("download", 100)
    assert [reason for _row, reason in refused(found)] == ["other-kind"]


def test_malware_bazaar_has_more_cells_than_its_header_names(tmp_path: Path) -> None:
    text = BANNER + (
        '#  "first_seen_utc","sha256_hash","md5_hash","sha1_hash","reporter","file_name",'
        '"file_type_guess","mime_type","signature","clamav","vtpercent","imphash"\n'
        f'"2022-09-12 11:07:12", "{"a" * 64}", "{"b" * 32}", "{"c" * 40}", "r", "a.exe", "exe", '
        f'"x/y", "Emotet", "n/a", "n/a", "{"d" * 32}", "196608:f", "T1E5"\n'
    )
    found = read(tmp_path, "full.csv", text)
    assert [key for key, _rule in rules(found)] == ["a" * 64, "b" * 32, "c" * 40]
    assert {one.claim.family for one in found.indicators} == {"Emotet"}


def test_certificates_and_addresses_of_sslbl_are_taken(tmp_path: Path) -> None:
    certificates = read(
        tmp_path, "a.csv", f"# Listingdate,SHA1,Listingreason\n2022-09-12,{'a' * 40},Dridex C&C\n"
    )
    assert rules(certificates) == [(f"cert:{'a' * 40}", "fingerprint")]
    assert certificates.indicators[0].label == "Dridex C&C"
    addresses = read(
        tmp_path, "b.csv", "# Firstseen,DstIP,DstPort\n2022-09-12 10:00:00,203.0.113.7,8443\n"
    )
    assert rules(addresses) == [("203.0.113.7:8443", "ip-port")]
    assert addresses.indicators[0].claim.of_class == "c2"


def test_who_knocks_at_doors_is_a_scanner(tmp_path: Path) -> None:
    text = (
        "# DataPlane\n# ASN  |  ASname  |  ipaddr  |  lastseen  |  category\n"
        "64496        |  EXAMPLE  |  203.0.113.7  |  2022-09-12 10:00:00  |  sshclient\n"
    )
    (one,) = read(tmp_path, "sshclient.txt", text).indicators
    assert (one.key, one.claim.of_class, one.label) == ("203.0.113.7", "scanner", "sshclient")


def test_a_sentence_in_a_comment_is_no_header(tmp_path: Path) -> None:
    text = "# Reports on malware, domain, and more\n1,x,bad.example,y\n2,x,c2.example,y\n"
    found = read(tmp_path, "ds.csv", text)
    assert form(found) == "csv"
    assert [key for key, _rule in rules(found)] == ["bad.example", "c2.example"]


def test_a_plain_table_without_such_a_comment_is_guessed_as_before(tmp_path: Path) -> None:
    assert form(read(tmp_path, "ds.csv", "Domain,Malware,Note\nbad.example,Emotet,x\n")) == "csv"


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
