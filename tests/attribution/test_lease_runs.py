"""Lease records as runs: joined, numbered by machine, and the broken ones counted."""

import random

import pytest

from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import Interval, IntervalEnd, LeaseAct, RecordPlace
from tests.attribution.holding import CERTAIN, history_of, holder_at, outcome
from tests.attribution.lease_rows import ADDRESS, HOUR, A, B, C, Record, table


def test_a_machine_goes_by_its_latest_name() -> None:
    history = history_of(Record(8, name="OLD"), Record(20, name="NEW", address="10.0.0.1"))
    holder = holder_at(history, 9)
    assert holder is not None
    assert holder.host_name == "NEW"


def test_renewals_are_one_interval_with_its_first_and_its_last_record() -> None:
    history = history_of(Record(8), Record(10), Record(12))
    assert history.intervals(ADDRESS) == [
        Interval(
            ADDRESS,
            8 * HOUR,
            16 * HOUR,
            IntervalEnd.RAN_OUT,
            LeaseAct.GIVEN,
            A,
            "",
            "",
            "",
            rough=False,
            place=RecordPlace("dhcp.log", 0),
            last=RecordPlace("dhcp.log", 200),
        )
    ]


def test_an_endless_lease_has_no_end() -> None:
    history = history_of(Record(8, hours=0xFFFFFFFF / 3600))
    (interval,) = history.intervals(ADDRESS)
    assert (interval.end_us, interval.ended) == (None, IntervalEnd.OPEN)
    assert outcome(holder_at(history, 99_999)) == (A, CERTAIN, ())


def test_a_lease_of_unknown_length_lasts_a_day() -> None:
    for hours in (None, 0):
        history = history_of(Record(8, hours=hours))
        assert outcome(holder_at(history, 31)) == (A, CERTAIN, ())
        assert history.intervals(ADDRESS)[0].end_us == 32 * HOUR


def test_a_machine_keeps_one_key_although_a_record_lacks_its_hardware_address() -> None:
    history = history_of(
        Record(8, name="PC-01", client_id="0117a4"),
        Record(9, None, name="PC-01"),
        Record(10, None, client_id="0117a4"),
    )
    assert len(history.intervals(ADDRESS)) == 1
    assert history.parts(A) == (A, "0117a4", "PC-01")
    assert outcome(holder_at(history, 11)) == (A, CERTAIN, ())


def test_a_name_with_its_domain_is_the_name_without_it() -> None:
    history = history_of(Record(8, name="PC-01"), Record(9, None, name="pc-01.xa.example"))
    assert len(history.intervals(ADDRESS)) == 1


def test_a_name_of_two_machines_names_neither() -> None:
    history = history_of(
        Record(8, A, name="PC", address="10.0.0.1"),
        Record(8, B, name="PC", address="10.0.0.2"),
        Record(8, None, name="PC"),
    )
    assert outcome(holder_at(history, 9)) == ("PC", CERTAIN, ())


def test_offsets_are_added_to_the_times_of_their_file() -> None:
    records = [Record(8, file=0), Record(8, B, file=1, offset=7)]
    history = LeaseHistory(table(records), ["a", "b"], offsets={1: 7 * HOUR})
    assert [(one.machine, one.start_us) for one in history.intervals(ADDRESS)] == [
        (A, 8 * HOUR),
        (B, 15 * HOUR),
    ]
    assert history.intervals(ADDRESS)[1].place == RecordPlace("b", 7)


def test_broken_records_are_counted_and_do_no_harm() -> None:
    history = history_of(
        Record(8),
        Record(8, act="eaten"),
        Record(-5),
        Record(8, B, hours=-3),
        Record(8, address=""),
    )
    assert [(one.kind, one.count) for one in history.notes()] == [
        ("end-before-start", 1),
        ("no-address", 1),
        ("time-out-of-range", 1),
        ("unknown-act", 1),
    ]
    assert history.holder(ADDRESS, 9 * HOUR) is not None


def test_text_columns_may_be_dictionary_encoded_and_in_chunks() -> None:
    records = [Record(8, name="PC-01"), Record(9, B, server="s2"), Record(20, C)]
    plain = table(records)
    encoded = plain
    for name in ("address", "act", "mac", "client_id", "host_name", "server"):
        place = encoded.column_names.index(name)
        encoded = encoded.set_column(place, name, encoded[name].dictionary_encode())
    import pyarrow as pa

    chunked = pa.concat_tables([encoded.slice(0, 1), encoded.slice(1)])
    for one in (encoded, chunked):
        assert LeaseHistory(one, ["x"]).intervals(ADDRESS) == LeaseHistory(plain, ["x"]).intervals(
            ADDRESS
        )


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_records_does_not_matter(seed: int) -> None:
    source = random.Random(seed)
    acts = ["given"] * 6 + ["released", "expired", "seen", "reserved"]
    records = [
        Record(source.randrange(50), source.choice([A, B]), source.choice(acts), offset=n)
        for n in range(8)
    ]
    one, other = (
        LeaseHistory(table(source.sample(records, len(records))), ["x"]) for _ in range(2)
    )
    for hour in range(60):
        assert one.holder(ADDRESS, hour * HOUR) == other.holder(ADDRESS, hour * HOUR)
