"""Each level issues its own letter, which cites the one above and keeps its deadline."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.letters.actions import drafting
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.documents import LAUNCH
from quetsach_portal.letters.models import Letter
from quetsach_portal.letters.recipients import DeliveryChannels
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.acts import Refused
from tests.portal.letters import staged
from tests.portal.letters.staged import text_of

pytestmark = pytest.mark.django_db


def test_each_level_issues_its_own_letter_that_cites_the_one_above(world) -> None:
    first = staged.released(world)
    printed = text_of(first.pdf)
    assert "Số: 05/UBND-TH" in printed
    assert "1790/STTTT-BCVTCNTT" in printed
    assert "KT. CHỦ TỊCH" in printed
    assert "Tăng Thị Thắm" in printed
    second = staged.released(world, "TC01", first, number=12)
    assert "05/UBND-TH" in text_of(second.pdf)
    assert "của Ủy ban nhân dân huyện Trà Cú" in text_of(second.pdf)
    assert second.issuer_name == "Ủy ban nhân dân xã Một"
    told = set(second.dispatches.values_list("to_node__unit__code", flat=True))
    assert told == {"TC01A"}


def test_the_root_letter_cites_the_authoritys_letter_of_the_campaign(world) -> None:
    campaign = world.campaign
    campaign.letter = {
        "issuer": {"value": "Ủy ban nhân dân huyện Trà Cú"},
        "number": {"value": None},
        "code": {"value": "UBND-TH"},
        "basis": [
            {
                "number": {"value": "1790"},
                "code": {"value": "STTTT-BCVTCNTT"},
                "date": {"value": "2022-09-09"},
                "issuer": {"value": "Sở Thông tin và Truyền thông"},
                "subject": {"value": None},
            }
        ],
    }
    campaign.save()
    world.nodes["TC"].refresh_from_db()
    made = drafting.create_draft(
        world.nodes["TC"],
        based_on=None,
        template_code=LAUNCH,
        actor=world.user("TC", Role.COMPILER),
    )
    from quetsach_portal.letters.cascade import cited_by

    cited = cited_by(made)
    assert (cited.number, f"{cited.dated:%d/%m/%Y}") == ("1790/STTTT-BCVTCNTT", "09/09/2022")
    assert cited.body == "Sở Thông tin và Truyền thông"


@pytest.mark.parametrize(
    ("number", "day", "cited_number", "cited_day"),
    [
        ("77", "2", "77/UBND-TH", "2026-12-02"),
        ("77/UBND-VX", "03/12/2026", "77/UBND-VX", "2026-12-03"),
        ("", "31/02/2026", "......../UBND-TH", "None"),
    ],
)
def test_number_and_day_typed_for_a_blank_are_cited(
    world, number, day, cited_number, cited_day
) -> None:
    from quetsach_portal.letters.cascade import authority_of

    world.campaign.letter = {
        "issuer": {"value": "ỦY BAN NHÂN DÂN HUYỆN CẦU KÈ"},
        "number": {"value": None},
        "code": {"value": "UBND-TH"},
        "date": {"value": None, "partial": "2026-12"},
        "questions": [{"field": "date", "answer": day}, {"field": "number", "answer": number}],
    }
    cited = authority_of(world.campaign)
    assert (cited.number, str(cited.dated)) == (cited_number, cited_day)
    assert cited.body == "Ủy ban nhân dân huyện Cầu Kè"


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Công văn số 1790/STTTT-BCVTCNTT ngày 09/9/2022 của Sở Thông tin.", "1790/STTTT-BCVTCNTT"),
        ("theo chỉ đạo của cấp trên", None),
        ("", None),
    ],
)
def test_a_typed_legal_basis_is_cited_where_it_names_a_document(world, words, number) -> None:
    from quetsach_portal.letters.cascade import authority_of

    world.campaign.legal_basis = words
    cited = authority_of(world.campaign)
    assert (None if cited is None else cited.number) == number


def test_a_letter_rests_only_on_one_that_its_unit_received(world) -> None:
    actor = world.user("TC01", Role.COMPILER)
    other = staged.outside(world, "TC")
    with pytest.raises(Refused):
        drafting.create_draft(
            world.nodes["TC01"], based_on=other, template_code=LAUNCH, actor=actor
        )
    with pytest.raises(Refused):
        drafting.create_draft(world.nodes["TC01"], based_on=None, template_code=LAUNCH, actor=actor)


def test_the_deadline_is_not_later_than_the_units_own(world) -> None:
    letter = staged.draft(world)
    own = timezone.localtime(world.phase.due_at).date()
    actor = world.user("TC", Role.COMPILER)
    late = staged.wording(letter, deadline=own + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        drafting.change_draft(letter.pk, late, revision=letter.revision, actor=actor)
    assert refused.value.field == "deadline"
    drafting.change_draft(
        letter.pk, staged.wording(letter, deadline=own), revision=letter.revision, actor=actor
    )


def test_a_lower_level_is_bound_by_the_letter_above_as_well(world) -> None:
    first = staged.released(world)
    Letter.objects.filter(pk=first.pk).update(deadline=staged.tomorrow())
    first.refresh_from_db()
    ExpectedReport.objects.filter(node=world.nodes["TC01"]).update(
        due_at=timezone.now() + timedelta(days=20)
    )
    second = staged.draft(world, "TC01", first)
    assert second.deadline == staged.tomorrow()
    later = staged.wording(second, deadline=staged.tomorrow() + timedelta(days=1))
    with pytest.raises(Refused):
        drafting.change_draft(
            second.pk, later, revision=second.revision, actor=world.user("TC01", Role.COMPILER)
        )


def test_how_many_days_a_level_took_is_kept(world) -> None:
    first = staged.released(world)
    assert first.passed_on_days == 9
    second = staged.numbered(world, "TC01", first)
    Letter.objects.filter(pk=first.pk).update(released_at=timezone.now() - timedelta(days=4))
    out = releasing.release(
        second.pk, DeliveryChannels(), start_mails=False, actor=world.user("TC01", Role.CLERK)
    )
    assert out.passed_on_days == 4
