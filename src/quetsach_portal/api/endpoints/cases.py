"""Cases above a unit, false alarms, and what a case page shows beside the case itself."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router, Schema

from quetsach_portal.alerts import queries as alert_queries
from quetsach_portal.alerts.models import Alert, AlertChannel
from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import A_FILE, A_TEXT, NO, FileOut, Paged, Part, part_of
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.cases import access, false_alarms, overview, queries
from quetsach_portal.cases.false_alarms import AlarmReach
from quetsach_portal.cases.models.case import CaseEvent, CaseFile, FalseAlarm, Handling, Sighting
from quetsach_portal.cases.overview import CaseToVerify, ChildCounts
from quetsach_portal.files.storage import attachment

router = Router(auth=ByToken(TokenScope.READ))


@of_row(
    FalseAlarm,
    "id case_id unit=case.node.name_at_freeze key shown tlp scope reason state proposed_by "
    "proposed_at decided_by decided_at holds_until answer",
)
class AlarmOut(Schema):
    """An indicator reported as a false alarm; `scope` is device, unit or campaign."""


@of_row(AlarmReach, "devices units in_scope")
class ReachOut(Schema):
    """How many devices and units of the campaign met the indicator; `in_scope` are set aside."""


class AlarmDetail(AlarmOut):
    """A false alarm with how far it reaches."""

    reach: ReachOut

    @staticmethod
    def resolve_reach(one: FalseAlarm) -> false_alarms.AlarmReach:
        """Return what approving it would set aside; the name shown may be another."""
        return false_alarms.reach_of(FalseAlarm.objects.select_related("case__node").get(pk=one.pk))


@of_row(Handling, "id kind at told_at by tool result note review_on proof_id withdrawn_at")
class HandlingOut(Schema):
    """Work that was done on a device; `told_at` is when it was recorded."""


@of_row(CaseFile, "id note stored")
class CaseFileOut(Schema):
    """A file that supports what is said in a case."""

    stored: FileOut


@of_row(CaseEvent, "at kind by note detail")
class CaseEventOut(Schema):
    """What happened to a case."""

    detail: dict[str, Any]


class WorkOut(Schema):
    """The work on a case: the latest 200 of each, and the verdict of the engine."""

    said: dict[str, Any]
    since_day: str
    covered_days: int
    alive_days: int
    judged_on: date | None
    technician: str
    handlings: list[HandlingOut]
    files: list[CaseFileOut]
    events: list[CaseEventOut]
    alarms: list[AlarmOut]


@of_row(Sighting, "number at grade dataset address field rule file offset raw")
class SightingOut(Schema):
    """A sample behind a finding, with the raw line."""


@of_row(
    Alert,
    "id kind state level summary raised_at told_at due_at answer answered_at case_id "
    "unit=node.name_at_freeze node_id",
)
class AlertOut(Schema):
    """A machine of a unit, or another matter, that was told.

    `level` 1: the office above is asked, 2: the lead. `case_id` is null where it is no machine.
    """


@of_row(AlertChannel, "id unit=unit.name kind host added_at")
class AlertChannelOut(Schema):
    """Where a unit is told beside the mail; its address is a secret and not sent."""


@of_row(
    CaseToVerify,
    "case_id number unit state outcome opened_at closed_at covered_days alive_days recurrences "
    "handlings files owner_says verifier_says",
)
class CheckOut(Schema):
    """A case as the office above sees it: number and figures, nothing that names a machine."""


@of_row(
    ChildCounts,
    "node_id=node.pk unit=node.name_at_freeze states young older oldest late cases notices",
)
class CountsOut(Schema):
    """The open cases of a unit and all below it by state and age, and how its notices ended."""

    states: dict[str, int]
    notices: dict[str, int]


class CountsBelow(Part[CountsOut]):
    """The units directly below; `whole` with all below, `own` the unit's own cases alone."""

    whole: CountsOut
    own: CountsOut


@router.get(
    "/alerts",
    response={200: Part[AlertOut], **NO},
    summary="Alerts about machines of the own units and of those directly below",
)
def alert_list(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the open alerts, and those after which an office has to do something."""
    scope = caller(request).scope
    alert_queries.readers_only(scope)
    return part_of(alert_queries.alerts_for(scope), paged)


@router.get(
    "/alert-channels",
    response={200: Part[AlertChannelOut], **NO},
    summary="Channels that tell the own units beside the mail",
)
def alert_channels(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the channels that the person keeps."""
    scope = caller(request).scope
    alert_queries.keepers_only(scope)
    return part_of(alert_queries.channels_for(scope), paged)


@router.get(
    "/false-alarms",
    response={200: Part[AlarmOut], **NO},
    summary="False alarms beyond one device, for those who decide on them",
)
def false_alarm_list(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return what waits for the lead office and what it decided."""
    scope = caller(request).scope
    access.lead_only(scope)
    part = part_of(access.led_alarms(scope), paged)
    return {**part, "rows": [access.as_seen_by(scope, alarm) for alarm in part["rows"]]}


@router.get(
    "/false-alarms/{alarm_id}",
    response={200: AlarmDetail, **NO},
    summary="One false alarm, with the devices and units it would affect",
)
def false_alarm(request: HttpRequest, alarm_id: int) -> FalseAlarm:
    """Return a proposal to who decides on it."""
    scope = caller(request).scope
    return access.as_seen_by(scope, access.alarm_for(scope, alarm_id))


@router.get(
    "/cases/{case_id}/work",
    response={200: WorkOut, **NO},
    summary="What was done in a case: handlings, files, events, false alarms",
)
def case_work(request: HttpRequest, case_id: int) -> dict[str, Any]:
    """Return what stands behind a case."""
    case = access.case_for(caller(request).scope, case_id)
    page = queries.case_page(case)
    prefetch_related_objects(page.alarms, "case__node", "proposed_by", "decided_by")
    names = ("said", "since_day", "covered_days", "alive_days", "judged_on")
    return {
        **{name: getattr(case, name) for name in names},
        "technician": str(case.technician or ""),
        **{name: getattr(page, name) for name in ("handlings", "files", "events", "alarms")},
    }


@router.get(
    "/cases/{case_id}/findings/{finding_id}/samples",
    response={200: list[SightingOut], **NO},
    summary="The raw lines behind a finding",
)
def samples(request: HttpRequest, case_id: int, finding_id: int) -> Iterable[Sighting]:
    """Return the sightings that are kept of a finding."""
    _case, finding = access.finding_for(caller(request).scope, case_id, finding_id)
    return queries.samples_of(finding)


@router.get(
    "/case-files/{file_id}",
    response=NO,
    openapi_extra=A_FILE,
    summary="A file that supports what is said in a case",
)
def case_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """Hand out an evidence file."""
    stored: CaseFile = access.file_for(caller(request).scope, file_id)
    return attachment(stored.stored)


@router.get(
    "/nodes/{node_id}/cases",
    response={200: CountsBelow, **NO},
    summary="Open cases by state and age, of a unit and each directly below; counts only",
)
def case_counts(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the counts of a unit and of those directly below."""
    node = access.counted_node_for(caller(request).scope, node_id)
    part = part_of(overview.children_of(node), paged)
    shown = overview.overview_of(node, part["rows"])
    return {**part, "rows": shown.children, "whole": shown.whole, "own": shown.own}


@router.get(
    "/handled-addresses",
    response=NO,
    openapi_extra=A_TEXT,
    summary="Addresses of the unit's machines that are quiet or clean, for its block page",
)
def handled_addresses(request: HttpRequest) -> HttpResponse:
    """Hand out lines of an address and until when the evidence says so, as handled.txt takes."""
    rows = queries.handled_addresses(access.workers_cases(caller(request).scope))
    text = "".join(f"{address} {until.isoformat()}\n" for address, until in rows)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@router.get(
    "/checks",
    response={200: Part[CheckOut], **NO},
    summary="Cases of units directly below that ended, to be verified",
)
def case_checks(request: HttpRequest, paged: Query[Paged]) -> dict[str, Any]:
    """Return the cases that ended in the units directly below."""
    scope = caller(request).scope
    access.verifiers_only(scope)
    part = part_of(overview.to_check(access.child_cases(scope), seen=True), paged)
    return {**part, "rows": [overview.check_of(one) for one in part["rows"]]}


@router.get(
    "/checks/{case_id}",
    response={200: CheckOut, **NO},
    summary="A case of a unit directly below, as shown to the office above",
)
def case_check(request: HttpRequest, case_id: int) -> overview.CaseToVerify:
    """Return what may be shown of a case above its unit."""
    return overview.check_of(access.child_case_for(caller(request).scope, case_id))
