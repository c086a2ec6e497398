"""The answer of a sweep in the terminal: who is to be handled, what was not read, and where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from quetsach.cli.evidence_notes import (
    clock_lines,
    hourless_lines,
    record_note_lines,
    unread_lines,
    zone_lines,
)
from quetsach.cli.fingerprint_options import kept_lines
from quetsach.cli.terminal import role_word
from quetsach.errors.exceptions import Problem
from quetsach.html_report.words import certainty, foreign, moment_of, number, size, strength
from quetsach.texts import _, counted, language, plain

MOST_SHOWN = 30
"""How many devices and unread files are printed; the report has all."""


def sweep_text(summary: dict[str, Any]) -> str:
    """Return the answer: who is to be handled, who is not blamed, what was not read, and where."""
    lines = [
        *_headline(summary),
        *_zero(summary),
        *_devices(summary["devices"]),
        *(_exam(summary["exam"]) if "exam" in summary else ()),
        *_not_blamed(summary["not_blamed"]),
        *_nobody(summary),
        *_confirming(summary.get("confirming", 0)),
        *_unread(summary),
        *record_note_lines(summary.get("record_notes", ())),
        *zone_lines(summary),
        *hourless_lines(summary.get("without_hours", ())),
        *clock_lines(summary.get("clocks", ())),
        *_blind_spots(summary.get("blind_spots", 0)),
        *_table_flaws(summary.get("table_flaws", 0)),
        *_set_aside(summary.get("set_aside_rows", {})),
        *(
            f"{one['code']}: {one['what']}. {one['todo']}"
            for one in summary.get("engine_notes", ())
        ),
        *_unconfined(summary.get("unconfined_readers", ())),
        *_looked_at(summary),
        *kept_lines(summary.get("fingerprints")),
    ]
    return "\n".join(map(plain, lines))


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    count = len(summary["devices"])
    if count:
        text = _("To be handled because of contacts with malicious addresses: %(count)s devices")
        yield counted(text, {"count": number(count)})
    elif summary.get("lines_to_look_at"):
        yield _("No device is named, but lines that name a listed address must be looked at.")
    elif not summary["lines"]:
        yield _("Nothing was searched: no log could be read. This says nothing about infection.")
    elif any(one["role"] == "outdated" for one in summary["not_blamed"]):
        yield _(
            "No contact with a listed address was found while it was valid; outside that time "
            "there were contacts."
        )
    else:
        yield _("No contact of a device with a listed address was found in the evidence read.")


def _confirming(count: int) -> Iterator[str]:
    if count:
        yield _(
            "%(count)s alerts and records like them tell of contacts that other logs show as well: "
            "each contact counts once (confirmed.json)."
        ) % {"count": number(count)}


def _zero(summary: dict[str, Any]) -> Iterable[str]:
    """Return what a zero is worth, and how much of what was planted is there."""
    if not summary["lines"] or (summary["devices"] and "planted" not in summary):
        return ()
    from quetsach.html_report.planted_words import planted_sentences

    return planted_sentences(summary.get("planted"))


def _devices(devices: list[dict[str, Any]]) -> Iterator[str]:
    for device in devices[:MOST_SHOWN]:
        addresses = ", ".join(device["addresses"][:4])
        yield f"  {device['device']}" + (
            f"  [{addresses}]" if device["device"] != addresses else ""
        )
        if device.get("place"):
            told = (device["place"]["unit_name"], device["place"]["room"])
            yield "      " + ", ".join(foreign(part, 64) for part in told if part)
        indicators = [foreign(name, 64) for name in device["indicators"][:4]]
        yield "      " + ", ".join(indicators) + (" ..." if len(device["indicators"]) > 4 else "")
        facts = {
            "grade": strength(device["best_grade"]).name,
            "sure": certainty(device["grade"]).name,
            "sightings": number(device["sightings"]),
            "span": _span(device["first_seen"], device["last_seen"]),
        }
        yield "      " + _("%(grade)s; machine %(sure)s") % facts
        yield "      " + _("sightings: %(sightings)s; %(span)s") % facts
    yield from _more(len(devices))


def _span(first: str | None, last: str | None) -> str:
    """Return the time between two moments, which are already in the zone of the sweep."""
    if first is None or last is None:
        return _("no time in the log")
    ends = (moment_of(datetime.fromisoformat(end)) for end in (first, last))
    return " – ".join(ends).replace("\N{NO-BREAK SPACE}", " ")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; the report lists all") % {
            "count": count - MOST_SHOWN
        }


def _exam(result: dict[str, Any]) -> Iterable[str]:
    from quetsach.html_report.exam_words import exam_sentences

    return exam_sentences(result)


def _not_blamed(rows: list[dict[str, Any]]) -> Iterator[str]:
    allowed = [one for one in rows if one["role"] == "allowed"]
    others = [one for one in rows if one["role"] != "allowed"]
    if others:
        yield _("Seen, but not counted as infected:")
    for one in others[:MOST_SHOWN]:
        reason = one["because"] or role_word(one["role"])
        yield f"  {one['device']}: {reason} ({', '.join(one['indicators'][:3])})"
    yield from _more(len(others))
    if allowed:
        yield from _to_decide(allowed)


def _to_decide(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the devices that a person must judge; they all have one reason, so it is said once."""
    indicators = sorted({name for one in rows for name in one["indicators"]})
    yield (
        _(
            "For a person to decide, not proven clean: %(count)s matched only indicators that "
            "are also on an allow-list"
        )
        % {"count": number(len(rows))}
        + f" ({', '.join(indicators[:3])}):"
    )
    for one in rows[:MOST_SHOWN]:
        yield f"  {one['device']}"
    yield from _more(len(rows))


def _nobody(summary: dict[str, Any]) -> Iterator[str]:
    if summary["unattributed"]:
        yield _(
            "Sightings that belong to no known inside machine: %(count)s; see the report for "
            "what is missing."
        ) % {"count": number(summary["unattributed"])}
    if summary.get("lines_to_look_at"):
        yield _(
            "Lines to look at: %(count)s. Such a line names an indicator, proves no contact and "
            "counts for no device. Part 6 of the report lists them."
        ) % {"count": number(summary["lines_to_look_at"])}


def _unread(summary: dict[str, Any]) -> Iterator[str]:
    unread = summary["unread"]
    if unread:
        yield _("NOT ALL WAS READ:")
    yield from unread_lines(unread)
    if summary["rejects"]:
        text = _("%(count)s lines could not be read; see rejects.json")
        yield "  " + counted(text, {"count": number(summary["rejects"])})
    if summary["as_text"]:
        yield _("With lines of unknown form, read as plain text: %(paths)s") % {
            "paths": _first_of(summary["as_text"])
        }
    if summary.get("set_aside"):
        yield _("Set aside, as they are no logs: %(paths)s") % {
            "paths": _first_of([aside["path"] for aside in summary["set_aside"]])
        }


def _first_of(paths: Sequence[str]) -> str:
    return ", ".join(paths[:5]) + (" ..." if len(paths) > 5 else "")


def _blind_spots(count: int) -> Iterator[str]:
    if count:
        yield _(
            "Devices that could ask a public resolver over TLS or HTTPS, so that no log shows "
            "their DNS: %(count)s; see the report."
        ) % {"count": number(count)}


def _unconfined(missing: Sequence[str]) -> Iterator[str]:
    if missing:
        problem = Problem("E517", "", {"missing": ", ".join(missing)})
        yield f"{problem.code}: {problem.what()}. {problem.todo()}"


def _table_flaws(count: int) -> Iterator[str]:
    if count:
        yield _(
            "Rows or cells of inventory and network plan that were not used: %(count)s; see the "
            "report."
        ) % {"count": number(count)}


def _looked_at(summary: dict[str, Any]) -> Iterator[str]:
    facts = {
        "sources": number(summary["sources"]),
        "lines": number(summary["lines"]),
        "size": size(summary["bytes_read"]),
        "indicators": number(summary["indicators"]),
        "refused": number(summary["refused"]),
        "seconds": _seconds(summary["seconds"]),
        "findings": summary["findings"],
    }
    text = _(
        "Searched: %(sources)s files, %(lines)s lines (%(size)s), for %(indicators)s "
        "indicators (%(refused)s rows refused), in %(seconds)s s."
    )
    yield counted(text, facts)
    yield _("Findings: %(findings)s    open %(findings)s/report.html") % facts


def _set_aside(rows: Mapping[str, int]) -> Iterator[str]:
    from quetsach.cli.indicators.group import set_aside_text

    for reason, count in rows.items():
        yield set_aside_text(reason, number(count), "LIST")


def _seconds(value: float) -> str:
    text = f"{value:.1f}"
    return text if language() == "en" else text.replace(".", ",")
