"""Two people at one case: the first one wins, the other one sees what happened."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models import CampaignState
from quetsach_portal.cases.models import Case, CaseEvent, Outcome
from quetsach_portal.cases.told_events import event_text
from quetsach_portal.web.problems import Refused


def locked(case_id: int, version: int | None = None) -> Case:
    """Return the case with its row locked, as it is now.

    Errors: Refused when it is no longer what the person saw (`version`), is part of another case,
    or its campaign is archived.
    """
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related("node__unit", "node__campaign", "device")
        .get(pk=case_id)
    )
    if version is not None and case.version != version:
        raise Refused(changed_text(case))
    if case.outcome == Outcome.MERGED:
        raise Refused(_("This case is now part of another case. Work on that one."))
    if case.node.campaign.state == CampaignState.ARCHIVED:
        raise Refused(_("The campaign is archived: its cases can no longer be changed."))
    return case


def changed_text(case: Case) -> str:
    """Return who changed the case in the meantime, and how."""
    # What an act made the engine say comes after it; the act itself is what the person did.
    acts = CaseEvent.objects.filter(case=case).exclude(kind__in=["judged", "recurred"])
    last = acts.select_related("by").order_by("-pk").first()
    if last is None:
        return _("The case has changed in the meantime. Look at it again.")
    return _("The case has changed in the meantime: %(what)s (%(who)s, %(when)s).") % {
        "what": event_text(last),
        "who": str(last.by) if last.by else _("the system"),
        "when": date_format(timezone.localtime(last.at), "H:i d/m/Y"),
    }


def open_only(case: Case) -> None:
    """Refuse when the case is closed."""
    if case.closed_at is not None:
        raise Refused(_("The case is closed. It opens again by a new sighting or by a verifier."))
