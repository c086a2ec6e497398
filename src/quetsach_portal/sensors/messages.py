"""What a watch says of itself each minute, brought within bounds: its texts are safe on pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from quetsach_portal.cases.finding_rows import fit
from quetsach_portal.intake.boundary import clean

MOST_PLANTED = 50
MOST_PROBLEMS = 20
MOST_NUMBER = 2**62


@dataclass(frozen=True)
class SourceTold:
    """What a heartbeat says of one source; the fields are those of `SensorSource`."""

    source: str
    file: str = ""
    kind: str = ""
    dataset: str = ""
    lines: int = 0
    size: int = 0
    rate: float = 0.0
    lag_bytes: int = 0
    lag_s: float | None = None
    last_read_at: datetime | None = None
    last_event_at: datetime | None = None
    received: int = 0
    dropped_kernel: int = 0
    dropped_spool: int = 0
    dropped_length: int = 0
    problems: Sequence[str] = ()

    @property
    def dropped(self) -> int:
        """Return how many lines were lost, by whomever."""
        return self.dropped_kernel + self.dropped_spool + self.dropped_length


@dataclass(frozen=True)
class Heartbeat:
    """What a watch says of itself; `facts` are fields of `Sensor`."""

    watch: UUID
    at: datetime
    started_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    sources: Sequence[SourceTold] = ()


def read(body: Mapping[str, Any]) -> Heartbeat:
    """Return the heartbeat in a message whose fields were checked; see api/endpoints/sensors.py."""
    listed, outbox = body.get("listed") or {}, body.get("outbox") or {}
    facts = {
        "name": _text(body.get("name"), 120),
        "version": _text(body.get("version"), 40),
        "list_digest": _text(listed.get("release"), 80).removeprefix("sha256:"),
        "list_indicators": _count(listed.get("indicators")),
        "list_read_at": moment(listed.get("read_at")),
        "list_problem": _text(listed.get("problem"), 10),
        "sightings": _count(body.get("sightings")),
        "devices": _count(body.get("devices")),
        "outbox_waiting": _count(outbox.get("waiting")),
        "outbox_oldest_at": moment(outbox.get("oldest_at")),
        "outbox_refused": _count(outbox.get("refused")),
        "planted": [_planted(one) for one in (body.get("planted") or [])[-MOST_PLANTED:]],
    }
    at = moment(body["at"])
    assert at is not None
    return Heartbeat(
        watch=body["watch"],
        at=at,
        started_at=moment(body.get("started_at")),
        facts=facts,
        sources=[_source(one) for one in body.get("sources") or []],
    )


def _source(source: Mapping[str, Any]) -> SourceTold:
    dropped = source.get("dropped") or {}
    lag_s = source.get("lag_s")
    return SourceTold(
        source=_text(source.get("source"), 300) or "?",
        file=_text(source.get("file"), 300),
        kind=_text(source.get("kind"), 12),
        dataset=_text(source.get("form"), 60),
        lines=_count(source.get("lines")),
        size=_count(source.get("size")),
        rate=_seconds(source.get("rate")),
        lag_bytes=_count(source.get("lag_bytes")),
        lag_s=None if lag_s is None else _seconds(lag_s),
        last_read_at=moment(source.get("last_read_at")),
        last_event_at=moment(source.get("last_event_at")),
        received=_count(source.get("received")),
        dropped_kernel=_count(dropped.get("kernel")),
        dropped_spool=_count(dropped.get("spool")),
        dropped_length=_count(dropped.get("length")),
        problems=[_text(one, 10) for one in (source.get("problems") or [])[:MOST_PROBLEMS]],
    )


def _planted(planted: Mapping[str, Any]) -> dict[str, str]:
    seen_at = moment(planted.get("seen_at"))
    return {
        "name": _text(planted.get("name"), 120),
        "seen_at": "" if seen_at is None else seen_at.isoformat(),
        "source": _text(planted.get("source"), 300),
    }


def _text(text: Any, longest: int) -> str:
    return fit(clean(text, longest), longest) if isinstance(text, str) else ""


def _count(number: Any) -> int:
    return min(max(0, int(number)), MOST_NUMBER) if isinstance(number, int) else 0


def _seconds(number: Any) -> float:
    if not isinstance(number, int | float):
        return 0.0
    # Neither "not a number" nor "endless" is taken by a database.
    return min(max(0.0, float(number)), 1e12) if number == number else 0.0


FIRST = datetime(2000, 1, 1, tzinfo=UTC)
LAST = datetime(2100, 1, 1, tzinfo=UTC)


def moment(at: datetime | None) -> datetime | None:
    """Return a moment that any zone can write; one without a zone is in UTC."""
    if at is None:
        return None
    try:
        utc = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return LAST if at.year > 2000 else FIRST
    return min(max(utc, FIRST), LAST)
