"""The rows of a version: itself, its figures and its inputs."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from quetsach.api.reports import (
    AbsenceReason,
    ChildUse,
    GradedCount,
    Input,
    LookedStatement,
    ReportVersionText,
    SummedFigure,
    format_value,
    version_json,
)
from quetsach.api.reports import FormVersionKind as EngineKind
from quetsach_portal.campaigns.models.campaign import ExpectedReport
from quetsach_portal.people.models.account import User
from quetsach_portal.reports.models.report import (
    CampaignForm,
    ReportEvent,
    ReportFigure,
    ReportInput,
    ReportVersion,
    VersionKind,
    VersionState,
)
from quetsach_portal.reports.queries import node_key
from quetsach_portal.reports.totals.adding import ReportAggregate
from quetsach_portal.reports.writing.looked import (
    keep,
)


@dataclass(frozen=True)
class NewVersion:
    """What a version is, besides its figures; `after` is the newest version before it."""

    kind: VersionKind
    key: str
    after: ReportVersion | None
    reason_code: str = ""
    reason: str = ""
    looked: LookedStatement | None = None


def make_version(
    slot: ExpectedReport,
    campaign_form: CampaignForm,
    total: ReportAggregate,
    making: NewVersion,
    *,
    actor: User,
) -> ReportVersion:
    """Return the next version of `slot`; the caller holds the transaction and the slot's lock."""
    version = version_row(slot, campaign_form, total, making, actor=actor)
    version.save(force_insert=True)
    ReportFigure.objects.bulk_create(figure_rows(version, total))
    ReportInput.objects.bulk_create(input_rows(version, total), batch_size=500)
    if making.looked is not None:
        keep(version, making.looked)
    step(version, VersionState.SUBMITTED, actor)
    return version


def version_row(
    slot: ExpectedReport,
    campaign_form: CampaignForm,
    total: ReportAggregate,
    making: NewVersion,
    *,
    actor: User,
) -> ReportVersion:
    """Return the version that `making` describes, not written yet."""
    now, campaign = timezone.now(), slot.node.campaign
    number = 1 if making.after is None else making.after.n + 1
    previous = None if making.after is None else making.after.sha256
    text = ReportVersionText(
        form=campaign_form.code,
        form_version=campaign_form.version,
        form_digest=campaign_form.digest,
        campaign=f"{campaign.pk} {campaign.title}",
        phase=slot.phase.no,
        node=node_key(slot.node_id),
        unit=slot.node.name_at_freeze,
        number=number,
        kind=EngineKind(making.kind),
        previous=previous,
        tree_revision=campaign.tree_rev,
        created_at=now,
        figures=total.figures,
        children=_inputs(total),
        missing=total.missing,
        looked=making.looked,
    )
    payload = version_json(text)
    return ReportVersion(
        slot=slot,
        n=number,
        kind=making.kind,
        reason_code=making.reason_code,
        reason=making.reason,
        form=campaign_form,
        tree_rev=campaign.tree_rev,
        payload=payload.decode(),
        sha256=hashlib.sha256(payload).hexdigest(),
        prev_sha256=previous or "",
        is_late=now >= slot.due_at,
        key=making.key,
        author=actor,
        created_at=now,
    )


def _inputs(total: ReportAggregate) -> tuple[Input, ...]:
    return tuple(
        Input(
            node_key(child.slot.node_id),
            child.name,
            child.version.n,
            child.version.sha256,
            ChildUse(child.used.value),
            child.reason[:500],
        )
        for child in total.below
        if child.version is not None
    )


def step(
    version: ReportVersion, state: VersionState, by: User | None, note: str = ""
) -> ReportEvent:
    """Move `version` to `state` and keep who did, when and why."""
    version.state = state
    version.save(update_fields=["state"])
    return ReportEvent.objects.create(version=version, state=state, by=by, note=note[:1000])


def figure_rows(version: ReportVersion, total: ReportAggregate) -> Iterator[ReportFigure]:
    """Return the rows of the figures, in the form's order."""
    return (_row(version, key, figure) for key, figure in total.figures.items())


def input_rows(version: ReportVersion, total: ReportAggregate) -> Iterator[ReportInput]:
    """Return the rows of what the version was added up of."""
    return (
        ReportInput(
            parent_version=version,
            child_slot=child.slot,
            child_version=child.version,
            used=child.used,
            reason=child.reason[:500],
        )
        for child in total.below
    )


def _row(version: ReportVersion, key: str, figure: SummedFigure) -> ReportFigure:
    own = None if figure.own is None else figure.own.value
    total = figure.total
    is_count = isinstance(total, GradedCount)
    absent = total.value if isinstance(total, AbsenceReason) else ""
    grade = getattr(total, "grade", None)
    return ReportFigure(
        version=version,
        key=key,
        own=own.number if isinstance(own, GradedCount) else None,
        children=figure.children,
        adjust=0 if figure.adjustment is None else figure.adjustment.amount,
        overlap=figure.overlap,
        total=total.number if isinstance(total, GradedCount) else None,
        absent=absent,
        grade="" if grade is None else grade.value,
        sketch=figure.sketch,
        words="" if is_count or absent else format_value(total),
    )
