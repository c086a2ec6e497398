"""Which addresses are the campaign's own."""

import pytest

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.queries import is_official
from tests.portal.signing_in import signed_in


@pytest.mark.django_db
def test_the_portal_warns_when_the_page_calls_the_campaigns_own_addresses_fake(shown) -> None:
    campaign = shown.campaign
    campaign.page_url = "https://chien-dich.example/2026"
    campaign.save()
    client = signed_in(shown.user("TC", Role.LEAD_OWNER), minutes_ago=1)
    page = client.get(f"/public-page/campaigns/{campaign.pk}/").content.decode()
    warning = page[page.index("notice-bad") :].partition("</div>")[0]
    assert "https://chien-dich.example/2026" in warning
    assert "https://quetsach.example" not in warning, "it is among the official ones"
    PublicPage.objects.update(domains=["quetsach.example", "chien-dich.example"])
    page = client.get(f"/public-page/campaigns/{campaign.pk}/").content.decode()
    assert "notice-bad" not in page


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://tracu.example", True),
        ("https://sach.tracu.example:8443/x", True),
        ("https://kotracu.example", False),
        ("https://tracu.example.evil.example", False),
    ],
)
def test_an_official_address_is_a_named_host_or_one_below_it(address: str, is_one: bool) -> None:
    assert is_official(address, ["tracu.example"]) is is_one
