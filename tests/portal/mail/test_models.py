"""The tables of the outbox: no mail is sent without a claim, and none keeps its text."""

import pytest
from django.db import transaction

from quetsach_portal.jobs.models import Job
from quetsach_portal.mail.models import MailQueue, OutboxMail, OutboxState
from tests.portal.mail.delivering import ask, run_due

pytestmark = pytest.mark.django_db


def test_nothing_is_being_sent_without_a_claim() -> None:
    from django.db import IntegrityError

    ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.update(state=OutboxState.SENDING)


def test_the_outbox_holds_no_text(sink) -> None:
    ask()
    run_due()
    kept = repr([list(model.objects.values_list()) for model in (OutboxMail, MailQueue, Job)])
    assert "Kính gửi" not in kept
    assert "Thư số" not in kept
