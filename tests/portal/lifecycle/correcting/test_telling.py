"""Each unit that a correction touches gets one mail, with what is corrected for it and why."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.followup.models import FollowupMail
from quetsach_portal.jobs.queue import LEASE, LeaseLost
from quetsach_portal.lifecycle.correcting import telling, units
from quetsach_portal.people.models.news import NewsEvent, NewsKind
from tests.portal.lifecycle.correcting.correctable import corrected, date_asked, in_days
from tests.portal.working import claim, run_ready
from tests.portal.world import World


def mails() -> dict[str, str]:
    rows = FollowupMail.objects.filter(kind="correction").select_related("node__unit")
    return {mail.node.unit.code: mail.body for mail in rows}


def test_of_a_level_only_its_units_are_told_of_their_own_date(world: World) -> None:
    world.phase.working_days = False
    world.phase.save()
    corrected(world, "date", date_asked(in_days(6), level=2), reason="Bão số 9")
    run_ready()
    third = CampaignNode.objects.filter(depth=2).values_list("unit__code", flat=True)
    assert set(mails()) == set(third) == {"TC01A"}
    (body,) = mails().values()
    assert f"{in_days(6):%d/%m/%Y}" in body
    assert f"{in_days(10):%d/%m/%Y}" in body
    assert "Bão số 9" in body
    run_ready()
    assert FollowupMail.objects.count() == 1


def test_a_text_goes_to_all_and_a_unit_to_itself_and_its_office(world: World) -> None:
    corrected(world, "text", {"title": "Tên mới"})
    run_ready()
    assert len(mails()) == CampaignNode.objects.count()
    assert all("Tên mới" in body for body in mails().values())
    FollowupMail.objects.all().delete()
    corrected(world, "unit", {"act": units.LEAVE_OUT, "unit": world.units["TC01A"].pk})
    run_ready()
    assert set(mails()) == {"TC01A", "TC01"}


def test_each_unit_has_one_piece_of_news_however_often_the_job_is_tried(world: World) -> None:
    corrected(world, "text", {"title": "Tên mới"})
    silent_for = LEASE + timedelta(seconds=10)
    tries = [claim(f"worker {n}", timezone.now() + n * silent_for) for n in range(2)]
    news = NewsEvent.objects.filter(kind=NewsKind.CORRECTED)
    with pytest.raises(LeaseLost):
        telling.tell_units(tries[0])
    assert not news.exists(), "the second worker writes it"
    telling.tell_units(tries[1])
    assert news.count() == CampaignNode.objects.count()
    last_try = claim("worker 2", timezone.now() + 3 * silent_for)
    telling.tell_units(last_try)
    assert news.count() == CampaignNode.objects.count()
    assert FollowupMail.objects.count() == CampaignNode.objects.count()


def test_a_later_try_goes_on_behind_the_last_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "NODES_AT_ONCE", 1)
    corrected(world, "text", {"title": "Tên mới"})
    work = claim("worker")
    first = CampaignNode.objects.order_by("pk").first()
    work.note(last=first.pk)
    telling.tell_units(claim("other", timezone.now() + 2 * LEASE))
    news = NewsEvent.objects.filter(kind=NewsKind.CORRECTED)
    others = CampaignNode.objects.exclude(pk=first.pk)
    assert sorted(news.values_list("unit", flat=True)) == sorted(
        others.values_list("unit", flat=True)
    )
