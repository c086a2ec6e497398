"""The logs have the shape of what they say they are."""

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.demo.conftest import Built
from tests.demo.reading import pieces, whole_lines

_VIETNAM = timezone(timedelta(hours=7))


def _files(built: Built, pattern: str) -> list[Path]:
    found = sorted((built.root / "evidence").glob(pattern))
    assert found
    return found


def test_every_row_of_zeek_tsv_has_the_columns_its_header_names(built: Built) -> None:
    seen = set()
    for path in _files(built, "*/zeek/*/*.log*"):
        lines = whole_lines(path)
        columns = [row.split("\t")[1:] for row in lines if row.startswith("#fields")]
        assert len(columns) == 1
        seen.add((path.name.partition(".")[0], len(columns[0])))
        rows = [row.split("\t") for row in lines if not row.startswith("#")]
        assert rows
        assert {len(row) for row in rows} == {len(columns[0])}
    # One site has fewer columns than the others.
    assert len([log for log, _ in seen if log == "conn"]) == 2


def test_zeek_rows_lie_on_the_day_of_their_folder(built: Built) -> None:
    for path in _files(built, "*/zeek/*/conn.log*"):
        day = date.fromisoformat(path.parent.name)
        for row in whole_lines(path):
            if not row.startswith("#"):
                when = datetime.fromtimestamp(float(row.partition("\t")[0]), _VIETNAM)
                assert when.date() == day


def test_zeek_json_comes_with_dots_with_underscores_and_with_iso_times(built: Built) -> None:
    forms = set()
    for path in _files(built, "*/zeek-json/*/dns.log*"):
        for line in whole_lines(path):
            one = json.loads(line)
            forms.add((isinstance(one["ts"], str), "id.orig_h" in one, "id_orig_h" in one))
    assert forms == {(False, True, False), (False, False, True), (True, True, False)}


def test_eve_has_both_versions_of_dns_and_a_unit_in_utc(built: Built) -> None:
    versions, offsets = set(), set()
    for path in _files(built, "*/suricata/eve*"):
        for line in whole_lines(path):
            one = json.loads(line)
            offsets.add(one["timestamp"][-5:])
            if one["event_type"] == "dns":
                versions.add((one["dns"].get("version", 2), "queries" in one["dns"]))
    assert versions == {(2, False), (3, True)}
    assert offsets == {"+0700", "+0000"}


def test_fortigate_has_times_in_seconds_without_zone_and_in_nanoseconds_with_one(
    built: Built,
) -> None:
    forms = set()
    for path in _files(built, "*/fortigate/*.log"):
        for line in whole_lines(path):
            epoch = re.search(r"eventtime=(\d+)", line)
            assert epoch
            forms.add((len(epoch[1]), 'tz="+0700"' in line))
            clock = re.match(r"date=(\S+) time=(\S+) ", line)
            assert clock
            local = datetime.fromisoformat(f"{clock[1]}T{clock[2]}").replace(tzinfo=_VIETNAM)
            assert int(epoch[1][:10]) == local.timestamp()
    assert forms == {(10, False), (19, True)}


def test_squid_and_conntrack_times_lie_in_the_week(built: Built) -> None:
    start = datetime(2022, 9, 12, tzinfo=_VIETNAM).astimezone(UTC).timestamp()
    for path in [*_files(built, "*/proxy/access.log*"), *_files(built, "*/router/conntrack*")]:
        for line in whole_lines(path):
            when = float(line.split()[0].strip("[]"))
            assert start <= when < start + 7 * 86_400


def test_the_cut_archive_breaks_off_in_its_middle(built: Built) -> None:
    (path,) = _files(built, "xa-kim-son/zeek/2022-09-16/dns.log.gz")
    with pytest.raises(EOFError), gzip.open(path) as whole:
        whole.read()


def test_the_cut_log_ends_in_half_a_line(built: Built) -> None:
    (path,) = _files(built, "xa-tan-hiep/suricata/eve.json")
    *whole, last = pieces(path)
    assert all(json.loads(line) for line in whole)
    assert last.startswith('{"timestamp"')
    # The piece still names a listed address, so that it cannot be passed over in silence.
    assert "203.0.113.77" in last
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)


def test_a_lease_file_keeps_only_the_last_lease_of_an_address(built: Built) -> None:
    for path in _files(built, "*/router/dnsmasq.leases"):
        given = [line.split()[2] for line in whole_lines(path)]
        assert len(given) == len(set(given)) > 5


def test_one_folder_has_a_blank_and_diacritics(built: Built) -> None:
    assert (built.root / "evidence" / "thị trấn Trà Cú").is_dir()
