"""The demo's logs in text: firewalls and lease files."""

import re
from datetime import datetime

from tests.demo.reading import VIETNAM, Built, files_of_sort, whole_lines


def test_fortigate_has_times_in_seconds_without_zone_and_in_nanoseconds_with_one(
    built: Built,
) -> None:
    forms = set()
    for path in files_of_sort(built, "*/fortigate/*.log"):
        for line in whole_lines(path):
            epoch = re.search(r"eventtime=(\d+)", line)
            assert epoch
            forms.add((len(epoch[1]), 'tz="+0700"' in line))
            clock = re.match(r"date=(\S+) time=(\S+) ", line)
            assert clock
            local = datetime.fromisoformat(f"{clock[1]}T{clock[2]}").replace(tzinfo=VIETNAM)
            assert int(epoch[1][:10]) == local.timestamp()
    assert forms == {(10, False), (19, True)}


def test_a_lease_file_keeps_only_the_last_lease_of_an_address(built: Built) -> None:
    for path in files_of_sort(built, "*/router/dnsmasq.leases"):
        given = [line.split()[2] for line in whole_lines(path)]
        assert len(given) == len(set(given)) > 5
