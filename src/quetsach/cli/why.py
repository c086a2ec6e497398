"""`quetsach why`: what one sighting rests on, in plain words."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from quetsach.attribution.model import Certainty, StepKind
from quetsach.cli import terminal as shared
from quetsach.cli.terminal import role_word, rule_word, where_text
from quetsach.html_report.cards import record_text, step_text
from quetsach.html_report.words import certainty, strength
from quetsach.texts import _, plain, plain_json

if TYPE_CHECKING:
    from quetsach.api.why import SightingBasis


MOST_OTHERS = 4
"""How many other rows of an indicator are printed."""


@click.command(
    "why",
    help=_(
        "Show what SIGHTING in the findings folder DIR rests on: the raw line, the rule, the row "
        "of the list, and how the device was named. A sighting's number stands in the report; "
        "its first digits are enough."
    ),
)
@click.argument("folder", metavar="DIR", type=shared.PATH)
@click.argument("number", metavar="SIGHTING")
@click.option("--json", "as_json", is_flag=True, help=_("Print it as JSON."))
def command(folder: Path, number: str, as_json: bool) -> int:
    """Print the chain behind one sighting."""
    from quetsach.api import why

    because = why.why(folder, number)
    if as_json:
        click.echo(plain_json(asdict(because)))
    else:
        click.echo("\n".join(map(plain, _chain(because))))
    return 0


def _chain(because: "SightingBasis") -> list[str]:
    sighting = because.sighting
    return [
        _("Sighting %(number)s") % {"number": sighting["quetsach.sighting.id"]},
        _("1. The raw line: %(path)s, byte %(offset)s")
        % {"path": sighting["log.file.path"], "offset": sighting["log.offset"]},
        "   " + (because.raw_line or sighting["event.original"]),
        "   " + _evidence(because.evidence_state, sighting["event.hash"]),
        _("2. It was read as: %(dataset)s, at %(time)s")
        % {"dataset": sighting["event.dataset"], "time": _time(because, "@timestamp")},
        *_program(sighting),
        *_rule(sighting),
        *_row(because),
        *_device(because),
    ]


def _program(sighting: dict[str, Any]) -> list[str]:
    """Return which program spoke, where the record names it: a sign of its own."""
    path = sighting.get("process.executable") or sighting.get("process.name")
    if not path:
        return []
    number = sighting.get("process.pid")
    if number is None:
        return ["   " + _("Program: %(path)s") % {"path": path}]
    return ["   " + _("Program: %(path)s, process %(number)s") % {"path": path, "number": number}]


def _rule(sighting: dict[str, Any]) -> list[str]:
    field = sighting["quetsach.match.field"]
    facts = {
        "field": field,
        "value": sighting.get(field),
        "rule": rule_word(sighting["quetsach.match.rule"]),
        "indicator": sighting["threat.indicator.name"],
        "below": sighting["quetsach.match.labels_below"] or 0,
        "grade": strength(sighting["quetsach.grade"]).name,
    }
    if field == "event.original":
        text = _("3. The line names %(indicator)s, but in no field that is understood (%(rule)s)")
    elif facts["below"]:
        text = _("3. %(field)s = %(value)s meets %(indicator)s (%(rule)s, %(below)s labels below)")
    else:
        text = _("3. %(field)s = %(value)s meets %(indicator)s (%(rule)s)")
    return [text % facts, "   " + _("Grade of the sighting: %(grade)s") % facts]


def _row(because: "SightingBasis") -> list[str]:
    list_row = because.list_row
    facts = {
        "where": where_text(
            list_row.get("name", "?"), list_row.get("row", "?"), list_row.get("place", "")
        ),
        "letter": list_row.get("letter", ""),
        "sha256": list_row.get("sha256", "?"),
        "allow": ", ".join(because.sighting["quetsach.indicator.allow"] or []),
    }
    lines = [_("4. The indicator stands in %(where)s (SHA-256 %(sha256)s)") % facts]
    if facts["letter"]:
        lines.append("   " + _("Letter: %(letter)s") % facts)
    if list_row.get("text"):
        lines.append("   " + _("That row says: %(text)s") % {"text": list_row["text"]})
    named = (list_row.get("list"), list_row.get("row"))
    others = [one for one in because.origins if (one["list"], one["row"]) != named]
    for one in others[:MOST_OTHERS]:
        where = where_text(one["list"], one["row"], one["place"])
        lines.append("   " + _("It stands in %(where)s as well") % {"where": where})
    if len(others) > MOST_OTHERS:
        more = {"count": len(others) - MOST_OTHERS}
        lines.append("   " + _("... and in %(count)s more rows; --json prints them") % more)
    if facts["allow"]:
        lines.append(
            "   " + _("It also stands on allow-lists: %(allow)s. Check before acting.") % facts
        )
    return lines


def _device(because: "SightingBasis") -> list[str]:
    sighting = because.sighting
    if not sighting["quetsach.device"]:
        return [_("5. No machine can be named: %(lack)s") % {"lack": because.lack}]
    facts = {
        "device": sighting["quetsach.device"],
        "grade": certainty(sighting["quetsach.device.grade"]).name,
        "role": role_word(sighting["quetsach.device.role"]),
    }
    return [
        _("5. Device %(device)s: %(grade)s; %(role)s") % facts,
        *_steps(because),
        *_rivals(because),
        *([f"   {because.lack}"] if because.lack else []),
    ]


def _steps(because: "SightingBasis") -> Iterator[str]:
    zone = ZoneInfo(because.zone)
    for number, step in enumerate(because.steps, 1):
        # Its dates are kept together by no-break spaces, which a terminal would show as an escape.
        text = step_text(step.step, zone).replace("\N{NO-BREAK SPACE}", " ")
        yield f"   5.{number} {text}"
        record = record_text(step.step) or _inventory_row(because, step.step)
        if record:
            yield f"       {record}"
        for line in step.lines:
            yield "       " + line.rstrip("\r")


def _inventory_row(because: "SightingBasis", step: dict[str, Any]) -> str:
    """Return which row of the inventory knows the device; "" for other steps."""
    machine = (because.device or {}).get("machine")
    if step["kind"] != StepKind.INVENTORY or not machine or not machine["path"]:
        return ""
    row = where_text(machine["path"], machine["row"], "")
    return _("record: %(row)s") % {"row": row}


def _rivals(because: "SightingBasis") -> Iterator[str]:
    if because.sighting["quetsach.device.grade"] == Certainty.CERTAIN:
        # The rivals of the finding are those of its other sightings.
        return
    device = because.device or {}
    reasons = {one["device"]: one["because"] for one in device.get("rivals_because", [])}
    for rival in device.get("rivals", []):
        reason = reasons.get(rival, "")
        facts = {"device": rival, "because": _(reason) if reason else ""}
        text = (
            _("It could also be %(device)s: %(because)s")
            if facts["because"]
            else _("It could also be %(device)s")
        )
        yield "   " + text % facts


def _time(because: "SightingBasis", field: str) -> str:
    """Return a time of the sighting in the zone of the sweep."""
    moment = because.sighting[field]
    if moment is None:
        return _("no time in the line")
    return str(moment.astimezone(ZoneInfo(because.zone)).isoformat(sep=" ", timespec="seconds"))


def _evidence(state: str, digest: str) -> str:
    words = {
        "same": _("read again just now; the file is unchanged (digest %(digest)s)"),
        "changed": _("the file was changed since the sweep (its digest then was %(digest)s)"),
        "missing": _(
            "the file is not here; this is the copy kept in the findings (digest %(digest)s)"
        ),
        "unreadable": _("the file cannot be read now (digest %(digest)s)"),
    }
    return words[state] % {"digest": digest}
