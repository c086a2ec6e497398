"""Only a checked list is asked; a unit is asked once for what it has; both stand in the trail."""

from datetime import date

import pytest

from quetsach_portal.alerts.models import Alert, AlertKind
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.jobs.models import Job
from quetsach_portal.people.models.roles import Role
from quetsach_portal.prints.actions import ask_list, day_text, request_evidence
from quetsach_portal.prints.models import PrintMatch
from quetsach_portal.web.acts import Refused
from tests.portal.intake.handing_in import publish
from tests.portal.prints.asked import asked
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def test_a_campaign_without_a_checked_list_asks_nothing(world: World) -> None:
    with pytest.raises(Refused):
        ask_list(world.campaign, actor=world.user("TC", Role.LEAD_OWNER))
    assert not Job.objects.filter(kind="prints.ask").exists()


def test_a_question_is_recorded_and_asked_once_at_a_time(world: World) -> None:
    campaign, actor = publish(world), world.user("TC", Role.LEAD_OWNER)
    question = ask_list(campaign, actor=actor)
    with pytest.raises(Refused):
        ask_list(campaign, actor=actor)
    event = AuditEvent.objects.get(action="fingerprints.asked")
    assert (event.actor_id, event.detail) == (actor.pk, {"release": question.release_sha256})


def test_a_unit_is_asked_by_an_alert_and_once(world: World) -> None:
    actor = world.user("TC", Role.LEAD_OWNER)
    hit = asked(world.campaign, world.nodes["TC01"], actor)
    request_evidence(hit, actor=actor)
    alert = Alert.objects.get()
    assert (alert.node, alert.kind) == (world.nodes["TC01"], AlertKind.LIST)
    assert "12/09/2022" in alert.summary
    assert "bad.example" not in alert.summary
    with pytest.raises(Refused):
        request_evidence(hit, actor=actor)
    assert AuditEvent.objects.filter(action="fingerprints.evidence_asked").count() == 1


def test_days_in_words() -> None:
    hit = PrintMatch(first_day=date(2022, 9, 12), last_day=date(2022, 9, 14))
    assert day_text(hit) == "12/09/2022–14/09/2022"
    assert day_text(PrintMatch()) not in ("", "None")
