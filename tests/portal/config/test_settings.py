"""The settings: what every answer of the portal carries."""

import re
import subprocess
import sys

import pytest
from django.conf import settings as portal_settings
from django.contrib.auth.hashers import get_hashers
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from quetsach_portal.config import settings as shipped
from quetsach_portal.config import urls as portal_urls
from quetsach_portal.config.logging import JsonLines
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V3.4.4", "V3.4.5", "V3.4.6", "V14.2.2", "V14.3.2")
def test_P4_a_page_is_kept_by_no_cache_and_by_no_frame(world, client_of) -> None:
    answer = client_of("TC", Role.COMPILER).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.asvs("V1.2.3", "V3.4.3")
def test_W1_the_policy_allows_no_script_or_style_in_a_page(world, client_of) -> None:
    policy = client_of("TC", Role.COMPILER).get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.asvs("V4.1.1")
@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/khong-co", "text/html; charset=utf-8"),
        ("/api/v1/openapi.json", "application/json"),
        ("/api/v1/units", "application/json; charset=utf-8"),
        ("/offline-worker.js", "text/javascript"),
    ],
)
def test_an_answer_names_what_it_is(world, client_of, address: str, kind: str) -> None:
    answer = client_of("TC", Role.COMPILER).get(address)
    assert answer.headers["Content-Type"].startswith(kind), answer.headers["Content-Type"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.asvs("V4.1.4", "V13.4.4")
@pytest.mark.parametrize(
    "address", ["/", "/account/login/", "/cases/", "/api/v1/units", "/static/"]
)
def test_methods_that_nobody_needs_are_refused(world, client_of, address: str) -> None:
    for client in (Client(), client_of("TC01", Role.FOCAL_POINT)):
        for method in ("TRACE", "CONNECT", "PROPFIND"):
            answer = client.generic(method, address, "bi-mat")
            assert answer.status_code in (302, 401, 404, 405), (method, answer.status_code)
            assert b"bi-mat" not in answer.content


@pytest.mark.asvs("V13.4.1", "V13.4.3")
@pytest.mark.parametrize(
    "address",
    [
        "/.git/config",
        "/.git/HEAD",
        "/.svn/entries",
        "/.env",
        "/static/",
        "/static/quetsach/",
        "/pyproject.toml",
    ],
)
def test_no_file_beside_the_pages_and_no_folder_is_handed_out(client_of, address: str) -> None:
    assert client_of("TC", Role.OPERATOR).get(address).status_code == 404


SECRET = "SELECT * FROM bang_bi_mat"


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


urlpatterns = [path("hong/", fails), *portal_urls.urlpatterns]
handler500 = portal_urls.handler500


@pytest.mark.urls("tests.portal.config.test_settings")
@pytest.mark.asvs("V13.4.2", "V16.3.4", "V16.5.1", "V16.5.4")
def test_an_error_is_logged_and_tells_nothing_of_the_inside(client_of, caplog) -> None:
    assert shipped.DEBUG is False
    client = client_of("TC01", Role.FOCAL_POINT)
    client.raise_request_exception = False
    answer = client.get("/hong/")
    assert answer.status_code == 500
    shown = answer.content.decode()
    for inside in (
        SECRET,
        "Traceback",
        "RuntimeError",
        "test_settings",
        portal_settings.SECRET_KEY,
    ):
        assert inside not in shown
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert SECRET in JsonLines().format(record)
    assert client.get("/account/profile/").status_code == 200


@pytest.mark.asvs("V6.3.2", "V13.2.3")
def test_a_new_portal_has_no_account(db) -> None:
    assert not User.objects.exists()
    assert "only-for-tests" not in str(shipped.QUETSACH.database)


@pytest.mark.asvs("V11.4.2")
def test_passwords_are_stored_as_slow_digests() -> None:
    code = (
        "from django.conf import settings, global_settings;"
        "import quetsach_portal.config.settings as own;"
        "print(getattr(own, 'PASSWORD_HASHERS', global_settings.PASSWORD_HASHERS)[0]);"
        "from django.contrib.auth.hashers import PBKDF2PasswordHasher as Slow;"
        "print(Slow.iterations)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, iterations = told.stdout.split()
    assert first == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert int(iterations) >= 600_000  # OWASP's least for PBKDF2 with SHA-256
    assert get_hashers()  # those of the tests are quick


@pytest.mark.asvs("V16.2.3")
def test_lines_of_the_log_go_to_stderr_alone() -> None:
    assert list(shipped.LOGGING["handlers"]) == ["stderr"]
    assert shipped.LOGGING["handlers"]["stderr"] == {
        "class": "logging.StreamHandler",
        "formatter": "json",
    }
    assert shipped.LOGGING["root"]["handlers"] == ["stderr"]


@pytest.mark.asvs("V3.4.2")
def test_other_sites_read_no_answer_to_a_person(client_of) -> None:
    client = client_of("TC", Role.COMPILER)
    for address in ("/", "/account/profile/", "/api/v1/units", "/cases/"):
        answer = client.get(address, headers={"origin": "https://xau.example"})
        assert "Access-Control-Allow-Origin" not in answer.headers, address


@pytest.mark.asvs("V3.5.2")
def test_the_interface_for_programs_knows_nobody_by_a_cookie(client_of) -> None:
    client = client_of("TC", Role.COMPILER)
    assert client.get("/account/profile/").status_code == 200
    for address in ("/api/v1/units", "/api/v1/campaigns", "/api/v1/cases"):
        assert client.get(address).status_code in (401, 404), address
        assert client.post(address, "{}", content_type="text/plain").status_code in (401, 404, 405)
    assert client.get("/api/v1/units").status_code == 401


@pytest.mark.asvs("V7.4.4")
def test_each_page_of_a_person_has_its_button_to_sign_out(client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    for address in ("/", "/account/profile/", "/account/sessions/", "/cases/", "/khong-co"):
        shown = client.get(address).content.decode()
        assert re.search(r'<form method="post" action="/account/logout/">', shown), address


@pytest.mark.asvs("V15.3.7")
def test_a_value_in_the_address_stands_for_none_of_the_form(client_of) -> None:
    client = client_of("TC01", Role.FOCAL_POINT)
    client.post("/account/profile/?name=Khac&language=en")
    name = client.get("/account/profile/").context["user"].name
    assert name != "Khac"


@pytest.mark.asvs("V14.2.1")
def test_a_token_in_an_address_opens_nothing(client_of, world) -> None:
    for key in ("token", "access_token", "api_key", "authorization", "sessionid"):
        assert Client().get(f"/api/v1/units?{key}=qs_{'a' * 43}").status_code == 401
    session = client_of("TC", Role.COMPILER).cookies["sessionid"].value
    assert Client().get(f"/account/profile/?sessionid={session}").status_code == 302
