"""Real feeds: what we take agrees with a count that shares no code with the readers.

Each difference is explained by a predicate of this file: private ranges, a wrong mask, a path
without a host, an address of our own side.
"""

import csv
import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from quetsach.indicators.model import IndicatorKind, IndicatorSet
from quetsach.indicators.options import ListOptions
from quetsach.indicators.read import list_problems, read_lists

pytestmark = pytest.mark.real

HASH = re.compile(r"[0-9a-fA-F]{32}|[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)")
IOC = re.compile(r"Intel::(?:ADDR|SUBNET|DOMAIN|URL|FILE_HASH)")


def _read(path: Path) -> IndicatorSet:
    return read_lists([path], ListOptions())


def _keys(found: IndicatorSet) -> set[str]:
    return {one.key for one in found.indicators}


def _reasons(found: IndicatorSet) -> Counter[str]:
    return Counter(str(one.reason) for one in found.refusals)


def _lines(path: Path, comment: str = "#") -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    rows = [line.strip() for line in text.split("\n")]
    return [row for row in rows if row and not row.startswith(comment)]


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _shortest(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    is_one = network.prefixlen == network.max_prefixlen
    return str(network.network_address if is_one else network)


def _is_public(text: str) -> bool:
    network = _network(text)
    return network is not None and network.is_global


# --- Zeek


def _zeek_files(data: Path) -> Iterator[Path]:
    for path in sorted((data / "indicators/zeek-intel").iterdir()):
        if path.name != "SOURCES.md":
            yield path


def _zeek_rows(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [dict(zip(fields, row, strict=False)) for row in rows]


def test_zeek_intelligence_gives_what_zeek_can_look_for_and_no_more(data: Path) -> None:
    for path in _zeek_files(data):
        rows = _zeek_rows(path)
        found = _read(path)
        ours = [row for row in rows if IOC.fullmatch(row["indicator_type"])]
        others = len(rows) - len(ours)
        wanted = {
            row["indicator"]
            for row in ours
            if row.get("meta.whitelist") != "T"
            and (row["indicator_type"] not in ("Intel::ADDR", "Intel::SUBNET")
                 or _is_public(row["indicator"]))
        }  # fmt: skip
        assert _keys(found) == wanted, path.name
        assert _reasons(found)["other-kind"] == others, path.name
        assert found.readings[0].rows == len(rows), path.name
        assert found.readings[0].form == "zeek-intel"
        wrong = [row for row in ours if row["indicator"] == "10.0.0.0/xx"]
        assert _reasons(found)["unparsable"] == len(wrong), path.name


def test_what_zeek_itself_met_is_an_indicator_or_was_refused_for_cause(data: Path) -> None:
    seen = 0
    for log in sorted((data / "expected/zeek-intel").glob("*.log")):
        test = log.name.split("--")[0].removeprefix("scripts.")
        lists = [path for path in _zeek_files(data) if path.name.startswith(f"{test}--")]
        found = [_read(path) for path in lists]
        keys = set().union(*map(_keys, found))
        told = [one.origin.text for every in found for one in every.refusals
                if one.reason == "other-kind"]  # fmt: skip
        for row in _zeek_rows(log):
            seen += 1
            met, kind = row["seen.indicator"], row["seen.indicator_type"]
            if IOC.fullmatch(kind):
                assert met in keys, (log.name, met)
            else:
                assert any(text.startswith(met) for text in told), (log.name, met)
    assert seen > 10


# --- Maltrail


def _naive_trails(data: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((data / "indicators/maltrail").rglob("*.txt")):
        name = path.relative_to(data / "indicators").as_posix()
        for line in _lines(path):
            yield name, re.split(r"\s#|#\s", line)[0].strip()


def test_maltrail_loses_no_row_and_tells_paths_as_not_applied(
    data: Path, every_list: IndicatorSet
) -> None:
    trails = Counter(name for name, _value in _naive_trails(data))
    rows = {one.list_name: one.rows for one in every_list.readings}
    assert {name: rows[name] for name in trails} == dict(trails)
    paths = [value for _name, value in _naive_trails(data) if value.startswith("/")]
    patterns = [value for _name, value in _naive_trails(data) if re.search(r"[(){}|\\]", value)]
    refused = [
        one
        for one in every_list.refusals
        if one.origin.list_name.startswith("maltrail/") and one.origin.list_name.endswith(".txt")
    ]
    told = Counter(str(one.reason) for one in refused)
    both = {value for value in patterns if value.startswith("/")}
    aside = told["not-applied"] + told["path-only"]
    assert aside == len(paths) + sum(value not in both for value in patterns)
    assert told["path-only"] > 24_000
    # The rest: two ports in a row, ports beyond 65535, a suffix anybody may register under.
    rest = [one for one in refused if one.reason not in ("not-applied", "path-only")]
    assert len(rest) < 40
    taken = sum(one.taken for one in every_list.readings if one.list_name in trails)
    assert taken == sum(trails.values()) - len(refused)
    assert taken > 235_000


def test_maltrail_says_class_and_family_by_its_folders(every_list: IndicatorSet) -> None:
    claims = {
        (origin.list_name, origin.claim.of_class.value, origin.claim.family)
        for one in every_list.indicators
        for origin in one.origins
        if origin.list_name.startswith("maltrail/")
    }
    by_list = {name: (of_class, family) for name, of_class, family in claims}
    assert by_list["maltrail/mass_scanner.txt"] == ("scanner", "")
    assert by_list["maltrail/malware/apt_27.txt"] == ("c2", "apt_27")
    assert by_list["maltrail/malware/cobaltstrike-1.txt"] == ("c2", "cobaltstrike")
    assert by_list["maltrail/malicious/adaptix_c2.txt"] == ("c2", "adaptix_c2")
    assert by_list["maltrail/malicious/browser_locker.txt"][0] == "unknown"
    # A list without Maltrail's own mark, even in its folder, is a plain one.
    assert sum(said == ("unknown", "") for said in by_list.values()) < 30


# --- Suricata, Arkime, hashes, nDPI


def test_every_public_address_of_the_reputation_list_is_taken(data: Path) -> None:
    path = data / "indicators/suricata-iprep/scirius-iprep.list"
    rows = [line.split(",") for line in _lines(path)]
    found = _read(path)
    assert (found.readings[0].form, found.readings[0].rows) == ("suricata-iprep", len(rows))
    networks = {row[0]: _network(row[0]) for row in rows}
    wanted = {_shortest(one) for one in networks.values() if one and one.is_global}
    widest = {4: 8, 6: 19}
    too_wide = {
        str(one) for one in networks.values() if one and one.prefixlen < widest[one.version]
    }
    assert _keys(found) == wanted - too_wide
    assert len(wanted) > 25_000
    assert len(found.refusals) == sum(
        not _is_public(row[0]) or str(networks[row[0]]) in too_wide for row in rows
    )
    assert {one.claim.confidence for one in found.indicators} == {100}


def test_the_file_of_categories_beside_it_is_no_list(data: Path) -> None:
    found = read_lists([data / "indicators/suricata-iprep"], ListOptions())
    by_name = {one.list_name: one for one in found.readings}
    assert by_name["scirius-categories.txt"].form == "other"
    assert by_name["scirius-categories.txt"].taken == 0
    assert list_problems(found) == []


def test_wise_lists_give_the_value_before_the_semicolon(data: Path) -> None:
    for path in sorted((data / "indicators/arkime-wise").glob("*.wise")):
        values = [line.split(";")[0] for line in _lines(path)]
        found = _read(path)
        private = {one for one in values if _network(one) and not _is_public(one)}
        assert _keys(found) == set(values) - private, path.name
        assert {one.origin.text.split(";")[0] for one in found.refusals} == private
        assert not any(";" in key for key in _keys(found))


def test_lists_of_hashes_are_taken_whole(data: Path) -> None:
    paths = sorted((data / "indicators/hash-lists").glob("*.*"))
    assert len(paths) > 25
    for path in paths:
        hashes = [line.lower() for line in _lines(path) if HASH.fullmatch(line)]
        if path.suffix == ".md":
            continue
        found = _read(path)
        assert _keys(found) == set(hashes), path.name
        assert found.readings[0].taken == len(hashes) == len(_lines(path)), path.name


def test_names_made_by_machines_and_hosts_of_miners_are_taken(data: Path) -> None:
    dga = data / "indicators/ndpi/test_dga.csv"
    names = [line.lower() for line in _lines(dga)]
    assert _keys(_read(dga)) == set(names)
    miners = data / "indicators/ndpi/mining_hosts.txt"
    hosts = {line.split("\t")[0].lower() for line in _lines(miners)}
    assert _keys(_read(miners)) == hosts
    assert len(hosts) > 200


# --- The samples of IntelMQ's feeds

FORMS = {
    "blueliv": "feed-json",
    "cymru": "notice",
    "cznic": "notice",
    "dataplane": "feed-table",
    "github_feed": "feed-json",
    "mcafee": "feed-json",
    "shadowserver": "notice",
}


@pytest.mark.parametrize("vendor", FORMS)
def test_each_vendors_form_is_known(data: Path, vendor: str) -> None:
    paths = sorted((data / "indicators/intelmq-feeds").glob(f"{vendor}--*"))
    assert paths
    assert {_read(path).readings[0].form for path in paths} == {FORMS[vendor]}


def test_dataplane_gives_each_public_address_as_a_scanner(data: Path) -> None:
    paths = sorted((data / "indicators/intelmq-feeds").glob("dataplane--*"))
    assert len(paths) == 13
    for path in paths:
        # One row is cut off, one has bars in the name of its provider: neither holds its address.
        addresses = [line.split("|")[2].strip() for line in _lines(path)]
        damaged = [one for one in addresses if _network(one) is None]
        found = _read(path)
        assert _keys(found) == {one for one in addresses if _is_public(one)}, path.name
        assert found.readings[0].rows == len(addresses)
        assert {one.claim.of_class.value for one in found.indicators} == {"scanner"}
        assert _reasons(found)["unparsable"] == len(damaged) <= 1
        assert len(found.indicators) == len(addresses) - len(damaged)


def test_notices_give_no_address_of_our_own_side(data: Path) -> None:
    folder = data / "indicators/intelmq-feeds"
    for name, comment in (
        ("spamhaus--cert.txt", ";"),
        ("shadowserver--test_smb.csv", '"timestamp'),
        ("shadowserver--test_telnet.csv", '"timestamp'),
    ):
        found = _read(folder / name)
        assert found.indicators == ()
        assert _reasons(found) == {"context": len(_lines(folder / name, comment))}
        assert [one.code for one in list_problems(found)] == ["E219"]
    proki = json.loads((folder / "cznic--example_proki.json").read_text())
    found = _read(folder / "cznic--example_proki.json")
    assert _reasons(found) == {"context": len(proki["data"])}


def test_cymru_gives_phishing_pages_and_refuses_its_private_sample_addresses(data: Path) -> None:
    for path in sorted((data / "indicators/intelmq-feeds").glob("cymru--*")):
        rows = [line.split("|") for line in _lines(path)]
        pages = [row for row in rows if row[0] == "phishing" and "http" in "".join(row)]
        controllers = [row for row in rows if row[0].startswith("controller")]
        found = _read(path)
        assert _keys(found) == {"www.example.com/"}
        assert {one.claim.of_class.value for one in found.indicators} == {"phishing"}
        assert found.readings[0].taken == len(pages)
        assert _reasons(found)["context"] == len(rows) - len(pages) - len(controllers)
        assert _reasons(found)["private"] == len(controllers)


def test_json_feeds_give_web_addresses_and_every_typed_value(data: Path) -> None:
    folder = data / "indicators/intelmq-feeds"
    blueliv = json.loads((folder / "blueliv--test_parser_crimeserver.data").read_text())
    urls = {one["url"].split("://")[-1] for one in blueliv if "://" in one.get("url", "")}
    found = _read(folder / "blueliv--test_parser_crimeserver.data")
    assert _keys(found) == urls
    beside = [one for one in blueliv if "ip" in one]
    assert _reasons(found)["context"] == len(beside)
    github = json.loads((folder / "github_feed--example_ioc_strangereal_intel.json").read_text())
    values = {one["Indicator"].lower() for one in github}
    found = _read(folder / "github_feed--example_ioc_strangereal_intel.json")
    assert _keys(found) == {one for one in values if not re.search(r"\b10\.\d", one)}
    assert _reasons(found) == {"private": 2}


def test_a_sandbox_report_gives_its_files_and_what_it_judged(data: Path) -> None:
    path = data / "indicators/intelmq-feeds/mcafee--atdreport.txt"
    text = path.read_text()
    hashes = {one.lower() for one in re.findall(r'"([0-9A-Fa-f]{32,64})"', text)}
    found = _read(path)
    assert {one.key for one in found.indicators if one.kind is IndicatorKind.HASH} == hashes
    assert {one.key for one in found.indicators if one.kind is not IndicatorKind.HASH} == {
        one.lower() for one in re.findall(r'"Url" : "([^"]+)"', text)
    }
    # Contacts with severity -1 are not judged bad, and the office's own addresses are no contacts.
    judged = set(re.findall(r'"Ipv4" : "([^"]+)"', text))
    assert judged
    assert not judged & _keys(found)
    assert _reasons(found)["context"] == len(judged)


def test_drop_lists_give_networks_and_no_providers(data: Path) -> None:
    folder = data / "indicators/intelmq-feeds"
    drop = [line.split(";")[0].strip() for line in _lines(folder / "spamhaus--drop.txt", ";")]
    assert _keys(_read(folder / "spamhaus--drop.txt")) == set(drop)
    found = _read(folder / "spamhaus--asndrop.txt")
    assert found.indicators == ()
    assert _reasons(found) == {"other-kind": len(_lines(folder / "spamhaus--asndrop.txt", ";"))}


def test_phishing_addresses_without_a_true_host_are_refused(data: Path) -> None:
    found = _read(data / "indicators/intelmq-feeds/openphish--feed.txt")
    assert _reasons(found) == {"unparsable": 2}, "http://www..example.com is no web address"


# --- What would blame the innocent


def test_few_names_end_in_no_known_domain_and_none_is_a_file(
    data: Path, every_list: IndicatorSet
) -> None:
    """A name that ends in nothing known is its source's slip; it is met by no log."""
    suffixes = _suffixes()
    ours = ("maltrail/", "blackbook/", "sophos-csv/", "ndpi/", "intelmq-feeds/", "vietnam-")
    names = [
        one.key
        for one in every_list.indicators
        if one.kind is IndicatorKind.NAME and one.origins[0].list_name.startswith(ours)
    ]
    unknown = [one for one in names if one.rpartition(".")[2] not in suffixes]
    assert len(names) > 200_000
    assert len(unknown) < 0.001 * len(names)
    files = re.compile(r".*\.(?:exe|dll|txt|php|js|html?|jpg|png|doc|bat|ps1|vbs|sys|dat|bin)")
    assert [one for one in names if files.fullmatch(one)] == []


def _suffixes() -> set[str]:
    from publicsuffixlist import PublicSuffixList

    known = PublicSuffixList(accept_unknown=False)
    return {one.rpartition(".")[2] for one in known._publicsuffix} | {"onion", "bit"}


def test_sources_of_a_list_are_no_indicators(data: Path) -> None:
    for name in ("blackbook/blackbook.csv", "sophos-csv/Troj_GuLoader.csv"):
        path = data / "indicators" / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            pages = {cell for row in csv.reader(file) for cell in row if "news.sophos.com" in cell}
        keys = _keys(_read(path))
        assert not any("news.sophos.com" in key for key in keys), name
        assert name.startswith("blackbook") or pages
