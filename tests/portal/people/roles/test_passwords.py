"""A10: what a password may be."""

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.passwords import refuse_own_words
from tests.portal.world import World

pytestmark = pytest.mark.django_db

LONG = "mười hai con giáp đi chợ phiên mua một rổ cam sành và ba ký bưởi da xanh"


@pytest.mark.asvs("V6.2.5")
@pytest.mark.parametrize(
    "password",
    [LONG, "x7#kQ!v2Lp9z", "con mèo nhỏ leo cây cau", "пароль из трёх слов", "𓀀" * 12],
)
def test_A10_a_good_one_passes_whatever_its_signs(world: World, password: str) -> None:
    validate_password(password, world.user("TC01", Role.CLERK))


@pytest.mark.asvs("V6.2.9")
def test_A10_a_pass_phrase_of_more_than_64_signs_signs_in(world: World, client) -> None:
    assert len(LONG) > 64
    user = world.user("TC01", Role.CLERK)
    user.set_password(LONG)
    user.save()
    assert client.post("/account/login/", {"login": user.email, "password": LONG}).url == "/"


@pytest.mark.asvs("V6.2.4", "V6.2.12")
def test_A10_the_top_3000_are_refused(world: World) -> None:
    user = world.user("TC01", Role.CLERK)
    common = sorted(CommonPasswordValidator().passwords)
    assert len(common) >= 3000
    for password in common[:3000]:
        with pytest.raises(ValidationError):
            validate_password(password, user)


@pytest.mark.asvs("V6.2.11")
@pytest.mark.parametrize(
    "password",
    [
        "UBND xã Một 2022",
        "uybannhandanxamot",
        "Ủy ban nhân dân xã Một!!!",
        "uy-ban-nhan-dan-xa-mot-123",
        "ck.tc01@coquan.example",
        "coquan.example1",
        "Văn thư TC01 2026",
        "quetsach matkhau 1",
        "xa mot matkhau 123",
    ],
)
def test_A10_words_of_unit_name_and_address_are_refused(world: World, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, world.user("TC01", Role.CLERK))


def test_A10_a_long_phrase_may_hold_such_a_word(world: World) -> None:
    validate_password("ở xã này gà gáy lúc bốn giờ", world.user("TC01", Role.CLERK))


@pytest.mark.parametrize("password", ["ngan qua", "12345678901", ""])
def test_A10_a_short_one_is_refused(world: World, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, world.user("TC01", Role.CLERK))


def test_A10_the_check_is_quick_on_a_very_long_one() -> None:
    refuse_own_words("a b c đ " * 100_000, ["Ủy ban nhân dân xã Một"])


@pytest.mark.asvs("V6.2.7")
@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/"])
def test_A10_no_page_forbids_pasting(client, page: str) -> None:
    shown = client.get(page).content.decode()
    assert "onpaste" not in shown
    assert 'autocomplete="off"' not in shown
    assert 'maxlength="64"' not in shown
