"""Who was active on which day, by columns, held against one question for each hour and address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from quetsach.arrays import np
from quetsach.attribution.hourly_columns import AskedHours, DeviceStretches
from quetsach.errors.exceptions import QuetsachError
from quetsach.findings import alive
from quetsach.findings.alive import (
    SCHEMA,
    AliveAddress,
    alive_rows,
    read_alive,
    read_alive_days,
    write_alive,
    written_beside,
)
from quetsach.findings.changed_hands import listed
from quetsach.findings.coverage import SourceCoverage
from quetsach.findings.folder import digests_of
from quetsach.findings.steps import local_day
from tests.whole import daily

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOUR = 3_600_000_000
START = 1_662_940_800_000_000
"""2022-09-12 07:00 at +07:00."""
SPEAKER = 0x0A000005


def source(path: str, speakers: Mapping[int | None, Iterable[int]], **more: str) -> SourceCoverage:
    bitmaps = {hour: BitMap(addresses) for hour, addresses in speakers.items()}
    return SourceCoverage(path, "zeek-tsv", "zeek.dns", "plain", alive=bitmaps, **more)  # type: ignore[arg-type]


@dataclass
class Stays:
    """Devices by address and from which hour on; `asked` counts the questions."""

    stays: Mapping[str, Sequence[tuple[int, str | None]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def known_addresses(self) -> Iterable[str]:
        return ["2001:db8::1", "no address", *self.stays]

    def at(self, address: str, hour: int) -> str | None:
        device: str | None = address
        for since, one in self.stays.get(address, ()):
            device = one if since <= hour else device
        return device

    def over(self, address: str, first_us: int, last_us: int) -> list[tuple[int, str | None]]:
        self.asked.append(address)
        stretches = [(first_us, self.at(address, first_us))]
        for since, device in self.stays[address]:
            if first_us < since <= last_us and device != stretches[-1][1]:
                stretches.append((since, device))
        return stretches

    def columns(self, asked: AskedHours) -> DeviceStretches:
        """Return every second address, as `over` does."""
        places = range(0, len(asked.texts), 2)
        firsts, lasts = asked.first.tolist(), asked.last.tolist()
        found = listed([self.over(asked.texts[one], firsts[one], lasts[one]) for one in places])
        answered = np.array(places, np.int64)
        return DeviceStretches(
            answered, answered[found.place], found.since, found.device, found.names
        )


def told(batches: Iterable[pa.RecordBatch]) -> list[AliveAddress]:
    return [AliveAddress(**row) for one in batches for row in one.to_pylist()]


def slowly(
    sources: Sequence[SourceCoverage],
    name: Callable[[str, int], str | None],
    zone: ZoneInfo,
    offsets_us: Mapping[int, int],
) -> list[AliveAddress]:
    """Return the rows by one question for each source, hour and address."""
    rows = []
    for number, one in enumerate(sources):
        counts: dict[tuple[str, int, str], int] = {}
        for hour, addresses in one.alive.items():
            if hour is None or one.duplicate_of is not None:
                continue
            for address in addresses:
                device = name(str(IPv4Address(address)), hour + offsets_us.get(number, 0)) or ""
                key = (local_day(hour, zone), address, device)
                counts[key] = counts.get(key, 0) + 1
        rows += [
            AliveAddress(number, day, str(IPv4Address(address)), device or None, hours)
            for (day, address, device), hours in sorted(counts.items())
        ]
    return rows


ADDRESSES = st.integers(0x0A0000FA, 0x0A000105) | st.sampled_from([0xC0A80001, 0xC0A80002])
HOURS = st.none() | st.integers(-3, 40).map(lambda hour: START + hour * HOUR)
SOURCES = st.lists(
    st.builds(
        lambda speakers, twin: source("a", speakers, **({"duplicate_of": "b"} if twin else {})),
        st.dictionaries(HOURS, st.sets(ADDRESSES), max_size=8),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=4,
)


def _sorted(stays: Iterable[tuple[int, str | None]]) -> list[tuple[int, str | None]]:
    return sorted(stays, key=lambda one: one[0])


STAYS = st.dictionaries(
    ADDRESSES.map(lambda one: str(IPv4Address(one))),
    st.lists(
        st.tuples(
            st.integers(-100, 45 * 60).map(lambda minute: START + minute * HOUR // 60),
            st.sampled_from([None, "pc-1", "pc-2", "10.0.1.1", "10.0.0.250", "a"]),
        ),
        max_size=4,
    ).map(_sorted),
)


@settings(max_examples=daily(50, whole=500), deadline=None)
@given(
    SOURCES,
    STAYS,
    st.dictionaries(st.integers(0, 3), st.sampled_from([0, HOUR, -1, 90 * 60_000_000])),
    st.sampled_from([ZONE, ZoneInfo("Asia/Kabul"), ZoneInfo("America/New_York")]),
    st.sampled_from([0, 2, 2000]),
)
def test_rows_are_those_of_one_question_for_each_hour(
    sources: list[SourceCoverage],
    stays: dict[str, list[tuple[int, str | None]]],
    offsets: dict[int, int],
    zone: ZoneInfo,
    many: int,
) -> None:
    names = Stays(stays)
    before = [{hour: set(one) for hour, one in each.alive.items()} for each in sources]
    with patch.object(alive, "MANY", many):
        rows = told(alive_rows(sources, names, zone, offsets))
    assert rows == slowly(sources, names.at, zone, offsets)
    assert len(names.asked) == len(set(names.asked))
    assert before == [{hour: set(one) for hour, one in each.alive.items()} for each in sources]


def test_hours_are_counted_by_local_day() -> None:
    late = START + 16 * HOUR
    speakers = {START: {SPEAKER}, late: {SPEAKER}, late + HOUR: {SPEAKER}}
    assert told(alive_rows([source("a", speakers)], Stays(), ZONE)) == [
        AliveAddress(0, "2022-09-12", "10.0.0.5", "10.0.0.5", 2),
        AliveAddress(0, "2022-09-13", "10.0.0.5", "10.0.0.5", 1),
    ]


def test_an_address_that_changed_hands_has_a_row_for_each_device() -> None:
    names = Stays({"10.0.0.5": [(0, "pc-2"), (START + 1, "pc-1"), (START + 2 * HOUR, None)]})
    speakers = {START + hour * HOUR: {SPEAKER} for hour in range(4)}
    rows = told(alive_rows([source("a", speakers)], names, ZONE))
    assert [(one.device, one.hours) for one in rows] == [(None, 2), ("pc-1", 1), ("pc-2", 1)]


def test_a_file_given_twice_and_lines_without_hour_count_for_nobody() -> None:
    sources = [source("a", {None: {SPEAKER}}), source("b", {START: {SPEAKER}}, duplicate_of="a")]
    assert list(alive_rows(sources, Stays(), ZONE)) == []


def _batch(rows: Iterable[AliveAddress]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([vars(one) for one in rows], SCHEMA)


def test_rows_come_back_and_how_they_were_cut_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alive, "GROUP_ROWS", 700)
    rows = [
        AliveAddress(0, "2022-09-12", f"10.0.{n // 256}.{n % 256}", None, 1) for n in range(2_000)
    ]
    write_alive(tmp_path / "alive.parquet", [_batch(rows)])
    write_alive(tmp_path / "again.parquet", [_batch(rows[n : n + 3]) for n in range(0, 2_000, 3)])
    with pq.ParquetWriter(tmp_path / "slow.parquet", SCHEMA, compression="zstd") as writer:
        for first in range(0, 2_000, 700):
            group = [vars(one) for one in rows[first : first + 700]]
            writer.write_table(pa.Table.from_pylist(group, SCHEMA))
    wanted = (tmp_path / "slow.parquet").read_bytes()
    assert (tmp_path / "alive.parquet").read_bytes() == wanted
    assert (tmp_path / "again.parquet").read_bytes() == wanted
    assert list(read_alive(tmp_path) or ()) == rows
    assert list(digests_of(tmp_path)) == ["alive.parquet"]


def test_what_is_written_beside_is_there_behind_the_block_and_its_error_is_not_lost(
    tmp_path: Path,
) -> None:
    with written_beside(tmp_path / "alive.parquet", alive_rows([], Stays(), ZONE)):
        pass
    assert list(read_alive(tmp_path) or ()) == []
    with pytest.raises(OSError), written_beside(tmp_path / "no" / "alive.parquet", []):  # noqa: PT011
        pass


def test_days_are_read_as_their_rows_are(tmp_path: Path) -> None:
    names = Stays({"10.0.0.5": [(0, "pc-2"), (START + 1, None)]})
    speakers = {START + hour * 9 * HOUR: {SPEAKER, SPEAKER + 1} for hour in range(4)}
    sources = [source("a", speakers), source("b", speakers)]
    write_alive(tmp_path / "alive.parquet", alive_rows(sources, names, ZONE))
    rows = list(read_alive(tmp_path) or ())
    days = list(read_alive_days(tmp_path) or ())
    assert [(number, day, pair) for number, day, pairs in days for pair in pairs] == [
        (one.source, one.day, (one.address, one.device or "")) for one in rows
    ]
    assert len(days) == len({(one.source, one.day) for one in rows})
    (tmp_path / "alive.parquet").write_bytes(b"PAR1")
    with pytest.raises(QuetsachError, match="E305"):
        list(read_alive_days(tmp_path) or ())


def test_an_empty_day_is_no_missing_file(tmp_path: Path) -> None:
    assert read_alive(tmp_path) is None
    write_alive(tmp_path / "alive.parquet", [])
    assert list(read_alive(tmp_path) or ()) == []


@pytest.mark.parametrize("damage", ["cut", "other", "text", "name"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "alive.parquet"
    if damage == "cut":
        write_alive(path, [_batch([AliveAddress(0, "2022-09-12", "10.0.0.5", None, 1)])])
        path.write_bytes(path.read_bytes()[:-40])
    elif damage in ("text", "name"):
        write_alive(path, [_batch([AliveAddress(0, "2022-09-12", "10.0.0.5", None, 1)])])
        old, new = (
            (b"10.0.0.5", b"10.0\xff0.5") if damage == "text" else (b"address", b"addres\xff")
        )
        assert old in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(old, new))
    else:
        pq.write_table(pa.table({"source": ["x"]}), path)
    with pytest.raises(QuetsachError, match="E305"):
        list(read_alive(tmp_path) or ())
