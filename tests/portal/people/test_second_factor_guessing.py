"""The second factor guessed: over many sessions, by spare codes, after a new password.

`test_sign_in_trail.py` holds that tries are few and that a code opens once.
"""

from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from quetsach_portal.people import login_delay
from quetsach_portal.people.models.account import SignInDelay, User
from quetsach_portal.people.models.roles import Role
from tests.portal.people.test_sign_in_trail import SECRET, at_the_code, code_now, send
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db

NEW = "mot cau mat khau khac han"


@pytest.fixture
def clerk(world: World) -> User:
    user = world.user("TC01", Role.CLERK)
    totp.TOTP.activate(user, SECRET)
    return user


def wrong(number: int = 1) -> str:
    """Return a code that no step around now has."""
    near = {code_now(steps=step) for step in range(-3, 4)}
    tried = (f"{(int(code_now()) + 7 * number + one) % 1_000_000:06}" for one in range(50))
    return next(one for one in tried if one not in near)


@pytest.mark.asvs("V6.6.3")
def test_sessions_that_stand_at_the_code_together_share_the_tries(clerk: User) -> None:
    browsers = [at_the_code(clerk) for _ in range(login_delay.FREE_TRIES + 3)]
    for number, browser in enumerate(browsers[:-1]):
        send(browser, wrong(number))
    assert send(browsers[-1], code_now()) == 200, "the right one, too soon"


@pytest.mark.asvs("V6.6.3")
def test_spare_codes_and_codes_of_the_app_are_counted_together(clerk: User) -> None:
    spare = RecoveryCodes.activate(clerk).get_unused_codes()
    for number in range(login_delay.FREE_TRIES):
        guess = wrong(number) if number % 2 else f"{number:08x}"
        assert send(at_the_code(clerk), guess) == 200
    assert send(at_the_code(clerk), spare[0]) == 200
    kept = RecoveryCodes(Authenticator.objects.get(user=clerk, type="recovery_codes"))
    assert spare == kept.get_unused_codes(), "what came too soon was not looked at"
    SignInDelay.objects.update(wait_until=timezone.now())
    assert send(at_the_code(clerk), spare[0]) == 302
    assert send(at_the_code(clerk), spare[0]) == 200, "a spare code is for once"


def test_a_new_password_gives_no_new_tries(clerk: User) -> None:
    for number in range(login_delay.FREE_TRIES):
        send(at_the_code(clerk), wrong(number))
    clerk.set_password(NEW)
    clerk.save()
    cache.clear()
    browser = Client()
    answer = browser.post("/account/login/", {"login": clerk.email, "password": NEW})
    assert answer["Location"] == "/account/2fa/authenticate/"
    assert send(browser, code_now()) == 200


def test_one_persons_tries_take_none_of_another(clerk: User, world: World) -> None:
    for number in range(login_delay.FREE_TRIES + 1):
        send(at_the_code(clerk), wrong(number))
    other = world.user("TC01", Role.SIGNER)
    totp.TOTP.activate(other, SECRET)
    assert send(at_the_code(other), code_now()) == 302


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (-1, 302), (0, 302), (1, 302), (2, 200)])
def test_a_clock_may_be_one_step_off_and_no_more(
    clerk: User, steps: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A clock that stands in the middle of a step: no step ends between the code and its check.
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: 1_800_000_015.0))
    code = totp.format_hotp_value(totp.hotp_value(SECRET, 1_800_000_015 // 30 + steps))
    assert send(at_the_code(clerk), code) == status


def test_the_code_page_alone_tells_nobody_in(clerk: User, world: World) -> None:
    browser = at_the_code(clerk)
    for address in ("/people/", "/account/2fa/", "/account/password/change/", "/account/profile/"):
        assert browser.get(address).status_code in (302, 404)
    assert "_auth_user_id" not in browser.session
    # A code without the password before it.
    assert send(Client(), code_now()) == 302
    assert PASSWORD not in repr(dict(browser.session))


def test_a_key_of_nobody_opens_nothing_however_often_it_answers(clerk: User) -> None:
    browser = at_the_code(clerk)
    for _try in range(3):
        cache.clear()
        answer = browser.post("/account/2fa/authenticate/", {"credential": "{}"})
        assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in browser.session
