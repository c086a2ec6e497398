"""Accounts: one an address, whatever its letters."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.people.models.account import User

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account_in_whatever_letters() -> None:
    first = User.objects.create_user("Van.Thu@CoQuan.example", "mot cau mat khau rat dai")
    assert first.email == "van.thu@coquan.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("VAN.THU@coquan.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="VAN.THU@coquan.example")


def test_an_account_without_a_password_lets_nobody_in() -> None:
    user = User.objects.create_user("moi@coquan.example")
    assert not user.has_usable_password()
    assert not user.check_password("")
    assert (user.is_staff, str(user), user.language) == (False, "moi@coquan.example", "vi")
    user.name = "Trần Thị Mới"
    assert str(user) == "Trần Thị Mới"
