"""Shapes that the interface sends and takes as JSON; times are ISO 8601 with their offset."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Generic, Literal, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from quetsach_portal.api.row_schemas import of_row
from quetsach_portal.audit.models import AuditEvent
from quetsach_portal.campaigns.models.campaign import (
    Campaign,
    CampaignNode,
    ExpectedReport,
    NodeCounter,
    Phase,
    ReportCounter,
)
from quetsach_portal.campaigns.queries import current_phase
from quetsach_portal.cases.models.case import Case, Device, Finding
from quetsach_portal.cases.models.notice import NoticeBatch, NoticeItem
from quetsach_portal.files.models import StoredFile
from quetsach_portal.intake.models import Submission
from quetsach_portal.jobs.models import Job
from quetsach_portal.letters.models import Letter
from quetsach_portal.participation.queries import ParticipationDay
from quetsach_portal.reports.models.report import ReportFigure, ReportInput, ReportVersion
from quetsach_portal.units.models import OrgUnit

Row = TypeVar("Row")


class ProblemOut(Schema):
    """Why a request was refused."""

    detail: str


NO = {frozenset({400, 401, 403, 404, 422}): ProblemOut}
"""The refusals of every address."""

REFUSED = {frozenset({400, 401, 403, 404, 409, 422}): ProblemOut}
"""The refusals of an address that changes something."""

MOST_ID = 2**63 - 1


class Paged(Schema):
    """Which part of a long list: rows with an id above `after`, at most `limit`."""

    after: int = Field(0, ge=0, le=MOST_ID)
    limit: int = Field(100, ge=1, le=500)


class PagedByMarking(Paged):
    """A part of a list of cases, those that met an indicator with this marking (TLP)."""

    tlp: Literal["clear", "green", "amber", "amber+strict"] | None = None


class Part(Schema, Generic[Row]):
    """A page of a list. For the next page set `after` to `next`, which is null at the end."""

    rows: list[Row]
    next: int | None = None


def part_of(rows: QuerySet[Any], paged: Paged) -> dict[str, Any]:
    """Return the rows that `paged` asks for, by id, and where the list goes on."""
    several = list(rows.filter(pk__gt=paged.after).order_by("pk")[: paged.limit + 1])
    page = several[: paged.limit]
    return {"rows": page, "next": page[-1].pk if len(several) > paged.limit else None}


class InPhase(Schema):
    """Which phase, by its number; without one, that which is open."""

    phase: int | None = Field(None, ge=0, le=32767)


EARLIEST = date(2000, 1, 1)
"""No campaign is older; a day of the first years cannot be reckoned back from."""


class OnDay(InPhase):
    """As it stood at the end of which past day; without one, now."""

    on: date | None = Field(None, ge=EARLIEST)

    @property
    def past(self) -> date | None:
        """Return the past day; today and days ahead are now, of which counters tell more."""
        return self.on if self.on is not None and self.on < timezone.localdate() else None


class PagedInPhase(Paged, InPhase):
    """A part of a list, in a phase."""


class PagedOnDay(Paged, OnDay):
    """A part of a list, in a phase, as of a day."""


def requested_phase(node: CampaignNode, number: int | None) -> Phase | None:
    """Return the phase of the node's campaign; None where it has none of that number."""
    if number is None:
        return current_phase(node.campaign)
    return node.campaign.phases.filter(no=number).first()


@of_row(
    Letter,
    "id campaign_id node_id issuer_name subject state number code signed_on deadline released_at",
)
class LetterOut(Schema):
    """A letter, own or received."""


@of_row(
    Submission,
    "id node_id kind state note trust lines sources sightings devices problems first_day "
    "last_day created_at finished_at told",
)
class SubmissionOut(Schema):
    """A submission and its state."""

    told: dict[str, Any]


@of_row(Device, "id key label host_name mac addresses grade")
class DeviceOut(Schema):
    """A device of the own unit."""

    addresses: list[str]


@of_row(
    Case,
    "id node_id state outcome recurrences opened_at closed_at last_seen due_at owner_says "
    "verifier_says device",
)
class CaseOut(Schema):
    """A case of the own unit, with its device."""

    device: DeviceOut


@of_row(
    Finding,
    "shown kind label family status tlp confidence confidence_then window sightings best_grade "
    "first_seen last_seen",
)
class FindingOut(Schema):
    """An indicator that the device met, and what its lists say of it.

    `window` has "before" or "after" where a contact was outside its validity; `confidence_then` is
    what was left of the confidence (0 to 100) at the time of the contact.
    """

    window: list[str]


class CaseDetail(CaseOut):
    """A case with what its device met."""

    findings: list[FindingOut]

    @staticmethod
    def resolve_findings(case: Case) -> Iterable[Finding]:
        """Return the findings of the device."""
        return case.device.findings.order_by("pk")


@of_row(NoticeItem, "number outcome at address port remote family device_key grade because case_id")
class NoticeItemOut(Schema):
    """One item of a notice, with its outcome."""


@of_row(NoticeBatch, "id node_id source state problem items accounts handed_in_at")
class NoticeBatchOut(Schema):
    """A file of notices with its account: the outcomes add up to `items`."""

    accounts: dict[str, int]


@of_row(ReportCounter, "phase_no=phase.no expected excused reported on_time signed")
class RatesOut(Schema):
    """Counters of the expected reports of a subtree, for one phase."""


@of_row(AuditEvent, "seq at actor action object_kind object_id unit_path detail digest")
class EventOut(Schema):
    """A row of the audit trail."""

    detail: dict[str, Any]


@of_row(Job, "id kind state attempts progress said problem created_at finished_at")
class JobOut(Schema):
    """A background job."""


A_FILE = {
    "responses": {
        200: {
            "description": "The file, as it was stored",
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    }
}
"""What the description says of an address that hands out a file."""

A_TEXT = {
    "responses": {
        200: {
            "description": "Lines of text",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        }
    }
}
"""What the description says of an address that hands out lines of text."""


@of_row(StoredFile, "name size sha256")
class FileOut(Schema):
    """A file: what it is called, its bytes and their digest."""


@of_row(
    ReportVersion,
    "id slot_id node_id=slot.node_id unit=slot.node.name_at_freeze phase_no=slot.phase.no n "
    "kind reason_code reason state is_late created_at signed_at sha256 prev_sha256",
)
class VersionOut(Schema):
    """A version of a report; `code` are the 16 hex digits on its paper, `prev_sha256` its line.

    `kind` is original, correction, supplement or nil; `reason` says why it was changed.
    """


@of_row(ReportFigure, "key own children adjust overlap total absent grade words")
class FigureOut(Schema):
    """One figure: own + children + adjust - overlap = total.

    Without a number `total` is null and `absent` says why: missing, nil, not_collected,
    not_applicable. `words` is a text, a choice or a table.
    """


@of_row(
    ReportInput,
    "slot_id=child_slot_id node_id=child_slot.node_id unit=child_slot.node.name_at_freeze "
    "version_id=child_version_id used reason",
)
class InputOut(Schema):
    """A report from below as it went in: `used` is yes, late, excluded or missing."""


@of_row(
    ReportVersion,
    "form_code=form.code form_version=form.version tree_rev figures inputs does_not_add_up",
)
class VersionDetail(VersionOut):
    """A version with its content; `does_not_add_up` names fields that a recount contradicts."""

    figures: list[FigureOut]
    inputs: list[InputOut]
    does_not_add_up: list[str]

    @staticmethod
    def resolve_figures(version: ReportVersion) -> Iterable[ReportFigure]:
        """Return the figures in the order of the form."""
        return version.figures.order_by("pk")

    @staticmethod
    def resolve_inputs(version: ReportVersion) -> Iterable[ReportInput]:
        """Return the reports from below that went in."""
        return version.inputs.select_related("child_slot__node").order_by("pk")

    @staticmethod
    def resolve_does_not_add_up(version: ReportVersion) -> list[str]:
        """Return the keys of the figures with an open alarm."""
        alarms = version.alarms.filter(closed_at__isnull=True)
        return sorted(alarms.values_list("key", flat=True))


@of_row(ReportVersion, "sha256 payload")
class PayloadOut(Schema):
    """The text whose digest is `sha256`, as canonical JSON in UTF-8."""


@of_row(OrgUnit, "id code kind name id_old id_new area_code parent_id depth")
class UnitOut(Schema):
    """A unit of the register."""


@of_row(Phase, "no title opens_at due_at looks_back_days")
class PhaseOut(Schema):
    """A phase; `due_at` is exclusive."""


@of_row(Campaign, "id title state form_code form_version release_sha256 starts_at ends_at")
class CampaignOut(Schema):
    """A campaign in which the unit takes part."""


@of_row(Campaign, "legal_basis goal page_url phases")
class CampaignDetail(CampaignOut):
    """A campaign with its phases and tasks."""

    phases: list[PhaseOut]


@of_row(
    NodeCounter,
    "units told received deployed staff joined_staff joined_relatives joined_public cases_open "
    "cases_verified cases_recurred cases_other looked_full looked_part machines machines_seen "
    "machines_part machines_sized logs_full",
)
class TallyOut(Schema):
    """Counters of a subtree, the node itself included."""


@of_row(
    CampaignNode,
    "id campaign_id unit_id parent_id depth name_at_freeze state staff told_at received_at "
    "deployed_at",
)
class NodeOut(Schema):
    """A unit's place in a campaign, with the first times of its steps."""


class NodeDetail(NodeOut):
    """A node with the counters of its subtree."""

    tally: TallyOut | None


@of_row(ExpectedReport, "id phase_no=phase.no state due_at reported_at signed_at")
class SlotOut(Schema):
    """An expected report."""


@of_row(ParticipationDay, "day staff relatives public over_cap checked cleaned pulled")
class DayOut(Schema):
    """Participation of one unit on one day."""

    day: str
