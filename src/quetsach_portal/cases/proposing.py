"""From the forms about false alarms to their acts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from quetsach_portal.cases import false_alarms
from quetsach_portal.cases.models import Case, FalseAlarm
from quetsach_portal.people.models import User
from quetsach_portal.web.problems import Refused


def propose_as(case_id: int, told: Mapping[str, Any], actor: User) -> list[FalseAlarm]:
    """Propose what the form says. Errors: Refused."""
    return false_alarms.propose(
        case_id,
        keys=told["keys"],
        scope=FalseAlarm.Scope(told["scope"]),
        reason=told["reason"],
        actor=actor,
        version=told["version"],
    )


def decide_as(alarm_id: int, told: Mapping[str, Any], actor: User) -> None:
    """Decide as the form says. Errors: Refused."""
    approve = told["decision"] == "approve"
    false_alarms.decide(alarm_id, approve=approve, answer=told["answer"], actor=actor)


def withdraw_own(case: Case, alarm_id: int, actor: User) -> None:
    """Take back what the unit may take back: a proposal, or what reaches this device alone.

    Errors: Refused where the lead office has approved it, or where it is none of the case's.
    """
    alarm = FalseAlarm.objects.filter(pk=alarm_id, case=case).first()
    if alarm is None:
        raise Refused(_("This is no false alarm of the case."))
    own = alarm.scope == FalseAlarm.Scope.DEVICE or alarm.state == FalseAlarm.State.PROPOSED
    if not own:
        raise Refused(_("The lead office has decided it: only it can take it back."))
    false_alarms.withdraw(alarm_id, actor=actor)
