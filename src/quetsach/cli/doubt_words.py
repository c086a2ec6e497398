"""What is doubtful in the evidence itself: clocks that differ, records that cannot be so."""

from collections.abc import Mapping
from typing import Any

from quetsach.report.written import foreign, number
from quetsach.texts import _


def clock_text(clock: Mapping[str, Any]) -> str:
    """Return in words how far a clock is off (shape: a row of `clocks` in coverage.json)."""
    facts = {
        "path": foreign(clock["path"]),
        "reference": foreign(clock["reference"]),
        "apart": _apart(abs(clock["offset_s"])),
        "pairs": number(clock["pairs"]),
    }
    text = (
        _("%(path)s is %(apart)s ahead of %(reference)s (%(pairs)s common events)")
        if clock["offset_s"] > 0
        else _("%(path)s is %(apart)s behind %(reference)s (%(pairs)s common events)")
    )
    used = (
        _("set right before machines were named")
        if clock["used"]
        else _("not steady, so that machines are named less surely")
    )
    return f"{text % facts}; {used}"


def note_text(note: Mapping[str, Any]) -> str:
    """Return in words what is wrong with records (shape: a row of `record_notes`)."""
    place: Mapping[str, Any] = next(iter(note["places"]), {"path": "?", "offset": 0})
    facts = {
        "path": foreign(place["path"]),
        "offset": place["offset"],
        "what": note["what"],
        "count": number(note["count"]),
    }
    return _("%(what)s: %(count)s times, first in %(path)s, byte %(offset)s") % facts


def _apart(seconds: float) -> str:
    """Return a difference of clocks as people say it: 1:00:00, 365 days 1:00:00."""
    days, rest = divmod(round(seconds), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return _("%(days)s days %(clock)s") % {"days": days, "clock": clock} if days else clock
