"""No form takes a sign that controls or turns the text beside it; passwords stay as typed."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from quetsach_portal.campaigns.models.campaign import Campaign
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.plain_text import PlainFieldsMiddleware, one_line, without_turning


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ủy ban nhân dân xã Một", "Ủy ban nhân dân xã Một"),
        ("Dòng một\r\n\tdòng hai\n", "Dòng một\r\n\tdòng hai\n"),
        ("bao-cao\u202efdp.exe", "bao-caofdp.exe"),
        ("\u2066a\u2069\x1b[31mb\x00\x9b\u2028c", "a[31mbc"),
        ("Nguye\u0302\u0303n \u200b", "Nguye\u0302\u0303n \u200b"),
    ],
)
def test_lines_stay_and_signs_that_turn_them_go(text: str, kept: str) -> None:
    assert without_turning(text) == kept
    assert without_turning(kept) == kept
    assert "\n" not in one_line(text)


def through(method: str, fields: dict[str, object], view: object) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(), method)("/", fields)
    PlainFieldsMiddleware(lambda _request: HttpResponse()).process_view(request, view, (), {})
    return request


def view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_all_values_of_a_field_are_cleaned_and_a_password_is_not() -> None:
    typed = {"name": ["a\u202eb", "c"], "password": "x\u202ey", "again": "x\u202ey"}
    sent = through("post", typed, view).POST
    assert sent.getlist("name") == ["ab", "c"]
    assert (sent["password"], sent["again"]) == ("x\u202ey", "x\u202ey")
    with pytest.raises(AttributeError):
        sent["name"] = "d"


def test_what_has_no_token_keeps_its_body_unread() -> None:
    def outside(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    outside.csrf_exempt = True  # type: ignore[attr-defined]
    request = through("post", {"name": "a\u202eb"}, outside)
    assert "_post" not in vars(request)


@pytest.mark.django_db
@pytest.mark.asvs("V1.3.3")
def test_the_title_of_a_campaign_turns_nothing(world, client_of) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    typed = {"title": "Đợt\u202e moc.\u2069 hai\x07", "legal_basis": "Công\u2028 văn"}
    client.post("/campaigns/new/", {**typed, "goal": "", "page_url": ""})
    campaign = Campaign.objects.latest("pk")
    assert (campaign.title, campaign.legal_basis) == ("Đợt moc. hai", "Công văn")
