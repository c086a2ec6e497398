"""What a mail about a letter looks like, and to whom it goes, whatever people typed."""

import pytest

from quetsach_portal.letters import recipients
from quetsach_portal.letters.actions import release as releasing
from quetsach_portal.letters.models import Channel, Dispatch, DispatchState, Letter
from quetsach_portal.people.models.account import User
from quetsach_portal.people.models.roles import Role
from quetsach_portal.units.models import Desk
from tests.portal.letters import staged
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


def two_mails(world) -> Letter:
    staged.contact(world.units["TC01"], "xa1@huyen.example", person="Nguyễn Văn A")
    staged.contact(world.units["TC02"], "xa2@huyen.example")
    return staged.released(world)


def test_A7_the_mail_is_plain_text_with_one_page_and_no_tracking(world, sink, client_of) -> None:
    two_mails(world)
    run_ready()
    message = sink.messages()[0]
    assert message.get_content_type() == "text/plain"
    text = message.get_content()
    links = [word for word in text.split() if word.startswith("http")]
    letter = Letter.objects.get(is_outside=False)
    assert links[0] == f"http://127.0.0.1:8000/letters/{letter.pk}/"
    assert set(links) <= {links[0], "http://127.0.0.1:8000."}
    assert message["Auto-Submitted"] == "auto-generated"
    before = list(Dispatch.objects.order_by("pk").values())
    for client in (client_of("TC01", Role.FOCAL_POINT), client_of("TC01", Role.CLERK)):
        for _look in range(3):
            assert client.get(f"/letters/{letter.pk}/").status_code == 200
            assert client.head(f"/letters/{letter.pk}/").status_code == 200
    assert list(Dispatch.objects.order_by("pk").values()) == before
    world.nodes["TC01"].refresh_from_db()
    assert world.nodes["TC01"].received_at is None


def test_a_user_reads_the_mail_in_their_language(world, sink) -> None:
    user = world.user("TC01", Role.CLERK)
    User.objects.filter(pk=user.pk).update(language="en")
    staged.contact(world.units["TC01"], user.email.upper())
    staged.contact(world.units["TC02"], "xa2@huyen.example")
    staged.released(world)
    run_ready()
    by_recipient = {message["To"]: message for message in sink.messages()}
    english = next(m for to, m in by_recipient.items() if "xa2" not in to)
    other = next(m for to, m in by_recipient.items() if "xa2" in to)
    assert english["Content-Language"] == "en"
    assert "confirm receipt" in english.get_content()
    assert other["Content-Language"] == "vi"


def test_a_desk_that_receives_for_a_unit_gets_its_mail(world, sink) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example")
    staged.contact(world.units["KH"], "vanphong@huyen.example")
    Desk.objects.create(unit=world.units["TC01"], role="receiver", served_by=world.units["KH"])
    Desk.objects.create(unit=world.units["TC02"], role="compiler", served_by=world.units["KH"])
    staged.released(world)
    run_ready()
    assert sink.recipients() == ["vanphong@huyen.example"]


@pytest.mark.parametrize(
    "evil",
    ["\r\nBcc: ke-gian@xau.example\r\n\r\nclick", "\nX: y", "\r", "\x0b\x85\u2028Z: z", "a\x01b"],
)
def test_C1_a_line_break_in_subject_name_or_person_stays_in_one_header(world, sink, evil) -> None:
    staged.contact(world.units["TC01"], "xa1@huyen.example", person=f"Anh {evil}")
    letter = staged.numbered(world)
    Letter.objects.filter(pk=letter.pk).update(
        subject=f"triển khai{evil}", issuer_name=f"UBND{evil}", code=f"UB{evil}"[:40]
    )
    staged.signed_as_it_is(letter)
    releasing.release(
        letter.pk,
        recipients.DeliveryChannels(),
        start_mails=True,
        actor=world.user("TC", Role.CLERK),
    )
    run_ready()
    assert sink.recipients() == ["xa1@huyen.example"]
    message = sink.messages()[0]
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
        "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert not {"Bcc", "X", "Z"} & set(message.keys())


@pytest.mark.parametrize(
    ("mail", "goes"),
    [
        (" xa1@huyen.example ", True),
        ("xa1@huyen.example\r\nBcc: ke-gian@xau.example", False),
        ("xa1@huyen.example, ke-gian@xau.example", False),
        ("xã@huyen.example", False),
        ("xa1@huyện.example", True),
        ("xa1", False),
        ("xa1@huyen.example>\r\nRCPT TO:<ke-gian@xau.example", False),
    ],
)
def test_C1_an_address_is_one_address_or_broken(world, sink, mail, goes) -> None:
    staged.contact(world.units["TC01"], mail)
    letter = staged.released(world)
    run_ready()
    row = letter.dispatches.get(channel=Channel.MAIL)
    assert (row.state == DispatchState.SENT) is goes
    assert len(sink.mails) == goes
    assert not any("ke-gian" in to for to in sink.recipients())
    if not goes:
        assert row.state == DispatchState.FAILED
        assert row.reply
        # The unit falls to the desk above: it gets paper.
        assert letter.dispatches.filter(channel=Channel.PAPER, to_node=row.to_node).exists()
