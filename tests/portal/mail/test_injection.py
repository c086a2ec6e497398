"""C1: no text that a person types reaches the envelope or a header of its own, on a real server."""

from email import message_from_bytes
from email.policy import default

import pytest

from quetsach_portal.mail.message import MailDraft
from quetsach_portal.mail.models import MailPurpose, OutboxMail
from quetsach_portal.mail.outbox import enqueue
from tests.portal.mail.delivering import OBSERVERS, run_due

pytestmark = pytest.mark.django_db

EVIL = (
    "\r\nBcc: ke-gian@xau.example",
    "\nRCPT TO:<ke-gian@xau.example>",
    "x\r\n.\r\nMAIL FROM:<ai@xau.example>\r\n",
    "\r\n\r\n<b>click</b>",
    "a\u2028Bcc: ke-gian@xau.example\u2029\x85\x0b\x0c\x1c",
    "=?utf-8?q?a=0D=0ABcc:_ke-gian@xau.example?=",
    '"a" <ke-gian@xau.example>, b <c@xau.example>',
    "-oQ/tmp/x -X/tmp/y",
    "ừ" * 10_000,
    "x" * 10_000,
)

REFUSED = (
    "a@xa.example\r\nRCPT TO:<ke-gian@xau.example>",
    "a@xa.example\nDATA",
    "a@xa.example, ke-gian@xau.example",
    "a@xa.example> SIZE=1",
    '"a\r\nb"@xa.example',
    "a b@xa.example",
    "ừ@xa.example",
    "a\u2028@xa.example",
    "a\x00@xa.example",
    "@xau.example:a@xa.example",
    "a@[127.0.0.1",
    "",
)

TAKEN = ("-oQ/tmp@xa.example", "a+b=c@xa.example")


def sent(draft: MailDraft, to: str) -> OutboxMail:
    enqueue(MailPurpose.FOLLOWUP, 1, to, key="k")
    run_due(dict.fromkeys(MailPurpose, lambda _number: draft), OBSERVERS)
    return OutboxMail.objects.get()


@pytest.mark.parametrize("text", EVIL)
@pytest.mark.parametrize("field", ["subject", "body", "from_name", "to_name", "off_address"])
def test_one_mail_to_one_person_arrives_whatever_was_typed(sink, field: str, text: str) -> None:
    named = {"subject": "s", "body": "b\n", field: text}
    if field == "off_address":
        named[field] = f"https://cong.example/{text[:9]}".encode("ascii", "ignore").decode()
    sent(MailDraft(**named), "xa1@huyen.example")
    ((to, raw),) = sink.mails
    assert to == "xa1@huyen.example"
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"Bcc" not in {line.partition(b":")[0] for line in head.split(b"\r\n")}
    message = message_from_bytes(raw, policy=default)
    assert {"Bcc", "Cc", "Reply-To"}.isdisjoint(message.keys())
    assert [one.addr_spec for one in message["To"].addresses] == ["xa1@huyen.example"]
    assert len(message["From"].addresses) == 1
    assert message.get_content_type() == "text/plain"
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_that_is_more_than_one_goes_to_nobody(sink, address: str) -> None:
    sent(MailDraft("s", "b\n"), address)
    assert sink.mails == []
    assert b"ke-gian" not in bytes(sink.received)


@pytest.mark.parametrize("address", TAKEN)
def test_an_odd_address_is_one_recipient(sink, address: str) -> None:
    sent(MailDraft("s", "b\n"), address)
    assert [to for to, _raw in sink.mails] == [address]
