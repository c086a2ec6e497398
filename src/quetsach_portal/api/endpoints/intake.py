"""Endpoints of evidence: hand in, days covered, counts below, tables and keys of a unit."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import File, Form, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile
from pydantic import Field

from quetsach_portal.api.models import TokenScope
from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.api.schemas import (
    A_FILE,
    NO,
    REFUSED,
    FileOut,
    Paged,
    Part,
    SubmissionOut,
    part_of,
)
from quetsach_portal.api.tokens import ByToken, caller
from quetsach_portal.files.actions import FileUpload
from quetsach_portal.files.models import StoredFile
from quetsach_portal.intake import access, actions, folders, imports, queries
from quetsach_portal.intake.access import own_node_for, submission_for
from quetsach_portal.intake.coverage import CoverageDays, DayCell
from quetsach_portal.intake.imports import ImportedLog, ImportedPart
from quetsach_portal.intake.log_sources import SourceWords, declare, sources_of
from quetsach_portal.intake.models import LogSource, OwnTable, UnitKey
from quetsach_portal.intake.queries import EvidenceCounts
from quetsach_portal.intake.submission_page import LookView, lines_with_cases
from quetsach_portal.looks.queries import MachineOnPage, machine_rows

intake_router = Router(auth=ByToken(TokenScope.READ))


@of_row(DayCell, "day lines alive")
class LookedAtOut(Schema):
    """A day covered by evidence, and how many devices were alive on it."""

    lines: int


@of_row(CoverageDays, "first last days of looked_at")
class EvidenceDaysOut(Schema):
    """Covered days of the period in question, and those of the last fourteen months."""

    looked_at: list[LookedAtOut]

    @staticmethod
    def resolve_looked_at(calendar: CoverageDays) -> list[DayCell]:
        """Return the days of which at least one line was looked at."""
        days = [day for month in calendar.months for week in month.weeks for day in week]
        return [day for day in days if day is not None and day.is_covered]


@of_row(
    MachineOnPage,
    "id=machine.pk name=machine.name hostname=machine.hostname room=machine.room"
    " asset_tag=machine.asset_tag is_seen lacks",
)
class MachineOfUnitOut(Schema):
    """A machine of a unit and whether it was looked at whole; `lacks` says what a look lacks."""

    is_seen: bool


@of_row(
    ImportedPart,
    "time submission=submission.pk path change=part.change is_proved=part.is_proved"
    " start=part.start to=part.to lines=part.lines new_lines=part.new_lines"
    " sightings=part.sightings new_sightings=part.new_sightings",
)
class ImportedPartOut(Schema):
    """What one submission brought of a log; [`start`, `to`) are the bytes that were new."""


@of_row(
    ImportedLog,
    "name=stream.name kind=stream.kind lines=stream.lines sightings=stream.sightings parts more",
)
class ImportedLogOut(Schema):
    """A log over all submissions, each line and each sighting once; `more` parts are not shown."""

    parts: list[ImportedPartOut]


@of_row(
    EvidenceCounts,
    "id=node.pk unit=node.name_at_freeze submissions last_at lines not_all_read days open_cases",
)
class EvidenceBelowOut(Schema):
    """Counts of the evidence of a unit directly below: no address and no machine."""


@of_row(OwnTable, "id kind as_of added_by added_at ended_at file")
class OwnTableOut(Schema):
    """A table of a unit, used in its sweeps until `ended_at`."""

    file: FileOut


@of_row(UnitKey, "id key_id owner added_by added_at ended_at")
class UnitKeyOut(Schema):
    """A public key by which a unit signs findings that it made at home."""


@of_row(
    LogSource,
    "id name pattern zone clock_offset year taken inside declared_by declared_at ended_by ended_at "
    "end_reason follows_id",
)
class LogSourceOut(Schema):
    """What a unit declares of a source of logs, used in its sweeps until `ended_at`."""

    pattern: list[str]
    clock_offset: float | None
    inside: list[str]

    @staticmethod
    def resolve_pattern(one: LogSource) -> list[str]:
        """Return the patterns of paths."""
        return one.pattern.splitlines()


@intake_router.get(
    "/submissions/{submission_id}/contents",
    response={200: list[FileOut], **NO},
    summary="The files of a submission",
)
def submission_files(request: HttpRequest, submission_id: int) -> list[StoredFile]:
    """Return the files in the order in which they came."""
    return queries.files_of(access.submission_for(caller(request).scope, submission_id))


@intake_router.get(
    "/submissions/{submission_id}/report",
    response=NO,
    openapi_extra=A_FILE,
    summary="The engine's report on a submission, as one HTML file",
)
def submission_report(request: HttpRequest, submission_id: int) -> HttpResponseBase:
    """Hand out the report of the engine."""
    return folders.report_of(access.submission_for(caller(request).scope, submission_id))


@of_row(LookView, "number line path offset indicators why case_id")
class LookLineOut(Schema):
    """A line that only mentions an indicator and proves no contact, with a case made of it."""


@intake_router.get(
    "/submissions/{submission_id}/lines",
    response={200: list[LookLineOut], **NO},
    summary="The lines of a submission that a person is to look at",
)
def submission_lines(request: HttpRequest, submission_id: int) -> list[LookView]:
    """Return the lines that name an indicator and no machine; the report has all of them."""
    return lines_with_cases(access.submission_for(caller(request).scope, submission_id))


@intake_router.get(
    "/nodes/{node_id}/evidence-days",
    response={200: EvidenceDaysOut, **NO},
    summary="Days of a unit that are covered by evidence",
)
def evidence_days(request: HttpRequest, node_id: int) -> CoverageDays:
    """Return the days of the unit's own evidence."""
    node = access.own_node_for(caller(request).scope, node_id)
    return queries.coverage_of(node, *queries.days_in_question(node))


@intake_router.get(
    "/nodes/{node_id}/machines",
    response={200: list[MachineOfUnitOut], **NO},
    summary="Machines of a unit, those not checked first",
)
def machines_of_node(request: HttpRequest, node_id: int) -> list[MachineOnPage]:
    """Return the machines of the unit with their looks in the campaign."""
    return machine_rows(access.own_node_for(caller(request).scope, node_id))


@intake_router.get(
    "/nodes/{node_id}/imports",
    response={200: Part[ImportedLogOut], **NO},
    summary="Logs of a unit, and what each submission brought of them",
)
def imported_logs(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the logs of the unit, each with its latest submissions."""
    node = access.own_node_for(caller(request).scope, node_id)
    part = part_of(imports.streams_of(node), paged)
    return {**part, "rows": imports.with_parts(part["rows"])}


@intake_router.get(
    "/nodes/{node_id}/evidence-below",
    response={200: Part[EvidenceBelowOut], **NO},
    summary="Counts of the evidence submitted by each unit directly below",
)
def evidence_below(request: HttpRequest, node_id: int, paged: Query[Paged]) -> dict[str, Any]:
    """Return the counts of the units directly below."""
    node = access.counted_node_for(caller(request).scope, node_id)
    part = part_of(queries.children_of(node), paged)
    return {**part, "rows": queries.counts_of(part["rows"])}


@intake_router.get(
    "/nodes/{node_id}/release",
    auth=ByToken(TokenScope.READ, TokenScope.WATCH),
    response=NO,
    openapi_extra=A_FILE,
    summary="The campaign's indicators, for a sweep at home",
)
def release_for_home(request: HttpRequest, node_id: int) -> HttpResponseBase:
    """Hand out the campaign's list."""
    return folders.release_of(access.own_node_for(caller(request).scope, node_id).campaign)


@intake_router.get(
    "/units/{unit_id}/tables",
    response={200: list[OwnTableOut], **NO},
    summary="Tables of a unit: machines, networks, leases",
)
def own_tables(request: HttpRequest, unit_id: int) -> Iterable[OwnTable]:
    """Return the tables of a unit, those in use first."""
    return queries.tables_of(access.own_unit_for(caller(request).scope, unit_id))


@intake_router.get(
    "/units/{unit_id}/keys",
    response={200: list[UnitKeyOut], **NO},
    summary="Keys by which a unit signs findings made at home",
)
def own_keys(request: HttpRequest, unit_id: int) -> Iterable[UnitKey]:
    """Return the keys of a unit, those that hold first."""
    return queries.keys_of(access.own_unit_for(caller(request).scope, unit_id))


@intake_router.get(
    "/units/{unit_id}/sources",
    response={200: list[LogSourceOut], **NO},
    summary="What a unit declares of its log sources: zone, clock, year, networks",
)
def log_sources(request: HttpRequest, unit_id: int) -> Iterable[LogSource]:
    """Return the declarations of a unit, those that hold first, and those that held before."""
    return sources_of(access.own_unit_for(caller(request).scope, unit_id))


upload_router = Router(auth=ByToken(TokenScope.EVIDENCE))


class Begun(Schema):
    """What goes with the file.

    `key` is drawn by the caller: the same request sent twice begins one submission.
    """

    kind: Literal["logs", "collector", "findings"]
    key: uuid.UUID
    note: str = Field("", max_length=500)


@upload_router.post(
    "/nodes/{node_id}/submissions",
    auth=ByToken(TokenScope.EVIDENCE, TokenScope.WATCH),
    response={201: SubmissionOut, **REFUSED},
    summary="Submit a file: logs, a collector's zip, or findings made at home",
)
def begin(request: HttpRequest, node_id: int, fields: Form[Begun], file: File[UploadedFile]) -> Any:
    """Begin a submission; logs take more files until `send`, findings are sent off at once."""
    who = caller(request)
    if fields.kind != "findings" and not who.may(TokenScope.EVIDENCE):
        raise HttpError(403, "a token for a watch hands in findings alone")
    node = own_node_for(who.scope, node_id)
    begun = actions.begin(
        node,
        kind=fields.kind,
        upload=FileUpload(file=file),
        note=fields.note,
        token=fields.key,
        actor=who.user,
    )
    return Status(201, begun)


@upload_router.post(
    "/submissions/{submission_id}/files",
    response={200: SubmissionOut, **REFUSED},
    summary="Add a file to a submission that was begun",
)
def add_file(request: HttpRequest, submission_id: int, file: File[UploadedFile]) -> Any:
    """Add a file."""
    who = caller(request)
    row = submission_for(who.scope, submission_id)
    actions.add_file(row, FileUpload(file=file), actor=who.user)
    return submission_for(who.scope, submission_id)


@upload_router.post(
    "/submissions/{submission_id}/send",
    response={200: SubmissionOut, **REFUSED},
    summary="Send a submission to be swept",
)
def send(request: HttpRequest, submission_id: int) -> Any:
    """Send it off; how far it is stands at its own address."""
    who = caller(request)
    actions.send(submission_for(who.scope, submission_id), actor=who.user)
    return submission_for(who.scope, submission_id)


class SourceIn(Schema):
    """What is declared of a source of logs.

    `clock_offset` is how many seconds its clock is ahead; `year`, or `taken` as a day, tells the
    year of lines without one.
    """

    name: str = Field(max_length=120)
    pattern: list[str] = Field(min_length=1, max_length=50)
    zone: str = Field("", max_length=60)
    clock_offset: float | None = None
    year: int | None = Field(None, ge=1990, le=2099)
    taken: date | None = None
    inside: list[str] = Field([], max_length=200)

    def words(self) -> SourceWords:
        """Return it as it would be typed."""
        return SourceWords(
            name=self.name,
            pattern="\n".join(self.pattern),
            zone=self.zone,
            clock_offset="" if self.clock_offset is None else repr(self.clock_offset),
            year=self.year,
            taken="" if self.taken is None else self.taken.isoformat(),
            inside="\n".join(self.inside),
        )


class SourceChange(SourceIn):
    """What is declared instead, and why."""

    reason: str = Field(min_length=1, max_length=300)


# On the router of its list: of two routers with one path only the first would be asked.
@intake_router.post(
    "/units/{unit_id}/sources",
    auth=ByToken(TokenScope.EVIDENCE),
    response={201: LogSourceOut, **REFUSED},
    summary="Declare a source of logs",
)
def declare_source(request: HttpRequest, unit_id: int, source: SourceIn) -> Any:
    """Declare zone, clock, year or networks of a source; the next sweep uses it."""
    who = caller(request)
    unit = access.own_unit_for(who.scope, unit_id)
    return Status(201, declare(unit, source.words(), actor=who.user))


@upload_router.post(
    "/sources/{source_id}",
    response={201: LogSourceOut, **REFUSED},
    summary="Declare something else of a source of logs",
)
def change_source(request: HttpRequest, source_id: int, source: SourceChange) -> Any:
    """Put another declaration in the place of this one, which stays to be read with the reason."""
    who = caller(request)
    old = access.source_for(who.scope, source_id)
    row = declare(old.unit, source.words(), old=old, reason=source.reason, actor=who.user)
    return Status(201, row)
