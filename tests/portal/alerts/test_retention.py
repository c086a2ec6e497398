"""Work on a case answers its alert, its end ends it, and the archiving forgets it."""

from django.utils import timezone

from quetsach_portal.alerts.models import Alert
from quetsach_portal.alerts.retention import purge, settle
from quetsach_portal.cases import actions
from quetsach_portal.cases.models.case import HandlingKind
from quetsach_portal.people.models.roles import Role
from tests.portal.alerts.alerted import alerted
from tests.portal.world import World


def test_work_on_the_case_answers_and_its_end_closes(world: World) -> None:
    first, second, third = alerted(world, count=3)
    assert settle() == 0
    actions.record_handling(
        first.case_id,
        kind=HandlingKind.ISOLATED,
        at=timezone.now(),
        actor=world.user("TC01", Role.TECHNICIAN),
    )
    second.case.closed_at, second.case.outcome = timezone.now(), "verified-clean"
    second.case.save()
    assert settle() == 2
    states = Alert.objects.order_by("pk").values_list("state", "answer")
    assert list(states) == [("answered", "acted"), ("closed", ""), ("raised", "")]
    assert settle([third]) == 0


def test_archiving_forgets_alerts_and_their_mails(world: World) -> None:
    alerted(world, count=2)
    assert purge(world.campaign) == {"channel_messages": 0, "alert_mails": 1, "alerts": 2}
    assert not Alert.objects.exists()
