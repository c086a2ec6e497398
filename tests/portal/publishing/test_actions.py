"""Once everybody saw the page, a second owner agrees to a change of what people trust."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Assignment
from quetsach_portal.publishing import actions
from quetsach_portal.publishing.models import ChangeState, PageChange
from quetsach_portal.web.acts import Refused
from tests.portal.access.publishing import SAID
from tests.portal.publishing.changes import OTHER, proposed

pytestmark = pytest.mark.django_db


def test_the_addresses_wait_and_the_rest_is_saved(shown, owner, second) -> None:
    change = proposed(shown, owner)
    page = PublicPage.objects.get()
    assert (page.title, page.address) == ("Đợt hai", SAID["address"])
    assert change.says == {"address": "https://khac.example", "domains": []}
    Job.objects.all().delete()
    actions.agree(change, actor=second)
    page.refresh_from_db()
    assert (page.address, page.domains, page.changed_by) == ("https://khac.example", [], second)
    assert Job.objects.filter(kind="publishing.write").exists()
    with pytest.raises(Refused):
        actions.agree(change, actor=second)


def test_nobody_agrees_with_themselves_nor_with_their_other_hand(shown, owner, second) -> None:
    change = proposed(shown, owner)
    with pytest.raises(Refused):
        actions.agree(change, actor=owner)
    Assignment.objects.filter(user=second).update(given_by=owner)
    with pytest.raises(Refused):
        actions.agree(change, actor=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        PageChange.objects.update(state="agreed", decided_by=owner)
    assert PublicPage.objects.get().address == SAID["address"]


def test_closing_the_page_first_is_no_way_around(shown, owner) -> None:
    actions.close(shown.campaign, reason="nhầm danh sách", actor=owner)
    proposed(shown, owner)
    actions.show(shown.campaign, actor=owner)
    assert PublicPage.objects.get().address == SAID["address"]


def test_another_proposal_takes_the_place_of_the_first(shown, owner, second) -> None:
    first = proposed(shown, owner)
    actions.save_page(shown.campaign, {**SAID, "documents": "https://a.example"}, actor=owner)
    with pytest.raises(Refused):
        actions.agree(first, actor=second)
    latest = PageChange.objects.get(state=ChangeState.WAITING)
    assert latest.says == {"documents": "https://a.example"}
    actions.drop(latest, actor=owner)
    assert PublicPage.objects.get().documents == ""


def test_before_everybody_saw_it_one_owner_writes_it(world, owner) -> None:
    actions.save_page(world.campaign, SAID, actor=owner)
    actions.save_page(world.campaign, OTHER, actor=owner)
    assert PublicPage.objects.get().address == "https://khac.example"
    assert not PageChange.objects.exists()
