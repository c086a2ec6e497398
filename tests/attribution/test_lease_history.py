"""Who held an address: what records prove, what they only suggest, and what they cannot tell."""

import random

import pytest

from quetsach.attribution import lease_history
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import (
    Certainty,
    Holder,
    Interval,
    IntervalEnd,
    LeaseAct,
    RecordPlace,
)
from tests.attribution.lease_rows import ADDRESS, HOUR, MINUTE, A, B, C, Record, table


def _history(*records: Record) -> LeaseHistory:
    placed = [one._replace(offset=number * 100) for number, one in enumerate(records)]
    return LeaseHistory(table(placed), ["dhcp.log"])


def _at(history: LeaseHistory, hour: float | None, slack_us: int = 0) -> Holder | None:
    return history.holder(ADDRESS, None if hour is None else round(hour * HOUR), slack_us=slack_us)


def _told(holder: Holder | None) -> tuple[str, Certainty, tuple[str, ...]] | None:
    if holder is None:
        return None
    return holder.interval.machine, holder.grade, tuple(one.device for one in holder.rivals)


CERTAIN, LIKELY, AMBIGUOUS = Certainty.CERTAIN, Certainty.LIKELY, Certainty.AMBIGUOUS


def test_within_its_lease_a_machine_is_certain() -> None:
    holder = _at(_history(Record(8, name="PC-01")), 9)
    assert _told(holder) == (A, CERTAIN, ())
    assert holder is not None
    assert holder.host_name == "PC-01"
    assert holder.reason == ""


def test_a_lease_that_ran_out_still_points_to_its_only_holder() -> None:
    assert _told(_at(_history(Record(8)), 99)) == (A, LIKELY, ())


def test_between_two_holders_it_is_ambiguous_and_both_are_named() -> None:
    assert _told(_at(_history(Record(8), Record(20, B)), 15)) == (A, AMBIGUOUS, (B,))


def test_a_new_holder_after_a_release_is_certain() -> None:
    history = _history(Record(8), Record(9, act="released"), Record(9, B))
    assert _told(_at(history, 10)) == (B, CERTAIN, ())


def test_a_new_holder_while_the_old_lease_runs_has_the_old_one_for_a_rival() -> None:
    assert _told(_at(_history(Record(8), Record(9, B)), 10)) == (B, LIKELY, (A,))


def test_a_machine_goes_by_its_latest_name() -> None:
    history = _history(Record(8, name="OLD"), Record(20, name="NEW", address="10.0.0.1"))
    holder = _at(history, 9)
    assert holder is not None
    assert holder.host_name == "NEW"


def test_after_its_release_a_machine_is_not_blamed() -> None:
    assert _at(_history(Record(8), Record(9, act="released")), 10) is None


@pytest.mark.parametrize("act", ["released", "expired", "declined"])
def test_after_a_release_the_next_holder_is_only_a_guess(act: str) -> None:
    history = _history(Record(8), Record(9, act=act), Record(12, B))
    assert _told(_at(history, 10)) == (B, AMBIGUOUS, (A,))


def test_before_the_first_record_of_two_machines_it_is_ambiguous() -> None:
    assert _told(_at(_history(Record(8), Record(20, B)), 7)) == (A, AMBIGUOUS, (B,))


def test_before_the_first_record_of_one_machine_it_is_likely() -> None:
    assert _told(_at(_history(Record(8)), 7)) == (A, LIKELY, ())


def test_a_time_that_is_not_known_is_answered_by_elimination() -> None:
    assert _told(_at(_history(Record(8)), None)) == (A, LIKELY, ())
    assert _told(_at(_history(Record(8), Record(20, B)), None)) == (B, AMBIGUOUS, (A,))


def test_an_address_that_no_record_names_has_no_holder() -> None:
    history = _history(Record(8))
    assert history.holder("10.0.0.6", 9 * HOUR) is None
    assert history.intervals("10.0.0.6") == []
    assert history.intervals_of("nobody") == []


def test_renewals_are_one_interval_with_its_first_and_its_last_record() -> None:
    history = _history(Record(8), Record(10), Record(12))
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


def test_a_renewal_may_make_a_lease_end_earlier() -> None:
    history = _history(Record(8, hours=24), Record(9, hours=1))
    assert [one.end_us for one in history.intervals(ADDRESS)] == [10 * HOUR]


def test_a_lease_given_on_ends_where_the_next_begins() -> None:
    history = _history(Record(8, server="s1"), Record(9, B, server="s1"))
    first, second = history.intervals(ADDRESS)
    assert (first.end_us, first.ended, first.end_place) == (
        9 * HOUR,
        IntervalEnd.GIVEN_ON,
        RecordPlace("dhcp.log", 100),
    )
    assert (second.start_us, second.server) == (9 * HOUR, "s1")
    assert _told(_at(history, 10)) == (B, LIKELY, (A,))
    assert _told(_at(history, 12.5)) == (B, CERTAIN, ())


def test_two_servers_that_give_one_address_at_once_make_it_ambiguous() -> None:
    history = _history(Record(8, server="s1"), Record(9, B, server="s2"))
    holder = _at(history, 10)
    assert _told(holder) == (B, AMBIGUOUS, (A,))
    assert holder is not None
    assert "another DHCP server" in holder.rivals[0].reason
    assert [(one.machine, one.end_us) for one in history.intervals(ADDRESS)] == [
        (A, 12 * HOUR),
        (B, 13 * HOUR),
    ]
    (note,) = history.notes()
    assert (note.kind, note.count, note.places) == (
        "two-servers",
        1,
        (RecordPlace("dhcp.log", 100),),
    )


def test_a_machine_that_renews_with_another_server_is_no_contradiction() -> None:
    history = _history(Record(8, server="s1"), Record(9, server="s2"))
    assert _told(_at(history, 10)) == (A, CERTAIN, ())
    assert history.notes() == ()


def test_a_reservation_alone_is_likely_and_speaks_against_another_machine() -> None:
    alone = _history(Record(8, act="reserved"))
    assert _told(_at(alone, 9999)) == (A, LIKELY, ())
    other = _history(Record(8, act="reserved"), Record(9, B))
    assert _told(_at(other, 10)) == (B, LIKELY, (A,))
    same = _history(Record(8, act="reserved"), Record(9))
    assert _told(_at(same, 10)) == (A, CERTAIN, ())


def test_a_reservation_does_not_speak_for_a_machine_that_gave_the_address_back() -> None:
    history = _history(Record(8, act="reserved"), Record(9), Record(10, act="released"), Record(12))
    assert _told(_at(history, 11)) == (A, AMBIGUOUS, ())
    assert _told(_at(history, 20)) == (A, LIKELY, ())


def test_an_endless_lease_has_no_end() -> None:
    history = _history(Record(8, hours=0xFFFFFFFF / 3600))
    (interval,) = history.intervals(ADDRESS)
    assert (interval.end_us, interval.ended) == (None, IntervalEnd.OPEN)
    assert _told(_at(history, 99_999)) == (A, CERTAIN, ())


def test_a_lease_of_unknown_length_lasts_a_day() -> None:
    for hours in (None, 0):
        history = _history(Record(8, hours=hours))
        assert _told(_at(history, 31)) == (A, CERTAIN, ())
        assert history.intervals(ADDRESS)[0].end_us == 32 * HOUR


def test_sightings_hold_an_address_between_them_and_hint_around_them() -> None:
    history = _history(Record(8, act="seen"), Record(8.4, act="seen"), Record(20, act="seen"))
    assert _told(_at(history, 8.2)) == (A, CERTAIN, ())
    assert _told(_at(history, 8.5)) == (A, LIKELY, ())
    assert _told(_at(history, 20)) == (A, CERTAIN, ())
    assert [one.end_us for one in history.intervals(ADDRESS)] == [
        round(8.4 * HOUR) + 1,
        20 * HOUR + 1,
    ]


def test_a_sighting_of_another_machine_makes_a_lease_doubtful() -> None:
    history = _history(Record(8), Record(9, B, act="seen"), Record(9.2, B, act="seen"))
    assert _told(_at(history, 9.1)) == (A, AMBIGUOUS, (B,))
    assert _told(_at(history, 9.3)) == (A, LIKELY, (B,))
    assert _told(_at(history, 10)) == (A, CERTAIN, ())


def test_a_rough_time_is_never_certain() -> None:
    holder = _at(_history(Record(8, rough=True)), 9)
    assert _told(holder) == (A, LIKELY, ())
    assert holder is not None
    assert "file" in holder.reason


def test_who_holds_the_address_within_the_doubt_of_the_clocks_is_a_rival() -> None:
    history = _history(Record(8), Record(9, act="released"), Record(9, B))
    assert _told(_at(history, 9.01)) == (B, CERTAIN, ())
    assert _told(_at(history, 9.01, MINUTE)) == (B, AMBIGUOUS, (A,))
    assert _told(_at(history, 9.5, MINUTE)) == (B, CERTAIN, ())


def test_an_end_within_the_doubt_of_the_clocks_is_not_certain() -> None:
    assert _told(_at(_history(Record(8)), 11.999, MINUTE)) == (A, LIKELY, ())
    history = _history(Record(8), Record(9, act="released"))
    assert _told(_at(history, 9.001, MINUTE)) == (A, LIKELY, ())


def test_a_release_by_somebody_else_ends_nothing() -> None:
    history = _history(Record(8), Record(9, B, act="released"))
    assert _told(_at(history, 10)) == (A, CERTAIN, ())


def test_a_refusal_that_names_no_machine_ends_what_was_given() -> None:
    history = _history(Record(8), Record(9, None, act="declined"))
    assert _at(history, 10) is None
    assert [one.ended for one in history.intervals(ADDRESS)] == [IntervalEnd.DECLINED]


def test_a_lease_that_names_no_machine_casts_doubt() -> None:
    history = _history(Record(8), Record(9, None))
    holder = _at(history, 10)
    assert _told(holder) == (A, LIKELY, ())
    assert [(one.kind, one.count) for one in history.notes()] == [("no-machine", 1)]


def test_a_release_without_its_lease_shows_who_held_it_before() -> None:
    history = _history(Record(8, act="released"))
    assert _told(_at(history, 7)) == (A, LIKELY, ())
    assert _at(history, 9) is None


def test_a_machine_keeps_one_key_although_a_record_lacks_its_hardware_address() -> None:
    history = _history(
        Record(8, name="PC-01", client_id="0117a4"),
        Record(9, None, name="PC-01"),
        Record(10, None, client_id="0117a4"),
    )
    assert len(history.intervals(ADDRESS)) == 1
    assert history.parts(A) == (A, "0117a4", "PC-01")
    assert _told(_at(history, 11)) == (A, CERTAIN, ())


def test_a_name_of_two_machines_names_neither() -> None:
    history = _history(
        Record(8, A, name="PC", address="10.0.0.1"),
        Record(8, B, name="PC", address="10.0.0.2"),
        Record(8, None, name="PC"),
    )
    assert _told(_at(history, 9)) == ("PC", CERTAIN, ())


def test_one_machine_may_hold_several_addresses() -> None:
    history = _history(Record(8), Record(9, address="2001:db8::5", act="seen"))
    assert [one.address for one in history.intervals_of(A)] == ["10.0.0.5", "2001:db8::5"]
    assert history.notes() == ()


def test_offsets_are_added_to_the_times_of_their_file() -> None:
    records = [Record(8, file=0), Record(8, B, file=1, offset=7)]
    history = LeaseHistory(table(records), ["a", "b"], offsets={1: 7 * HOUR})
    assert [(one.machine, one.start_us) for one in history.intervals(ADDRESS)] == [
        (A, 8 * HOUR),
        (B, 15 * HOUR),
    ]
    assert history.intervals(ADDRESS)[1].place == RecordPlace("b", 7)


def test_broken_records_are_counted_and_do_no_harm() -> None:
    history = _history(
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


def test_a_source_whose_clock_is_a_year_off_is_named() -> None:
    records = [Record(400_000 + n) for n in range(5)]
    records.append(Record(400_000 - 366 * 24, B, file=1))
    (note,) = LeaseHistory(table(records), ["good.log", "old.log"]).notes()
    assert (note.kind, note.count, note.places) == ("year-off", 1, (RecordPlace("old.log", 0),))


def test_many_machines_at_once_are_ambiguous_and_few_are_listed() -> None:
    crowd = [Record(8, f"00-17-A4-00-01-{n:02X}", server=f"s{n}") for n in range(200)]
    history = _history(*crowd)
    holder = _at(history, 9)
    assert holder is not None
    assert holder.grade is AMBIGUOUS
    assert 0 < len(holder.rivals) < 60
    later = _at(history, 99)
    assert later is not None
    assert 0 < len(later.rivals) <= 50


def test_nothing_at_all_is_an_answer() -> None:
    history = LeaseHistory(table([]), [])
    assert history.holder(ADDRESS, 0) is None
    assert history.notes() == ()
    assert history.intervals_of(A) == []


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


def test_an_address_of_endless_contradictions_is_answered_in_pieces() -> None:
    """Two servers and neighbour tables that say something else each minute."""
    acts, servers = ("given", "seen", "released", "reserved"), ("s1", "s2", None)
    records = [
        Record(
            n / 60, f"00-17-A4-00-{n % 251:02X}-{n % 241:02X}", acts[n % 4], server=servers[n % 3]
        )
        for n in range(2_000)
    ]
    wide, lease_history._WIDE = lease_history._WIDE, 100
    try:
        history = _history(*records)
        for hour in (-1, 0, 10, 20, 33, 99, None):
            holder = _at(history, hour)
            assert holder is None or holder.grade is not CERTAIN
            assert holder is None or len(holder.rivals) < 60
    finally:
        lease_history._WIDE = wide


def test_files_that_the_list_of_sources_lacks_have_no_path() -> None:
    records = [Record(8, file=7, offset=5), Record(8, file=-3, offset=6, address="10.0.0.6")]
    history = LeaseHistory(table(records), ["x"])
    assert history.intervals(ADDRESS)[0].place == RecordPlace("", 5)
    assert history.intervals("10.0.0.6")[0].place == RecordPlace("", 6)
