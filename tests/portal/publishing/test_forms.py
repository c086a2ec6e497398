"""What the page's own form takes: each code and the official list hang on it."""

import pytest

from quetsach_portal.people.models.roles import Role
from quetsach_portal.publishing.forms import PageForm
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
