"""A9: guessing passwords is slowed per account, never locked, and tells nothing about accounts."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people import login_delay
from quetsach_portal.people.models.account import SignInDelay
from quetsach_portal.people.models.roles import Role
from tests.portal.working import run_ready
from tests.portal.world import PASSWORD, World
from tests.whole import daily

pytestmark = pytest.mark.django_db

UNKNOWN = "khong.ai@coquan.example"
WRONG = "sai hoàn toàn"
LOGIN = "/account/login/"
MANY = daily(100, whole=1000)


class Counting(MD5PasswordHasher):
    """Counts how often a password was really tried."""

    algorithm = "counting"
    tried = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.tried += 1
        return super().encode(password, salt)


def attempt(email: str, password: str = WRONG, client: Client | None = None):
    cache.clear()
    return (client or Client()).post(LOGIN, {"login": email, "password": password})


def of_accounts() -> QuerySet[SignInDelay]:
    """Return what counts by account or browser; the network address of the test counts beside."""
    return SignInDelay.objects.exclude(key=login_delay.address_key("127.0.0.1"))


def waited() -> None:
    past = timezone.now() - timedelta(seconds=1)
    SignInDelay.objects.update(wait_until=past)


@pytest.mark.asvs("V6.3.1")
@pytest.mark.parametrize("known", [True, False])
def test_A9_many_wrong_logins_try_five_passwords(world: World, settings, known: bool) -> None:
    email = world.user("TC01", Role.CLERK).email if known else UNKNOWN
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting", *settings.PASSWORD_HASHERS]
    Counting.tried = 0
    began = time.monotonic()
    texts = {said(attempt(email)) for _ in range(MANY)}
    # With the clock's own seconds some more get through: 1, 2, 4 ... later.
    allowed = login_delay.FREE_TRIES + 1 + max(0, int(time.monotonic() - began).bit_length() + 1)
    assert of_accounts().get().failures <= allowed
    if not known:
        assert Counting.tried <= allowed
    assert len(texts) == 2


def said(answer) -> str:
    assert answer.status_code == 200
    return str(answer.context["form"].non_field_errors())


def test_A9_the_answers_are_the_same_for_known_and_unknown(world: World) -> None:
    known = world.user("TC01", Role.CLERK).email
    for _ in range(login_delay.FREE_TRIES + 3):
        answers = [attempt(email) for email in (known, UNKNOWN)]
        pages = [
            one.content.decode().replace(email, "")
            for one, email in zip(answers, (known, UNKNOWN), strict=True)
        ]
        assert without_tokens(pages[0]) == without_tokens(pages[1])
        assert answers[0].status_code == answers[1].status_code


def without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.asvs("V6.3.8")
def test_A9_known_and_unknown_cost_the_same(world: World, settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting", *settings.PASSWORD_HASHERS]
    user = world.user("TC01", Role.CLERK)
    user.set_password(PASSWORD)
    user.save()
    costs = []
    for email in (user.email, UNKNOWN):
        SignInDelay.objects.all().delete()
        Counting.tried = 0
        with CaptureQueriesContext(connection) as asked:
            attempt(email)
        costs.append((Counting.tried, len(asked)))
    # What takes the time is one password derived; what the database is asked is a millisecond.
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


def test_A9_it_is_slow_and_never_locked(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    for _ in range(login_delay.FREE_TRIES + 1):
        attempt(user.email)
    assert "quá nhiều lần" in attempt(user.email, PASSWORD).content.decode()
    waited()
    assert attempt(user.email, PASSWORD).status_code == 302
    assert not of_accounts().exists()


def test_A9_the_wait_doubles_up_to_five_minutes() -> None:
    waits = [login_delay.wait_after(n).total_seconds() for n in range(1, 20)]
    assert waits[:9] == [0, 0, 0, 0, 1, 2, 4, 8, 16]
    assert waits[-1] == login_delay.wait_after(10**9).total_seconds() == 300


def test_A9_a_try_that_has_to_wait_does_not_make_the_wait_longer(world: World) -> None:
    email = world.user("TC01", Role.CLERK).email
    for _ in range(login_delay.FREE_TRIES + 1):
        attempt(email)
    before = of_accounts().get().wait_until
    for _ in range(20):
        attempt(email)
    assert of_accounts().get().wait_until - before < timedelta(seconds=10)


def test_A9_the_owners_own_browser_gets_in_while_somebody_guesses(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    browser = Client()
    assert attempt(user.email, PASSWORD, browser).status_code == 302
    browser.post("/account/logout/")
    for _ in range(50):
        attempt(user.email)
    assert attempt(user.email, PASSWORD).status_code == 200
    assert attempt(user.email, PASSWORD, browser).status_code == 302


def test_A9_a_known_browser_is_slowed_by_its_own_failures_and_knows_one_account(
    world: World,
) -> None:
    mine, other = world.user("TC01", Role.CLERK), world.user("TC01", Role.SIGNER)
    browser = Client()
    attempt(mine.email, PASSWORD, browser)
    browser.post("/account/logout/")
    for _ in range(30):
        attempt(mine.email, WRONG, browser)
        attempt(other.email, WRONG, browser)
    assert attempt(mine.email, PASSWORD, browser).status_code == 200
    assert attempt(other.email, PASSWORD).status_code == 200
    # The account itself was slowed by nobody.
    assert attempt(mine.email, PASSWORD).status_code == 302


def test_A9_own_sign_ins_take_no_guess_of_the_address_back(world: World) -> None:
    mine = world.user("TC01", Role.CLERK)
    browser = Client()
    attempt(mine.email, PASSWORD, browser)
    browser.post("/account/logout/")
    here = SignInDelay.objects.filter(key=login_delay.address_key("127.0.0.1"))
    ahead = timezone.now() + timedelta(hours=1)
    here.update(failures=login_delay.FREE_TRIES_OF_ADDRESS, wait_until=ahead)
    assert attempt(mine.email, PASSWORD, browser).status_code == 302
    assert here.values_list("failures", "wait_until").get() == (100, ahead)


def test_A9_a_sign_in_of_a_new_browser_uncounts_itself_alone(world: World) -> None:
    mine = world.user("TC01", Role.CLERK)
    attempt(UNKNOWN)
    here = SignInDelay.objects.filter(key=login_delay.address_key("127.0.0.1"))
    here.update(failures=login_delay.FREE_TRIES_OF_ADDRESS + 5)
    assert attempt(mine.email, PASSWORD).status_code == 302
    after = here.get()
    assert after.failures == login_delay.FREE_TRIES_OF_ADDRESS + 5
    # The wait that it began itself ends: others at that address are not kept out by it.
    assert after.wait_until <= timezone.now()
    assert attempt(UNKNOWN).status_code == 200
    assert here.get().wait_until > timezone.now()


def test_A9_a_made_up_cookie_is_no_known_browser(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    browser = Client()
    attempt(user.email, PASSWORD, browser)
    name = next(one for one in browser.cookies if one.startswith("known-"))
    for value in ("", "x", browser.cookies[name].value[:-1] + "x", "a" * 5000):
        forged = Client()
        forged.cookies[name] = value
        for _ in range(login_delay.FREE_TRIES + 2):
            attempt(user.email, WRONG, forged)
    assert of_accounts().count() == 1


def test_A9_letters_in_another_case_are_the_same_account(world: World) -> None:
    email = world.user("TC01", Role.CLERK).email
    for form in (email, email.upper(), f" {email} ", email.title()) * 3:
        attempt(form)
    assert of_accounts().count() == 1


def test_A9_the_table_holds_no_address_and_forgets(world: World) -> None:
    email = world.user("TC01", Role.CLERK).email
    attempt(email)
    attempt(UNKNOWN)
    assert all(len(key) == 64 for key in SignInDelay.objects.values_list("key", flat=True))
    old = timezone.now() - timedelta(days=2)
    SignInDelay.objects.filter(key=login_delay.key_of(UNKNOWN, {})).update(last_at=old)
    enqueue("people.forget", key="people.forget:1")
    run_ready()
    assert of_accounts().get().key == login_delay.key_of(email, {})


def test_A9_the_question_before_weighty_acts_is_slowed_too(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    client = Client()
    client.force_login(user, backend="quetsach_portal.people.sessions.AccountBackend")
    for _ in range(login_delay.FREE_TRIES + 1):
        cache.clear()
        client.post("/account/reauthenticate/", {"password": WRONG})
    cache.clear()
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 200


GUESS = """
import django; django.setup()
from quetsach_portal.people.login_delay import key_of, take_try
print(sum(take_try(key_of("ai@do.example", {})) for _ in range(40)))
"""


@pytest.mark.django_db(transaction=True)
def test_A9_several_processes_count_together(own_database) -> None:
    environment = {
        **os.environ,
        **own_database,
        "DJANGO_SETTINGS_MODULE": "quetsach_portal.config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    def guess(_number: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", GUESS],
            env=environment,
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        through = sum(pool.map(guess, range(4)))
    assert through >= login_delay.FREE_TRIES
    assert through <= login_delay.FREE_TRIES + 1 + int(time.monotonic() - began + 1).bit_length()
