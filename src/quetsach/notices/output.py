"""The sentences of a trace: why this device, why only candidates, why an item is none."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from quetsach.attribution.model import AttributionStep, RecordPlace, StepKind
from quetsach.clocks import MICROSECONDS, Zone, iso_from_us
from quetsach.errors.catalogue import N_
from quetsach.notices.advice import Advice, advice_for, describe_missing_log
from quetsach.notices.candidates import CandidateSet
from quetsach.notices.model import Candidate, MissingLog, Notice, NoticeTrace, RejectedItem
from quetsach.notices.moments import TimeWindow
from quetsach.texts import _, language, plain_json

_REASONS = {
    "bad-address": N_("the address is not valid"),
    "no-address": N_("it contains no address"),
    "private-address": N_("its address is private or reserved and not visible from outside"),
    "network": N_("it gives a network, not an address"),
    "bad-time": N_("its time cannot be read"),
    "bad-port": N_("its port is not valid"),
    "unreadable": N_("it cannot be read"),
    "too-long": N_("it is too long to be a notice"),
    "other-kind": N_("it is a record of another kind"),
    "heading": N_("it precedes the heading of its table, or repeats it"),
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NOTES = {
    StepKind.LEASE: N_("by the DHCP record of that time"),
    StepKind.NEIGHBOUR: N_("by a snapshot of neighbours (ARP) or leases"),
    StepKind.IDENTITY: N_("by matching records"),
    StepKind.INVENTORY: N_("by the inventory"),
    StepKind.OVERRIDE: N_("by a person's decision"),
}


def reason_word(reason: str) -> str:
    """Return why an item was rejected, in words."""
    return _(_REASONS[reason]) if reason in _REASONS else reason


def when_text(notice: Notice, window: TimeWindow, local: Zone) -> str:
    """Return the time of a notice as people read it, as fine as it was written."""
    if window.from_us is None or window.until_us is None:
        return _("an unknown time")
    first = _moment(window.from_us, local)
    if notice.end_us is not None:
        last = _moment(window.until_us, local)
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if notice.time_digits == "day":
        last = _moment(window.until_us, local)
        return _("some time from %(first)s to %(last)s") % {"first": first, "last": last}
    return first


def _moment(when_us: int, zone: Zone) -> str:
    """Return a time to the second: 12/9/2022 09:15:49, or 12 Sep 2022 09:15:49."""
    when = datetime.fromtimestamp(when_us // MICROSECONDS, tz=zone)
    if language() == "vi":
        return f"{when.day}/{when.month}/{when.year} {when:%H:%M:%S}"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year} {when:%H:%M:%S}"


def end_text(notice: Notice) -> str:
    """Return the public end of a notice, `address:port`, or only the address."""
    if notice.port is None:
        return notice.address
    bracketed = f"[{notice.address}]" if ":" in notice.address else notice.address
    return f"{bracketed}:{notice.port}"


def remote_text(notice: Notice) -> str:
    """Return the destination of a notice, "" where none is given."""
    shown = notice.remote_address or notice.remote_name
    if not shown or notice.remote_port is None:
        return shown
    return f"[{shown}]:{notice.remote_port}" if ":" in shown else f"{shown}:{notice.remote_port}"


def zone_tried(window: TimeWindow) -> str:
    """Return the sentence that the time was read in another zone than it seemed to be in."""
    return _("This fits only if the time is in the zone %(zone)s.") % {"zone": window.zone}


def because_device(
    notice: Notice, window: TimeWindow, candidate: Candidate, local: Zone, *, by_log: bool
) -> str:
    """Return the sentence that says by which way the device was found."""
    facts = {
        "end": end_text(notice),
        "time": when_text(notice, window, local),
        "address": candidate.address,
        "remote": remote_text(notice),
        "device": candidate.device,
    }
    kinds = {step.kind for step in candidate.steps}
    if StepKind.TRANSLATION in kinds or StepKind.PORT_BLOCK in kinds:
        sentence = _(
            "%(end)s was the inside address %(address)s at %(time)s, by the translation log."
        )
    elif by_log and candidate.address != notice.address:
        sentence = _(
            "At %(time)s an inside log shows that %(address)s reached %(remote)s, and it fits "
            "best; no translation record proves the port."
        )
    else:
        sentence = _(
            "%(address)s is the machine's own address; nothing was translated at %(time)s."
        )
    return " ".join((sentence % facts, *_holder_said(candidate), *_reasons_said(candidate)))


def _holder_said(candidate: Candidate) -> list[str]:
    notes = [_how(step) for step in candidate.steps if step.kind in _NOTES]
    if notes:
        facts = {"address": candidate.address, "device": candidate.device, "how": ", ".join(notes)}
        return [_("%(address)s was %(device)s, %(how)s.") % facts]
    facts = {"address": candidate.address}
    return [
        _("No record shows which machine held %(address)s; look for it by its address.") % facts
    ]


def _how(step: AttributionStep) -> str:
    """Return how a device was named; the match with the inventory is in the step itself."""
    is_own = step.kind in (StepKind.IDENTITY, StepKind.INVENTORY) and step.note
    return _(step.note) if is_own else _(_NOTES[step.kind])


def _reasons_said(one: Candidate) -> list[str]:
    if not one.reasons:
        return []
    return [_("Reasons: %(reasons)s.") % {"reasons": "; ".join(one.reasons)}]


def because_candidates(notice: Notice, window: TimeWindow, way: CandidateSet, local: Zone) -> str:
    """Return the sentence that says how many it could have been, and why not which."""
    facts = {
        "count": len(way.found),
        "time": when_text(notice, window, local),
        "end": end_text(notice),
        "remote": remote_text(notice),
    }
    if len(way.found) == 1:
        return _("At %(time)s only one device fits %(end)s, but not with enough certainty.") % facts
    if notice.port is None:
        return (
            _("The notice gives no source port; at %(time)s %(count)s devices fit %(end)s.") % facts
        )
    return _("At %(time)s %(count)s devices fit %(end)s, and no record distinguishes them.") % facts


def trace_json(trace: NoticeTrace, zone: Zone) -> dict[str, Any]:
    """Return one traced item.

    Shapes: `notice` is the item with its raw fields; `device` is null unless the outcome is
    "device"; `rivals` (device, address, grade, reasons, places) are ranked; `missing` (log, why)
    names what would have told more; how to get it stands once in the answer, see `missing_json`.
    """
    return {
        "notice": _notice(trace.notice, zone),
        "outcome": trace.outcome.value,
        "device": trace.device or None,
        "unit": trace.unit or None,
        "addresses": list(trace.addresses),
        "grade": trace.grade.value,
        "rivals": [_candidate(one, zone) for one in trace.rivals],
        "because": trace.because,
        "tried": list(trace.tried),
        "steps": [_step(one, zone) for one in trace.steps],
        "missing": _missing(trace.missing, language()),
    }


@lru_cache(maxsize=512)
def _missing(lacks: tuple[MissingLog, ...], _language: str) -> list[dict[str, str]]:
    """Return what was missing; one list serves all items that lack the same."""
    return [{"log": one.value, "why": describe_missing_log(one)} for one in lacks]


def missing_json(lacks: tuple[MissingLog, ...], router: str = "") -> list[dict[str, Any]]:
    """Return each kind of log that was missing, with how to switch it on, device by device."""
    return [
        {
            "log": one.value,
            "why": describe_missing_log(one),
            "how": [_advice(advice) for advice in advice_for(one, router)],
        }
        for one in lacks
    ]


def _advice(one: Advice) -> dict[str, Any]:
    return {"device": _(one.device), "commands": list(one.commands), "note": _(one.note)}


def _notice(notice: Notice | RejectedItem, zone: Zone) -> dict[str, Any]:
    if isinstance(notice, RejectedItem):
        return {
            "path": notice.path,
            "number": notice.number,
            "place": notice.place,
            "reason": notice.reason,
            "excerpt": notice.excerpt,
        }
    return {
        "path": notice.path,
        "number": notice.number,
        "place": notice.place,
        "row": notice.row,
        "address": notice.address,
        "port": notice.port,
        "transport": notice.transport or None,
        "time": _time(notice.when_us, zone),
        "end": _time(notice.end_us, zone),
        "time_digits": notice.time_digits,
        "zone_assumed": notice.zone_assumed,
        "zone": notice.zone or None,
        "remote_address": notice.remote_address or None,
        "remote_port": notice.remote_port,
        "remote_name": notice.remote_name or None,
        "family": notice.family or None,
        "source": notice.source or None,
        "reference": notice.reference or None,
        "count": notice.count,
        "raw": [list(pair) for pair in notice.raw],
    }


def _candidate(candidate: Candidate, zone: Zone) -> dict[str, Any]:
    return {
        "device": candidate.device,
        "address": candidate.address,
        "grade": candidate.grade.value,
        "time": _time(candidate.when_us, zone),
        "reasons": list(candidate.reasons),
        "places": [_place(place) for place in candidate.places],
        "steps": [_step(step, zone) for step in candidate.steps],
    }


def _step(step: AttributionStep, zone: Zone) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "before": step.before,
        "after": step.after,
        "grade": step.grade.value,
        "start": _time(step.start_us, zone),
        "end": _time(step.end_us, zone),
        "place": None if step.place is None else _place(step.place),
        "note": _(step.note),
    }


def _place(one: RecordPlace) -> dict[str, Any]:
    return {"path": one.path, "offset": one.offset}


def _time(when_us: int | None, zone: Zone) -> str | None:
    if when_us is None:
        return None
    return iso_from_us(when_us // MICROSECONDS * MICROSECONDS, zone)


def trace_pieces(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the answer as JSON for a terminal or a file, row by row: it may hold a million."""
    opening = "{\n"
    for key in sorted(answer):
        yield f'{opening}"{key}": '
        part = answer[key]
        if isinstance(part, list):
            yield "["
            for place, row in enumerate(part):
                yield (",\n" if place else "") + plain_json(row)
            yield "]"
        else:
            yield plain_json(part)
        opening = ",\n"
    yield "\n}\n"
