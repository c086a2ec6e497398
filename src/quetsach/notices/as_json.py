"""A trace as `trace --json` prints it: plain values, times as ISO 8601 with offset."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from quetsach.attribute.model import Place, Step
from quetsach.clocks import MICROSECONDS, Zone, iso_from_us
from quetsach.notices.advice import Advice, advice_for, lack_said
from quetsach.notices.model import Candidate, Lack, Notice, RejectedItem, Trace
from quetsach.texts import _, language, plain_json


def trace_json(trace: Trace, zone: Zone) -> dict[str, Any]:
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
def _missing(lacks: tuple[Lack, ...], _language: str) -> list[dict[str, str]]:
    """Return what was missing; one list serves all items that lack the same."""
    return [{"log": one.value, "why": lack_said(one)} for one in lacks]


def missing_json(lacks: tuple[Lack, ...], router: str = "") -> list[dict[str, Any]]:
    """Return each kind of log that was missing, with how to switch it on, device by device."""
    return [
        {
            "log": one.value,
            "why": lack_said(one),
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


def _candidate(one: Candidate, zone: Zone) -> dict[str, Any]:
    return {
        "device": one.device,
        "address": one.address,
        "grade": one.grade.value,
        "time": _time(one.when_us, zone),
        "reasons": list(one.reasons),
        "places": [_place(place) for place in one.places],
        "steps": [_step(step, zone) for step in one.steps],
    }


def _step(one: Step, zone: Zone) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "before": one.before,
        "after": one.after,
        "grade": one.grade.value,
        "start": _time(one.start_us, zone),
        "end": _time(one.end_us, zone),
        "place": None if one.place is None else _place(one.place),
        "note": _(one.note),
    }


def _place(one: Place) -> dict[str, Any]:
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
        value = answer[key]
        if isinstance(value, list):
            yield "["
            for place, row in enumerate(value):
                yield (",\n" if place else "") + plain_json(row)
            yield "]"
        else:
            yield plain_json(value)
        opening = ",\n"
    yield "\n}\n"
