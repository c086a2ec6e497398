"""Tables of abuse.ch and others, in their true form."""

from pathlib import Path

from tests.indicators.formats.told import form, read, refused, rules

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


def test_certificates_of_sslbl_are_told_and_its_addresses_are_taken(tmp_path: Path) -> None:
    certificates = read(
        tmp_path, "a.csv", f"# Listingdate,SHA1,Listingreason\n2022-09-12,{'a' * 40},Dridex C&C\n"
    )
    assert refused(certificates) == [(2, "other-kind")]
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
