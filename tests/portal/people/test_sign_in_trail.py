"""What the audit trail says of signing in and out, and of one's own factors."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job
from quetsach_portal.people import adapters, login_delay
from quetsach_portal.people.models.account import SignInDelay, User
from quetsach_portal.people.models.roles import Role
from tests.portal.signing_in import signed_in, through_the_door
from tests.portal.working import run_ready
from tests.portal.world import PASSWORD, World

pytestmark = [pytest.mark.django_db, pytest.mark.asvs("V16.3.1", "V16.2.1")]

LOGIN = "/account/login/"
WRONG = "sai hoàn toàn"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def clerk(world: World) -> User:
    return world.user("TC01", Role.CLERK)


def acts(user: User) -> list[tuple[str, str]]:
    run_ready()
    rows = AuditEvent.objects.filter(object_kind="user", object_id=str(user.pk))
    return [(row.action, str(row.detail.get("by", ""))) for row in rows.order_by("seq")]


def code_now(secret: str = SECRET, steps: int = 0) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[0] + steps))


def test_signing_in_and_out_is_written_with_the_proofs(clerk: User) -> None:
    client = through_the_door(clerk, PASSWORD)
    client.post("/account/logout/")
    assert acts(clerk)[-2:] == [("user.signed-in", "['password']"), ("user.signed-out", "")]


@pytest.mark.asvs("V16.3.3")
def test_a_failure_and_the_wait_after_many_are_written_once(clerk: User) -> None:
    for _try in range(login_delay.FREE_TRIES + 4):
        cache.clear()
        Client().post(LOGIN, {"login": clerk.email, "password": WRONG})
    written = acts(clerk)
    failed, slowed = ("user.sign-in-failed", "password"), ("user.sign-in-slowed", "password")
    assert login_delay.FREE_TRIES <= written.count(failed) <= login_delay.FREE_TRIES + 2
    assert written.count(slowed) == 1


def test_what_strangers_type_is_not_written(world: World) -> None:
    before = AuditEvent.objects.count()
    for number in range(4):
        Client().post(LOGIN, {"login": f"ai{number}@la.example", "password": WRONG})
    assert Job.objects.filter(kind="people.sign-in").count() == 4
    run_ready()
    assert AuditEvent.objects.count() == before


def test_a_changed_password_and_changed_factors_are_written(
    clerk: User, django_capture_on_commit_callbacks
) -> None:
    client = signed_in(clerk)
    new = "mot cau mat khau khac han"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/account/password/change/", form).status_code == 302
    clerk.refresh_from_db()
    client = signed_in(clerk)
    EmailAddress.objects.create(user=clerk, email=clerk.email, verified=True, primary=True)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    client = signed_in(clerk)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/account/2fa/recovery-codes/generate/").status_code == 302
        assert client.post("/account/2fa/totp/deactivate/").status_code == 302
    told = [action for action, _by in acts(clerk)]
    for action in ("password-changed", "factor-added", "spare-codes-made", "factor-removed"):
        assert f"user.{action}" in told


# The second factor: few tries, counted in the database, and each code once.


def at_the_code(user: User) -> Client:
    """Return a browser in which the password was right and the code is asked for."""
    if not EmailAddress.objects.filter(user=user).exists():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    answer = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/account/2fa/authenticate/"
    return client


def send(client: Client, code: str) -> int:
    cache.clear()  # Another process of the portal has another cache.
    return client.post("/account/2fa/authenticate/", {"code": code}).status_code


@pytest.mark.asvs("V6.3.1", "V6.6.3")
def test_codes_are_guessed_a_few_times_and_then_slowly_by_all_processes(clerk: User) -> None:
    totp.TOTP.activate(clerk, SECRET)
    wrong = f"{(int(code_now()) + 5) % 1_000_000:06}"
    for _try in range(login_delay.FREE_TRIES):
        assert send(at_the_code(clerk), wrong) == 200
    assert send(at_the_code(clerk), code_now()) == 200
    written = acts(clerk)
    assert written.count(("user.sign-in-failed", "mfa")) >= login_delay.FREE_TRIES
    assert written.count(("user.sign-in-slowed", "mfa")) == 1
    SignInDelay.objects.update(wait_until=SignInDelay.objects.earliest("last_at").last_at)
    assert send(at_the_code(clerk), code_now()) == 302
    assert acts(clerk)[-1][0] == "user.signed-in"


@pytest.mark.asvs("V6.5.1")
def test_a_code_opens_once_whichever_process_is_asked(clerk: User) -> None:
    totp.TOTP.activate(clerk, SECRET)
    code = code_now()
    assert send(at_the_code(clerk), code) == 302
    assert send(at_the_code(clerk), code) == 200
    assert send(at_the_code(clerk), f"{code[:3]} {code[3:]}") == 200


# Per network address.


@pytest.mark.asvs("V6.3.1")
def test_one_address_that_tries_many_accounts_is_slowed_and_others_are_not(
    world: World, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "FREE_TRIES_OF_ADDRESS", 6)
    there = Client(REMOTE_ADDR="198.51.100.7")
    for number in range(6):
        cache.clear()
        there.post(LOGIN, {"login": f"ai{number}@la.example", "password": WRONG})
    cache.clear()
    right = {"login": clerk.email, "password": PASSWORD}
    assert there.post(LOGIN, right).status_code == 200
    assert Client(REMOTE_ADDR="198.51.100.8").post(LOGIN, right).status_code == 302


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(
    clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapters, "FREE_TRIES_OF_ADDRESS", 3)
    for _person in range(8):
        cache.clear()
        through_the_door(clerk, PASSWORD)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("", "unix:", True),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, is_same: bool) -> None:
    assert (login_delay.address_key(one) == login_delay.address_key(other)) is is_same


@pytest.mark.asvs("V2.4.1")
def test_mails_with_a_link_are_few_though_each_process_counts_anew(clerk: User) -> None:
    for _try in range(login_delay.FREE_TRIES + 5):
        cache.clear()
        Client().post("/account/password/reset/", {"email": clerk.email})
    assert Job.objects.filter(kind="people.forgotten").count() <= login_delay.FREE_TRIES + 1
