"""The tables of news: each thing once."""

import pytest
from django.db import IntegrityError, transaction

from quetsach_portal.people.models.news import (
    MailChoice,
    MailSort,
    NewsEvent,
    NewsKind,
    NewsMail,
    NewsReading,
)
from quetsach_portal.people.models.roles import Role

pytestmark = pytest.mark.django_db


def refused(make) -> bool:
    try:
        with transaction.atomic():
            make()
    except IntegrityError:
        return True
    return False


def test_a_reading_a_mail_and_a_choice_are_there_once(world) -> None:
    user = world.user("TC01", Role.CLERK)
    event = NewsEvent.objects.create(
        unit=world.units["TC01"], kind=NewsKind.LETTER, key="letter:1", about="1", path="/"
    )
    NewsReading.objects.create(user=user, event=event)
    NewsMail.objects.create(user=user, key="2026-11-30", after=0, until=1)
    MailChoice.objects.create(address="a@x.example", sort=MailSort.DIGEST)
    assert refused(lambda: NewsReading.objects.create(user=user, event=event))
    assert refused(lambda: NewsMail.objects.create(user=user, key="2026-11-30", after=1, until=2))
    assert refused(lambda: MailChoice.objects.create(address="a@x.example", sort=MailSort.DIGEST))
    assert str(event) == "letter: letter:1"
