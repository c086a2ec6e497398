"""Real lists: what we take agrees with a naive count that shares no code with the reader."""

import csv
import ipaddress
import re
from pathlib import Path

import idna
import pytest

from quetsach.indicators.allow.lists import read_allow, tag_allow_classes
from quetsach.indicators.model import IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import list_problems, read_lists

pytestmark = pytest.mark.real

HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")


def _is_public(text: str) -> bool:
    try:
        return ipaddress.IPv4Address(text).is_global
    except ValueError:
        return False


def _taken(found: IndicatorSet) -> int:
    return sum(len(one.origins) for one in found.indicators)


def _refused_suffixes(found: IndicatorSet) -> set[str]:
    return {one.origin.text for one in found.refusals if one.reason == "public-suffix"}


@pytest.mark.parametrize(
    "name",
    [
        "vietnam-chongluadao/urls.txt",
        "vietnam-hostsvn/option--domain-VN.txt",
        "avast-ioc/HelloTDS--network.txt",
    ],
)
def test_every_name_of_a_plain_list_is_taken(data: Path, name: str) -> None:
    text = (data / "indicators" / name).read_text(encoding="utf-8")
    rows = [row.strip().replace("[.]", ".").lower() for row in text.splitlines() if row.strip()]
    names = {idna.encode(row, uts46=True).decode() for row in rows if not set(row) & set("/:_")}
    found = read_lists([data / "indicators" / name], ListOptions())
    assert len(names) > 100
    assert {one.key for one in found.indicators if one.kind is IndicatorKind.NAME} == (
        names - _refused_suffixes(found)
    )
    assert found.readings[0].rows == len(rows)
    assert found.readings[0].taken + len(found.refusals) == len(rows)


@pytest.mark.parametrize("name", ["hosts", "extensions--threat--hosts-VN"])
def test_every_name_of_a_hosts_file_is_taken_and_met_exactly(data: Path, name: str) -> None:
    path = data / "indicators" / "vietnam-hostsvn" / name
    names = re.findall(r"^0\.0\.0\.0 (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    found = read_lists([path], ListOptions())
    assert found.readings[0].form == "hosts"
    assert {one.key for one in found.indicators} == {
        idna.encode(name, uts46=True).decode() for name in names
    }
    assert {one.rule for one in found.indicators} == {MatchRule.EXACT}
    blocked = re.search(r"# Blocked: ([\d.]+) domains", path.read_text(encoding="utf-8"))
    assert blocked is not None, "the list says itself how many names it blocks"
    assert found.readings[0].taken == int(blocked.group(1).replace(".", "")) == len(names)


@pytest.mark.parametrize(
    "name", ["vietnam-hostsvn/extensions--ip--threat.txt", "vietnam-chongluadao/ips.txt"]
)
def test_every_address_of_a_plain_list_is_taken(data: Path, name: str) -> None:
    rows = (data / "indicators" / name).read_text().split()
    found = read_lists([data / "indicators" / name], ListOptions())
    assert {one.key for one in found.indicators} == set(rows)


def test_maltrail_names_and_addresses_with_ports_are_all_taken(
    data: Path, every_list: IndicatorSet
) -> None:
    folder = data / "indicators" / "maltrail"
    names, addresses = set(), set()
    for path in folder.rglob("*.txt"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = line.split("#")[0].strip().lower()
            host, _, port = row.partition(":")
            if re.fullmatch(r"[\d.]+", host):
                if _is_public(host) and re.fullmatch(r"|[1-9]\d{0,3}", port):
                    addresses.add(row)
            elif NAME.fullmatch(row):
                names.add(row)
    found = [
        one
        for one in every_list.indicators
        if any(origin.list_name.startswith("maltrail/") for origin in one.origins)
    ]
    missing = names - {one.key for one in found if one.kind is IndicatorKind.NAME}
    refused = {
        one.origin.text.split("#")[0].strip().lower()
        for one in every_list.refusals
        if one.origin.list_name.startswith("maltrail/")
    }
    assert len(names) > 90_000
    assert missing <= refused, "what is not taken is refused, with its row"
    assert len(missing) < 0.002 * len(names)
    assert addresses <= {one.key for one in found if one.kind is IndicatorKind.ADDRESS}
    assert len(addresses) > 90_000


def test_blackbook_csv_is_read_by_its_domain_column(data: Path) -> None:
    path = data / "indicators" / "blackbook" / "blackbook.csv"
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row["Domain"].strip().lower() for row in csv.DictReader(file)]
    found = read_lists([path], ListOptions())
    (reading,) = found.readings
    assert (reading.form, reading.column, reading.rows) == ("csv", "Domain", len(rows))
    names = {row for row in rows if NAME.fullmatch(row)}
    ours = {one.key for one in found.indicators if one.kind is IndicatorKind.NAME}
    refused = {one.origin.text.split(",")[0].lower() for one in found.refusals}
    assert names <= ours | refused
    assert len(found.refusals) < 0.002 * len(rows)
    assert {one.label for one in found.indicators} > {"lokibot", "amadey"}


# Lists of services, of process names and of an attack's strings hold no indicator of ours.
NO_INDICATORS = {"Ransomware_Prolock_services_stopped.csv", "Sunburst_blocklists.csv"}


def test_sophos_csv_gives_every_hash_and_every_typed_address(data: Path) -> None:
    for path in sorted((data / "indicators" / "sophos-csv").glob("*.csv")):
        found = read_lists([path], ListOptions())
        if path.name in NO_INDICATORS:
            assert [one.code for one in list_problems(found)] == ["E203"], path.name
            continue
        ours = {one.key for one in found.indicators}
        refused = " ".join(one.origin.text for one in found.refusals)
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            rows = [row for row in csv.reader(file) if len(row) > 1]
        hashes = {
            row[1].strip().lower()
            for row in rows
            if re.match("sha|md5|hash", row[0].lower()) and HASH.fullmatch(row[1].strip())
        }
        assert hashes <= ours, path.name
        for row in rows:
            if row[0].strip().lower() == "ip" and re.fullmatch(r"[\d.]+", row[1].strip()):
                assert row[1].strip() in ours or row[1].strip() in refused, (path.name, row)


def test_scenario_lists_need_accept_private_and_their_sources_give_nothing(data: Path) -> None:
    for name, keys in (
        ("D1-apt29-day1", ["192.168.0.4", "192.168.0.5"]),
        ("D2-lsass-nat-01-04", ["10.0.5.13"]),
    ):
        folder = data / "scenarios" / name / "indicators"
        found = read_lists([folder], ListOptions(accept_private=True))
        assert [one.key for one in found.indicators] == keys
        assert list_problems(found) == []
        without = read_lists([folder], ListOptions())
        assert without.indicators == ()
        assert sum(one.reason == "private" for one in without.refusals) == len(keys)


def test_no_file_of_the_data_set_breaks_the_reader_or_loses_a_row(every_list: IndicatorSet) -> None:
    found = every_list
    assert len(found.indicators) > 250_000
    assert all(one.rows == one.taken + one.refused for one in found.readings)
    assert sum(one.refused for one in found.readings) == len(found.refusals)
    # Two rows write one value twice: they count as rows, and as one origin each.
    assert _taken(found) >= sum(one.taken for one in found.readings) - 2
    sources = [one for one in found.readings if one.list_name.endswith("SOURCES.md")]
    assert len(sources) > 15
    assert {one.taken for one in sources} == {0}


def test_warning_lists_tag_resolvers_and_dynamic_names(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "ds.txt"
    path.write_text("8.8.8.8\nbad.ddns.net\nmail.google.com\nbad.example\n")
    allow = read_allow([data / "allow" / "misp-warninglists"])
    tags = {one.key: one.allow_classes for one in tag_allow_classes(
        read_lists([path], ListOptions()), allow).indicators}  # fmt: skip
    assert "resolver" in tags["8.8.8.8"]
    assert "dynamic-dns" in tags["bad.ddns.net"]
    assert "top-sites" in tags["mail.google.com"]
    assert tags["bad.example"] == ()
