"""The one schema: a name means one thing, and the plain mapping and the table agree."""

from quetsach.schema import EVENT, EVENT_FIELDS, SIGHTING, SIGHTING_FIELDS, Event


def test_a_name_stands_once() -> None:
    names = [field.name for field in SIGHTING_FIELDS]
    assert len(names) == len(set(names))


def test_the_mapping_has_the_fields_of_the_table_in_their_order() -> None:
    assert list(Event.__annotations__) == EVENT.names


def test_a_sighting_holds_the_whole_event() -> None:
    assert [field for field in SIGHTING_FIELDS if field in EVENT_FIELDS] == list(EVENT_FIELDS)


def test_every_column_says_what_it_holds() -> None:
    for column in SIGHTING:
        assert column.metadata[b"doc"]
        assert b"unit" in column.metadata


def test_every_count_and_size_has_a_unit_or_is_a_plain_number() -> None:
    plain = ("port", "status_code", "pid")
    for field in SIGHTING_FIELDS:
        if str(field.type) == "int64" and not field.name.endswith(plain):
            assert field.unit, field.name
