"""How the mails of a letter stand, for its pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.letters import rehearsal, sheets
from quetsach_portal.letters.models import Letter, Mailing, MailingState


@dataclass(frozen=True)
class MailingPage:
    """The mailing of one letter; `rehearsing` and `printing` while such a job is under way."""

    state: str
    label: str
    per_second: int
    problem: str
    next_try_at: datetime | None
    rehearsal: dict[str, Any]
    rehearsed_at: datetime | None
    rehearsing: bool
    printing: bool

    @property
    def is_running(self) -> bool:
        """True while mails are being sent."""
        return self.state == MailingState.RUNNING

    @property
    def may_start(self) -> bool:
        """True while mails wait for a person."""
        return self.state in (MailingState.WAITING, MailingState.PAUSED)


def mailing_page(letter: Letter) -> MailingPage:
    """Return how the mails of `letter` stand. Cost: two queries."""
    mailing = Mailing.objects.filter(letter=letter).first() or Mailing(
        letter=letter, per_second=settings.QUETSACH.mail_per_second
    )
    under_way = set(
        Job.objects.filter(
            kind__in=[rehearsal.KIND, sheets.KIND],
            payload__letter_id=letter.pk,
            state__in=[JobState.READY, JobState.RUNNING],
        ).values_list("kind", flat=True)
    )
    return MailingPage(
        state=mailing.state,
        label=str(MailingState(mailing.state).label),
        per_second=mailing.per_second,
        problem=mailing.problem,
        next_try_at=mailing.next_try_at,
        rehearsal=mailing.rehearsal,
        rehearsed_at=mailing.rehearsed_at,
        rehearsing=rehearsal.KIND in under_way,
        printing=sheets.KIND in under_way,
    )
