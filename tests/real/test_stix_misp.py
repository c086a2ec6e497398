"""Real STIX, MISP and OpenIOC: what is taken agrees with libraries of others and plain counts."""

import json
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import stix2

from quetsach.indicators.model import IndicatorKind, IndicatorSet, MatchRule
from quetsach.indicators.options import ListOptions, RefusalReason
from quetsach.indicators.read import list_problems, read_lists

pytestmark = pytest.mark.real

MISP_TAKEN = {"ip-src", "ip-dst", "domain", "hostname", "url", "md5", "sha1", "sha256"}
MISP_BEHIND_NAME = {"filename|md5", "filename|sha1", "filename|sha256", "malware-sample"}

NO_ADDRESSES = {
    "url: 107.183.86",
    "url: igfxtray.exe",
    "url: Data/dtl.dat",
    "url: Data/glp.uin",
}
"""What stands as web address in a real event, is marked for detection, and is none."""


def read(path: Path) -> IndicatorSet:
    found = read_lists([path], ListOptions())
    (reading,) = found.readings
    assert reading.rows == reading.taken + reading.refused
    assert reading.refused == len(found.refusals)
    assert sum(len(one.origins) for one in found.indicators) == reading.taken
    return found


def reasons(found: IndicatorSet) -> Counter[str]:
    return Counter(str(one.reason) for one in found.refusals)


def stix_files(data: Path) -> list[Path]:
    return sorted((data / "indicators/stix2").glob("*.json"))


def misp_files(data: Path) -> list[Path]:
    return sorted((data / "indicators/misp-events").glob("*.json"))


def test_each_value_of_each_pattern_is_taken_or_listed(data: Path) -> None:
    files = stix_files(data)
    assert len(files) == 5
    for path in files:
        parsed = stix2.parse(path.read_text(), allow_custom=True)
        objects = parsed.objects if parsed["type"] == "bundle" else [parsed]
        patterns = [one.pattern for one in objects if one["type"] == "indicator"]
        values = Counter(
            value
            for pattern in patterns
            for value in set(re.findall(r"(?:domain-name|ipv4-addr):value = '([^']*)'", pattern))
        )
        found = read(path)
        taken = Counter({one.shown: len(one.origins) for one in found.indicators})
        left = values - taken
        assert not taken - values, path.name
        assert set(left) <= {"10.0.0.0", "domain autuo.xicp.net"}, path.name
        listed = [one for one in found.refusals if one.origin.text in patterns]
        others = [one for one in patterns if not re.search("(domain-name|ipv4-addr):value", one)]
        assert len(listed) == len(others) + left.total(), path.name


def test_poison_ivy_is_named_and_met_exactly(data: Path) -> None:
    found = read(data / "indicators/stix2/poisonivy.json")
    assert Counter(one.kind for one in found.indicators) == {
        IndicatorKind.ADDRESS: 18,
        IndicatorKind.NAME: 24,
    }
    assert {one.rule for one in found.indicators} == {MatchRule.EXACT}
    bundle = json.loads((data / "indicators/stix2/poisonivy.json").read_text())
    names = {one["id"]: one["name"] for one in bundle["objects"] if one["type"] == "malware"}
    indicated = {
        names.get(one["target_ref"])
        for one in bundle["objects"]
        if one.get("relationship_type") == "indicates"
    }
    families = {origin.claim.family for one in found.indicators for origin in one.origins} - {""}
    assert len(families) >= 20
    assert families <= indicated
    assert reasons(found) == {RefusalReason.OTHER_KIND: 2, RefusalReason.UNPARSABLE: 1}


def attributes(path: Path) -> list[Any]:
    """Return the attributes of the events in `path` as PyMISP reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymisp import MISPEvent
    written = json.loads(path.read_text(encoding="utf-8"))
    found: list[Any] = []
    for one in written.get("response", [written]):
        event = MISPEvent()
        event.from_dict(**one)
        found += event.attributes
        found += [attribute for holder in event.objects for attribute in holder.attributes]
    return found


def values_of(attribute: Any) -> int:
    """Return how many values of ours an attribute gives by its type."""
    if not attribute.to_ids:
        return 0
    if attribute.type == "domain|ip":
        return 2
    return int(attribute.type in MISP_TAKEN | MISP_BEHIND_NAME)


def test_as_many_attributes_are_taken_as_pymisp_counts(data: Path) -> None:
    files = misp_files(data)
    assert len(files) == 17
    total = 0
    for path in files:
        theirs, found = attributes(path), read(path)
        odd = [one for one in found.refusals if one.reason == RefusalReason.UNPARSABLE]
        assert {one.origin.text for one in odd} <= NO_ADDRESSES, path.name
        expected = sum(map(values_of, theirs))
        assert found.readings[0].taken + len(odd) == expected, path.name
        twice = sum(one.type == "domain|ip" for one in theirs)
        assert found.readings[0].rows == len(theirs) + twice, path.name
        assert found.readings[0].form == "misp"
        total += expected
    assert total > 600


def test_events_whose_attributes_are_all_context_say_so(data: Path) -> None:
    silent = {
        path.name
        for path in misp_files(data)
        if "E212" in {one.code for one in list_problems(read(path))}
    }
    expected = {
        path.name
        for path in misp_files(data)
        if not sum(map(values_of, attributes(path)))
        and any(one.type in MISP_TAKEN | MISP_BEHIND_NAME for one in attributes(path))
    }
    assert silent == expected
    assert "eset-oceanlotus.misp.event.json" in silent


def test_names_of_an_event_stand_for_what_lies_below_and_host_names_for_themselves(
    data: Path,
) -> None:
    path = data / "indicators/misp-events/pymisp-long_event.json"
    found = {one.key: one for one in read(path).indicators}
    for one in attributes(path):
        if one.to_ids and one.type in ("domain", "hostname"):
            expected = MatchRule.BELOW if one.type == "domain" else MatchRule.EXACT
            assert found[one.value.lower()].rule is expected


def test_a_japanese_event_is_read_in_its_own_letters(data: Path) -> None:
    found = read(data / "indicators/misp-events/pymisp-japanese_test.json")
    (event,) = [json.loads((data / "indicators/misp-events/pymisp-japanese_test.json").read_text())]
    (attribute,) = event["Event"]["Attribute"]
    (refusal,) = found.refusals
    assert refusal.origin.text == f"text: {attribute['value']}"[:200]


def test_a_table_named_after_types_gives_each_hash(data: Path) -> None:
    path = data / "indicators/misp-events/pymisp-valid_fieldnames.csv"
    cells = [cell.strip() for line in path.read_text().splitlines()[1:] for cell in line.split(",")]
    found = read(path)
    assert {one.key for one in found.indicators} == set(cells)
    assert len(cells) == 9


def test_each_item_of_windigo_is_taken_or_listed(data: Path) -> None:
    path = data / "indicators/misp-events/eset-windigo.ioc"
    items = re.findall(
        r'<IndicatorItem [^>]*condition="(\w+)">\s*<Context [^>]*search="([^"]+)"[^>]*/>\s*'
        r"<Content [^>]*>([^<]*)</Content>",
        path.read_text(encoding="ascii"),
    )
    found = read(path)
    assert found.readings[0].rows == len(items) == path.read_text().count("<IndicatorItem ")
    hashes = {value.strip() for _is, term, value in items if term == "FileItem/Sha1sum"}
    names = {
        value
        for _contains, term, value in items
        if term == "Network/DNS" and re.search("[a-z]", value)
    }
    assert {one.key for one in found.indicators if one.kind is IndicatorKind.HASH} == hashes
    assert {one.key for one in found.indicators if one.kind is IndicatorKind.NAME} == names
    assert len(found.indicators) == len(hashes) + len(names) == 126
    # Every name of a web address that is listed only is also taken as a name of its own.
    listed = {value for _contains, term, value in items if term == "Network/URI"}
    assert listed <= names
    assert reasons(found) == {RefusalReason.NOT_APPLIED: 76, RefusalReason.OTHER_KIND: 3}
