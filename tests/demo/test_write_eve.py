"""The demo's Suricata events, of both versions."""

import json

from tests.demo.reading import Built, files_of_sort, whole_lines


def test_eve_has_both_versions_of_dns_and_a_unit_in_utc(built: Built) -> None:
    versions, offsets = set(), set()
    for path in files_of_sort(built, "*/suricata/eve*"):
        for line in whole_lines(path):
            one = json.loads(line)
            offsets.add(one["timestamp"][-5:])
            if one["event_type"] == "dns":
                versions.add((one["dns"].get("version", 2), "queries" in one["dns"]))
    assert versions == {(2, False), (3, True)}
    assert offsets == {"+0700", "+0000"}
