"""Links for print and redirects begin with the public address, whatever a request says."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

import quetsach_portal
from quetsach_portal.participation import actions as participation
from quetsach_portal.people.models.roles import Role
from quetsach_portal.web.public_address import (
    PublicAddressMiddleware,
    public_address,
    public_host,
)
from tests.documents.sheets import code_on
from tests.oracles import qr
from tests.portal.world import PASSWORD

pytestmark = pytest.mark.django_db

PUBLIC = "https://qs.example:8443"
HOSTS = ["127.0.0.1", "localhost:9", "testserver"]


@pytest.fixture(autouse=True)
def behind_tls(settings) -> None:
    """The portal is reached as PUBLIC; a proxy hands requests on as http with any known host."""
    settings.QUETSACH = replace(settings.QUETSACH, public_url=PUBLIC)
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver", "qs.example"]


@pytest.mark.parametrize("host", HOSTS)
def test_the_address_of_a_calendar(world, client_of, host: str) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    page = f"/calendars/units/{world.units['TC01'].pk}/"
    address = client.post(page, {"name": "a"}, headers={"host": host}).context["address"]
    assert address.startswith(f"{PUBLIC}/calendar/")


@pytest.mark.parametrize("host", HOSTS)
def test_the_address_behind_a_code(world, client_of, host: str) -> None:
    node = world.nodes["TC01"]
    participation.make_codes(node, actor=world.user("TC01", Role.FOCAL_POINT))
    client = client_of("TC01", Role.FOCAL_POINT)
    page = client.get(f"/participation/{node.pk}/", headers={"host": host})
    addresses = [address for _code, address in page.context["codes"]]
    assert addresses
    assert all(address.startswith(f"{PUBLIC}/join/") for address in addresses)


@pytest.mark.parametrize("host", HOSTS)
def test_the_link_on_the_paper_of_a_week(world, client_of, host: str) -> None:
    client = client_of("TC", Role.LEAD_OWNER)
    path = f"/figures/{world.campaign.pk}/week.pdf"
    paper = client.get(path, headers={"host": host}).content
    assert qr.read(code_on(paper)).startswith(f"{PUBLIC}/figures/{world.campaign.pk}/week/")


@pytest.mark.asvs("V3.7.2")
@pytest.mark.parametrize("host", HOSTS)
def test_the_way_back_after_a_choice_of_language(host: str) -> None:
    def back(to: str) -> str:
        form = {"language": "en", "next": to}
        return Client().post(reverse("switch_language"), form, headers={"host": host})["Location"]

    assert back("/about/?a=1") == "/about/?a=1"
    assert back(f"{PUBLIC}/about/") == f"{PUBLIC}/about/"
    for elsewhere in (f"http://{host}/about/", "https://evil.example/", "//evil.example/"):
        assert back(elsewhere) == "/"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("secure", [False, True])
def test_what_a_library_makes_of_a_request(host: str, secure: bool) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        places = (None, "/a/?b=1", "c/", "?d=2", "https://other.example/x")
        return HttpResponse("\n".join(request.build_absolute_uri(one) for one in places))

    request = RequestFactory().get("/here/?q=1", headers={"host": host}, secure=secure)
    made = PublicAddressMiddleware(answer)(request).content.decode().split("\n")
    assert made == [
        f"{PUBLIC}/here/?q=1",
        f"{PUBLIC}/a/?b=1",
        f"{PUBLIC}/here/c/",
        f"{PUBLIC}/here/?d=2",
        "https://other.example/x",
    ]


def test_the_parts_of_the_public_address() -> None:
    assert public_address("/x/") == f"{PUBLIC}/x/"
    assert public_host() == "qs.example:8443"


def test_no_code_or_page_asks_a_request_for_its_scheme_or_host() -> None:
    asking = re.compile(r"\.build_absolute_uri\(|\bget_host\b|request\.scheme|get_current_site")
    root = Path(quetsach_portal.__file__).parent
    files = [*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")]
    assert len(files) > 500
    # Whether the Referer of a request is of its own host: nothing is printed or led to by it.
    compares = {root / "people/kept_forms.py"}
    asks = [one for one in files if one not in compares and asking.search(one.read_text("utf-8"))]
    assert asks == []


# What depends on the scheme, though a proxy hands requests on as http.


@pytest.mark.asvs("V3.4.1", "V12.2.1")
def test_behind_tls_every_answer_says_that_https_stays(settings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    said = Client().get("/account/login/").headers["Strict-Transport-Security"]
    assert said == "max-age=31536000; includeSubDomains"
    settings.QUETSACH = replace(settings.QUETSACH, public_url="http://127.0.0.1:8000")
    assert "Strict-Transport-Security" not in Client().get("/account/login/").headers


@pytest.mark.asvs("V3.5.1", "V10.2.1")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": PUBLIC}, 302),
        ({"referer": f"{PUBLIC}/about/"}, 302),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": PUBLIC.replace("https", "http")}, 403),
        ({"referer": "https://evil.example/x"}, 403),
        ({"referer": f"http://{PUBLIC.removeprefix('https://')}/about/"}, 403),
        ({"origin": "https://evil.example", "referer": f"{PUBLIC}/about/"}, 403),
        ({}, 403),
    ],
)
def test_a_form_of_another_site_is_refused_behind_tls(headers, status: int, settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = [PUBLIC]
    client = Client(enforce_csrf_checks=True)
    token = client.get("/account/login/").context["csrf_token"]
    form = {"language": "en", "next": "/about/", "csrfmiddlewaretoken": str(token)}
    answer = client.post(reverse("switch_language"), form, headers=headers)
    assert answer.status_code == status


@pytest.mark.asvs("V3.3.1", "V3.3.2", "V3.3.3", "V3.3.4")
def test_under_https_no_other_host_can_set_a_cookie(world, tmp_path: Path) -> None:
    """Each cookie of a sign-in and of a page after it, as a portal with https writes them."""
    asking = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, "
        "s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN)"
    )
    names = {}
    for address in ("https://qs.example", "http://127.0.0.1:8000"):
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
            "QUETSACH_HOME": str(tmp_path),
            "QUETSACH_URL": address,
        }
        run = [sys.executable, "-c", asking]
        names[address] = subprocess.run(
            run, env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
    assert names["https://qs.example"] == [
        "__Host-sessionid",
        "__Host-csrftoken",
        *["True", "True", "None", "None"],
    ]
    assert names["http://127.0.0.1:8000"][:2] == ["sessionid", "csrftoken"]


@pytest.mark.asvs("V3.3.1", "V3.3.2", "V3.3.3", "V3.3.4")
def test_the_portal_s_own_cookies_are_as_safe(world, settings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    client = Client()
    user = world.user("TC01", Role.FOCAL_POINT)
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    client.post(reverse("switch_language"), {"language": "en", "next": "/"})
    client.get("/account/profile/")
    client.post("/account/profile/", {"name": "Ánh", "language": "vi"})
    cookies = dict(client.cookies)
    assert {"__Host-sessionid", "__Host-csrftoken", "__Host-language"} <= set(cookies)
    assert {"__Host-messages"} <= set(cookies)
    for name, morsel in cookies.items():
        said = [morsel[key] for key in ("secure", "httponly", "samesite", "domain")]
        assert said == [True, True, "Lax", ""], name
        if name.startswith("__Host-"):
            assert morsel["path"] == "/"
        else:
            assert name.startswith("__Secure-")
            assert morsel["path"] == "/account/"
    assert len(cookies) >= 5
