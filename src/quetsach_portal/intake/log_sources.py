"""What a unit declares of its log sources: zone, clock, year, inside networks; nothing is lost.

Whoever runs a firewall knows in which zone it writes; a log that does not say it can only be
guessed at, and a guess makes no machine certain. Checks and words are those of `sources.toml`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quetsach.api import sweeps
from quetsach.api.problems import QuetsachError
from quetsach_portal.audit.record import record
from quetsach_portal.intake.boundary import SourceDeclared
from quetsach_portal.intake.models import LogSource
from quetsach_portal.people.models.account import User
from quetsach_portal.units.models import OrgUnit
from quetsach_portal.web.acts import Refused

MOST_SOURCES = 200


class SourceWords(msgspec.Struct, frozen=True):
    """A declaration as somebody typed it.

    Shapes: `pattern` and `inside` have one entry a line; `clock_offset` is seconds or "1h 02m 03s",
    "" for none; `taken` is a day in ISO 8601, "" for none.
    """

    name: str
    pattern: str
    zone: str = ""
    clock_offset: str = ""
    year: int | None = None
    taken: str = ""
    inside: str = ""


def declare(
    unit: OrgUnit,
    words: SourceWords,
    *,
    actor: User,
    old: LogSource | None = None,
    reason: str = "",
) -> LogSource:
    """Return the declaration that sweeps of the unit use from now on, in place of `old` if given.

    Errors: Refused for what sources.toml could not hold (E267), for a change without a reason, and
    for a source that was changed or ended meanwhile.
    """
    columns = _checked(words)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if old is not None:
            _end(old, actor=actor, reason=reason)
        if LogSource.objects.filter(unit=unit, ended_at=None).count() >= MOST_SOURCES:
            raise Refused(_("There are too many log sources. Remove those that are not used."))
        source = LogSource.objects.create(unit=unit, follows=old, declared_by=actor, **columns)
        detail = {**msgspec.to_builtins(as_declared(source)), "follows": old.pk if old else None}
        if old is not None:
            detail["reason"] = old.end_reason
        _audit("source.changed" if old else "source.declared", source, actor, detail)
    return source


def end(source: LogSource, *, actor: User, reason: str) -> None:
    """Let sweeps use the declaration no more. Errors: Refused without a reason, or if it ended."""
    with transaction.atomic():
        _end(source, actor=actor, reason=reason)
        _audit("source.ended", source, actor, {"reason": source.end_reason})


def sources_of(unit: OrgUnit) -> list[LogSource]:
    """Return what a unit declares and declared, what holds first, in the order of its use."""
    sources = LogSource.objects.filter(unit=unit).select_related("declared_by", "ended_by")
    return list(sources.order_by(F("ended_at").desc(nulls_first=True), "name", "pk")[:400])


def declared_in(unit_id: int) -> tuple[SourceDeclared, ...]:
    """Return what sweeps of a unit use now; the first pattern that meets a file holds."""
    sources = LogSource.objects.filter(unit_id=unit_id, ended_at=None).order_by("name", "pk")
    return tuple(map(as_declared, sources))


def as_declared(source: LogSource) -> SourceDeclared:
    """Return a source as the sweep takes it."""
    return SourceDeclared(
        path=tuple(source.pattern.splitlines()),
        name=source.name,
        zone=source.zone,
        clock_offset=source.clock_offset,
        year=source.year,
        taken=source.taken,
        inside=tuple(source.inside),
    )


def said_words(source: SourceDeclared) -> list[str]:
    """Return what is declared of a source, one thing a sentence part, for people."""
    words = []
    if source.zone:
        words.append(_("zone %(zone)s") % {"zone": source.zone})
    if source.clock_offset is not None:
        seconds = {"seconds": f"{abs(source.clock_offset):g}"}
        if source.clock_offset < 0:
            words.append(_("clock %(seconds)s seconds behind") % seconds)
        else:
            words.append(_("clock %(seconds)s seconds ahead") % seconds)
    if source.year is not None:
        words.append(_("year %(year)s") % {"year": source.year})
    if source.taken:
        day = date_format(date.fromisoformat(source.taken[:10]), "d/m/Y")
        words.append(_("taken on %(day)s") % {"day": day})
    if source.inside:
        words.append(_("own networks %(networks)s") % {"networks": ", ".join(source.inside)})
    return words


def as_words(source: LogSource) -> SourceWords:
    """Return a source as it would be typed."""
    offset = source.clock_offset
    return SourceWords(
        name=source.name,
        pattern=source.pattern,
        zone=source.zone,
        clock_offset="" if offset is None else f"{offset:g}",
        year=source.year,
        taken=source.taken,
        inside="\n".join(source.inside),
    )


def _checked(words: SourceWords) -> dict[str, Any]:
    """Return the columns of a source. Errors: Refused with the engine's code and words."""
    name = " ".join(words.name.split())[:120]
    if not name:
        raise Refused(_("Give the source a name."), field="name")
    declaration: dict[str, Any] = {
        "path": _lines(words.pattern),
        "name": name,
        "zone": words.zone,
        "clock_offset": _offset(words.clock_offset),
        "year": words.year,
        "taken": words.taken,
        "inside": _lines(words.inside),
    }
    # Each by itself first: a reason that names its field is found at once.
    for field in ("path", "zone", "clock_offset", "year", "taken", "inside"):
        _held_up({"path": "x", field: declaration[field]}, field)
    source = _held_up(declaration, "")
    says = (source.zone, source.clock_offset_s, source.year, source.taken, source.inside)
    if all(value in ("", None, ()) for value in says):
        raise Refused(_("Declare at least one thing: zone, clock, year or networks."), field="zone")
    pattern = "\n".join(source.path)
    if len(pattern) > 500:
        raise Refused(_("These are too many paths."), field="pattern")
    return {
        "name": name,
        "pattern": pattern,
        "zone": source.zone,
        "clock_offset": source.clock_offset_s,
        "year": source.year,
        "taken": source.taken,
        "inside": list(source.inside),
    }


def _held_up(declaration: Mapping[str, Any], field: str) -> sweeps.DeclaredSource:
    try:
        return sweeps.declared_source(declaration)
    except QuetsachError as error:
        problem = error.problem
        text = f"{problem.code}: {problem.facts.get('reason', problem.what())}."
        raise Refused(text, field="pattern" if field == "path" else field) from error


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _offset(text: str) -> float | str | None:
    words = text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not words:
        return None
    try:
        return float(words)
    except ValueError:
        return words


def _end(source: LogSource, *, actor: User, reason: str) -> None:
    why = " ".join(reason.split())[:300]
    if not why:
        raise Refused(_("Give the reason: it is kept with the old declaration."), field="reason")
    now = timezone.now()
    sources = LogSource.objects.filter(pk=source.pk, ended_at=None)
    if not sources.update(ended_at=now, ended_by=actor, end_reason=why):
        raise Refused(_("This declaration was changed or removed meanwhile. Look at it again."))
    source.ended_at, source.ended_by, source.end_reason = now, actor, why


def _audit(action: str, source: LogSource, actor: User, detail: Mapping[str, Any]) -> None:
    record(
        action,
        actor=actor,
        kind="log_source",
        object_id=source.pk,
        detail=dict(detail),
        unit_path=source.unit.path,
    )
