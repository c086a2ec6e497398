"""Who reads which part of the trail, and who starts a failed job again."""

import json

import pytest
from django.db import transaction

from quetsach_portal.audit.record import record
from quetsach_portal.jobs.models import Job, JobState
from quetsach_portal.jobs.queue import enqueue
from quetsach_portal.mail import outbox
from quetsach_portal.mail.models import MailPurpose, OutboxMail, OutboxState
from quetsach_portal.people.models.roles import Role
from tests.portal.audit.trail import forge
from tests.portal.working import run_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def acts(world) -> None:
    """One act in each unit, and a technical one of nobody's."""
    with transaction.atomic():
        for code, unit in world.units.items():
            actor = world.user(code, Role.CLERK)
            record(
                "letter.numbered", actor=actor, kind="letter", object_id=code, unit_path=unit.path
            )
        record("job.repeated", actor=None, kind="job", object_id="tech")


def seen(client) -> set[str]:
    lines = b"".join(client.get("/oversight/audit/export.jsonl").streaming_content).splitlines()
    return {json.loads(line)["object_id"] for line in lines}


@pytest.mark.parametrize(
    ("code", "role", "objects"),
    [
        ("TC", Role.LEAD_OWNER, {"TC", "TC01", "TC02", "TC01A"}),
        ("TC01", Role.COMPILER, {"TC01", "TC01A"}),
        ("TC01", Role.FOCAL_POINT, {"TC01"}),
        ("TC01", Role.CLERK, {"TC01"}),
        ("TC01", Role.TECHNICIAN, set()),
        ("TC", Role.OPERATOR, {"tech"}),
        ("TC", Role.LEAD_ANALYST, set()),
        ("TC", Role.AUDITOR, {"TC", "TC01", "TC02", "TC01A", "tech"}),
        ("TC01", Role.AUDITOR, {"TC01", "TC01A"}),
        ("KH", Role.AUDITOR, {"KH", "tech"}),
    ],
)
def test_each_role_reads_its_part_of_the_trail(world, acts, client_of, code, role, objects) -> None:
    client = client_of(code, role)
    assert seen(client) == objects
    page = client.get("/oversight/audit/")
    assert {event.object_id for event in page.context["page"].rows} == objects


def test_the_trail_is_narrowed(world, acts, client_of) -> None:
    client = client_of("KH", Role.AUDITOR)
    page = client.get("/oversight/audit/?action=job.repeated")
    assert [event.object_id for event in page.context["page"].rows] == ["tech"]
    assert not client.get("/oversight/audit/?since=2090-01-01").context["page"].rows
    assert client.get("/oversight/audit/?since=never").status_code == 200


def test_L1_the_nightly_check_fails_and_names_the_row(world, acts) -> None:
    enqueue("audit.verify", key="audit:1")
    run_ready()
    assert Job.objects.get().state == JobState.DONE
    forge("UPDATE audit_auditevent SET actor = 'x' WHERE seq = 2", trigger="audit_no_update")
    enqueue("audit.verify", key="audit:2")
    run_ready()
    job = Job.objects.get(key="audit:2")
    assert (job.state, job.problem) == (JobState.FAILED, "audit row 2: changed")


def test_an_operator_sees_how_many_mails_wait_or_did_not_arrive_and_no_address(
    world, client_of, settings
) -> None:
    settings.EMAIL_HOST = ""
    outbox.enqueue(MailPurpose.FOLLOWUP, 0, "tc01@coquan.example", key="a mail that waits")
    run_ready()
    lost = outbox.enqueue(MailPurpose.INVITATION, 0, "moi@coquan.example", key="a lost one")
    OutboxMail.objects.filter(pk=lost.pk).update(state=OutboxState.IN_DOUBT)
    page = client_of("TC", Role.OPERATOR).get("/oversight/jobs/")
    rows = [(row.waiting, row.failed, row.in_doubt) for row in page.context["mails"]]
    assert rows == [(1, 0, 0), (0, 0, 1)]
    text = page.content.decode()
    assert "QUETSACH_SMTP_HOST" in text
    assert "tc01@coquan.example" not in text
    assert client_of("TC", Role.COMPILER).get("/oversight/jobs/").context["mails"] == []
