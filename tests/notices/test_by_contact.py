"""Contacts by time: the same that looking at each of them finds."""

from hypothesis import given
from hypothesis import strategies as st

from quetsach.attribution.model import RecordPlace
from quetsach.notices.by_contact import ContactsByTime
from quetsach.notices.world import ObservedContact
from quetsach.scanning.grades import SightingGrade
from tests.counted_work import growth

DAY = 86_400_000_000
TIMES = st.none() | st.integers(-3, 12).map(lambda hours: hours * DAY // 4)


def contact(number: int, when_us: int | None, end_us: int | None) -> ObservedContact:
    place = RecordPlace("conn.log", number)
    return ObservedContact(
        "10.0.0.7", 1, when_us, SightingGrade.MOVED, place, dataset="zeek.conn", end_us=end_us
    )


def is_met(one: ObservedContact, from_us: int | None, until_us: int | None) -> bool:
    if one.when_us is None:
        return True
    last = one.when_us if one.end_us is None else max(one.when_us, one.end_us)
    return (until_us is None or one.when_us <= until_us) and (from_us is None or last >= from_us)


@given(st.lists(st.tuples(TIMES, TIMES), max_size=12), TIMES, TIMES)
def test_nothing_of_that_time_is_missed_and_nothing_else_found(
    spans: list[tuple[int | None, int | None]], from_us: int | None, until_us: int | None
) -> None:
    contacts = [contact(number, *span) for number, span in enumerate(spans)]
    found = ContactsByTime(contacts).between(from_us, until_us)
    assert {one.place for one in found} == {
        one.place for one in contacts if is_met(one, from_us, until_us)
    }


def test_many_questions_to_as_many_contacts_take_no_product_of_both() -> None:
    def asked(size: int) -> None:
        told = ContactsByTime(
            contact(number, number * 1000, number * 1000 + 5) for number in range(size)
        )
        for when in range(0, size * 1000, 1000):
            assert len(list(told.between(when, when + 5))) == 1

    assert growth(asked, 1_000) < 12
