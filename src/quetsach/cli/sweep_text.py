"""The answer of a sweep in words, for people at a terminal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from quetsach.cli.doubt_words import clock_text, note_text
from quetsach.cli.words import role_word
from quetsach.cli.wrapping import wrapped
from quetsach.report.words import certainty, strength
from quetsach.report.written import foreign, moment_of, number, size
from quetsach.texts import _, language, plain

MOST_SHOWN = 30
"""How many devices and unread files are printed; all stand in the report."""


def sweep_text(summary: dict[str, Any]) -> str:
    """Return the answer: who is to be handled, who is not blamed, what was not read, and where."""
    lines = [
        *_headline(summary),
        *_devices(summary["devices"]),
        *_not_blamed(summary["not_blamed"]),
        *_nobody(summary),
        *_unread(summary),
        *_record_notes(summary.get("record_notes", ())),
        *_clocks(summary.get("clocks", ())),
        *_table_flaws(summary.get("table_flaws", 0)),
        *_looked_at(summary),
    ]
    return "\n".join(map(plain, lines))


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    count = len(summary["devices"])
    if count:
        yield _("To be handled, as they met malicious addresses: %(count)s device(s)") % {
            "count": number(count)
        }
    elif not summary["lines"]:
        yield _("Nothing was looked at: no log could be read. This says nothing about infection.")
    else:
        yield _("No device was seen to meet a listed address in what was read.")


def _devices(devices: list[dict[str, Any]]) -> Iterator[str]:
    for one in devices[:MOST_SHOWN]:
        addresses = ", ".join(one["addresses"][:4])
        yield f"  {one['device']}" + (f"  [{addresses}]" if one["device"] != addresses else "")
        if one.get("place"):
            told = (one["place"]["unit_name"], one["place"]["room"])
            yield "      " + ", ".join(foreign(part, 64) for part in told if part)
        indicators = [foreign(name, 64) for name in one["indicators"][:4]]
        yield "      " + ", ".join(indicators) + (" ..." if len(one["indicators"]) > 4 else "")
        facts = {
            "grade": strength(one["best_grade"]).name,
            "sure": certainty(one["grade"]).name,
            "sightings": number(one["sightings"]),
            "span": _span(one["first_seen"], one["last_seen"]),
        }
        yield "      " + _("%(grade)s; machine %(sure)s") % facts
        yield "      " + _("sightings: %(sightings)s; %(span)s") % facts
    yield from _more(len(devices))


def _span(first: str | None, last: str | None) -> str:
    """Return the time between two moments, which already stand in the zone of the sweep."""
    if first is None or last is None:
        return _("no time in the log")
    ends = (moment_of(datetime.fromisoformat(end)) for end in (first, last))
    return " – ".join(ends).replace("\N{NO-BREAK SPACE}", " ")


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; all stand in the report") % {
            "count": count - MOST_SHOWN
        }


def _not_blamed(rows: list[dict[str, Any]]) -> Iterator[str]:
    allowed = [one for one in rows if one["role"] == "allowed"]
    others = [one for one in rows if one["role"] != "allowed"]
    if others:
        yield _("Seen, but not blamed:")
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
            "For a person to decide, not proven clean: %(count)s met only indicators that also "
            "stand on an allow-list"
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
            "%(count)s sightings name no inside machine; see the report for what is missing."
        ) % {"count": number(summary["unattributed"])}
    if summary.get("lines_to_look_at"):
        yield _(
            "To be looked at by a person: %(count)s of them stand in lines of unknown form, which "
            "blame nobody; part 5 of the report lists them."
        ) % {"count": number(summary["lines_to_look_at"])}


def _unread(summary: dict[str, Any]) -> Iterator[str]:
    unread = summary["unread"]
    if unread:
        yield _("NOT ALL WAS READ:")
    for one in unread[:MOST_SHOWN]:
        yield from wrapped(f"{one['code']} {one['path']}: {one['what']}. {one['todo']}", "  ")
    yield from _more(len(unread))
    if summary["rejects"]:
        yield "  " + _("%(count)s lines could not be read; see rejects.json") % {
            "count": number(summary["rejects"])
        }
    if summary["as_text"]:
        yield _("Of unknown form, read as plain text: %(paths)s") % {
            "paths": ", ".join(summary["as_text"][:5])
            + (" ..." if len(summary["as_text"]) > 5 else "")
        }


def _record_notes(notes: Sequence[dict[str, Any]]) -> Iterator[str]:
    if notes:
        yield _("In the records of who held which address:")
    for one in notes:
        yield "  " + note_text(one)


def _clocks(clocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    if clocks:
        yield _("Clocks that differ, by what several logs saw (the times shown are those written):")
    for one in clocks[:MOST_SHOWN]:
        yield "  " + clock_text(one)
    yield from _more(len(clocks))


def _table_flaws(count: int) -> Iterator[str]:
    if count:
        yield _(
            "Rows or cells of inventory and network plan that were not relied on: %(count)s; see "
            "the report."
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
    yield (
        _(
            "Looked at: %(sources)s files, %(lines)s lines (%(size)s), for %(indicators)s "
            "indicators (%(refused)s rows refused), in %(seconds)s s."
        )
        % facts
    )
    yield _("Findings: %(findings)s    open %(findings)s/report.html") % facts


def _seconds(value: float) -> str:
    text = f"{value:.1f}"
    return text if language() == "en" else text.replace(".", ",")
