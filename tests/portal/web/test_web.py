"""What every page shares."""

import pytest
from django import forms
from django.http import HttpRequest, QueryDict
from django.template import engines
from django.test import Client, RequestFactory
from django.utils import timezone

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.middleware import client_address
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused, attempt
from quetsach_portal.web.paging import page_of
from quetsach_portal.web.templatetags.web import age, share, tag

pytestmark = pytest.mark.django_db


def asking(query: str) -> HttpRequest:
    request = HttpRequest()
    request.GET = QueryDict(query)
    return request


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("2", 2), ("0", 1), ("-3", 1), ("zwei", 1), ("٣", 1), ("9" * 400, 999_999)],
)
def test_a_page_number_that_is_none_is_the_first(world, asked: str, number: int) -> None:
    page = page_of(OrgUnit.objects.order_by("pk"), asking(f"page={asked}"), per=2)
    assert page.number == min(number, 100_000)


def test_a_page_knows_whether_another_follows_and_keeps_the_filter(world) -> None:
    units = OrgUnit.objects.order_by("pk")
    first = page_of(units, asking("kind=x&page=1"), per=2)
    assert (len(first.rows), first.has_next, first.query) == (2, True, "kind=x&")
    last = page_of(units, asking("page=3"), per=2)
    assert (len(last.rows), last.has_next) == (1, False)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert share(999, 1000) == "99 %"
    assert share(1000, 1000) == "100 %"
    assert share(0, 0) == "–"
    assert share(None, 3) == "–"


def test_an_age_is_told_in_days() -> None:
    assert age(None) == "–"
    assert "3" in age(timezone.now() - timezone.timedelta(days=3, hours=5))


def test_a_tag_escapes_what_it_shows() -> None:
    assert "<b>" not in tag("<b>x</b>", "no-such-tone")
    assert "tag-calm" in tag("x", 'bad" onclick="')


class OneField(forms.Form):
    number = forms.CharField()


def test_what_an_act_refuses_stands_beside_its_field() -> None:
    def refuse() -> None:
        raise Refused("too many", field="number")

    form = OneField({"number": "5"})
    assert form.is_valid()
    assert attempt(form, refuse) is None
    assert form.errors["number"] == ["too many"]


def test_the_error_summary_leads_to_the_field() -> None:
    form = OneField({"number": ""})
    shown = engines["django"].from_string("{% error_summary form %}").render({"form": form})
    assert 'href="#id_number"' in shown
    assert 'role="alert"' in shown


def test_R4_a_forwarded_address_is_believed_from_our_own_proxy_alone(settings) -> None:
    forged = RequestFactory().get(
        "/", REMOTE_ADDR="198.51.100.9", HTTP_X_FORWARDED_FOR="203.0.113.1", HTTP_X_REAL_IP="::1"
    )
    assert client_address(forged) == "198.51.100.9"
    from dataclasses import replace

    settings.QUETSACH = replace(settings.QUETSACH, trusted_proxies=("198.51.100.9",))
    assert client_address(forged) == "203.0.113.1"


def test_P4_a_page_is_kept_by_no_cache_and_by_no_frame(world, client_of) -> None:
    answer = client_of("TC", Role.COMPILER).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_W1_the_policy_allows_no_script_or_style_in_a_page(world, client_of) -> None:
    policy = client_of("TC", Role.COMPILER).get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_language_is_kept_with_the_person(world, client_of) -> None:
    client = client_of("TC", Role.COMPILER)
    assert 'lang="vi"' in client.get("/").content.decode()
    answer = client.post("/language", {"language": "en", "next": "/units/"})
    assert answer.headers["Location"] == "/units/"
    world.user("TC", Role.COMPILER).refresh_from_db()
    assert world.user("TC", Role.COMPILER).language == "en"
    assert '<html lang="en"' in client.get("/").content.decode()


def test_the_language_switch_leads_nowhere_else(world) -> None:
    for place in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = Client().post("/language", {"language": "en", "next": place})
        assert answer.headers["Location"] == "/"


def test_a_page_that_is_not_there_is_told_in_words(world, client_of) -> None:
    answer = client_of("TC", Role.COMPILER).get("/no/such/page")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()
    told = Client().get("/api/v1/no-such-thing")
    assert (told.status_code, told.json()["detail"]) == (404, "not found")


def test_who_is_not_signed_in_is_asked_to(world) -> None:
    answer = Client().get("/units/?q=x")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/login/?next=/units/%3Fq%3Dx"


@pytest.mark.django_db
def test_numbers_and_signs_that_no_database_takes_are_no_errors_of_ours(client_of) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    client.raise_request_exception = False
    for address, status in (
        (f"/people/person/{2**63}/", 404),
        (f"/campaigns/?page={'9' * 5000}", 200),
        ("/campaigns/?page=99999", 200),
        ("/units/?q=a%00b", 400),
        ("/join/a%00b/", 400),
    ):
        assert client.get(address).status_code == status, address[:40]
