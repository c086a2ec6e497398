"""The answer of a sweep in words, for people at a terminal."""

from collections.abc import Iterator
from typing import Any

from quetsach.cli.words import grade_word, role_word, sure_word
from quetsach.texts import _, plain

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
        *_looked_at(summary),
    ]
    return "\n".join(map(plain, lines))


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    count = len(summary["devices"])
    if count:
        yield _("%(count)s devices met malicious addresses and are to be handled:") % {
            "count": count
        }
    elif not summary["lines"]:
        yield _("Nothing was looked at: no log could be read. This says nothing about infection.")
    else:
        yield _("No device was seen to meet a listed address in what was read.")


def _devices(devices: list[dict[str, Any]]) -> Iterator[str]:
    for one in devices[:MOST_SHOWN]:
        addresses = ", ".join(one["addresses"][:4])
        yield f"  {one['device']}" + (f"  [{addresses}]" if one["device"] != addresses else "")
        facts = {
            "grade": grade_word(one["best_grade"]),
            "sure": sure_word(one["grade"]),
            "sightings": one["sightings"],
            "first": one["first_seen"] or "?",
            "last": one["last_seen"] or "?",
        }
        yield (
            "      "
            + ", ".join(one["indicators"][:4])
            + (" ..." if len(one["indicators"]) > 4 else "")
        )
        yield (
            "      "
            + _("%(grade)s; %(sightings)s sightings, %(first)s to %(last)s; machine %(sure)s")
            % facts
        )
    yield from _more(len(devices))


def _more(count: int) -> Iterator[str]:
    if count > MOST_SHOWN:
        yield "  " + _("... and %(count)s more; all stand in the report") % {
            "count": count - MOST_SHOWN
        }


def _not_blamed(rows: list[dict[str, Any]]) -> Iterator[str]:
    if rows:
        yield _("Seen, but not blamed:")
    for one in rows[:MOST_SHOWN]:
        reason = one["because"] or role_word(one["role"])
        yield f"  {one['device']}: {reason} ({', '.join(one['indicators'][:3])})"
    yield from _more(len(rows))


def _nobody(summary: dict[str, Any]) -> Iterator[str]:
    if summary["unattributed"]:
        yield _(
            "%(count)s sightings name no inside machine; see the report for what is missing."
        ) % {"count": summary["unattributed"]}


def _unread(summary: dict[str, Any]) -> Iterator[str]:
    unread = summary["unread"]
    if unread:
        yield _("NOT ALL WAS READ:")
    for one in unread[:MOST_SHOWN]:
        yield f"  {one['code']} {one['path']}: {one['what']}. {one['todo']}"
    yield from _more(len(unread))
    if summary["rejects"]:
        yield "  " + _("%(count)s lines could not be read; see rejects.json") % {
            "count": summary["rejects"]
        }
    if summary["as_text"]:
        yield _("Of unknown form, read as plain text: %(paths)s") % {
            "paths": ", ".join(summary["as_text"][:5])
            + (" ..." if len(summary["as_text"]) > 5 else "")
        }


def _looked_at(summary: dict[str, Any]) -> Iterator[str]:
    facts = {
        "sources": summary["sources"],
        "lines": summary["lines"],
        "megabytes": f"{summary['bytes_read'] / 1e6:.1f}",
        "indicators": summary["indicators"],
        "refused": summary["refused"],
        "seconds": summary["seconds"],
        "findings": summary["findings"],
    }
    yield (
        _(
            "Looked at: %(sources)s files, %(lines)s lines (%(megabytes)s MB), for %(indicators)s "
            "indicators (%(refused)s rows refused), in %(seconds)s s."
        )
        % facts
    )
    yield _("Findings: %(findings)s    open %(findings)s/report.html") % facts
