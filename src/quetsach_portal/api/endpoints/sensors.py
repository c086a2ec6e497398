"""Endpoints of watches: what one says of itself each minute, where it is, and what a unit's say."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import NO, REFUSED, Paged, Part, ProblemOut, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.intake.access import own_node_for, own_nodes
from quetsach_portal.planted import observing
from quetsach_portal.prints import from_watches
from quetsach_portal.sensors import heartbeats
from quetsach_portal.sensors.messages import read
from quetsach_portal.sensors.models import (
    Sensor,
    SensorHour,
    SensorSeverity,
    SensorSource,
    SensorTrouble,
)
from quetsach_portal.sensors.queries import hours_of, source_for

MOST_BYTES = 256 * 1024
NEXT_S = 60

watch_router = Router(auth=ByToken(TokenScope.WATCH))
sensors_router = Router(auth=ByToken(TokenScope.READ))


class ListTold(Schema):
    """The list that a watch looks for: SHA-256, and why it kept an older one (a code)."""

    release: str | None = None
    indicators: int | None = None
    read_at: datetime | None = None
    problem: str | None = None


class DroppedTold(Schema):
    """How many lines were lost since the watch's state began, by whom."""

    kernel: int | None = None
    spool: int | None = None
    length: int | None = None


class SensorSourceIn(Schema):
    """A source of a watch; totals are since its state began, `rate` is in lines a second."""

    source: str
    file: str | None = None
    kind: str | None = None
    form: str | None = None
    lines: int | None = None
    size: int | None = Field(None, alias="bytes")
    rate: float | None = None
    lag_bytes: int | None = None
    lag_s: float | None = None
    last_read_at: datetime | None = None
    last_event_at: datetime | None = None
    received: int | None = None
    dropped: DroppedTold | None = None
    problems: list[str] | None = None


class OutboxTold(Schema):
    """Findings that wait to be handed in, and those that were refused."""

    waiting: int | None = None
    oldest_at: datetime | None = None
    refused: int | None = None


class PlantedTold(Schema):
    """A planted name that a source saw."""

    name: str
    seen_at: datetime | None = None
    source: str | None = None


class PrintsHitTold(Schema):
    """Days on which something of the list was seen, by the fingerprints of a watch."""

    first: date | None = None
    last: date | None = None
    is_exact: bool = True
    count: int = 0
    indicators: list[str] = []


class PrintsAnswerTold(Schema):
    """What a watch answers from its fingerprints to one of `questions`."""

    question: str
    asked_days: int = 0
    incomplete: int = 0
    forgotten: int = 0
    cannot_tell: int = 0
    hits: list[PrintsHitTold] = []
    hits_left_out: int = 0


class HeartbeatIn(Schema):
    """What a watch says of itself; `at` by its own clock. What is not known is left out."""

    watch: UUID
    at: datetime
    name: str | None = None
    version: str | None = None
    started_at: datetime | None = None
    listed: ListTold | None = Field(None, alias="list")
    sources: list[SensorSourceIn] | None = None
    sightings: int | None = None
    devices: int | None = None
    outbox: OutboxTold | None = None
    planted: list[PlantedTold] | None = None
    answers: list[PrintsAnswerTold] | None = None


class ReleaseAt(Schema):
    """The list in force: the SHA-256 of the file, and its address below the portal's."""

    digest: str
    address: str


class HeartbeatOut(Schema):
    """What a watch is told: the list in force, open questions, names planted today, when again."""

    node: int
    release: ReleaseAt | None
    questions: list[str]
    planted: list[str]
    next_s: int


class WatchNodeOut(Schema):
    """A unit in a campaign that runs, for which the token's watch may report."""

    node: int
    unit: str
    campaign: str
    release: ReleaseAt | None


class WatchNodesOut(Schema):
    """The newest campaign first; none where no campaign of the unit runs."""

    nodes: list[WatchNodeOut]


@watch_router.get(
    "/watch", response={200: WatchNodesOut, **NO}, summary="For which nodes a watch may report"
)
def watched_nodes(request: HttpRequest) -> dict[str, Any]:
    """Return the nodes of the token's unit in campaigns that run."""
    nodes = [
        node
        for node in own_nodes(caller(request).scope)
        if node.campaign.state in heartbeats.RUNNING
    ]
    return {
        "nodes": [
            {
                "node": node.pk,
                "unit": node.name_at_freeze,
                "campaign": node.campaign.title,
                "release": release_at(node, node.campaign),
            }
            for node in nodes
        ]
    }


@watch_router.post(
    "/nodes/{node_id}/watch/heartbeat",
    response={200: HeartbeatOut, frozenset({413, 429}): ProblemOut, **REFUSED},
    summary="Report the state of a watch, each minute",
)
def heartbeat(request: HttpRequest, node_id: int, message: HeartbeatIn) -> dict[str, Any]:
    """Record what a watch says of itself; the same message twice is recorded once."""
    if len(request.body) > MOST_BYTES:
        raise HttpError(413, "a heartbeat has at most 256 KiB")
    node = own_node_for(caller(request).scope, node_id)
    reading = read(message.dict())
    # What is not recorded is not slowed down either: it may come as often as it likes.
    with transaction.atomic():
        is_recorded = heartbeats.take(node, reading) is not None
        if is_recorded:
            observing.take_told(node, reading.facts["planted"])
    if is_recorded:
        answers = [answer.dict() for answer in message.answers or ()]
        from_watches.take_answers(node, message.watch, answers)
    return {
        "node": node.pk,
        "release": release_at(node, node.campaign),
        "questions": from_watches.open_questions(node),
        "planted": observing.names_today(node),
        "next_s": NEXT_S,
    }


def release_at(node: CampaignNode, campaign: Campaign) -> dict[str, str] | None:
    """Return the digest and the address of the list in force, None where there is none."""
    digest = heartbeats.digest_in_force(campaign)
    if not digest:
        return None
    return {"digest": digest, "address": f"/api/v1/nodes/{node.pk}/release"}


@of_row(
    SensorSource,
    "id source file kind form=dataset lines size rate lag_bytes lag_s last_read_at last_event_at "
    "received dropped problems heard_at",
)
class SensorSourceOut(Schema):
    """A source of a watch as it was last told; totals are since the watch's state began."""

    rate: float
    lag_s: float | None
    problems: list[str]


@of_row(
    SensorTrouble,
    "kind log source_id since facts",
)
class SensorTroubleOut(Schema):
    """Something that is wrong now; `is_alarm` where the unit was told by mail."""

    facts: dict[str, Any]
    is_alarm: bool

    @staticmethod
    def resolve_is_alarm(row: SensorTrouble) -> bool:
        """Return whether it is an alarm."""
        return row.severity == SensorSeverity.ALARM


@of_row(
    Sensor,
    "id watch name version heard_at started_at clock_ahead_s list_digest list_indicators "
    "list_problem list_differs_since sightings devices outbox_waiting outbox_refused",
)
class SensorOut(Schema):
    """A watch of the own unit, with its sources and what is wrong."""

    watch: UUID
    clock_ahead_s: float
    state: str
    sources: list[SensorSourceOut]
    troubles: list[SensorTroubleOut]

    @staticmethod
    def resolve_state(sensor: Sensor) -> str:
        """Return well, off, noted or alarm."""
        return SensorSeverity(sensor.severity).name.lower()

    @staticmethod
    def resolve_sources(sensor: Sensor) -> list[SensorSource]:
        """Return the sources, the first told first."""
        return list(sensor.sources.order_by("pk"))

    @staticmethod
    def resolve_troubles(sensor: Sensor) -> list[SensorTrouble]:
        """Return what is wrong now."""
        return list(sensor.troubles.filter(ended_at__isnull=True).order_by("pk"))


@sensors_router.get(
    "/nodes/{node_id}/sensors",
    response={200: Part[SensorOut], **NO},
    summary="Watches of a unit: sources, lag, losses, what is wrong",
)
def sensors_of_node(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the watches of the unit."""
    node = own_node_for(caller(request).scope, node_id)
    return part_of(Sensor.objects.filter(node=node), paged)


@of_row(SensorHour, "id hour covered_s lines received dropped most_lag_s")
class SensorHourOut(Schema):
    """What a source brought in an hour, as far as reports of its watch cover it."""

    covered_s: float
    most_lag_s: float


@sensors_router.get(
    "/sensor-sources/{source_id}/hours",
    response={200: Part[SensorHourOut], **NO},
    summary="What a source of a watch brought and lost, hour by hour",
)
def hours_of_source(request: HttpRequest, source_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the hours of a source."""
    source = source_for(caller(request).scope, source_id)
    return part_of(hours_of(source), paged)
