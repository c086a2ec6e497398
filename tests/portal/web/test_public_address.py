"""Links for print and redirects begin with the public address, whatever a request says."""

import re
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
    asks = [one for one in files if asking.search(one.read_text(encoding="utf-8"))]
    assert asks == []
