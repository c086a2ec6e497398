"""A forgotten password: the same answer for all addresses, and a link that works once."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quetsach_portal.jobs.models import Job
from quetsach_portal.mail import letterbox
from quetsach_portal.mail.models import OutboxMail
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from tests.counted_work import calls_of
from tests.portal.mail.sink import Sink
from tests.portal.signing_in import signed_in
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db

UNKNOWN = "khong.ai@coquan.example"
GOOD = "con mèo nhỏ leo cây cau"
PAGE = "/account/password/reset/"


def ask(email: str):
    cache.clear()
    return Client().post(PAGE, {"email": email})


def link(sink: Sink) -> str:
    run_ready()
    text = sink.messages()[-1].get_content()
    found = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", text)
    assert found is not None
    return found.group(1)


def test_A9_known_and_unknown_get_the_same_page_and_the_same_work(world: World, sink) -> None:
    known = world.user("TC01", Role.CLERK).email
    answers = [ask(email) for email in (known, UNKNOWN)]
    assert {one.url for one in answers} == {"/account/password/reset/done/"}
    assert Job.objects.filter(kind="people.forgotten").count() == 2
    run_ready()
    assert sink.recipients() == [known]


@pytest.mark.asvs("V6.3.8")
def test_A9_known_and_unknown_cost_the_same(world: World) -> None:
    emails = (world.user("TC01", Role.CLERK).email, UNKNOWN)
    for email in emails:
        ask(email)
    costs = []
    for email in emails:
        with CaptureQueriesContext(connection) as asked:
            calls = calls_of(lambda email=email: ask(email))
        costs.append((calls, len(asked)))
    (known, unknown) = costs
    assert known[1] == unknown[1]
    # The addresses differ in length, and some calls go letter by letter.
    assert known[0] == pytest.approx(unknown[0], rel=0.02)


@pytest.mark.asvs("V6.4.1", "V7.4.3")
def test_the_link_gives_a_new_password_once_and_ends_other_sessions(world: World, sink) -> None:
    user = world.user("TC01", Role.CLERK)
    elsewhere = signed_in(user)
    ask(user.email.upper())
    path = link(sink)
    browser = Client()
    form = browser.get(path)
    assert form.status_code == 302
    done = browser.post(form.url, {"password1": GOOD, "password2": GOOD})
    assert done.url == "/account/password/reset/key/done/"
    assert User.objects.get(pk=user.pk).check_password(GOOD)
    assert browser.get("/people/").status_code == 302
    assert elsewhere.get("/people/").url.startswith("/account/login/")
    assert "hết hạn" in Client().get(path).content.decode()


def test_the_token_is_in_the_mail_and_not_in_the_database(world: World, sink) -> None:
    ask(world.user("TC01", Role.CLERK).email)
    token = link(sink).rstrip("/").rpartition("-")[2]
    assert token not in repr([list(model.objects.values_list()) for model in (Job, OutboxMail)])


@pytest.mark.asvs("V6.2.1", "V6.2.4")
def test_a_new_password_obeys_the_rules(world: World, sink) -> None:
    ask(world.user("TC01", Role.CLERK).email)
    browser = Client()
    address = browser.get(link(sink)).url
    easy = "UBND xã Một 2022"
    shown = browser.post(address, {"password1": easy, "password2": easy}).content.decode()
    assert "gần như chỉ là tên đơn vị" in shown


@pytest.mark.asvs("V9.2.1")
def test_the_link_is_over_after_72_hours(world: World, sink, settings) -> None:
    ask(world.user("TC01", Role.CLERK).email)
    path = link(sink)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "hết hạn" in Client().get(path).content.decode()


def test_a_disabled_account_gets_no_link(world: World, sink) -> None:
    user = world.user("TC01", Role.CLERK)
    User.objects.filter(pk=user.pk).update(is_active=False)
    ask(user.email)
    run_ready()
    assert sink.mails == []


def test_the_page_cannot_be_used_to_flood_a_mailbox(world: World) -> None:
    email = world.user("TC01", Role.CLERK).email
    cache.clear()
    statuses = [Client().post(PAGE, {"email": email}).status_code for _ in range(8)]
    assert statuses[0] == 302
    assert statuses[-1] == 429


def test_a_job_that_is_tried_again_sends_one_mail(world: World, sink) -> None:
    ask(world.user("TC01", Role.CLERK).email)
    run_ready()
    Job.objects.filter(kind="people.forgotten").update(
        state="ready", run_after=timezone.now() - timedelta(seconds=1)
    )
    run_ready()
    assert len(sink.mails) == 1


def test_an_account_that_is_switched_off_meanwhile_gets_no_link(world: World, sink) -> None:
    user = world.user("TC01", Role.CLERK)
    ask(user.email)
    run_ready(1)
    assert OutboxMail.objects.count() == 1
    User.objects.filter(pk=user.pk).update(is_active=False)
    run_ready()
    assert sink.mails == []
    assert not OutboxMail.objects.exists()


def test_without_a_mail_server_a_link_lies_in_a_file_and_stands_in_no_log(
    world: World, home: Path, settings, capsys
) -> None:
    settings.EMAIL_HOST = ""
    folder = home / letterbox.FOLDER
    folder.mkdir(parents=True)
    (folder / "1.txt").write_text("a link that opens nothing any more")
    os.utime(folder / "1.txt", (0, 0))
    user = world.user("TC01", Role.CLERK)
    ask(user.email)
    run_ready()
    said = capsys.readouterr().out
    (file,) = folder.iterdir()
    assert str(file) in said
    assert file.stat().st_mode & 0o777 == 0o600
    text = file.read_text()
    assert text.count("/account/password/reset/key/") == 1
    assert user.email in text
    assert "/account/password" not in said
    assert user.email not in said
