"""Signing in in a real browser: an invitation, an app, a security key, under the strict policy."""

import base64
import hmac
import struct
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles import invitations
from tests.portal.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": False,
    "automaticPresenceSimulation": True,
}
"""A key as the browser's own developer tools simulate it (Chrome DevTools Protocol, WebAuthn)."""

GOOD = "con mèo nhỏ leo cây cau"


@pytest.fixture
def address(portal: str, settings) -> str:
    """The portal under a name: browsers tie keys to a host name, and never to a number."""
    settings.SECOND_FACTOR_REQUIRED = True
    return f"http://localhost:{urlsplit(portal).port}"


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A window that listens for what the policy forbids."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN")
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    opened.complaints = []
    opened.on("console", lambda said: opened.complaints.append(said.text))
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


def sign_in(page: Any, address: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("Địa chỉ thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()


def add_key(page: Any) -> Any:
    """Plug a simulated key into the browser."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    return tools, made["authenticatorId"]


def code_of(secret: str) -> str:
    """Return the code of now (RFC 6238), by a calculation that is not allauth's."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_A6_a_security_key_is_set_up_signs_in_and_confirms(
    page: Any, address: str, world: World
) -> None:
    signer = world.user("TC01", Role.SIGNER)
    tools, key = add_key(page)
    sign_in(page, address, signer.email)
    page.goto(f"{address}/people/")
    assert page.url == f"{address}/account/second-factor/"
    page.get_by_role("link", name="Khóa bảo mật").click()
    page.get_by_role("button", name="Thêm khóa").click()
    page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user=signer, type="webauthn").count() == 1
    page.goto(f"{address}/people/")
    assert page.url == f"{address}/people/"

    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/account/login/")
    sign_in(page, address, signer.email)
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url(f"{address}/")

    page.goto(f"{address}/account/2fa/webauthn/reauthenticate/?next=/people/")
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url(f"{address}/people/")
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    assert page.complaints == []


def test_a_key_that_does_not_answer_is_told_in_words(page: Any, address: str, world: World) -> None:
    signer = world.user("TC01", Role.SIGNER)
    tools, key = add_key(page)
    sign_in(page, address, signer.email)
    page.goto(f"{address}/account/2fa/webauthn/add/")
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    # As when somebody closes the browser's window for the key.
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject('closed'); }")
    told = page.get_by_text("Khóa không phản hồi")
    assert not told.is_visible()
    page.get_by_role("button", name="Thêm khóa").click()
    told.wait_for()
    assert page.url.endswith("/webauthn/add/")
    assert not Authenticator.objects.exists()


def test_a_button_for_a_key_cannot_be_pressed_before_its_script_has_come(
    chromium: Any, address: str, world: World
) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    sign_in(page, address, world.user("TC01", Role.SIGNER).email)
    page.goto(f"{address}/account/2fa/webauthn/add/")
    assert page.get_by_role("button", name="Thêm khóa").is_disabled()
    context.close()


def test_W2_an_invitation_is_taken_and_an_app_set_up_by_keyboard_without_scripts(
    chromium: Any, address: str, world: World
) -> None:
    invited = invitations.invite(
        unit=world.units["TC01"],
        email="ky@coquan.example",
        role=Role.SIGNER,
        last_day=None,
        actor=None,
    )
    context = chromium.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(address + urlsplit(invited.link).path)
    for label, value in (
        ("Họ và tên", "Đỗ Thị Ký"),
        ("Mật khẩu", GOOD),
        ("Nhập lại mật khẩu", GOOD),
    ):
        page.get_by_label(label, exact=True).fill(value)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/")
    sign_in(page, address, "ky@coquan.example", GOOD)
    page.goto(f"{address}/people/")
    page.get_by_role("link", name="Ứng dụng xác thực").click()
    picture = page.locator("main img")
    assert picture.evaluate("one => one.naturalWidth") > 100
    page.get_by_label("Mã của ứng dụng").fill(code_of(page.locator("main code").inner_text()))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator(".spare-codes code").count() == 10
    page.goto(f"{address}/people/")
    assert page.locator("h1").inner_text().startswith("Ai được làm gì ở đây")
    context.close()


def test_W2_a_pasted_pass_phrase_goes_in(page: Any, address: str, world: World) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/account/login/")
    page.get_by_label("Địa chỉ thư điện tử").fill(world.user("TC01", Role.CLERK).email)
    page.evaluate("text => navigator.clipboard.writeText(text)", PASSWORD)
    page.get_by_label("Mật khẩu").focus()
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/")
