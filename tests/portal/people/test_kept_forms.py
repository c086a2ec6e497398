"""A form that comes after the end of its session waits for its own person, and for nobody else."""

import ast
import hashlib
import re
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import quetsach_portal
from quetsach_portal.api.models import ApiToken
from quetsach_portal.people.kept_forms import (
    MOST_BYTES,
    MOST_OF_ONE,
    SECRET_FIELDS,
    forget_over,
    open_form,
)
from quetsach_portal.people.models.account import KeptForm, User
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import through_the_door
from tests.portal.world import PASSWORD, World

pytestmark = [pytest.mark.django_db, pytest.mark.asvs("V7.3.1", "V7.3.2")]

WORDS = 'Tường "lửa" <b> & phòng họp'


@pytest.fixture
def person(world: World) -> User:
    return world.user("TC01", Role.FOCAL_POINT)


@pytest.fixture
def form(world: World) -> str:
    return f"/programs/units/{world.units['TC01'].pk}/make"


@pytest.fixture
def ended(person: User, later) -> Client:
    """A browser whose session has ended because nobody asked."""
    client = through_the_door(person, PASSWORD)
    later(121)
    return client


def send(client: Client, form: str, headers: dict[str, str] | None = None, **more: object):
    came_from = {"referer": f"http://testserver{form}?x=1", **(headers or {})}
    fields = {"name": WORDS, "scopes": ["read", "lists"], "expires_on": "1/2/2027", **more}
    return client.post(form, fields, headers=came_from)


def sign_in(client: Client, asked, user: User):
    """Sign in at the page to which a form was led, and return where that leads."""
    assert asked.status_code == 302
    return client.post(asked.url, {"login": user.email, "password": PASSWORD})


def opened(client: Client, answer) -> str:
    """Follow from the sign-in to the page of the form."""
    return client.get(answer.url, follow=True).content.decode()


def test_who_signs_in_again_finds_the_form_filled_and_presses_the_button(
    ended: Client, person: User, form: str
) -> None:
    asked = send(ended, form)
    assert "Phiên làm việc của bạn đã hết" in ended.get(asked.url).content.decode()
    shown = opened(ended, sign_in(ended, asked, person))
    assert "Chưa có gì được gửi đi" in shown
    assert 'value="Tường &quot;lửa&quot; &lt;b&gt; &amp; phòng họp"' in shown
    assert 'value="1/2/2027"' in shown
    assert re.search(r'name="scopes"[^>]*value="read"[^>]* checked', shown)
    assert not ApiToken.objects.exists()
    assert send(ended, form).status_code == 200
    assert ApiToken.objects.get().name == WORDS
    assert not KeptForm.objects.exists()
    assert "Chưa có gì được gửi đi" not in ended.get(form).content.decode()


def test_the_absolute_end_keeps_the_form_too(person: User, form: str, later) -> None:
    client = through_the_door(person, PASSWORD)
    for _hour in range(11):
        later(60)
        client.get("/programs/")
    later(61)
    assert WORDS.split()[0] in opened(client, sign_in(client, send(client, form), person))


def test_a_second_factor_stands_between(ended: Client, person: User, form: str) -> None:
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    answer = sign_in(ended, send(ended, form), person)
    assert answer.url.startswith("/account/2fa/authenticate/")
    code = format_hotp_value(
        hotp_value("JBSWY3DPEHPK3PXP", next(iter(yield_hotp_counters_from_time())))
    )
    answer = ended.post(answer.url, {"code": code})
    assert "Chưa có gì được gửi đi" in opened(ended, answer)


def test_somebody_else_never_sees_it(ended: Client, person: User, form: str, world: World) -> None:
    other = world.user("TC01", Role.CLERK)
    shown = opened(ended, sign_in(ended, send(ended, form), other))
    assert "thuộc về tài khoản khác" in shown
    assert "phòng họp" not in shown
    assert "phòng họp" not in ended.get(form, follow=True).content.decode()
    assert "phòng họp" not in str(dict(ended.session.items()))


def test_a_page_of_who_was_here_before_is_not_taken_for_the_next_person(
    person: User, form: str, world: World, later
) -> None:
    """Two people at one browser: the token of the first one's page is worth nothing any more."""
    client = Client(enforce_csrf_checks=True)
    token = _token_of(client, "/account/login/")
    client.post("/account/login/", {"login": person.email, "password": PASSWORD, **token})
    page_of_first = _token_of(client, form)
    client.post("/account/logout/", page_of_first)
    token = _token_of(client, "/account/login/")
    other = world.user("TC01", Role.CLERK)
    client.post("/account/login/", {"login": other.email, "password": PASSWORD, **token})
    later(121)
    assert client.post(form, {"name": WORDS, **page_of_first}).status_code == 403
    assert not KeptForm.objects.exists()


def _token_of(client: Client, address: str) -> dict[str, str]:
    shown = client.get(address).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
    assert found is not None
    return {"csrfmiddlewaretoken": found[1]}


def test_it_is_over_after_half_an_hour(ended: Client, person: User, form: str, later) -> None:
    asked = send(ended, form)
    later(31)
    assert "đã hết hạn" in opened(ended, sign_in(ended, asked, person))
    forget_over()
    assert not KeptForm.objects.exists()


def test_the_database_alone_tells_nothing(ended: Client, form: str) -> None:
    asked = send(ended, form)
    row = KeptForm.objects.get()
    content = bytes(row.content)
    assert b"name" not in content
    assert "phòng".encode() not in content
    token = re.search(r"form/([\w-]+)/", asked.url)
    assert token is not None
    assert row.digest == hashlib.sha256(token[1].encode()).hexdigest()


def test_what_signs_in_or_releases_a_key_is_never_kept(
    ended: Client, person: User, form: str
) -> None:
    asked = send(ended, form, pin="123456", otp="654321", password="mot cau mat khau")
    token = re.search(r"form/([\w-]+)/", asked.url)
    assert token is not None
    kept = open_form(token[1], person)
    assert kept is not None
    assert {name for name, _value in kept.fields} == {"name", "scopes", "expires_on"}


def test_every_field_for_a_secret_is_named_as_one() -> None:
    source = Path(str(quetsach_portal.__path__[0]))
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _asks(path) else ():
            if isinstance(node, ast.Assign) and "PasswordInput" in ast.unparse(node.value):
                assert ast.unparse(node.targets[0]) in SECRET_FIELDS, path
    assert sum(_asks(path) for path in source.rglob("*.py")) >= 2


def _asks(path: Path) -> bool:
    return "PasswordInput" in path.read_text("utf-8")


def test_files_are_to_be_chosen_again(ended: Client, person: User, form: str) -> None:
    asked = send(ended, form, file=SimpleUploadedFile("a.txt", b"bi mat"))
    assert "chọn lại tệp" in ended.get(asked.url).content.decode()
    assert b"bi mat" not in bytes(KeptForm.objects.get().content)
    assert "chọn lại tệp" in opened(ended, sign_in(ended, asked, person))


def test_what_is_too_large_is_said_and_not_kept(ended: Client, form: str) -> None:
    asked = send(ended, form, note="x" * MOST_BYTES)
    assert "quá lớn" in ended.get(asked.url).content.decode()
    assert asked.url == "/account/login/?next=/"
    assert not KeptForm.objects.exists()


def test_of_one_account_few_are_kept(ended: Client, person: User, form: str) -> None:
    for _time in range(MOST_OF_ONE + 3):
        asked = send(ended, form)
    assert KeptForm.objects.count() == MOST_OF_ONE
    assert "Chưa có gì được gửi đi" in opened(ended, sign_in(ended, asked, person))


@pytest.mark.parametrize(
    "headers",
    [{"x-autosave": "1"}, {"x-kept-act": "1"}, {"sec-fetch-mode": "cors"}],
)
def test_what_a_script_sends_by_itself_is_not_kept(ended: Client, form: str, headers) -> None:
    assert send(ended, form, headers).url.startswith("/account/login/?next=/programs/")
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("cookie", ["", "1:made:up", None])
def test_of_nobody_known_nothing_is_kept(ended: Client, form: str, cookie: str | None) -> None:
    if cookie is None:
        ended = Client()
    else:
        ended.cookies["form-of"] = cookie
    assert send(ended, form).status_code == 302
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "referer",
    [
        "https://xau.example/programs/",
        "http://testserver//xau.example/x",
        "http://testserver/\\xau.example/x",
    ],
)
def test_the_way_back_stays_within_the_portal(
    ended: Client, person: User, form: str, referer: str
) -> None:
    asked = send(ended, form, {"referer": referer})
    answer = ended.get(sign_in(ended, asked, person).url)
    assert answer.url == form


def test_a_page_that_opens_no_more_shows_what_was_entered_alone(
    ended: Client, person: User
) -> None:
    asked = ended.post(
        "/people/hand-over", {"note": WORDS}, headers={"referer": "http://testserver/khong/co"}
    )
    shown = opened(ended, sign_in(ended, asked, person))
    assert "không còn mở được" in shown
    assert "Tường &quot;lửa&quot; &lt;b&gt; &amp; phòng họp" in shown


def test_what_is_not_wanted_any_more_is_discarded(ended: Client, person: User, form: str) -> None:
    opened(ended, sign_in(ended, send(ended, form), person))
    assert ended.post("/account/form-discarded/").url == form
    assert not KeptForm.objects.exists()
    assert "phòng họp" not in ended.get(form).content.decode()
    assert ended.post("/account/form-discarded/").url == "/"


def test_a_session_that_goes_on_keeps_nothing(person: User, form: str) -> None:
    client = through_the_door(person, PASSWORD)
    assert send(client, form).status_code == 200
    assert not KeptForm.objects.exists()
