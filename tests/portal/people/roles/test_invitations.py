"""A11: a role comes by a one-time link that expires and works once; passwords stay unseen."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.config.jobs import COMPOSERS, OBSERVERS
from quetsach_portal.jobs.models import Job
from quetsach_portal.mail import claims, delivery
from quetsach_portal.mail.letterbox import FOLDER
from quetsach_portal.mail.models import MailPurpose, MailQueue, OutboxMail, OutboxState
from quetsach_portal.mail.smtp import SmtpOutcome, SmtpReply
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Assignment, Invitation, Role
from quetsach_portal.people.roles import invitations
from quetsach_portal.people.roles.invitations import link_from, new_link
from quetsach_portal.people.roles.scope import scope_of
from quetsach_portal.web.acts import Refused
from tests.portal.mail.delivering import let_time_pass
from tests.portal.mail.sink import running_sink
from tests.portal.people.accounts import ADDRESS, FORM, GOOD
from tests.portal.signing_in import signed_in, through_the_door
from tests.portal.working import claim, run_ready
from tests.portal.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def invite(
    world: World, code: str = "TC01", role: Role = Role.CLERK, **more
) -> invitations.NewInvitation:
    actor = world.user(code, Role.FOCAL_POINT)
    wanted = {"email": ADDRESS, "last_day": None, **more}
    return invitations.invite(unit=world.units[code], role=role, actor=actor, **wanted)


def path_of(done: invitations.NewInvitation) -> str:
    return re.sub(r"^https?://[^/]+", "", done.link)


def dump() -> str:
    return repr(
        [list(model.objects.values_list()) for model in (Invitation, Job, AuditEvent, OutboxMail)]
    )


def test_A11_the_link_opens_an_account_with_its_role_and_the_own_password(world: World) -> None:
    done = invite(world)
    page = Client().get(path_of(done))
    assert ADDRESS in page.content.decode()
    assert Client().post(path_of(done), FORM).url == "/account/login/"
    user = User.objects.get(email=ADDRESS)
    assert (user.name, user.check_password(GOOD)) == ("Trần Thị Mới", True)
    assert EmailAddress.objects.get(user=user).verified
    assert [(seat.role, seat.unit_id) for seat in scope_of(user).seats] == [
        (Role.CLERK, world.units["TC01"].pk)
    ]
    signed = Client().post("/account/login/", {"login": ADDRESS, "password": GOOD})
    assert signed.url == "/"


def test_A11_the_link_works_once(world: World) -> None:
    done = invite(world)
    Client().post(path_of(done), FORM)
    again = Client().post(path_of(done), {**FORM, "password": "khác hẳn đấy nhé bạn"})
    assert again.status_code == 410
    assert User.objects.get(email=ADDRESS).check_password(GOOD)


def test_A7_opening_the_link_takes_nothing(world: World) -> None:
    done = invite(world)
    for _ in range(3):
        assert Client().get(path_of(done)).status_code == 200
        assert Client().head(path_of(done)).status_code == 200
    assert not User.objects.filter(email=ADDRESS).exists()
    assert invitations.invitation_by(path_of(done).split("/")[3]).is_open


def test_A11_the_link_is_over_after_72_hours(world: World) -> None:
    done = invite(world)
    left = done.invitation.expires_at - timezone.now()
    assert timedelta(hours=71, minutes=59) < left <= timedelta(hours=72)
    Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(path_of(done)).status_code == 410
    assert Client().post(path_of(done), FORM).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


def test_A11_a_withdrawn_link_lets_nobody_in(world: World, client_of) -> None:
    done = invite(world)
    focal = client_of("TC01", Role.FOCAL_POINT)
    focal.post(f"/people/invitation/{done.invitation.pk}/withdraw")
    assert Client().post(path_of(done), FORM).status_code == 410
    with pytest.raises(Refused):
        invitations.resend(done.invitation, actor=world.user("TC01", Role.FOCAL_POINT))


def test_A11_a_new_link_makes_the_old_one_useless(world: World) -> None:
    first = invite(world)
    second = invitations.resend(first.invitation, actor=world.user("TC01", Role.FOCAL_POINT))
    assert Client().get(path_of(first)).status_code == 404
    assert Client().post(path_of(second), FORM).status_code == 302


@pytest.mark.asvs("V11.5.1")
def test_A8_the_token_has_256_bits_and_the_database_holds_it_nowhere(world: World, sink) -> None:
    done = invite(world)
    token = path_of(done).split("/")[3]
    assert len(token) == 43
    assert len({new_link().address for _ in range(500)}) == 500
    run_ready()
    assert token not in dump()
    assert token in sink.messages()[0].get_content()


def test_A8_another_secret_key_makes_another_token(world: World, settings) -> None:
    done = invite(world)
    settings.SECRET_KEY = "z" * 50
    assert link_from(done.invitation.nonce).address != done.link


def test_A11_the_inviter_sees_the_link_once_and_never_a_password(world: World, client_of) -> None:
    focal = client_of("TC01", Role.FOCAL_POINT)
    form = {"email": ADDRESS, "role": "CK", "last_day": ""}
    shown = focal.post(f"/people/unit/{world.units['TC01'].pk}/invite", form).content.decode()
    assert re.search(r"http://[^<\s]+/account/invitation/[-\w]{43}/", shown)
    listed = focal.get("/people/").content.decode()
    assert ADDRESS in listed
    assert "/account/invitation/" not in listed


def test_the_mail_is_sent_once_and_in_vietnamese(world: World, sink) -> None:
    done = invite(world)
    assert sink.mails == []
    run_ready()
    run_ready()
    [sent] = sink.messages()
    assert sink.recipients() == [ADDRESS]
    assert sent["Subject"] == "Thư mời tham gia quét sạch: Ủy ban nhân dân xã Một"
    assert done.link in sent.get_content()
    assert "Văn thư" in sent.get_content()
    assert Invitation.objects.get().mailed_at is not None


def test_a_rolled_back_invitation_sends_nothing(world: World) -> None:
    invite(world)
    with pytest.raises(Refused):
        invite(world)
    assert OutboxMail.objects.filter(purpose=MailPurpose.INVITATION).count() == 1


def test_a_mail_server_that_is_away_loses_no_mail(world: World, settings) -> None:
    with running_sink() as gone:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", gone.port
    invite(world)
    run_ready()
    assert Invitation.objects.get().mailed_at is None
    with running_sink() as back:
        settings.EMAIL_PORT = back.port
        let_time_pass()
        run_ready()
        assert back.recipients() == [ADDRESS]
    assert Invitation.objects.get().mailed_at is not None


def test_C2_a_mail_in_doubt_is_not_sent_again_until_a_person_asks_anew(world: World, sink) -> None:
    sink.data_reply = lambda address: "cut"
    done = invite(world)
    run_ready()
    sink.data_reply = lambda address: ""
    let_time_pass()
    run_ready()
    assert (len(sink.mails), OutboxMail.objects.get().state) == (0, OutboxState.IN_DOUBT)
    again = invitations.resend(done.invitation, actor=world.user("TC01", Role.FOCAL_POINT))
    run_ready()
    [sent] = sink.messages()
    assert again.link in sent.get_content()


def test_the_late_reply_to_an_older_link_does_not_keep_the_new_one_back(world: World, sink) -> None:
    first = invite(world)
    work = claim("a worker that is silent for long")
    queue = MailQueue.objects.get()
    silent = delivery.DeliveryRound(queue, work, COMPOSERS, OBSERVERS)
    [mail] = delivery.due_mails(queue, timezone.now())
    assert claims.claim([mail], "token", silent)
    again = invitations.resend(first.invitation, actor=world.user("TC01", Role.FOCAL_POINT))
    claims.settle([(mail, SmtpReply(SmtpOutcome.ACCEPTED, "250 ok"))], "token", silent)
    assert Invitation.objects.get().mailed_at is None
    let_time_pass()
    run_ready()
    [sent] = sink.messages()
    assert again.link in sent.get_content()
    assert Invitation.objects.get().mailed_at is not None


def test_without_a_mail_server_the_link_lies_in_a_file_that_the_worker_names(
    world: World, settings, capsys
) -> None:
    settings.EMAIL_HOST = ""
    done = invite(world)
    run_ready()
    run_ready()
    printed = capsys.readouterr().out
    [place] = (settings.QUETSACH.home / FOLDER).iterdir()
    assert printed.count(str(place)) == 1
    assert done.link not in printed
    written = place.read_text(encoding="utf-8")
    assert written.count(done.link) == 1
    assert f"To: {ADDRESS}" in written
    assert Invitation.objects.get().mailed_at is not None


def test_a_withdrawn_invitation_is_not_mailed_any_more(world: World, sink) -> None:
    done = invite(world)
    invitations.withdraw(done.invitation, actor=world.user("TC01", Role.FOCAL_POINT))
    run_ready()
    assert sink.mails == []


def test_somebody_with_an_account_takes_the_role_signed_in_as_themselves(world: World) -> None:
    technician = world.user("TC02", Role.TECHNICIAN)
    done = invite(world, email=technician.email.upper())
    stranger = signed_in(world.user("TC02", Role.CLERK))
    assert Client().post(path_of(done), FORM).url.startswith("/account/login/?next=")
    assert stranger.post(path_of(done)).status_code == 403
    own = signed_in(technician)
    assert own.get(path_of(done)).status_code == 200
    assert own.post(path_of(done)).url == "/"
    assert scope_of(technician).has_role_in(world.units["TC01"], Role.CLERK)
    assert User.objects.filter(email__iexact=technician.email).count() == 1


def test_a_role_until_a_day_ends_after_that_day(world: World) -> None:
    day = timezone.localdate() + timedelta(days=3)
    done = invite(world, last_day=day)
    user = invitations.accept(done.invitation, name="A", password=GOOD)
    assert scope_of(user, on=day).seats
    assert not scope_of(user, on=day + timedelta(days=1)).seats


def test_A1_an_operator_makes_owners_and_nobody_else(world: World, client_of) -> None:
    operator = client_of("TC", Role.OPERATOR)
    address = f"/people/unit/{world.units['TC'].pk}/invite"
    refused = operator.post(address, {"email": ADDRESS, "role": "CK", "last_day": ""})
    assert "role" in refused.context["form"].errors
    operator.post(address, {"email": ADDRESS, "role": "LO", "last_day": ""})
    assert Invitation.objects.get().role == Role.LEAD_OWNER
    held = Assignment.objects.get(user=world.user("TC", Role.LEAD_OWNER))
    assert operator.post(f"/people/role/{held.pk}/end").status_code == 403


def test_a_unit_cannot_be_used_to_send_mail_to_the_world(world: World) -> None:
    for number in range(invitations.OPEN_AT_ONCE):
        invite(world, email=f"a{number}@x.example")
    with pytest.raises(Refused):
        invite(world)


def test_a_hostile_unit_name_forges_no_mail_header(world: World, sink) -> None:
    world.units["TC01"].name = "Xã\r\nBcc: nan@x.example"
    world.units["TC01"].save()
    invite(world)
    run_ready()
    assert sink.recipients() == [ADDRESS]
    assert "Bcc" not in sink.messages()[0]


def test_each_step_stands_in_the_trail_without_address_or_token(world: World) -> None:
    done = invite(world)
    again = invitations.resend(done.invitation, actor=world.user("TC01", Role.FOCAL_POINT))
    invitations.accept(again.invitation, name="A", password=GOOD)
    said = list(AuditEvent.objects.order_by("seq").values_list("action", flat=True))
    assert said == [
        "invitation.sent",
        "invitation.sent-again",
        "user.opened",
        "invitation.accepted",
        "assignment.begun",
    ]
    assert ADDRESS not in repr(list(AuditEvent.objects.values_list("detail")))


@pytest.mark.asvs("V2.3.4")
def test_E4_a_link_that_is_used_twice_at_once_makes_one_account(world: World) -> None:
    # Both read the page while the link was open; the second to press finds it used.
    done = invite(world)
    invitations.accept(done.invitation, name="A", password=GOOD)
    with pytest.raises(Refused):
        invitations.accept(done.invitation, name="B", password=GOOD)
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert Assignment.objects.filter(user__email=ADDRESS).count() == 1


def test_the_mail_reads_as_an_office_writes(world: World, sink) -> None:
    done = invite(world)
    run_ready()
    until = timezone.localtime(done.invitation.expires_at)
    assert sink.messages()[0].get_content().strip().splitlines() == [
        "Bạn được mời vào quét sạch, cổng thông tin của chiến dịch làm sạch mã độc: "
        "Văn thư, Ủy ban nhân dân xã Một.",
        "",
        "Người gửi: Đầu mối TC01",
        "",
        "Mở đường dẫn sau; chỉ dùng được một lần:",
        "",
        done.link,
        "",
        f"Đường dẫn có hiệu lực đến {until:%H:%M %d/%m/%Y}. Nếu bạn không rõ việc này, không cần "
        "làm gì.",
        "",
        "quét sạch",
    ]


@pytest.mark.asvs("V6.4.3", "V7.4.5")
def test_a_link_for_a_forgotten_password_signs_out_and_keeps_the_factor(
    world: World, client_of
) -> None:
    clerk = world.user("TC01", Role.CLERK)
    old = through_the_door(clerk, PASSWORD)
    manager = client_of("TC01", Role.FOCAL_POINT)
    shown = manager.post(f"/people/person/{clerk.pk}/link").content.decode()
    link = shown.partition('one-time-link">')[2].partition("<")[0]
    assert old.get("/people/").status_code == 200
    path = "/account/invitation/" + link.rstrip("/").rpartition("/")[2] + "/"
    good = "con mèo nhỏ leo cây cau"
    assert old.post(path, {"password": good, "again": good}).status_code == 302
    assert old.get("/people/").url.startswith("/account/login/")
    assert User.objects.get(pk=clerk.pk).check_password(good)


def test_a_second_link_makes_the_first_useless(world: World, client_of) -> None:
    clerk, manager = world.user("TC01", Role.CLERK), client_of("TC01", Role.FOCAL_POINT)
    links = []
    for _ in range(2):
        shown = manager.post(f"/people/person/{clerk.pk}/link").content.decode()
        links.append(shown.partition('one-time-link">')[2].partition("<")[0])
    paths = ["/account/invitation/" + one.rstrip("/").rpartition("/")[2] + "/" for one in links]
    assert [signed_in(clerk).get(path).status_code for path in paths] == [410, 200]


@pytest.mark.asvs("V6.4.6")
def test_A11_no_page_or_act_lets_a_manager_set_a_password(world: World, client_of) -> None:
    clerk, manager = world.user("TC01", Role.CLERK), client_of("TC01", Role.FOCAL_POINT)
    before = User.objects.get(pk=clerk.pk).password
    for act in ("link", "off", "on", "factors"):
        manager.post(f"/people/person/{clerk.pk}/{act}", {"password": "x" * 20, "again": "x" * 20})
    assert User.objects.get(pk=clerk.pk).password == before
