"""People are told by mail what was done to their accounts."""

import pytest

from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.people.models.account import AccountNotice, User
from quetsach_portal.people.models.roles import Role
from tests.portal.people.accounts import GOOD
from tests.portal.signing_in import through_the_door
from tests.portal.working import run_ready
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.mark.asvs("V6.2.2", "V6.2.3", "V7.4.3")
def test_a_new_password_asks_for_the_old_one_signs_others_out_and_is_told_by_mail(
    user: User, sink
) -> None:
    desk, phone = (through_the_door(user, PASSWORD) for _ in range(2))
    form = {"oldpassword": "sai", "password1": GOOD, "password2": GOOD}
    wrong = desk.post("/account/password/change/", form)
    assert "Hãy nhập mật khẩu hiện tại" in wrong.content.decode()
    desk.post("/account/password/change/", {**form, "oldpassword": PASSWORD})
    assert desk.get("/people/").status_code == 200
    assert phone.get("/people/").url.startswith("/account/login/")
    run_ready()
    [sent] = sink.messages()
    assert sent["To"] == user.email
    assert sent["Subject"] == "[quét sạch] Đã đổi mật khẩu"
    assert "Mật khẩu của bạn đã được đổi" in sent.get_content()
    assert GOOD not in sent.get_content()
    assert not AccountNotice.objects.exists()


@pytest.mark.asvs("V6.3.7")
@pytest.mark.parametrize("act", ["off", "on", "factors"])
def test_the_person_is_told_by_mail_what_was_done_to_the_account(
    world: World, client_of, act: str
) -> None:
    clerk = world.user("TC01", Role.CLERK)
    if act == "on":
        User.objects.filter(pk=clerk.pk).update(is_active=False)
    client_of("TC01", Role.FOCAL_POINT).post(f"/people/person/{clerk.pk}/{act}")
    mail = OutboxMail.objects.get(purpose=MailPurpose.ACCOUNT_NOTICE)
    notice = AccountNotice.objects.get(pk=mail.object_id)
    assert mail.to == clerk.email
    assert str(world.user("TC01", Role.FOCAL_POINT)) in notice.body
    assert "gọi ngay" in notice.body
