"""A list that comes later is asked of logs that were swept, and destroyed since."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quetsach_portal.intake.models import Submission
from quetsach_portal.intake.prints import secrets_folder
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints.actions import ask_list
from quetsach_portal.prints.models import PrintMatch, PrintQuestion
from tests.portal.intake.handing_in import LOG, looked_through, publish
from tests.portal.working import run_ready
from tests.portal.world import World

pytestmark = pytest.mark.django_db
LATER = "198.51.100.9\n198.51.100.9:8443\nnowhere.example\n" + "0" * 63 + "1\n"


@pytest.fixture
def row(world: World) -> Submission:
    publish(world)
    row: Submission = looked_through(world, {"conn.log": LOG})
    enqueue("intake.destroy_raw", key="intake.destroy_raw:1")
    long_ago = timezone.now() - timedelta(days=400)
    Submission.objects.filter(pk=row.pk).update(finished_at=long_ago)
    run_ready()
    return row


def _asked(world: World) -> PrintQuestion:
    campaign = publish(world, LATER)
    question = ask_list(campaign, actor=world.user("TC", Role.LEAD_OWNER))
    run_ready()
    question.refresh_from_db()
    return question


def test_a_later_list_hits_the_days_of_destroyed_logs(world: World, row: Submission) -> None:
    question = _asked(world)
    assert (question.problem, question.cannot_tell, question.forgotten) == ("", 1, 0)
    # The lines of the header have no hour: they are of both days.
    assert question.asked_days == 3
    assert 0 < question.by_chance < 1e-9
    exact = PrintMatch.objects.filter(question=question, is_exact=True).order_by("first_day")
    assert [hit.first_day for hit in exact] == [date(2022, 9, 12), date(2022, 9, 14)]
    assert all(hit.is_destroyed and hit.node_id == row.node_id for hit in exact)
    assert {name for hit in exact for name in hit.indicators} == {"198.51.100.9"}
    in_part = PrintMatch.objects.filter(question=question, is_exact=False)
    assert {name for hit in in_part for name in hit.indicators} == {"198.51.100.9:8443"}


def test_without_their_secrets_days_are_forgotten_not_clean(world: World, row: Submission) -> None:
    for path in secrets_folder(row.prints).iterdir():
        path.unlink()
    question = _asked(world)
    assert (question.asked_days, question.forgotten) == (0, 3)
    assert not PrintMatch.objects.exists()


def test_another_list_than_the_one_asked_is_not_answered(world: World, row: Submission) -> None:
    question = ask_list(publish(world, LATER), actor=world.user("TC", Role.LEAD_OWNER))
    publish(world, "bad.example\n")
    run_ready()
    question.refresh_from_db()
    assert (question.problem, question.asked_days) == ("release", 0)
    assert row.prints
