"""Lists for each form: those of the tests, and those that the tests put together out of parts."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from bench.fuzz.samples import texts_in
from quetsach.indicators.formats.contract import ListFile
from quetsach.indicators.formats.registry import forms_asked
from quetsach.indicators.releases import release
from tests.indicators.formats import (
    test_mapped_table,
    test_misp_event,
    test_openioc,
    test_registry,
    test_sigma,
    test_stix,
)
from tests.indicators.releases import written
from tests.readers import samples as papers

_TESTS = ("indicators/formats", "indicators/test_read.py", "indicators/test_check.py")
_MOST = 120


@cache
def list_samples(name: str) -> Sequence[bytes]:
    """Return true lists of the form `name`."""
    if name == "mapped":
        return [test_mapped_table.TABLE.encode()]
    made = [make() for form, make in _MADE if form == name]
    ours = [*made, *_by_form().get(name, ())]
    return ours[:_MOST] or texts_in("indicators/formats", least=12)[:40]


@cache
def _by_form() -> dict[str, list[bytes]]:
    """Return the lists that stand in the tests, by the form that reads them."""
    by_form: dict[str, list[bytes]] = defaultdict(list)
    known = [text.encode() for text in test_registry.SAMPLES.values()]
    for content in (*known, *texts_in(*_TESTS, least=12), release.release_bytes(written.release())):
        file = ListFile("list", hashlib.sha256(content).hexdigest(), content, ".txt")
        for form in forms_asked(file):
            if form.read(file) is not None:
                by_form[form.name].append(content)
                break
    return by_form


def _openioc() -> bytes:
    items = (
        test_openioc.item("Network/DNS", "bad.example"),
        test_openioc.item("PortItem/remoteIP", "203.0.113.7", "contains"),
        test_openioc.item("FileItem/Md5sum", "b" * 32),
        test_openioc.group("AND", test_openioc.item("Network/URI", "http://bad.example/a")),
    )
    return test_openioc.ioc(test_openioc.group("OR", *items), '<link rel="tlp">amber</link>')


def _openioc_1_1() -> bytes:
    items = (
        test_openioc.item("Network/DNS", "bad.example"),
        test_openioc.item("Network/DNS", ".bad.example", "ends-with"),
        test_openioc.item("UrlHistoryItem/URL", "http://bad.example/a", "starts-with"),
        test_openioc.group(
            "AND",
            test_openioc.item("PortItem/remoteIP", "203.0.113.7"),
            test_openioc.item("PortItem/remotePort", "443"),
        ),
    )
    return test_openioc.openioc_1_1(test_openioc.group("OR", *items))


_PATTERNS = (
    "[domain-name:value = 'bad.example']",
    "[ipv4-addr:value = '203.0.113.7' OR url:value LIKE 'http://bad.example/%']",
    "[network-traffic:dst_ref.value = '203.0.113.7' AND network-traffic:dst_port = 443]",
    "[file:hashes.'SHA-256' = '" + "a" * 64 + "'] FOLLOWEDBY [domain-name:value IN ('a.example')]",
    "[ipv4-addr:value ISSUBSET '203.0.113.0/24'] START t'2026-01-01T00:00:00Z' "
    "STOP t'2026-02-01T00:00:00Z'",
)


def _stix() -> bytes:
    objects = [
        test_stix.indicator(number, pattern, labels=["c2"], confidence=80)
        for number, pattern in enumerate(_PATTERNS)
    ]
    malware = {"type": "malware", "id": test_stix.stix_id(9, "malware"), "name": "Emotet"}
    link = {
        "type": "relationship",
        "id": test_stix.stix_id(10, "relationship"),
        "relationship_type": "indicates",
        "source_ref": test_stix.stix_id(0),
        "target_ref": malware["id"],
    }
    address = {"type": "ipv4-addr", "id": test_stix.stix_id(11, "ipv4-addr"), "value": "192.0.2.7"}
    return json.dumps(test_stix.bundle(*objects, malware, link, address)).encode()


def _misp() -> bytes:
    attributes = (
        test_misp_event.attribute("domain", "bad.example"),
        test_misp_event.attribute("ip-dst|port", "203.0.113.7|443"),
        test_misp_event.attribute("url", "http://bad.example/a", comment="c2"),
        test_misp_event.attribute("sha256", "a" * 64),
    )
    tags = [{"name": 'misp-galaxy:malpedia="Emotet"'}, {"name": "tlp:amber"}]
    return json.dumps(test_misp_event.event(*attributes, Tag=tags)).encode()


def _misp_csv() -> bytes:
    return (
        b"uuid,event_id,category,type,value,comment,to_ids,date\n"
        b'"a",1,"Network activity","domain","bad.example","",1,1788225322\n'
        b'"b",1,"Network activity","ip-dst|port","203.0.113.7|443","c2",1,1788225322\n'
    )


def _zeek() -> bytes:
    return (
        b"#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\tmeta.url\n"
        b"bad.example\tIntel::DOMAIN\tA\tc2\t-\n203.0.113.7\tIntel::ADDR\tA\t-\t-\n"
        b"bad.example/a\tIntel::URL\tA\t-\t-\n203.0.113.0/24\tIntel::SUBNET\tA\t-\t-\n"
    )


def _paper() -> bytes:
    rows = [["STT", "Tên miền", "Cổng"], ["1", "bad[.]example", "443"], ["2", "203[.]0.113.7", "8"]]
    return papers.workbook({"Danh sách": rows})


_MADE = (
    ("openioc", _openioc),
    ("openioc", _openioc_1_1),
    ("sigma", lambda: test_sigma.ALL_KINDS),
    ("stix", _stix),
    ("stix", lambda: json.dumps(test_stix.SAMPLE).encode()),
    ("misp", lambda: json.dumps(test_misp_event.SAMPLE).encode()),
    ("misp", _misp),
    ("misp-csv", _misp_csv),
    ("zeek-intel", _zeek),
    ("suricata-dataset", lambda: base64.b64encode(b"bad.example") + b"\n"),
    ("document", _paper),
    ("document", lambda: papers.word("Danh sách:", "bad[.]example", "203.0.113.7:443")),
    ("document", lambda: papers.pdf("= Danh sách\nbad[.]example, 203.0.113.7")),
)
