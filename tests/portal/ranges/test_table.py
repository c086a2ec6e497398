"""The table of ranges: two persons stand behind each row, and no two rows contradict."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach.api.allotting import NOT_OURS
from quetsach_portal.people.models.roles import Role
from quetsach_portal.ranges.models import PublicRange
from quetsach_portal.ranges.queries import range_state
from quetsach_portal.ranges.table import (
    WrittenRange,
    add,
    add_csv,
    add_prefixes,
    prefix_files,
    standing,
    table_of,
    unit_written,
    withdraw,
)
from quetsach_portal.web.acts import Refused
from tests.portal.ranges.asked import approve_all, approved
from tests.portal.world import World

DAY = date(2026, 11, 30)


def _add(world: World, code: str, text: str, **more: object) -> list[PublicRange]:
    unit = world.units[code] if code else None
    written = WrittenRange(unit, text, **more)  # type: ignore[arg-type]
    actor = world.user("TC", Role.LEAD_ANALYST)
    return add(world.units["TC"], written, source="Hợp đồng", actor=actor)


def _owners(world: World, address: str) -> tuple[str, ...]:
    return table_of(world.units["TC"]).owners(address, DAY)


def test_nobody_approves_what_they_added(world: World) -> None:
    (row,) = _add(world, "TC02", "192.0.2.0/28")
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicRange.objects.filter(pk=row.pk).update(approved_by=row.added_by)


@pytest.mark.parametrize(
    ("text", "field"), [("10.0.0.0/8", "text"), ("203.0.113.5/28", "text"), ("x", "text")]
)
def test_what_is_no_public_range_is_refused(world: World, text: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        _add(world, "TC01", text)
    assert refused.value.field == field


def test_days_the_wrong_way_round_are_refused(world: World) -> None:
    with pytest.raises(Refused):
        _add(world, "TC01", "192.0.2.0/28", since=DAY, until=DAY - timedelta(days=1))


@pytest.mark.parametrize("code", ["TC02", "TC01", ""])
def test_the_same_addresses_at_the_same_time_are_refused_with_both_rows(
    world: World, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        _add(world, code, "203.0.113.0/28")
    told = refused.value.told
    assert told.count("203.0.113.0/28") == 2
    assert "xã Một" in told


def test_a_range_within_another_or_after_it_is_none(world: World) -> None:
    approved(world, "TC01", "192.0.2.0/28", until=DAY)
    assert _add(world, "TC02", "192.0.2.0/28", since=DAY + timedelta(days=1))
    assert _add(world, "TC02", "192.0.2.0/29")
    assert [str(one) for one in _add(world, "", "192.0.2.16 - 192.0.2.18")] == [
        "192.0.2.16/31",
        "192.0.2.18/32",
    ]


def test_a_csv_is_added_whole_or_not_at_all(world: World) -> None:
    office, actor = world.units["TC"], world.user("TC", Role.LEAD_ANALYST)
    before = standing(office).count()
    good = "Đơn vị;Dải địa chỉ\nTC01;192.0.2.0/28\nỦy ban nhân dân xã Hai;192.0.2.16/28\n"
    wrong = good + "TC99;192.0.2.32/28\n-;10.0.0.0/8\nKH;192.0.2.48/28\n"
    with pytest.raises(Refused) as refused:
        add_csv(office, wrong.encode(), source="x", actor=actor)
    # What lies outside the office's tree is as unknown as what is not there.
    assert all(word in refused.value.told for word in ("4", "5", "6", "TC99", "KH"))
    assert standing(office).count() == before
    assert len(add_csv(office, b"\xef\xbb\xbf" + good.encode(), source="x", actor=actor)) == 2
    with pytest.raises(Refused):
        add_csv(office, good.encode(), source="x", actor=actor)
    for raw in (b"", b"a,b\n1,2\n", b"unit,cidr\n", b"\xff\x00" * 50):
        with pytest.raises(Refused):
            add_csv(office, raw, source="x", actor=actor)


def test_units_are_written_by_code_or_name_and_never_guessed(world: World) -> None:
    office = world.units["TC"]
    assert unit_written(office, NOT_OURS) is None
    assert unit_written(office, " tc01a ") == world.units["TC01A"]
    assert unit_written(office, "ỦY BAN NHÂN DÂN XÃ MỘT") == world.units["TC01"]
    world.units["TC02"].name = world.units["TC01"].name
    world.units["TC02"].save(update_fields=["name"])
    for word in ("KH", "Ủy ban", world.units["TC01"].name):
        with pytest.raises(Refused):
            unit_written(office, word)


def test_a_range_ends_on_a_day_or_was_never_right(world: World) -> None:
    row, actor = approved(world, "TC02", "192.0.2.0/28"), world.user("TC", Role.LEAD_ANALYST)
    withdraw(row, actor=actor, last_day=DAY - timedelta(days=1))
    assert _owners(world, "192.0.2.1") == ()
    row.refresh_from_db()
    assert row.withdrawn_at is None
    withdraw(row, actor=actor)
    assert row not in standing(world.units["TC"])
    begun = approved(world, "TC02", "192.0.2.16/28", since=DAY)
    with pytest.raises(Refused):
        withdraw(begun, actor=actor, last_day=DAY - timedelta(days=1))


def test_one_person_prolongs_no_range(world: World) -> None:
    actor = world.user("TC", Role.LEAD_ANALYST)
    ended = approved(world, "TC02", "192.0.2.0/28", until=DAY - timedelta(days=1))
    approved(world, "TC01", "192.0.2.0/28", since=DAY)
    with pytest.raises(Refused):
        withdraw(ended, actor=actor, last_day=DAY + timedelta(days=9))
    assert _owners(world, "192.0.2.1") == (str(world.units["TC01"].pk),)


def test_a_system_is_asked_by_its_dated_file(world: World) -> None:
    office, actor = world.units["TC"], world.user("TC", Role.LEAD_ANALYST)
    _add(world, "TC02", "AS64500")
    approve_all(office, world.user("TC", Role.LEAD_OWNER))
    assert _owners(world, "198.51.100.5") == ()
    day = timezone.localdate() - timedelta(days=1)
    raw = b"198.51.100.0\t24\t64500\n192.0.2.0\t24\t64501\n"
    add_prefixes(office, raw, name="p.txt", as_of=day, actor=actor)
    assert _owners(world, "198.51.100.5") == ()
    with pytest.raises(Refused):
        approve_all(office, actor)
    assert approve_all(office, world.user("TC", Role.LEAD_OWNER)) == 1
    assert _owners(world, "198.51.100.5") == (str(world.units["TC02"].pk),)
    assert prefix_files(office).get().prefixes == {"64500": ["198.51.100.0/24"]}
    with pytest.raises(Refused):
        add_prefixes(office, b"192.0.2.0\t24\t64501\n", name="p", as_of=day, actor=actor)
    with pytest.raises(Refused):
        add_prefixes(office, raw, name="p", as_of=day + timedelta(days=3), actor=actor)


def test_another_file_of_the_day_replaces_the_first_only_when_approved(world: World) -> None:
    office, actor = world.units["TC"], world.user("TC", Role.LEAD_ANALYST)
    owner, day = world.user("TC", Role.LEAD_OWNER), timezone.localdate() - timedelta(days=1)
    _add(world, "TC02", "AS64500")
    add_prefixes(office, b"198.51.100.0\t24\t64500\n", name="a", as_of=day, actor=actor)
    approve_all(office, owner)
    add_prefixes(office, b"203.0.113.0\t24\t64500\n", name="b", as_of=day, actor=owner)
    add_prefixes(office, b"192.0.2.0\t24\t64500\n", name="c", as_of=day, actor=owner)
    assert [file.name for file in prefix_files(office)] == ["a", "c"]
    assert _owners(world, "198.51.100.5") == (str(world.units["TC02"].pk),)
    approve_all(office, actor)
    assert [file.name for file in prefix_files(office)] == ["c"]
    assert _owners(world, "198.51.100.5") == ()
    assert _owners(world, "192.0.2.5") == (str(world.units["TC02"].pk),)


def test_whether_a_range_counts_is_said(world: World) -> None:
    today = timezone.localdate()
    said = {
        range_state(approved(world, "TC02", f"192.0.2.{at}/32", **days))
        for at, days in enumerate(
            (
                {},
                {"since": today + timedelta(days=1)},
                {"until": today - timedelta(days=1)},
            )
        )
    }
    assert len(said) == 3
