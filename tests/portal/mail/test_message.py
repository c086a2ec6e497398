"""What a mail looks like, whatever people typed."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default
from email.utils import parseaddr

import idna
import pytest
from django.utils import timezone

from quetsach_portal.mail.message import MailDraft, message_of, wire_address
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.mail.outbox import enqueue
from tests.portal.mail.delivering import OBSERVERS, run_due

HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
}  # fmt: skip

EVIL = ["\r\nBcc: ke-gian@xau.example\r\n\r\nclick", "\nX: y", "\r", "\x0b\x85\u2028Z: z", "a\x01b"]


def written(draft: MailDraft, to: str = "xa1@huyen.example") -> EmailMessage:
    raw = message_of(draft, to, message_id="0123", at=timezone.now())
    assert raw.isascii()
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_is_plain_text_that_no_machine_answers() -> None:
    message = written(MailDraft("Chủ đề", "Dòng một\n\n.\nFrom here\n", language="en"))
    assert set(message.keys()) == HEADERS
    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Dòng một\n\n.\nFrom here\n"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["Message-ID"] == "<0123@127.0.0.1>"
    assert message["From"] == "quetsach@localhost"


@pytest.mark.asvs("V1.3.11")
@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("field", ["subject", "from_name", "to_name", "language"])
def test_C1_a_line_break_in_subject_name_or_person_stays_in_one_header(evil, field) -> None:
    draft = MailDraft(**{"subject": "s", "body": "b\n", field: f"Ủy ban{evil}"})
    if field == "language":
        with pytest.raises(ValueError, match="ascii"):
            written(draft)
        return
    message = written(draft)
    assert set(message.keys()) == HEADERS
    assert message.get_content() == "b\n"
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1
    assert message["To"].addresses[0].addr_spec == "xa1@huyen.example"


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh Nguyệt",
        'A "quoted" <x@y.example>, B',
        "Văn phòng " * 12,
        "=?utf-8?q?x?=",
        "",
    ],
)
def test_names_are_read_as_they_were_typed(name) -> None:
    draft = MailDraft(name or "s", "b\n", from_name=name, to_name=name)
    raw = message_of(draft, "xa1@huyen.example", message_id="0123", at=timezone.now())
    expected = " ".join(name.split())[:78].strip()
    # The newer parser of the standard library puts blanks between the parts of a long name.
    message = message_from_bytes(raw, policy=compat32)
    for header, address in (("To", "xa1@huyen.example"), ("From", "quetsach@localhost")):
        folded = message[header].replace("\r\n", "")
        shown, found = parseaddr(folded)
        assert (str(make_header(decode_header(shown))), found) == (expected, address)
    assert message_from_bytes(raw, policy=default)["Subject"] == (" ".join(name.split()) or "s")


def test_the_name_of_the_portals_own_address_stands_where_a_draft_has_none(settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Quét sạch <quetsach@tinh.example>"
    assert written(MailDraft("s", "b"))["From"] == "Quét sạch <quetsach@tinh.example>"
    named = written(MailDraft("s", "b", from_name="UBND huyện"))
    assert named["From"] == "UBND huyện <quetsach@tinh.example>"


@pytest.mark.parametrize(
    ("address", "on_the_wire"),
    [
        ("xa1@huyen.example", "xa1@huyen.example"),
        ("xa1@huyện.example", f"xa1@{idna.encode('huyện.example').decode()}"),
    ],
)
def test_a_domain_goes_over_the_wire_in_ascii(address, on_the_wire) -> None:
    assert wire_address(address) == on_the_wire


BROKEN = [
    "xa1@huyen.example\r\nBcc: ke-gian@xau.example",
    "xa1@huyen.example, ke-gian@xau.example",
    "xã@huyen.example",
    "xa1",
    "",
    "xa1@",
    "xa1@huyen.example>\r\nRCPT TO:<ke-gian@xau.example",
    " xa1@huyen.example",
    "xa1@huyen.example\u2028",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", BROKEN)
def test_C1_an_address_is_one_address_or_the_mail_has_failed_with_the_reason(sink, address) -> None:
    enqueue(MailPurpose.LETTER, 1, address, key="broken")
    enqueue(MailPurpose.LETTER, 2, "xa2@huyen.example", key="good")
    run_due()
    broken, good = OutboxMail.objects.order_by("pk")
    assert (broken.state, good.state) == ("failed", "sent")
    assert broken.reply
    assert sink.recipients() == ["xa2@huyen.example"]
    assert b"ke-gian" not in sink.received


@pytest.mark.asvs("V1.3.11")
@pytest.mark.django_db
@pytest.mark.parametrize("evil", EVIL)
def test_C1_nothing_in_a_draft_adds_a_recipient_or_ends_the_mail(sink, evil) -> None:
    draft = MailDraft(
        f"triển khai{evil}", f"a\r\n.\r\nRCPT TO:<b@c.example>{evil}\n.\n", "vi", evil, evil
    )
    enqueue(MailPurpose.LETTER, 1, "xa1@huyen.example", key="evil")
    run_due(dict.fromkeys(MailPurpose, lambda object_id: draft), OBSERVERS)
    (message,) = sink.messages()
    assert set(message.keys()) == HEADERS
    assert sink.recipients() == ["xa1@huyen.example"]
    assert "RCPT TO:<b@c.example>" in message.get_content()
