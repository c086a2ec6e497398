"""Who held an address: what records prove, what they only suggest, and what they cannot tell."""

from quetsach.attribution import lease_history
from quetsach.attribution.lease_history import LeaseHistory
from quetsach.attribution.model import (
    RecordPlace,
)
from tests.attribution.holding import AMBIGUOUS, CERTAIN, LIKELY, history_of, holder_at, outcome
from tests.attribution.lease_rows import ADDRESS, HOUR, A, B, Record, table


def test_within_its_lease_a_machine_is_certain() -> None:
    holder = holder_at(history_of(Record(8, name="PC-01")), 9)
    assert outcome(holder) == (A, CERTAIN, ())
    assert holder is not None
    assert holder.host_name == "PC-01"
    assert holder.reason == ""


def test_a_lease_that_ran_out_still_points_to_its_only_holder() -> None:
    assert outcome(holder_at(history_of(Record(8)), 99)) == (A, LIKELY, ())


def test_an_address_that_no_record_names_has_no_holder() -> None:
    history = history_of(Record(8))
    assert history.holder("10.0.0.6", 9 * HOUR) is None
    assert history.intervals("10.0.0.6") == []
    assert history.intervals_of("nobody") == []


def test_two_servers_that_give_one_address_at_once_make_it_ambiguous() -> None:
    history = history_of(Record(8, server="s1"), Record(9, B, server="s2"))
    holder = holder_at(history, 10)
    assert outcome(holder) == (B, AMBIGUOUS, (A,))
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


def test_a_sighting_of_another_machine_makes_a_lease_doubtful() -> None:
    history = history_of(Record(8), Record(9, B, act="seen"), Record(9.2, B, act="seen"))
    assert outcome(holder_at(history, 9.1)) == (A, AMBIGUOUS, (B,))
    assert outcome(holder_at(history, 9.3)) == (A, LIKELY, (B,))
    assert outcome(holder_at(history, 10)) == (A, CERTAIN, ())


def test_a_rough_time_is_never_certain() -> None:
    holder = holder_at(history_of(Record(8, rough=True)), 9)
    assert outcome(holder) == (A, LIKELY, ())
    assert holder is not None
    assert "file" in holder.reason


def test_one_machine_may_hold_several_addresses() -> None:
    history = history_of(Record(8), Record(9, address="2001:db8::5", act="seen"))
    assert [one.address for one in history.intervals_of(A)] == ["10.0.0.5", "2001:db8::5"]
    assert history.notes() == ()


def test_nothing_at_all_is_an_answer() -> None:
    history = LeaseHistory(table([]), [])
    assert history.holder(ADDRESS, 0) is None
    assert history.notes() == ()
    assert history.intervals_of(A) == []


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
        history = history_of(*records)
        for hour in (-1, 0, 10, 20, 33, 99, None):
            holder = holder_at(history, hour)
            assert holder is None or holder.grade is not CERTAIN
            assert holder is None or len(holder.rivals) < 60
    finally:
        lease_history._WIDE = wide


def test_files_that_the_list_of_sources_lacks_have_no_path() -> None:
    records = [Record(8, file=7, offset=5), Record(8, file=-3, offset=6, address="10.0.0.6")]
    history = LeaseHistory(table(records), ["x"])
    assert history.intervals(ADDRESS)[0].place == RecordPlace("", 5)
    assert history.intervals("10.0.0.6")[0].place == RecordPlace("", 6)
