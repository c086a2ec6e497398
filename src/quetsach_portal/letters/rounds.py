"""The jobs that send the mails of a letter, one round after the other."""

from datetime import datetime

from quetsach_portal.jobs.enqueue import enqueue
from quetsach_portal.letters.models import Mailing
from quetsach_portal.people.models import User

KIND = "letters.send"
TRIES = 1000
"""A worker that is killed leaves its round to the next one; only a flood of kills ends a round."""


def wake(mailing: Mailing, actor: User | None = None, *, at: datetime | None = None) -> None:
    """Ask for the next round of `mailing`, from `at` on, and save it; the caller holds its row.

    Any earlier round stops when it sees the new number: there is never more than one at work.
    """
    mailing.round += 1
    mailing.next_try_at = at
    mailing.save()
    enqueue(
        KIND,
        key=f"{KIND}:{mailing.pk}:{mailing.round}",
        payload={"letter_id": mailing.pk, "round": mailing.round},
        run_after=at,
        asked_by_id=None if actor is None else actor.pk,
        unit_path=mailing.letter.node.unit.path,
        max_attempts=TRIES,
    )
