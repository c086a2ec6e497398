"""Kinds of evidence: records and sources agree, and what is unknown stands alone."""

import pytest

from quetsach.findings.alive import kind_of, kinds_of_source


@pytest.mark.parametrize(
    ("dataset", "kind"),
    [
        ("zeek.dns", "dns"),
        ("suricata.dns", "dns"),
        ("bind.query", "dns"),
        ("unbound.queries", "dns"),
        ("dnsmasq.query", "dns"),
        ("zeek.conn", "connection"),
        ("suricata.flow", "connection"),
        ("suricata.alert", "connection"),
        ("fortigate.traffic", "connection"),
        ("conntrack.event", "connection"),
        ("asa.302013", "connection"),
        ("paloalto.traffic", "connection"),
        ("mikrotik.firewall", "connection"),
        ("netfilter", "connection"),
        ("zeek.ssl", "web"),
        ("suricata.http", "web"),
        ("squid.access", "web"),
        ("fortigate.utm", "web"),
        ("zeek.files", "file"),
        ("host.dns-cache", "host"),
        ("text", "text"),
        ("zeek.dhcp", ""),
        ("dnsmasq.dhcp", ""),
        ("arp.table", ""),
    ],
)
def test_a_record_has_its_kind(dataset: str, kind: str) -> None:
    assert kind_of(dataset) == kind


def test_a_source_of_one_kind_of_record_shows_that_kind() -> None:
    assert kinds_of_source("zeek.dns") == {"dns"}
    assert kinds_of_source("zeek.dhcp") == frozenset()


@pytest.mark.parametrize(
    ("source", "records"),
    [
        ("suricata.eve", ("suricata.dns", "suricata.tls", "suricata.flow", "suricata.fileinfo")),
        ("fortigate.log", ("fortigate.traffic", "fortigate.utm")),
    ],
)
def test_a_mixed_source_shows_what_its_records_are(source: str, records: tuple[str, ...]) -> None:
    assert {kind_of(one) for one in records} <= kinds_of_source(source)


def test_a_log_of_chosen_packets_proves_no_silence() -> None:
    assert kinds_of_source("netfilter") == frozenset()


def test_what_nobody_has_sorted_is_a_kind_of_its_own() -> None:
    assert kind_of("newsensor.thing") == "newsensor.thing"
    assert kinds_of_source("newsensor.thing") == {"newsensor.thing"}
