"""An answer has its time, in the database itself."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quetsach_portal.alerts.models import Alert, AlertMail
from tests.portal.alerts.alerted import alerted
from tests.portal.world import World


def test_an_answer_without_its_time_is_refused(world: World) -> None:
    (alert,) = alerted(world)
    rows = Alert.objects.filter(pk=alert.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(answer="found")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(answered_at=timezone.now())
    assert str(alert) == f"new: {alert.case.number}"


def test_the_links_of_two_mails_differ(world: World) -> None:
    alerted(world)
    alerted(world, "TC02")
    assert len(set(AlertMail.objects.values_list("secret", flat=True))) == 2
    assert {str(mail).partition(":")[0] for mail in AlertMail.objects.all()} == {"at-once"}
