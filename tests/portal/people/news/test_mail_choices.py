"""Which mails an address wants, and the link that switches them off."""

import pytest

from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.mail.message import MailDraft, MailNotNeeded
from quetsach_portal.people.models.news import MailChoice, MailSort, NewsKind
from quetsach_portal.people.models.roles import Assignment, Role
from quetsach_portal.people.news.mail_choices import (
    choice_by,
    choices_of,
    choose,
    is_off,
    reached_by_digest,
    switch,
    wanting,
    with_way_out,
)

pytestmark = pytest.mark.django_db

ADDRESS = "Van.Thu@coquan.example"


def link_of(sort: MailSort = MailSort.DIGEST) -> tuple[int, str]:
    draft = with_way_out(MailDraft("Tin", "Nội dung\n"), ADDRESS, sort)
    _portal, _name, number, signature, _end = draft.off_address.rsplit("/", 4)
    return int(number), signature


def test_a_mail_says_in_its_text_and_its_head_how_to_end_such_mails() -> None:
    draft = with_way_out(MailDraft("Tin", "Nội dung\n"), ADDRESS, MailSort.DIGEST)
    assert draft.off_address in draft.body
    assert "bấm một lần, không cần tài khoản" in draft.body
    assert "coquan" not in draft.off_address


def test_the_link_of_one_sort_or_address_is_none_of_another() -> None:
    number, signature = link_of()
    assert choice_by(number, signature).sort == MailSort.DIGEST
    other, _signature = link_of(MailSort.MACHINES)
    assert choice_by(other, signature) is None
    assert choice_by(number, signature[:-1]) is None
    assert choice_by(number + 1000, signature) is None
    MailChoice.objects.filter(pk=number).update(address="khac@coquan.example")
    assert choice_by(number, signature) is None


def test_what_is_switched_off_is_written_down_once_and_no_mail_of_it_is_composed() -> None:
    choice = choice_by(*link_of())
    switch(choice, off=True)
    switch(choice, off=True)
    assert is_off(ADDRESS, MailSort.DIGEST)
    assert is_off(ADDRESS.upper(), MailSort.DIGEST)
    assert not is_off(ADDRESS, MailSort.MACHINES)
    event = AuditEvent.objects.get(action="mail.switched_off")
    assert "coquan" not in str(event.detail)
    with pytest.raises(MailNotNeeded):
        link_of()
    switch(choice, off=False)
    assert link_of()


def test_who_wants_a_sort_stays_in_the_order_of_the_list() -> None:
    switch(choice_by(*link_of(MailSort.MACHINES)), off=True)
    addresses = ["b@x.example", ADDRESS, "a@x.example"]
    assert wanting(addresses, MailSort.MACHINES) == ["b@x.example", "a@x.example"]
    assert wanting(addresses, MailSort.DIGEST) == addresses


def test_a_person_chooses_all_sorts_at_once(world) -> None:
    user = world.user("TC01", Role.TECHNICIAN)
    assert all(choices_of(user.email).values())
    choose(user, ["machines", "no-such-sort"])
    assert [sort for sort, wanted in choices_of(user.email).items() if wanted] == ["machines"]
    assert AuditEvent.objects.filter(action="mail.switched_off", actor_id=user.pk).count() == 4
    choose(user, [sort.value for sort in MailSort])
    assert all(choices_of(user.email).values())


def test_the_digest_reaches_who_reads_such_news_of_the_unit_now(world) -> None:
    unit = world.units["TC01"].pk
    clerk, technician = world.user("TC01", Role.CLERK), world.user("TC01", Role.TECHNICIAN)
    box = "ubnd@xa.example"
    asked = [clerk.email, technician.email, box, world.user("TC02", Role.CLERK).email]
    assert reached_by_digest(NewsKind.REMINDED, unit, asked) == {clerk.email}
    assert reached_by_digest(NewsKind.ALERT, unit, asked) == {technician.email}
    Assignment.objects.filter(user=clerk).update(valid_to=clerk.created_at.date())
    assert reached_by_digest(NewsKind.REMINDED, unit, asked) == frozenset()
