"""A sample that nobody chose, and the verified share with its range beside the declared one."""

import pytest
from django.utils import timezone, translation

from quetsach.api import reports
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignNode, ExpectedReport
from quetsach_portal.cases.models.case import Case, CaseOutcome, Device
from quetsach_portal.cases.models.recheck import Draw, RecheckItem
from quetsach_portal.cases.rechecks import actions, queries
from quetsach_portal.cases.rechecks.sampling import frame_of
from quetsach_portal.cases.retention import purge_rechecks
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused

pytestmark = pytest.mark.django_db


def devices(world, code: str, count: int, *, clean: int) -> list[Case]:
    """Return cases of `count` devices of a unit, `clean` of which it declares clean."""
    node = world.nodes[code]
    made = [Device.objects.create(node=node, key=f"{code}-{n}") for n in range(count)]
    return [
        Case.objects.create(node=node, device=one, owner_says="clean" if n < clean else "")
        for n, one in enumerate(made)
    ]


@pytest.fixture
def owner(world):
    return world.user("TC", Role.LEAD_OWNER)


@pytest.fixture
def drawn(world, owner) -> Draw:
    devices(world, "TC01", 24, clean=23)
    devices(world, "TC02", 1, clean=1)
    return actions.draw(world.nodes["TC"], subject="devices", size=12, actor=owner)


def enter(draw: Draw, answers: str, actor) -> None:
    words = {"y": "yes", "n": "no", "?": "unknown"}
    for item, sign in zip(draw.items.order_by("place"), answers, strict=True):
        actions.answer(item, found=words[sign], note="máy tắt", actor=actor)


def test_the_seed_and_the_list_give_the_same_sample_again(drawn) -> None:
    refs = list(drawn.items.order_by("place").values_list("ref", flat=True))
    assert list(reports.draw(drawn.seed, drawn.frame.split("\n"), drawn.size)) == refs
    assert (len(drawn.seed), drawn.population, drawn.declared) == (32, 25, 24)


def test_two_samples_have_two_seeds_and_two_numbers(world, drawn, owner) -> None:
    actions.give_up(drawn, reason="bão", actor=owner)
    second = actions.draw(world.nodes["TC"], subject="devices", size=12, actor=owner)
    assert second.seed != drawn.seed
    assert (drawn.number, second.number) == (1, 2)


def test_declared_96_verified_with_its_range_stands_beside_the_total(world, drawn, owner) -> None:
    enter(drawn, "yyyyyyynnn??", owner)
    actions.finish(drawn, actor=owner)
    slot = ExpectedReport.objects.get(node=world.nodes["TC"])
    beside = {"devices_cleaned": "may_lam_sach"}
    (said,) = queries.printed(slot, beside)
    assert said.share == reports.share(7, 10)
    unknown = drawn.items.filter(answer="unknown").order_by("place")
    assert said.undecided == tuple(f"{one.ref}, {one.node.name_at_freeze}" for one in unknown)
    assert "không có máy của chính Ủy ban nhân dân huyện Trà Cú" in said.outside
    assert (said.declared, said.population, said.field) == (24 / 25, 25, "may_lam_sach")
    begun = Draw.objects.get().drawn_at
    assert queries.printed(slot, beside, until=begun) == ()
    result = queries.result_of(drawn)
    with translation.override("vi"):
        assert result.sentence == "khai báo 96 %, xác minh 70 % (khoảng tin cậy 39–90)"
    assert result.differs


def test_an_open_sample_or_one_given_up_is_not_printed(world, drawn, owner) -> None:
    slot = ExpectedReport.objects.get(node=world.nodes["TC"])
    assert queries.printed(slot) == ()
    actions.give_up(drawn, reason="bão", actor=owner)
    assert queries.printed(slot) == ()


def test_nothing_is_left_out_to_choose_the_result(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    RecheckItem.objects.filter(draw=drawn, place=3).update(answer="")
    with pytest.raises(Refused):
        actions.finish(drawn, actor=owner)


def test_what_is_finished_stands(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    actions.finish(drawn, actor=owner)
    with pytest.raises(Refused):
        actions.answer(drawn.items.first(), found="no", note="", actor=owner)


def test_could_not_tell_needs_a_reason(drawn, owner) -> None:
    with pytest.raises(Refused) as refused:
        actions.answer(drawn.items.first(), found="unknown", note=" ", actor=owner)
    assert refused.value.field == "note"


def test_nobody_rechecks_their_own_unit(world, drawn) -> None:
    item = drawn.items.filter(node=world.nodes["TC01"]).first()
    with pytest.raises(Refused):
        actions.answer(item, found="yes", note="", actor=world.user("TC01", Role.TECHNICIAN))
    with pytest.raises(Refused):
        actions.give_to(
            drawn,
            [item.place],
            checker=world.user("TC01", Role.TECHNICIAN),
            actor=world.user("TC", Role.LEAD_OWNER),
        )


def test_a_second_sample_waits_for_the_first(world, drawn, owner) -> None:
    with pytest.raises(Refused):
        actions.draw(world.nodes["TC"], subject="devices", size=5, actor=owner)
    actions.draw(world.nodes["TC"], subject="units", size=5, actor=owner)


def test_the_frame_holds_each_device_once_by_its_latest_case_and_never_the_own(world) -> None:
    node = world.nodes["TC"]
    devices(world, "TC", 2, clean=0)
    (old,) = devices(world, "TC01", 1, clean=0)
    Case.objects.filter(pk=old.pk).update(
        outcome=CaseOutcome.ACCEPTED_RISK, closed_at=timezone.now()
    )
    new = Case.objects.create(node=old.node, device=old.device)
    assert list(frame_of(node, "devices")) == [new.number]
    assert not frame_of(node, "devices")[new.number].declared


def test_units_are_drawn_from_all_below(world, owner) -> None:
    CampaignNode.objects.filter(pk=world.nodes["TC02"].pk).update(deployed_at=timezone.now())
    draw = actions.draw(world.nodes["TC"], subject="units", size=100, actor=owner)
    assert (draw.size, draw.population, draw.declared) == (3, 3, 1)
    assert set(draw.items.values_list("ref", flat=True)) == {"TC01", "TC02", "TC01A"}


def test_P2_an_archived_campaign_keeps_the_result_and_no_word_on_persons(
    world, drawn, owner
) -> None:
    enter(drawn, "yyyyyyynnn??", owner)
    actions.finish(drawn, actor=owner)
    before = queries.result_of(drawn)
    assert purge_rechecks(world.campaign) == {"rechecks": 12}
    assert not drawn.items.exclude(note="").exists()
    assert not drawn.items.exclude(answered_by=None).exists()
    assert queries.result_of(drawn).share == before.share


def test_each_act_stands_in_the_trail(drawn, owner) -> None:
    enter(drawn, "y" * 12, owner)
    actions.finish(drawn, actor=owner)
    acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"recheck.drawn", "recheck.answered", "recheck.ended"} <= acts


def test_nothing_below_is_refused_in_words(world) -> None:
    with pytest.raises(Refused) as refused:
        actions.draw(
            world.nodes["TC01A"],
            subject="units",
            size=5,
            actor=world.user("TC01A", Role.COMPILER),
        )
    assert refused.value.field == "subject"


def test_a_sample_is_drawn_entered_and_finished_by_pages(client_of, world) -> None:
    devices(world, "TC01", 3, clean=3)
    client, node = client_of("TC", Role.COMPILER), world.nodes["TC"]
    answer = client.post(f"/rechecks/units/{node.pk}/draw/", {"subject": "devices", "size": "2"})
    draw = Draw.objects.get()
    assert answer["Location"] == f"/rechecks/{draw.pk}/"
    for place in (1, 2):
        client.post(f"/rechecks/{draw.pk}/{place}/", {"found": "yes", "note": ""})
    client.post(f"/rechecks/{draw.pk}/finish")
    draw.refresh_from_db()
    assert draw.state == "closed"
    page = client.get(f"/rechecks/units/{node.pk}/").content.decode()
    assert "khai báo 100 %, xác minh 100 %" in page
    assert len(client.get(f"/rechecks/{draw.pk}/frame.txt").content.split()) == 3


def test_the_page_of_a_sample_costs_the_same_for_many_drawn(
    client_of, world, owner, django_assert_max_num_queries
) -> None:
    devices(world, "TC01", 90, clean=30)
    draw = actions.draw(world.nodes["TC"], subject="devices", size=90, actor=owner)
    client = client_of("TC", Role.LEAD_OWNER)
    with django_assert_max_num_queries(24):
        client.get(f"/rechecks/{draw.pk}/")
