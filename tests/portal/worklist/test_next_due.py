"""After a report was sent, the clerk is led to the next thing that is due."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import ExpectedReport, Phase
from quetsach_portal.cases.models.case import Case
from quetsach_portal.people.models.roles import Role
from tests.portal.cases import rows
from tests.portal.reports.acting import slot_of, submitted
from tests.portal.worklist.commune import CODE, looked_at_all, received, send
from tests.portal.worklist.conftest import clerk as clerk
from tests.portal.worklist.pages import SignIn, page
from tests.portal.world import World, make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(world: World, clerk: Client) -> Client:
    """The clerk who has just sent the report."""
    received(world)
    looked_at_all(world)
    send(clerk, world)
    return clerk


def test_nothing_is_left_and_the_next_phase_is_named(world: World, sent: Client) -> None:
    assert "Không còn việc nào đến hạn." in page(sent)
    assert sent.get("/today/next/").headers["Location"] == "/"
    first, now = slot_of(world, CODE), timezone.now()
    later = Phase.objects.create(
        campaign=world.campaign,
        no=2,
        opens_at=now + timedelta(days=10),
        due_at=now + timedelta(days=20),
    )
    ExpectedReport.objects.create(node=first.node, phase=later, due_at=later.due_at)
    assert "Báo cáo tiếp theo: đợt 2, hạn trước" in page(sent)


def test_a_machine_comes_before_another_campaign_that_is_due_later(
    world: World, sent: Client
) -> None:
    first = world.campaign
    case = rows.make_case(world, CODE)
    other = make_campaign(world)
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(days=90))
    address = f"/?campaign={other.pk}"
    assert sent.get(f"/today/next/?campaign={first.pk}").headers["Location"] == address
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(hours=1))
    source = page(sent, f"?campaign={first.pk}")
    assert "Việc tiếp theo:" in source
    assert f'href="/cases/{case.pk}/"' in source
    answer = sent.get(f"/today/next/?campaign={first.pk}")
    assert answer.headers["Location"] == f"/cases/{case.pk}/"


def test_an_office_goes_on_with_what_stands_first_on_its_page(
    world: World, client_of: SignIn
) -> None:
    submitted(world, "TC01A")
    office = client_of("TC01", Role.COMPILER)
    answer = office.get("/today/next/")
    assert answer.headers["Location"] == f"/reports/{slot_of(world, 'TC01').pk}/below/"
