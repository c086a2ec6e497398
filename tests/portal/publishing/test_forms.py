"""What the page's own form takes: each code and the official list hang on it."""

import pytest

from quetsach_portal.campaigns.public_page import PublicPage
from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.forms import PageForm
from quetsach_portal.publishing.queries import is_official
from tests.portal.access.publishing import FORM
from tests.portal.signing_in import signed_in


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("address", "https://tr\u0430cu.gov.vn"),
        ("address", "https://bit.ly"),
        ("address", "https://@evil.example"),
        ("address", "https://tracu.gov.vn#@evil.example"),
        ("address", "https://tracu.gov.vn#"),
        ("address", "https://tracu.gov.vn?"),
        ("address", "https://tracu.gov.vn:evil"),
        ("address", "https://203.0.113.5"),
        ("address", "https://evil.example\\.gov.vn"),
        ("address", 'https://x"><script>.example'),
        ("address", "https://xn--trcu-43d.gov.vn"),
        ("address", "https://gov.vn"),
        ("address", "http://tracu.gov.vn"),
        ("documents", "https://bit.ly/abc"),
        ("documents", "https://u:p@evil.example/"),
        ("documents", "https://tr\u0430cu.gov.vn/check"),
        ("documents", "//localhost/x"),
        ("documents", "javascript://localhost/%0aalert(1)"),
        ("documents", "https://tracu.gov.vn/go?to=https://evil.example"),
        ("domains", "xn--trcu-43d.gov.vn"),
        ("domains", "bit.ly"),
        ("domains", "gov.vn"),
        ("domains", "https://tracu.gov.vn"),
        ("domains", "com"),
        ("title", "@@share@@"),
        ("office", "a\u202eb"),
        ("phone", "0294\u2066 1"),
    ],
)
def test_what_hides_whose_it_is_is_refused(field: str, text: str) -> None:
    form = PageForm({**FORM, field: text})
    assert not form.is_valid()
    assert list(form.errors) == [field]


@pytest.mark.parametrize(
    ("field", "text", "taken"),
    [
        ("address", "", ""),
        ("address", "https://QuetSach.Tracu.gov.vn/", "https://quetsach.tracu.gov.vn"),
        ("address", "https://tracu.gov.vn:8443", "https://tracu.gov.vn:8443"),
        ("address", "http://127.0.0.1:8302", "http://127.0.0.1:8302"),
        ("documents", "http://localhost:8302/check", "http://localhost:8302/check"),
        ("documents", "https://tracu.gov.vn/check", "https://tracu.gov.vn/check"),
        ("domains", "Tracu.gov.vn. vinhlong.gov.vn", ["tracu.gov.vn", "vinhlong.gov.vn"]),
        ("domains", "127.0.0.1 tracu.gov.vn", ["127.0.0.1", "tracu.gov.vn"]),
    ],
)
def test_what_is_an_offices_own_is_taken(field: str, text: str, taken: object) -> None:
    form = PageForm({**FORM, field: text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data[field] == taken


@pytest.mark.django_db
def test_changing_showing_and_closing_the_page_ask_again_who_is_there(shown) -> None:
    user = shown.user("TC", Role.LEAD_OWNER)
    chief = signed_in(user, minutes_ago=11)
    at = f"/public-page/campaigns/{shown.campaign.pk}"
    for path in ("page/", "show", "close/"):
        answer = chief.post(f"{at}/{path}", FORM)
        assert "/reauthenticate/" in answer.url


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
