"""The lines of a case's history in words, and what a second person at the same case is told."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.campaigns.models.campaign import CampaignState
from quetsach_portal.cases.history import step_title
from quetsach_portal.cases.models.case import (
    Case,
    CaseEvent,
    CaseOutcome,
    CaseState,
    FalseAlarm,
    HandlingKind,
)
from quetsach_portal.web.acts import Refused

Detail = Mapping[str, Any]


def event_text(event: CaseEvent) -> str:
    """Return what happened, in one sentence without its end."""
    tell = _TOLD.get(event.kind)
    return event.kind if tell is None else tell(event.detail)


def _opened(detail: Detail) -> str:
    return _("case opened by %(source)s") % {"source": _source(str(detail.get("source") or "–"))}


def _source(source: str) -> str:
    """Return where findings came from; what the intake calls "submission:7" is evidence no. 7."""
    kind, _colon, number = source.partition(":")
    return _("evidence no. %(number)s") % {"number": number} if kind == "submission" else source


def _sighted(detail: Detail) -> str:
    count = int(detail.get("count", 0))
    text = ngettext("%(count)s new sighting attached", "%(count)s new sightings attached", count)
    return text % {"count": count}


def _closed(detail: Detail) -> str:
    return _("case closed: %(outcome)s") % {"outcome": _label(CaseOutcome, detail.get("outcome"))}


def _reopened(detail: Detail) -> str:
    words = {
        "sighting": _("case opened again: the device was seen again"),
        "proof": _("case opened again: what proved it clean no longer holds"),
        "review": _("case opened again: the day of the review has come"),
        "verifier": _("case opened again by the unit above"),
        "alarm": _("case opened again: the false alarm was withdrawn"),
        "split": _("case opened again: it was separated from the other one"),
    }
    return words.get(str(detail.get("because")), _("case opened again"))


def _judged(detail: Detail) -> str:
    return _("state by the evidence: %(before)s → %(after)s") % {
        "before": _label(CaseState, detail.get("from")),
        "after": _label(CaseState, detail.get("to")),
    }


def _recurred(detail: Detail) -> str:
    return _("infected again after a handling, for time number %(number)s") % {
        "number": detail.get("number", "?")
    }


def _handled(detail: Detail) -> str:
    return _("%(what)s, at %(when)s") % {
        "what": _label(HandlingKind, detail.get("kind")),
        "when": _moment(detail.get("at")),
    }


def _withdrawn(detail: Detail) -> str:
    return _("withdrawn, it was a mistake: %(what)s") % {
        "what": _label(HandlingKind, detail.get("kind"))
    }


def _assigned(detail: Detail) -> str:
    if not detail.get("to"):
        return _("no longer assigned to anybody")
    return _("assigned to %(who)s") % {"who": detail["to"]}


def _due(detail: Detail) -> str:
    return _("due date set to %(day)s") % {"day": _day(detail.get("to"))}


def _ticked(detail: Detail) -> str:
    done = ", ".join(step_title(one) for one in detail.get("done", ())) or _("no step")
    return _("steps ticked: %(steps)s") % {"steps": done}


def _file(detail: Detail) -> str:
    return _("evidence file added: %(name)s") % {"name": detail.get("name", "")}


def _named(detail: Detail) -> str:
    return _("name of the machine set to “%(label)s”") % {"label": detail.get("to", "")}


def _owner(detail: Detail) -> str:
    clean = detail.get("says") == "clean"
    return _("the unit says: clean") if clean else _("the unit says: not yet clean")


def _verifier(detail: Detail) -> str:
    if detail.get("says") == "verified":
        return _("the unit above has looked at it and agrees")
    return _("the unit above does not agree")


def _alarm(detail: Detail) -> str:
    words = {
        "proposed": _("false alarm proposed for %(indicator)s (%(scope)s)"),
        "approved": _("false alarm approved for %(indicator)s (%(scope)s)"),
        "refused": _("false alarm refused for %(indicator)s (%(scope)s)"),
        "withdrawn": _("false alarm withdrawn for %(indicator)s (%(scope)s)"),
    }
    text = words.get(str(detail.get("state")), words["proposed"])
    scope = _label(FalseAlarm.Reach, detail.get("scope"))
    return text % {"indicator": detail.get("indicator", ""), "scope": scope}


def _merged(detail: Detail) -> str:
    return _("joined with case %(number)s: one and the same machine") % {
        "number": detail.get("with", "")
    }


def _split(detail: Detail) -> str:
    return _("separated from case %(number)s: two machines") % {"number": detail.get("from", "")}


def _notice(detail: Detail) -> str:
    return _("named by a notice of the authority")


_TOLD: dict[str, Callable[[Detail], str]] = {
    "opened": _opened,
    "sighted": _sighted,
    "closed": _closed,
    "reopened": _reopened,
    "judged": _judged,
    "recurred": _recurred,
    "handled": _handled,
    "withdrawn": _withdrawn,
    "assigned": _assigned,
    "due": _due,
    "ticked": _ticked,
    "file": _file,
    "named": _named,
    "owner": _owner,
    "verifier": _verifier,
    "alarm": _alarm,
    "merged": _merged,
    "split": _split,
    "notice": _notice,
}


def _label(choices: Any, code: Any) -> str:
    try:
        return str(choices(code).label)
    except ValueError:
        return str(code)


def _moment(iso_moment: Any) -> str:
    try:
        at = datetime.fromisoformat(str(iso_moment))
    except ValueError:
        return str(iso_moment)
    return str(date_format(timezone.localtime(at), "H:i d/m/Y"))


def _day(iso_day: Any) -> str:
    try:
        return str(date_format(date.fromisoformat(str(iso_day)[:10]), "d/m/Y"))
    except ValueError:
        return str(iso_day)


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
    if case.outcome == CaseOutcome.MERGED:
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
