"""The page: the effects are shown before, a second owner confirms what was read."""

import pytest
from django.test import Client
from django.urls import reverse

from quetsach_portal.campaigns.models.campaign import ExpectedReport, Phase
from quetsach_portal.campaigns.models.corrections import CampaignCorrection
from quetsach_portal.lifecycle.correcting import asking
from quetsach_portal.people.models.roles import Role
from tests.portal.lifecycle.correcting.correctable import in_days, second
from tests.portal.signing_in import signed_in
from tests.portal.world import World


def shown_in(page: str) -> str:
    """Return the digest that the page carries."""
    return page.partition('name="shown" value="')[2].partition('"')[0]


def owners(world: World) -> tuple[Client, Client, str]:
    clients = signed_in(world.user("TC", Role.LEAD_OWNER)), signed_in(second(world))
    return *clients, reverse("campaigns:correct", args=[world.campaign.pk])


def test_a_date_is_shown_asked_for_and_confirmed(world: World) -> None:
    first, other, address = owners(world)
    day = in_days(20)
    typed = {"kind": "date", "phase": "1", "level": "0", "day": f"{day:%d/%m/%Y}", "reason": "Bão"}
    preview = first.post(address, {**typed, "act": "preview"}).content.decode()
    assert f"{day:%d/%m/%Y}" in preview
    assert "Nhắc" in preview
    assert not CampaignCorrection.objects.exists()
    # What was not shown, or was shown of another day, is shown and not asked for.
    for shown in ("", "x"):
        assert first.post(address, {**typed, "act": "ask", "shown": shown}).status_code == 200
    assert not CampaignCorrection.objects.exists()
    asked = first.post(address, {**typed, "act": "ask", "shown": shown_in(preview)})
    assert asked.status_code == 302
    own, page = first.get(address).content.decode(), other.get(address).content.decode()
    assert ('value="confirm"' in own, 'value="confirm"' in page) == (False, True)
    assert "Bão" in page
    question = CampaignCorrection.objects.get()
    decision = {"act": "confirm", "correction": str(question.pk), "shown": shown_in(page)}
    assert other.post(address, {**decision, "shown": "x"}).status_code == 200
    assert Phase.objects.get().due_at == in_days(10)
    assert other.post(address, decision).status_code == 302
    assert set(ExpectedReport.objects.values_list("due_at", flat=True)) == {day}
    after = first.get(address).content.decode()
    assert "Bão" in after
    assert f"{day:%d/%m/%Y}" in after


def test_a_text_and_a_unit_are_asked_for_with_what_was_typed(world: World) -> None:
    first, other, address = owners(world)
    texts = {"kind": "text", "title": "Tên mới", "tasks": "Một\n\nHai", "reason": "Sai"}
    preview = first.post(address, {**texts, "act": "preview"}).content.decode()
    first.post(address, {**texts, "act": "ask", "shown": shown_in(preview)})
    question = CampaignCorrection.objects.get()
    assert question.proposal == {"title": "Tên mới", "tasks": ["Một", "Hai"]}
    page = other.get(address).content.decode()
    other.post(address, {"act": "confirm", "correction": question.pk, "shown": shown_in(page)})
    assert (
        "Tên mới" in other.get(reverse("campaigns:show", args=[world.campaign.pk])).content.decode()
    )
    assert "Chiến dịch làm sạch" in other.get(address).content.decode(), "the old title stays"
    unit = {"kind": "unit", "act": "preview", "what": "leave_out", "unit": "TC02", "reason": "Sai"}
    assert world.nodes["TC02"].name_at_freeze in first.post(address, unit).content.decode()
    wrong = first.post(address, {**unit, "unit": "không có"}).content.decode()
    assert shown_in(wrong) == ""


@pytest.mark.parametrize("role", [Role.LEAD_ANALYST, Role.COMPILER])
def test_only_owners_open_it(world: World, role: Role) -> None:
    client = signed_in(world.user("TC", role))
    assert client.get(reverse("campaigns:correct", args=[world.campaign.pk])).status_code == 403


def test_a_question_that_can_no_longer_be_done_says_so(world: World) -> None:
    first, other, address = owners(world)
    plan = asking.plan_for(world.campaign, "text", {"title": "Tên mới"})
    owner = world.user("TC", Role.LEAD_OWNER)
    asking.ask(world.campaign, "text", plan.proposal, reason="x", shown=plan.digest, actor=owner)
    type(world.campaign).objects.update(title="Tên mới")
    page = other.get(address).content.decode()
    assert ('value="confirm"' in page, 'value="decline"' in page) == (False, True)
    assert first.get(address).status_code == 200
