"""The page proposes who takes part as the letter says, and freezes what a person ticked."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit

pytestmark = pytest.mark.django_db


def frozen_codes() -> set[str]:
    return set(CampaignNode.objects.values_list("unit__code", flat=True))


def test_the_page_proposes_what_the_letter_calls(seed_owner: User, seed_district: Campaign) -> None:
    page, client = reverse("campaigns:freeze", args=[seed_district.pk]), Client()
    client.force_login(seed_owner)
    text = client.get(page).content.decode()
    assert "44" in text
    assert "03 hệ" in text
    today = timezone.localdate().strftime("%d/%m/%Y")
    typed = {"day": today, "first": "territory", "lines": ["territory", "mass_org"]}
    refused = client.post(page, typed | {"act": "freeze"})
    assert (refused.status_code, CampaignNode.objects.count()) == (200, 0)
    preview_page = client.post(page, typed | {"act": "preview"})
    assert (preview_page.status_code, CampaignNode.objects.count()) == (200, 0)
    client.post(page, typed | {"act": "freeze", "reason": "Huyện ủy có chiến dịch riêng"})
    assert "HU" not in frozen_codes()
    assert len(frozen_codes()) == 38
    outside = client.get(reverse("campaigns:outside", args=[seed_district.pk])).content.decode()
    assert "Huyện ủy Trà Cú" in outside


def test_ticks_of_the_page_leave_out_and_add(seed_owner: User, seed_district: Campaign) -> None:
    page, client = reverse("campaigns:freeze", args=[seed_district.pk]), Client()
    client.force_login(seed_owner)
    communes = [OrgUnit.objects.get(code=code).pk for code in ("TC01", "TC02", "TC03")]
    typed = {
        "act": "freeze",
        "day": timezone.localdate().strftime("%d/%m/%Y"),
        "lines": ["territory", "party", "mass_org"],
        "shown": communes,
        "members": communes[:2],
        "reason": "Đang sáp nhập",
    }
    client.post(page, typed)
    assert len(frozen_codes()) == 43
    assert "TC03" not in frozen_codes()
    client.post(page, typed | {"added": [communes[2]], "members": communes[:2], "shown": []})
    assert len(frozen_codes()) == 44
