"""What begins, goes on and ends in the records of one address."""

from quetsach.attribution.model import IntervalEnd, RecordPlace
from tests.attribution.holding import AMBIGUOUS, CERTAIN, LIKELY, history_of, holder_at, outcome
from tests.attribution.lease_rows import ADDRESS, HOUR, A, B, Record


def test_a_renewal_may_make_a_lease_end_earlier() -> None:
    history = history_of(Record(8, hours=24), Record(9, hours=1))
    assert [one.end_us for one in history.intervals(ADDRESS)] == [10 * HOUR]


def test_a_lease_given_on_ends_where_the_next_begins() -> None:
    history = history_of(Record(8, server="s1"), Record(9, B, server="s1"))
    first, second = history.intervals(ADDRESS)
    assert (first.end_us, first.ended, first.end_place) == (
        9 * HOUR,
        IntervalEnd.GIVEN_ON,
        RecordPlace("dhcp.log", 100),
    )
    assert (second.start_us, second.server) == (9 * HOUR, "s1")
    assert outcome(holder_at(history, 10)) == (B, LIKELY, (A,))
    assert outcome(holder_at(history, 12.5)) == (B, CERTAIN, ())


def test_a_machine_that_renews_with_another_server_is_no_contradiction() -> None:
    history = history_of(Record(8, server="s1"), Record(9, server="s2"))
    assert outcome(holder_at(history, 10)) == (A, CERTAIN, ())
    assert history.notes() == ()


def test_a_reservation_alone_is_likely_and_speaks_against_another_machine() -> None:
    alone = history_of(Record(8, act="reserved"))
    assert outcome(holder_at(alone, 9999)) == (A, LIKELY, ())
    other = history_of(Record(8, act="reserved"), Record(9, B))
    assert outcome(holder_at(other, 10)) == (B, LIKELY, (A,))
    same = history_of(Record(8, act="reserved"), Record(9))
    assert outcome(holder_at(same, 10)) == (A, CERTAIN, ())


def test_a_reservation_does_not_speak_for_a_machine_that_gave_the_address_back() -> None:
    history = history_of(
        Record(8, act="reserved"), Record(9), Record(10, act="released"), Record(12)
    )
    assert outcome(holder_at(history, 11)) == (A, AMBIGUOUS, ())
    assert outcome(holder_at(history, 20)) == (A, LIKELY, ())


def test_sightings_hold_an_address_between_them_and_hint_around_them() -> None:
    history = history_of(Record(8, act="seen"), Record(8.4, act="seen"), Record(20, act="seen"))
    assert outcome(holder_at(history, 8.2)) == (A, CERTAIN, ())
    assert outcome(holder_at(history, 8.5)) == (A, LIKELY, ())
    assert outcome(holder_at(history, 20)) == (A, CERTAIN, ())
    assert [one.end_us for one in history.intervals(ADDRESS)] == [
        round(8.4 * HOUR) + 1,
        20 * HOUR + 1,
    ]


def test_a_release_by_somebody_else_ends_nothing() -> None:
    history = history_of(Record(8), Record(9, B, act="released"))
    assert outcome(holder_at(history, 10)) == (A, CERTAIN, ())


def test_a_refusal_that_names_no_machine_ends_what_was_given() -> None:
    history = history_of(Record(8), Record(9, None, act="declined"))
    assert holder_at(history, 10) is None
    assert [one.ended for one in history.intervals(ADDRESS)] == [IntervalEnd.DECLINED]


def test_a_lease_that_names_no_machine_casts_doubt() -> None:
    history = history_of(Record(8), Record(9, None))
    holder = holder_at(history, 10)
    assert outcome(holder) == (A, LIKELY, ())
    assert [(one.kind, one.count) for one in history.notes()] == [("no-machine", 1)]


def test_a_release_without_its_lease_shows_who_held_it_before() -> None:
    history = history_of(Record(8, act="released"))
    assert outcome(holder_at(history, 7)) == (A, LIKELY, ())
    assert holder_at(history, 9) is None
