"""A form sent too late, in a real browser: signed in again, filled again, sent by one press."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from quetsach_portal.api.models import ApiToken
from quetsach_portal.people.models.roles import Role
from tests.portal.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.asvs("V7.3.1")]

NAME = 'Tường "lửa" <b> & phòng họp'


def sign_in(page: Any, email: str) -> None:
    page.get_by_label("Địa chỉ thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


@pytest.mark.parametrize("with_scripts", [True, False])
def test_a_form_of_an_ended_session_comes_back_filled_and_is_sent_once(
    chromium: Any, portal: str, world: World, with_scripts: bool
) -> None:
    person, other = world.user("TC01", Role.FOCAL_POINT), world.user("TC01", Role.CLERK)
    form = f"{portal}/programs/units/{world.units['TC01'].pk}/make"
    context = chromium.new_context(
        viewport={"width": 360, "height": 760}, java_script_enabled=with_scripts, locale="vi-VN"
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{portal}/account/login/")
    sign_in(page, person.email)
    page.goto(form)
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=scopes][value=read]").check()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    page.locator("main form button").last.click()

    assert "/account/login/" in page.url
    assert "được lưu tạm 30 phút" in page.locator("main").inner_text()
    back = page.url
    sign_in(page, other.email)
    assert "thuộc về tài khoản khác" in page.locator("main").inner_text()
    assert "phòng họp" not in page.content()

    Session.objects.all().delete()
    page.goto(back)
    sign_in(page, person.email)
    assert page.url == form
    assert "Chưa có gì được gửi đi" in page.locator("main").inner_text()
    assert page.locator("[name=name]").input_value() == NAME
    assert page.locator("[name=scopes][value=read]").is_checked()
    assert not page.locator("[name=scopes][value=lists]").is_checked()
    wide = page.evaluate("document.documentElement.scrollWidth") if with_scripts else 360
    assert wide <= 360
    assert not ApiToken.objects.exists()
    page.locator("main form button").last.click()
    page.get_by_text("qs_").first.wait_for()
    assert [token.name for token in ApiToken.objects.all()] == [NAME]
    page.goto(form)
    assert "Chưa có gì được gửi đi" not in page.content()
    context.close()
