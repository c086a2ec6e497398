"""Translations and proxies of the third-party data set: known forms, exact rows where told."""

import re
from datetime import UTC
from pathlib import Path

import pytest

from quetsach.formats.contract import HEAD_BYTES, ParsedLines
from quetsach.formats.registry import recognise
from tests.formats.golden import lines_of

pytestmark = pytest.mark.real


def read(path: Path) -> tuple[str, ParsedLines]:
    raw = path.read_bytes()
    form = recognise(raw[:HEAD_BYTES])
    return form.name, form.parse(lines_of(raw), form.layout(raw[:HEAD_BYTES]), UTC)


@pytest.mark.parametrize(
    ("path", "name", "events", "own", "rejects"),
    [
        ("nat-table/scope-conntrack-E.txt", "conntrack", 4, 4, 0),
        ("nat-table/scope-conntrack-L.txt", "conntrack", 3, 3, 0),
        ("nat-table/cisco_ios--show_ip_nat_translations.raw", "ios-nat", 6, 6, 0),
        ("firewall/cisco-asa-ftd/wazuh-cisco_asa.log", "cisco-asa", 88, 40, 0),
        ("firewall/cisco-asa-ftd/sekoia-cisco-secure-firewall.log", "cisco-asa", 32, 23, 0),
        ("firewall/mikrotik/crowdsec-mikrotik-logs.log", "mikrotik", 7, 6, 0),
        ("firewall/paloalto/crowdsec-palo-alto-threat.log", "paloalto", 2, 2, 0),
        ("proxy/squid/sekoia-squid.log", "squid", 7, 7, 1),
        ("proxy/squid/wazuh-squid_rules.log", "squid", 2, 2, 0),
        ("proxy/traefik/crowdsec-traefik_clf.log", "web-log", 7, 7, 0),
        ("webserver/apache/apache_access.log", "web-log", 15, 13, 0),
        ("webserver/nginx/crowdsec-nginx_http-logs.log", "web-log", 9, 8, 0),
    ],
)
def test_known_files_are_read_as_what_they_are(
    data: Path, path: str, name: str, events: int, own: int, rejects: int
) -> None:
    found, rows = read(data / "evidence" / path)
    assert found == name
    assert (len(rows.events), len(rows.rejects)) == (events, rejects)
    assert sum(event["event.dataset"] != "text" for _, event in rows.events) == own


def test_table_of_ios_agrees_with_its_parsed_rows(data: Path) -> None:
    _, rows = read(data / "evidence/nat-table/cisco_ios--show_ip_nat_translations.raw")
    told = (data / "expected/ntc/cisco_ios--show_ip_nat_translations.yml").read_text()
    keys = ("inside_global_ip", "inside_global_port", "inside_local_ip", "inside_local_port")
    wanted = [re.findall(rf'{key}: "(.*)"', told) for key in keys]
    fields = ("source.nat.ip", "source.nat.port", "source.ip", "source.port")
    found = [[str(event.get(field, "")) for _, event in rows.events] for field in fields]
    assert found == wanted


def test_conntrack_events_tell_both_translations(data: Path) -> None:
    _, rows = read(data / "evidence/nat-table/scope-conntrack-E.txt")
    assert [event["event.action"] for _, event in rows.events] == [
        "destroy",
        "new",
        "update",
        "update",
    ]
    for _, event in rows.events:
        assert (event["source.nat.ip"], event["destination.nat.ip"]) == ("127.0.0.2", "10.0.0.2")
        assert event["destination.nat.port"] == 28107


def test_no_file_of_the_data_set_makes_a_format_fail(data: Path) -> None:
    for part in ("nat-table", "firewall", "proxy", "webserver", "syslog"):
        for path in sorted((data / "evidence" / part).rglob("*")):
            if path.is_file():
                name, rows = read(path)
                assert rows.events or rows.rejects or rows.skipped, (name, path)
