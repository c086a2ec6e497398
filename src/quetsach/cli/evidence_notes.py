"""What a sweep tells of its evidence: clocks that differ, zones that are not known, odd records."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quetsach.cli.terminal import wrapped
from quetsach.errors.catalogue import N_
from quetsach.html_report.words import foreign, number
from quetsach.texts import _, counted

MOST_NAMED = 30
"""How many clocks or sources are named; the report lists all."""
MOST_ALIKE = 3
"""How many files with one and the same flaw are named."""

_YEAR_TEXTS = {
    "file-date": N_(
        "The lines of %(count)s logs leave out the year; it was guessed from when the file was "
        "changed last, and no device is certain by them: %(paths)s. Declare it with --sources."
    ),
    "neighbour": N_(
        "The lines of %(count)s logs leave out the year; it was taken from %(by)s, whose times "
        "are whole: %(paths)s."
    ),
    "name": N_(
        "The lines of %(count)s logs leave out the year; it was taken from the date in the file's "
        "name: %(paths)s."
    ),
}


def _first(paths: Sequence[str]) -> str:
    return ", ".join(map(foreign, paths[:5])) + (" ..." if len(paths) > 5 else "")


def clock_text(clock: Mapping[str, Any]) -> str:
    """Return in words how far a clock is off (shape: a row of `clocks` in coverage.json)."""
    declared_s, measured_s = clock.get("declared_s"), clock.get("measured_s")
    if clock["reference"] is None or (measured_s is None and declared_s):
        return _declared_text(clock["path"], clock["offset_s"])
    offset_s = clock["offset_s"] if measured_s is None else measured_s
    facts = {
        "path": foreign(clock["path"]),
        "reference": foreign(clock["reference"]),
        "apart": _apart(abs(offset_s)),
        "pairs": number(clock["pairs"]),
    }
    text = (
        _("%(path)s is %(apart)s ahead of %(reference)s (%(pairs)s common events)")
        if offset_s > 0
        else _("%(path)s is %(apart)s behind %(reference)s (%(pairs)s common events)")
    ) % facts
    if declared_s is not None:
        return f"{text}; {_declared_text('', declared_s)}"
    used = (
        _("corrected before devices were attributed")
        if clock["used"]
        else _("not constant, so that the attribution of devices is less certain")
    )
    return f"{text}; {used}"


def _declared_text(path: str, ahead_s: float) -> str:
    facts = {"path": foreign(path), "apart": _apart(abs(ahead_s))}
    if not path:
        text = _("declared: %(apart)s ahead") if ahead_s >= 0 else _("declared: %(apart)s behind")
    elif ahead_s >= 0:
        text = _("%(path)s is declared to be %(apart)s ahead")
    else:
        text = _("%(path)s is declared to be %(apart)s behind")
    return text % facts


def example_text(clock: Mapping[str, Any]) -> str:
    """Return a common event that proves a difference of clocks; "" where none is kept."""
    for example in clock.get("examples", ())[:1]:
        here, there = example["here"], example["there"]
        facts = {
            "what": foreign(example["what"], 64),
            "here": here["time"],
            "here_path": foreign(here["path"]),
            "here_offset": here["offset"],
            "there": there["time"],
            "there_path": foreign(there["path"]),
            "there_offset": there["offset"],
        }
        return (
            _(
                "for example %(what)s: %(here)s in %(here_path)s (byte %(here_offset)s), %(there)s "
                "in %(there_path)s (byte %(there_offset)s)"
            )
            % facts
        )
    return ""


def note_text(note: Mapping[str, Any]) -> str:
    """Return in words what is wrong with records (shape: a row of `record_notes`)."""
    place: Mapping[str, Any] = next(iter(note["places"]), {"path": "?", "offset": 0})
    facts = {
        "path": foreign(place["path"]),
        "offset": place["offset"],
        "what": note["what"],
        "count": number(note["count"]),
    }
    return counted(_("%(what)s: %(count)s times, first in %(path)s, byte %(offset)s"), facts)


def _apart(seconds: float) -> str:
    """Return a difference of clocks as people say it: 1:00:00, 365 days 1:00:00."""
    days, rest = divmod(round(seconds), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return counted(_("%(days)s days %(clock)s"), {"days": days, "clock": clock}) if days else clock


def record_note_lines(notes: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with lease and neighbour records (shape: `record_notes`)."""
    if notes:
        yield _("In the lease and neighbour records:")
    for alike in _grouped(notes, "what"):
        for note in alike[:MOST_ALIKE]:
            yield "  " + note_text(note)
        if len(alike) > MOST_ALIKE:
            left = {"what": alike[0]["what"], "count": number(len(alike) - MOST_ALIKE)}
            yield "  " + _("%(what)s: in %(count)s more files; the report lists all") % left


def unread_lines(unread: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what could not be read (shape: `unread` of a summary); one text for many files."""
    groups = _grouped(unread, "code", "what", "todo")
    for alike in groups[:MOST_NAMED]:
        paths = ", ".join(one["path"] for one in alike[:MOST_ALIKE])
        if len(alike) > MOST_ALIKE:
            facts = {"paths": paths, "count": number(len(alike) - MOST_ALIKE)}
            paths = _("%(paths)s and %(count)s more files") % facts
        one = alike[0]
        yield from wrapped(f"{one['code']} {paths}: {one['what']}. {one['todo']}", "  ")
    if left := sum(map(len, groups[MOST_NAMED:])):
        yield "  " + _("... and %(count)s more; the report lists all") % {"count": number(left)}


def _grouped(rows: Sequence[dict[str, Any]], *keys: str) -> list[list[dict[str, Any]]]:
    """Return `rows` put together where they have the same under `keys`, in their order."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return list(groups.values())


def clock_lines(clocks: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the clocks that differ, each with a common event as its proof (shape: `clocks`)."""
    if clocks:
        yield _(
            "Clocks that differ, by events in several logs (the times shown are those in the logs):"
        )
    for one in clocks[:MOST_NAMED]:
        yield "  " + clock_text(one)
        if proof := example_text(one):
            yield "    " + proof


def zone_lines(summary: dict[str, Any]) -> Iterator[str]:
    """Yield which zones were assumed, with what to do, and which times were confirmed."""
    assumed = summary.get("zones_assumed", ())
    if assumed:
        facts = {
            "zone": summary.get("zone", ""),
            "count": number(len(assumed)),
            "paths": _first(assumed),
        }
        text = _(
            "The time zone of %(count)s logs is not known; %(zone)s was assumed, and no device "
            "is certain by them: %(paths)s. Name it with --zone, or for single logs with "
            "--sources."
        )
        yield counted(text, facts)
    for confirmed in summary.get("zones_confirmed", ())[:MOST_NAMED]:
        yield confirmed_text(confirmed)
    yield from _year_lines(summary.get("years_told", ()))


def hourless_lines(sources: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the logs of which most lines have no hour (shape: `without_hours` of a summary)."""
    if sources:
        text = _(
            "In %(count)s logs no hour could be read in most lines, so that what was looked at is "
            "told by the others alone: %(paths)s."
        )
        shares = [
            counted(
                _("%(path)s (%(n)s of %(lines)s lines)"),
                {
                    "path": foreign(one["path"]),
                    "n": number(one["without"]),
                    "lines": number(one["lines"]),
                },
            )
            for one in sources[:5]
        ]
        paths = ", ".join(shares) + (" ..." if len(sources) > len(shares) else "")
        yield text % {"count": number(len(sources)), "paths": paths}


def _year_lines(years: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield from where the year is of logs whose lines leave it out, the guessed ones first."""
    by_kind = {kind: [year for year in years if year["kind"] == kind] for kind in _YEAR_TEXTS}
    for kind, alike in by_kind.items():
        for group in _grouped(alike, "by") if kind == "neighbour" else filter(None, [alike]):
            facts = {
                "count": number(len(group)),
                "by": foreign(group[0]["by"]),
                "paths": _first([year["path"] for year in group]),
            }
            yield counted(_(_YEAR_TEXTS[kind]), facts)


def confirmed_text(confirmed: Mapping[str, Any]) -> str:
    """Return in words which source confirms the guessed times of another."""
    return _(
        "The times of %(path)s are confirmed by %(pairs)s common events with %(reference)s."
    ) % {
        "path": foreign(confirmed["path"]),
        "pairs": number(confirmed["pairs"]),
        "reference": foreign(confirmed["reference"]),
    }
