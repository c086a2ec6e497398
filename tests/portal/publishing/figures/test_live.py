"""Figures by the minute: shown only once published, in steps that tell of nobody."""

import json
from datetime import date, timedelta
from itertools import count

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.participation.models.participation import JoinCounter, JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.figures.content import (
    FEW,
    band_of,
    margin_most,
    round_to_tens,
    stepped,
)
from quetsach_portal.publishing.figures.live import advance, any_step
from quetsach_portal.publishing.models.figures import LiveFigures, PublicFigures

NOON = timezone.now().replace(hour=5, minute=0, second=0, microsecond=0)


@pytest.fixture
def sized(world):
    """TC01 has 400 people, 250 of whom take part; TC02 has six, five of whom do."""
    for code, staff, joined in (("TC", 406, 255), ("TC01", 400, 250), ("TC02", 6, 5)):
        row = NodeCounter.objects.filter(node=world.nodes[code])
        row.update(staff=staff, joined_staff=joined, deployed=1)
    return world


def published(world) -> PublicFigures:
    owner = world.user("TC", Role.LEAD_OWNER)
    made = actions.prepare(world.campaign, text="", actor=owner)
    actions.publish(made, sha256=made.sha256, actor=owner)
    return made


def set_joined(world, code: str, joined: int) -> None:
    NodeCounter.objects.filter(node=world.nodes[code]).update(joined_staff=joined)


def test_nothing_by_the_minute_before_a_publication_and_after_the_last_is_taken_back(sized) -> None:
    assert advance(sized.campaign, NOON) is None
    assert not LiveFigures.objects.exists()
    figures = published(sized)
    assert advance(sized.campaign, NOON)["counters"]["joined"] == 250
    actions.withdraw(figures, reason="nhầm", actor=sized.user("TC", Role.LEAD_OWNER))
    assert advance(sized.campaign, NOON) is None


def test_P1_no_small_unit_shows_and_the_sum_tells_of_no_hidden_part(sized) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC"]).update(joined_public=7)
    published(sized)
    content = advance(sized.campaign, NOON)
    assert content["rows"] == []
    assert content["group"] == {"units": 3, "band": 2}
    assert content["counters"]["joined"] == 250, "seven residents are hidden in the sum, too"
    assert "Hai" not in json.dumps(content, ensure_ascii=False)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=300), st.randoms())
def test_P1_whoever_watches_each_minute_sees_ten_people_at_least(presses: list[int], luck) -> None:
    exact, base, step = 0, 0, luck.randint(FEW, 2 * FEW - 1)
    at_last_change, before = 0, round_to_tens(0)
    for press in presses:
        exact += press
        moved = stepped(exact, base, step)
        if moved != base:
            base, step = moved, luck.randint(FEW, 2 * FEW - 1)
        if round_to_tens(base) != before:
            assert exact - at_last_change >= FEW
            before, at_last_change = round_to_tens(base), exact


def test_P1_how_many_more_move_a_number_nobody_can_know() -> None:
    steps = {any_step() for _ in range(500)}
    assert steps <= set(range(FEW, 2 * FEW))
    assert len(steps) > 5


def test_P1_who_presses_nine_times_learns_nothing_of_the_tenth(sized) -> None:
    published(sized)
    advance(sized.campaign, NOON, step=lambda: 17)
    seen = []
    for n in range(1, 18):
        set_joined(sized, "TC", 255 + n)
        content = advance(sized.campaign, NOON + timedelta(minutes=n), step=lambda: 17)
        seen.append(content["counters"]["joined"])
    assert seen == [250] * 16 + [270]


def test_unit_by_unit_moves_once_an_hour(sized) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC02"]).update(staff=200, joined_staff=20)
    published(sized)
    first = advance(sized.campaign, NOON, step=lambda: 10)
    set_joined(sized, "TC02", 90)
    soon = advance(sized.campaign, NOON + timedelta(minutes=59), step=lambda: 10)
    later = advance(sized.campaign, NOON + timedelta(minutes=60), step=lambda: 10)
    assert [row["band"] for row in first["rows"]] == [2, 0]
    assert soon["rows"] == first["rows"]
    assert [row["band"] for row in later["rows"]] == [2, 1]
    assert soon["at"] != first["at"]
    assert soon["units_at"] == first["units_at"]


def test_units_stand_in_bands_of_the_true_count_and_not_by_how_few_they_are(sized) -> None:
    for code, staff, joined in (("TC01", 34, 17), ("TC02", 28, 14)):
        NodeCounter.objects.filter(node=sized.nodes[code]).update(staff=staff, joined_staff=joined)
    published(sized)
    rows = advance(sized.campaign, NOON)["rows"]
    assert [row["band"] for row in rows] == [2, 2], "half of the staff, whatever tens make of it"
    assert all("share" not in row for row in rows)


@given(st.integers(10, 500), st.lists(st.integers(0, 500), max_size=40), st.randoms())
def test_P1_a_band_moves_only_past_its_border_by_a_margin_that_nobody_knows(
    staff: int, counts: list[int], luck
) -> None:
    before = band_of(0, staff, None, 1)
    for people in counts:
        margin = luck.randint(1, margin_most(staff))
        band = band_of(people, staff, before, margin)
        if band > before:
            assert 4 * (people - margin) >= band * staff
        if band < before:
            assert 4 * (people + margin) < (band + 1) * staff
        assert abs(band - band_of(people, staff, None, 1)) <= 1
        before = band
    assert band_of(staff, staff, before, margin_most(staff)) == 3


def test_publications_and_minutes_are_one_row_of_numbers(sized) -> None:
    first = published(sized)
    PublicFigures.objects.filter(pk=first.pk).update(day="2022-09-01")
    set_joined(sized, "TC", 270)
    advance(sized.campaign, NOON, step=lambda: 19)
    set_joined(sized, "TC", 279)
    assert published(sized).content["total"]["joined_staff"] == 270


def under_question(world, code: str, over: int) -> None:
    row = {"node": world.nodes[code], "kind": JoinKind.STAFF, "day": timezone.localdate(NOON)}
    JoinCounter.objects.update_or_create(**row, defaults={"over_cap": over})


def test_P1_a_unit_under_question_keeps_its_last_band_marked_from_hour_to_hour(sized) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC02"]).update(staff=200, joined_staff=190)
    published(sized)

    def rows(minutes: int) -> list[tuple[int, bool]]:
        content = advance(sized.campaign, NOON + timedelta(minutes=minutes), step=lambda: 14)
        return [(row["band"], row["questioned"]) for row in content["rows"]]

    assert rows(0) == [(3, False), (2, False)]
    set_joined(sized, "TC02", 60)
    under_question(sized, "TC02", 15)
    assert rows(59) == [(3, False), (2, False)], "the minute tells nothing"
    assert rows(60) == [(3, True), (2, False)]
    under_question(sized, "TC02", 0)
    assert rows(120) == [(2, False), (1, False)]


def test_P1_how_many_above_the_cap_are_a_question_nobody_can_know(sized) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC02"]).update(staff=200, joined_staff=190)
    published(sized)
    for hours, over, asked in ((0, 14, False), (1, 15, True)):
        under_question(sized, "TC02", over)
        rows = advance(sized.campaign, NOON + timedelta(hours=hours), step=lambda: 14)["rows"]
        assert [row["questioned"] for row in rows] == [asked, False]


def test_R6_people_without_a_code_stand_apart(sized) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC"]).update(joined_public=340)
    day = timezone.localdate(NOON)
    JoinCounter.objects.create(
        node=sized.nodes["TC"], kind=JoinKind.PUBLIC, day=day, joined=300, rolled=300
    )
    assert published(sized).content["total"]["joined_public"] == 40
    counters = advance(sized.campaign, NOON)["counters"]
    assert (counters["joined"], counters["line"]) == (290, 300)


def test_what_people_say_they_did_is_added_up_over_all_days(sized) -> None:
    today = timezone.localdate(NOON)
    for back, (scanned, cleaned) in enumerate([(10, 3), (20, 4), (40, 5), (80, 6)]):
        JoinCounter.objects.create(
            node=sized.nodes["TC01"],
            kind=JoinKind.STAFF,
            day=today - timedelta(days=back),
            checked=scanned,
            cleaned=cleaned,
        )
    published(sized)
    counters = advance(sized.campaign, NOON)["counters"]
    assert (counters["scanned"], counters["cleaned"]) == (150, 10)
    past = LiveFigures.objects.get().said
    assert past == {
        "through": (today - timedelta(days=2)).isoformat(),
        "scanned": 120,
        "cleaned": 11,
    }
    again = advance(sized.campaign, NOON + timedelta(days=1))["counters"]
    assert again["scanned"] == 150


def test_the_days_begin_with_what_was_published_and_go_on_with_what_was_shown(sized) -> None:
    first = published(sized)
    PublicFigures.objects.filter(pk=first.pk).update(day="2022-09-01")
    content = advance(sized.campaign, NOON)
    today = timezone.localdate(NOON).isoformat()
    assert content["days"] == [["2022-09-01", 250, 1], [today, 250, 1]]
    assert date.fromisoformat(content["days"][0][0]) < date.fromisoformat(today)


def test_the_cost_does_not_grow_with_the_units(sized, django_assert_max_num_queries) -> None:
    published(sized)
    advance(sized.campaign, NOON)
    minutes = count(1)
    with django_assert_max_num_queries(14):
        advance(sized.campaign, NOON + timedelta(minutes=next(minutes)))
