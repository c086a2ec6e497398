"""Pages of the follow-up: few queries, and nothing happens by opening one."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.campaigns.expected_reports import report_in
from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    ReportCounter,
)
from quetsach_portal.followup.models import (
    DeclarationState,
    DeployDeclaration,
    ExtensionState,
    FollowupMail,
    Receipt,
    Silence,
)
from quetsach_portal.followup.reminders import escalate
from quetsach_portal.people.models.roles import Role
from tests.portal.followup.acting import (
    ask_two_mails,
    asked,
    deployed,
    node,
    received,
    slot,
    told,
)
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World, make_unit

pytestmark = pytest.mark.django_db


def test_A2_fields_that_do_not_belong_to_the_form_do_nothing(world: World, client_of) -> None:
    received(world, "TC01")
    form = {
        "done": "announced",
        "links": "https://xa.example/tin",
        "state": "checked",
        "node": world.nodes["TC02"].pk,
        "checked_by": 1,
    }
    client = client_of("TC01", Role.FOCAL_POINT)
    assert client.post(f"/followup/units/{world.nodes['TC01'].pk}/deploy/", form).status_code == 302
    made = DeployDeclaration.objects.get()
    assert (made.node, made.state) == (world.nodes["TC01"], DeclarationState.DECLARED)
    assert made.checked_by is None


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_A7_opening_the_link_confirms_nothing(world: World, client_of, method: str) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    for name in ("receive/", "", "deploy/"):
        getattr(client, method)(f"/followup/units/{world.nodes['TC01'].pk}/{name}")
    assert not Receipt.objects.exists()
    assert node(world, "TC01").received_at is None


def test_A6_a_decision_asks_again_who_is_there(world: World) -> None:
    extension = asked(world)
    address = f"/followup/more-time/{extension.pk}/"
    old = signed_in(world.user("TC", Role.COMPILER), minutes_ago=11)
    response = old.post(address, {"answer": "refuse", "decision": "x"})
    assert response.status_code == 302
    assert "reauthenticate" in response.headers["Location"]
    extension.refresh_from_db()
    assert extension.state == ExtensionState.ASKED


def test_A2_the_new_deadline_is_not_taken_from_other_fields(world: World, client_of) -> None:
    extension = asked(world)
    form = {"answer": "refuse", "decision": "không", "new_due_at": "2099-01-01", "state": "granted"}
    client_of("TC", Role.COMPILER).post(f"/followup/more-time/{extension.pk}/", form)
    extension.refresh_from_db()
    assert (extension.state, extension.new_due_at) == (ExtensionState.REFUSED, None)
    assert slot(world, "TC01").due_at == world.phase.due_at


def test_a_unit_that_answers_leaves_the_list(world: World, client_of) -> None:
    told(world, "TC01", "TC02", days=4)
    escalate(world.campaign)
    received(world, "TC01")
    page = client_of("TC", Role.COMPILER).get(f"/followup/campaigns/{world.campaign.pk}/silent/")
    assert "xã Hai" in page.content.decode()
    assert "xã Một" not in page.content.decode()
    assert Silence.objects.count() == 2


def test_mails_that_failed_are_listed_for_who_reminds_and_for_nobody_else(
    world: World, sink, client_of
) -> None:
    ask_two_mails(world)
    sink.recipient_reply = lambda address: "550 no such user" if "tc01" in address else ""
    run_ready()
    failed, sent = FollowupMail.objects.order_by("pk")
    address = f"/followup/campaigns/{failed.node.campaign_id}/mails/"
    page = client_of("TC", Role.COMPILER).get(address).content.decode()
    assert failed.address in page
    assert "no such user" in page
    assert sent.address not in page
    assert client_of("TC", Role.AUDITOR).get(address).status_code == 403


def test_pages_of_who_reminds_say_why_mails_wait(world: World, client_of, settings) -> None:
    settings.EMAIL_HOST = ""
    ask_two_mails(world)
    run_ready()
    campaign = f"/followup/campaigns/{world.campaign.pk}/"
    compiler, auditor = client_of("TC", Role.COMPILER), client_of("TC", Role.AUDITOR)
    for address in (f"{campaign}ladder/", f"{campaign}mails/"):
        assert "QUETSACH_SMTP_HOST" in compiler.get(address).content.decode(), address
    assert "QUETSACH_SMTP_HOST" not in auditor.get(f"{campaign}ladder/").content.decode()


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["ladder/", "ladder/?view=grid", "completeness/", "silent/"])
def test_the_number_of_queries_does_not_grow_with_the_tree(world, client_of, name: str) -> None:
    told(world, "TC01", "TC02", "TC01A")
    escalate(world.campaign)
    client = client_of("TC", Role.COMPILER)
    address = f"/followup/campaigns/{world.campaign.pk}/{name}"
    client.get(address)
    few = queries(client, address)
    grown(world)
    assert queries(client, address) == few
    assert few <= 26


def grown(world: World) -> None:
    """Put forty more units into the campaign."""
    root = world.nodes["TC"]
    for number in range(40):
        unit = make_unit(f"Y{number:03d}", world.units["TC"])
        made = CampaignNode.objects.create(
            campaign=world.campaign,
            unit=unit,
            parent=root,
            path="/0/",
            depth=1,
            name_at_freeze=unit.name,
        )
        made.path = f"{root.path}{made.pk}/"
        made.save()
        NodeCounter.objects.create(node=made, units=1)
        ReportCounter.objects.create(node=made, phase=world.phase, expected=1)
        ExpectedReport.objects.create(phase=world.phase, node=made, due_at=world.phase.due_at)


def test_the_ladder_shows_each_step_with_the_day(world: World, client_of) -> None:
    told(world, "TC01", "TC02")
    deployed(world, "TC01")
    report_in(slot(world, "TC01"), timezone.now())
    page = (
        client_of("TC", Role.COMPILER)
        .get(f"/followup/campaigns/{world.campaign.pk}/ladder/")
        .content.decode()
    )
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    first = next(one for one in rows if "xã Một" in one)
    second = next(one for one in rows if "xã Hai" in one)
    assert first.count("✓") == 4
    assert second.count("✓") == 1


def test_the_ladder_is_cut_down_to_the_silent(world: World, client_of) -> None:
    told(world, "TC01", "TC02", days=5)
    received(world, "TC02")
    address = f"/followup/campaigns/{world.campaign.pk}/ladder/?waits=received&days=3"
    page = client_of("TC", Role.COMPILER).get(address).content.decode()
    assert "xã Một" in page
    assert "xã Hai" not in page
    assert "xã Hai" in client_of("TC", Role.COMPILER).get(address + "x").content.decode()


def test_a_day_before_the_campaign_has_no_figures_and_says_so(world: World, client_of) -> None:
    """On the day of the freeze all came in: the day before nothing was known, not today's state."""
    today = timezone.localdate()
    world.campaign.frozen_on = today
    world.campaign.save()
    for code in ("TC", "TC01", "TC02"):
        report_in(slot(world, code), timezone.now())
    client = client_of("TC", Role.LEAD_OWNER)
    for page in ("followup/campaigns/{}/completeness/", "figures/{}/"):
        address = f"/{page.format(world.campaign.pk)}?under={world.nodes['TC'].pk}"
        asked = client.get(f"{address}&on={today - timedelta(days=1):%d/%m/%Y}")
        text = asked.content.decode()
        assert f"Chiến dịch bắt đầu ngày {today:%d/%m/%Y}" in text
        assert "3/4" not in text
        assert "75 %" not in text
        assert "75 %" in client.get(address).content.decode()
