"""What is wrong with a watch or a source, and what to do about it, in one sentence each."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quetsach_portal.sensors.models import SensorTrouble, TroubleKind

MINUTE, HOUR, DAY = 60, 3600, 86_400


def sentence_of(trouble: SensorTrouble) -> str:
    """Return what is wrong, with its numbers."""
    return _SENTENCES[TroubleKind(trouble.kind)](trouble.facts)


def advice_of(trouble: SensorTrouble) -> str:
    """Return what to do."""
    facts, kind = trouble.facts, TroubleKind(trouble.kind)
    if kind == TroubleKind.SILENT and facts.get("left_out"):
        return _("If nobody wanted that, add it to the command again.")
    if kind == TroubleKind.FORM and not facts:
        return _("Send a few of its lines to the lead office: nothing can be found in it yet.")
    if kind == TroubleKind.CLOCK and trouble.source_id is None:
        return _("Let the PC take its time from a time server (NTP).")
    return {
        TroubleKind.UNHEARD: _(
            "Look whether the PC is on, quetsach watch runs on it, and it reaches the portal."
        ),
        TroubleKind.SILENT: _(
            "Look whether the device still writes or sends its log there: service, cable, target."
        ),
        TroubleKind.SLOW: _("Look whether a kind of log, or a device behind it, was switched off."),
        TroubleKind.BEHIND: _("Close other programs on that PC, or split its sources over two."),
        TroubleKind.FORM: _(
            "Ask whether the device was replaced or updated, and whether all of it is still logged."
        ),
        TroubleKind.CLOCK: _("Set clock and zone of the device that writes this log."),
        TroubleKind.LOSS: _(
            "Let the device send by TCP or TLS, or relieve the PC; what was lost cannot be swept."
        ),
        TroubleKind.LIST: _("Look whether the watch reaches the portal, and read its status."),
        TroubleKind.OUTBOX: _("Open the evidence of the unit: it says why each was refused."),
        TroubleKind.NOT_HANDED_IN: _("Hand in the log of the days since, or start a watch."),
    }[kind]


def _silent(facts: Mapping[str, Any]) -> str:
    if facts.get("left_out"):
        return _("The watch does not follow this source any more.")
    return _(
        "No line in %(minutes)s minutes; usual at this time of day are about %(expected)s."
    ) % {"minutes": facts.get("minutes"), "expected": facts.get("expected")}


def _slow(facts: Mapping[str, Any]) -> str:
    return _(
        "%(lines)s lines in %(minutes)s minutes; usual at this time of day are about %(expected)s."
    ) % {key: facts.get(key) for key in ("lines", "minutes", "expected")}


def _form(facts: Mapping[str, Any]) -> str:
    if not facts:
        return _("The form of its lines is not known.")
    return _("Its lines now have the form %(now)s; before they had %(before)s.") % {
        key: facts.get(key) for key in ("now", "before")
    }


def _clock(facts: Mapping[str, Any]) -> str:
    if "event_at" in facts:
        return _("Its newest line carries the time %(time)s.") % {
            "time": moment_of(facts["event_at"])
        }
    ahead_s = facts.get("ahead_s", 0)
    words = _("The clock is %(time)s ahead.") if ahead_s > 0 else _("The clock is %(time)s behind.")
    return words % {"time": duration(abs(ahead_s))}


def _loss(facts: Mapping[str, Any]) -> str:
    count = int(facts.get("dropped", 0))
    return ngettext(
        "%(count)s line was lost in the last hours.",
        "%(count)s lines were lost in the last hours.",
        count,
    ) % {"count": count}


def _list(facts: Mapping[str, Any]) -> str:
    if "code" in facts:
        return _("It refused the new list (%(code)s) and looks for the one before.") % facts
    return _("It looks for a list that is not the one in force.")


def _outbox(facts: Mapping[str, Any]) -> str:
    if "refused" in facts:
        return _("%(refused)s folders of findings were refused.") % facts
    return _("%(waiting)s folders of findings have waited for more than a day.") % {
        "waiting": facts.get("waiting")
    }


_SENTENCES: Mapping[TroubleKind, Callable[[Mapping[str, Any]], str]] = {
    TroubleKind.UNHEARD: lambda facts: (
        _("Not heard since %(time)s.") % {"time": moment_of(facts.get("heard_at", ""))}
    ),
    TroubleKind.SILENT: _silent,
    TroubleKind.SLOW: _slow,
    TroubleKind.BEHIND: lambda facts: (
        _("It is %(time)s behind.") % {"time": duration(facts.get("lag_s", 0))}
    ),
    TroubleKind.FORM: _form,
    TroubleKind.CLOCK: _clock,
    TroubleKind.LOSS: _loss,
    TroubleKind.LIST: _list,
    TroubleKind.OUTBOX: _outbox,
    TroubleKind.NOT_HANDED_IN: lambda facts: (
        _("It came each working day; last handed in %(time)s.")
        % {"time": moment_of(facts.get("last_at", ""))}
    ),
}


def moment_of(text: str) -> str:
    """Return a moment of ISO 8601 as people here write it, "–" for none."""
    try:
        moment = timezone.localtime(datetime.fromisoformat(text))
    except (TypeError, ValueError, OverflowError):
        return "–"
    return date_format(moment, "H:i d/m/Y")


def duration(seconds: float) -> str:
    """Return a length of time in its greatest unit."""
    if seconds < MINUTE:
        return _("%(count)s s") % {"count": round(seconds)}
    if seconds < 2 * HOUR:
        return _("%(count)s min") % {"count": round(seconds / MINUTE)}
    if seconds < 2 * DAY:
        return _("%(count)s h") % {"count": round(seconds / HOUR)}
    return _("%(count)s days") % {"count": round(seconds / DAY)}
