"""The verified share with its range, beside what was declared."""

import pytest
from django.utils import translation

from quetsach.api import reports
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.cases.models.recheck import Draw
from quetsach_portal.cases.rechecks import actions, queries
from quetsach_portal.cases.retention import purge_rechecks
from tests.portal.cases.rechecks.samples import enter

pytestmark = pytest.mark.django_db


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
        assert result.sentence == "khai báo 96 %, kiểm tra lại 70 % (khoảng tin cậy 39–90)"
    assert result.differs


def test_an_open_sample_or_one_given_up_is_not_printed(world, drawn, owner) -> None:
    slot = ExpectedReport.objects.get(node=world.nodes["TC"])
    assert queries.printed(slot) == ()
    actions.give_up(drawn, reason="bão", actor=owner)
    assert queries.printed(slot) == ()


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
