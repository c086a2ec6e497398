"""Figures by the minute: shown only once published, in steps that tell of nobody."""

import json
from datetime import date, timedelta
from itertools import count

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quetsach_portal.campaigns.models.campaign import NodeCounter
from quetsach_portal.dashboards.pages.ranking import HOANG_SA, PLACES
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.participation.models import JoinCounter, JoinKind
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.figures.content import (
    FEW,
    band_of,
    margin_most,
    round_to_tens,
    stepped,
)
from quetsach_portal.publishing.figures.live import (
    LIVE_FIGURES_WRITER,
    advance,
    any_step,
    days_drawn,
    write_live_figures,
)
from quetsach_portal.publishing.folder import CannotWrite
from quetsach_portal.publishing.models import LiveFigures, PublicFigures, WriterRun
from quetsach_portal.units.models import OrgUnit
from quetsach_public.pages.building import build_site
from quetsach_public.pages.filling import figures_page
from tests.portal.working import run_ready
from tests.public.made import CAMPAIGN

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


ISLANDS = ("Hoàng Sa", "Trường Sa")


@pytest.fixture
def shown_figures(shown, owner):
    for code, staff, joined in (("TC", 600, 300), ("TC01", 400, 116), ("TC02", 200, 40)):
        row = NodeCounter.objects.filter(node=shown.nodes[code])
        row.update(staff=staff, joined_staff=joined, deployed=1)
    made = actions.prepare(shown.campaign, text="", actor=owner)
    actions.publish(made, sha256=made.sha256, actor=owner)
    return made


def written(folder):
    write_live_figures(folder)
    figures = json.loads((folder / "figures.json").read_bytes())
    return figures, json.loads((folder / "figures-drawn.json").read_bytes())


def test_without_a_publication_the_file_says_that_there_are_none(shown, folder) -> None:
    with pytest.raises(CannotWrite):
        write_live_figures(folder)
    assert json.loads((folder / "figures.json").read_bytes())["at"] is None


def test_the_plane_lays_out_what_the_portal_wrote(shown_figures, folder) -> None:
    figures, drawn = written(folder)
    build_site(folder / "site", CAMPAIGN)
    frames = json.loads((folder / "site" / "frames.json").read_text(encoding="utf-8"))
    for language in ("vi", "en", "km"):
        page = figures_page(frames[language]["figures"], figures, drawn, is_old=False).decode()
        assert "@@" not in page
        assert '<dd data-figure="joined">300</dd>' in page
        assert "25–50 %" in page, "116 of 400"
        assert page.count("<svg") == 2
        assert all(name in page for name in ISLANDS)


def test_hoang_sa_and_truong_sa_are_on_the_map_of_communes_and_of_provinces(
    shown_figures, folder
) -> None:
    figures, drawn = written(folder)
    assert all(name in drawn["map"] for name in ISLANDS)
    assert len(figures["tiles"]) == 2 + len(ISLANDS)
    for code, area in (("TC01", "48"), ("TC02", "56")):
        OrgUnit.objects.filter(code=code).update(area_code=area)
    figures, drawn = written(folder)
    assert all(name in drawn["map"] for name in ISLANDS)
    assert len(figures["tiles"]) == len(PLACES) + len(ISLANDS)
    OrgUnit.objects.filter(code="TC02").update(area_code=HOANG_SA)
    figures, drawn = written(folder)
    assert drawn["map"].count(">Hoàng Sa<") == 1
    assert all(name in drawn["map"] for name in ISLANDS)


def test_each_square_of_the_map_has_its_number_in_the_file(shown_figures, folder) -> None:
    figures, drawn = written(folder)
    assert figures["tiles"][:2] == [[2, "25–50 %"], [1, "< 25 %"]]
    assert drawn["map"].count("<g>") == len(figures["tiles"])


def test_days_are_columns() -> None:
    picture = days_drawn([["2022-09-01", 100, 1], ["2022-09-02", 300, 2]])
    assert picture.count("<g>") == 2
    assert "02/09: 300" in picture


def test_the_job_of_the_minute_writes_and_tells_how_it_ended(shown_figures, folder) -> None:
    enqueue("publishing.figures", key="publishing.figures:test")
    run_ready()
    assert (folder / "figures.json").exists()
    assert WriterRun.objects.get(writer=LIVE_FIGURES_WRITER.name).problem == ""
