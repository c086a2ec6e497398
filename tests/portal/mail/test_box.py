"""The test box: what would have been sent, marked, and nothing else."""

from dataclasses import replace

import pytest
from django.utils import timezone

from quetsach_portal.mail.box import mail_at, mails_in_box, put_in_box
from quetsach_portal.mail.message import MailDraft, message_of

DRAFT = MailDraft("Nhắc việc: báo cáo", "Kính gửi đơn vị\nHạn: 29/9\n", to_name="Văn thư")


def bytes_of(draft: MailDraft) -> bytes:
    return message_of(draft, "x@dien-tap.example", message_id="1", at=timezone.now())


def test_a_mail_of_a_rehearsal_says_so_in_its_subject_and_its_first_line(settings) -> None:
    assert b"DI" not in bytes_of(MailDraft("Subject", "Body"))
    settings.REHEARSAL = "0123456789ab"
    put_in_box(12, bytes_of(DRAFT))
    (mail,) = mails_in_box()
    assert (mail.number, mail.subject) == (12, "[DIỄN TẬP] Nhắc việc: báo cáo")
    assert mail.text.startswith("*** DIỄN TẬP")
    assert "Hạn: 29/9" in mail.text
    assert "x@dien-tap.example" in mail.to
    assert mail_at(12) == mail


def test_the_newest_mail_comes_first_and_one_that_comes_again_stands_once(home) -> None:
    for number in (1, 10, 9, 10):
        put_in_box(number, bytes_of(replace(DRAFT, subject=f"Thư {number}")))
    box = mails_in_box()
    assert [mail.subject for mail in box] == ["Thư 10", "Thư 9", "Thư 1"]
    assert [mail.number for mail in box[1:]] == [9, 1]
    assert mail_at(2) is None


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"Subject: =?utf-8?b?%%%?=\n\n\xff"])
def test_bytes_that_are_no_good_mail_are_shown_all_the_same(home, content: bytes) -> None:
    home.mkdir(parents=True, exist_ok=True)
    put_in_box(1, content)
    assert mail_at(1) is not None
