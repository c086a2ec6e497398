"""What the public sees is what was previewed; no sign-in, no cookie, no small unit."""

import json

import pytest
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import CampaignState, NodeCounter
from quetsach_portal.publishing.figures import actions
from quetsach_portal.publishing.models import PublicFigures
from quetsach_portal.web.acts import Refused
from tests.portal.publishing.figures.shown import published

pytestmark = pytest.mark.django_db


def seen(world) -> dict:
    return Client().get(f"/public/{world.campaign.pk}/figures.json").json()


def test_P1_a_unit_with_six_people_does_not_show_alone(sized, owner) -> None:
    published(sized, owner)
    content = seen(sized)
    assert [row["name"] for row in content["rows"]] == [""]
    assert content["total"]["joined_staff"] == 30
    assert content["total"]["found"] is None
    assert "Hai" not in json.dumps(content, ensure_ascii=False)


def test_P1_large_units_show_in_tens_beside_the_group(sized, owner) -> None:
    NodeCounter.objects.filter(node=sized.nodes["TC02"]).update(staff=60, joined_staff=57)
    published(sized, owner)
    rows = {row["name"]: row for row in seen(sized)["rows"]}
    assert rows["Ủy ban nhân dân xã Hai"]["joined_staff"] == 50
    assert rows["Ủy ban nhân dân xã Một"]["joined_staff"] == 20
    assert rows["Ủy ban nhân dân xã Một"]["units"] == 2


def test_P1_the_next_day_a_few_more_show_nothing(sized, owner, monkeypatch) -> None:
    first = published(sized, owner)
    PublicFigures.objects.filter(pk=first.pk).update(day="2022-09-01")
    NodeCounter.objects.filter(node=sized.nodes["TC"]).update(joined_staff=39)
    before = seen(sized)["total"]
    published(sized, owner)
    assert seen(sized)["total"] == before


def test_what_is_published_is_what_was_previewed(sized, owner) -> None:
    first = actions.prepare(sized.campaign, text="A", actor=owner)
    second = actions.prepare(sized.campaign, text="B", actor=owner)
    for figures, sha256 in ((first, first.sha256), (second, first.sha256)):
        with pytest.raises(Refused):
            actions.publish(figures, sha256=sha256, actor=owner)
    actions.publish(second, sha256=second.sha256, actor=owner)


def test_one_publication_a_day(sized, owner) -> None:
    published(sized, owner)
    with pytest.raises(Refused):
        published(sized, owner)


def test_figures_that_are_taken_back_leave_what_was_before(sized, owner) -> None:
    first = published(sized, owner)
    PublicFigures.objects.filter(pk=first.pk).update(day="2022-09-01")
    second = published(sized, owner)
    actions.withdraw(second, reason="nhầm đợt", actor=owner)
    assert seen(sized)["sha256"] == first.sha256
    acts = list(AuditEvent.objects.filter(action__startswith="public.").values_list("action"))
    assert ("public.withdrawn",) in acts


def test_a_campaign_that_does_not_run_has_no_public_figures(world, owner) -> None:
    world.campaign.state = CampaignState.READY
    world.campaign.save()
    with pytest.raises(Refused):
        actions.prepare(world.campaign, text="", actor=owner)
