"""Reports on the worklist of the first page: to mend, to read, to sign, to forward."""

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.campaigns.models.campaign import (
    CampaignNode,
    CampaignState,
    ExpectedReport,
    ExpectedReportState,
)
from quetsach_portal.campaigns.scope import node_scope
from quetsach_portal.cases.worklist import CaseTask
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.access import ADDS_UP
from quetsach_portal.reports.certificates.actions import near_desks
from quetsach_portal.reports.models.document import DocumentState, ReportDocument
from quetsach_portal.reports.models.report import (
    ChangeNotice,
    NoticeState,
    ReportVersion,
    VersionState,
)
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST = 10
_SIGNED = (VersionState.SIGNED, VersionState.FORWARDED)
RUNNING = (CampaignState.LIVE, CampaignState.CLOSING, CampaignState.CLOSED)


def for_office(node: CampaignNode, scope: Scope) -> list[CaseTask]:
    """Return what waits for the office of `node` and may be done by the person of `scope`.

    Cost: four queries.
    """
    waiting = (
        ReportVersion.objects.filter(
            slot__node__parent=node,
            state=VersionState.SUBMITTED,
        )
        .exclude(slot__state=ExpectedReportState.EXCUSED)
        .select_related("slot__phase")
    )
    items = []
    phases = {one.slot.phase_id for one in waiting}
    for slot in ExpectedReport.objects.filter(node=node, phase__in=phases).select_related("phase"):
        count = sum(one.slot.phase_id == slot.phase_id for one in waiting)
        title = _("Reports from below to read, phase %(no)s") % {"no": slot.phase.no}
        items.append(CaseTask(title, str(count), reverse("reports:below", args=[slot.pk]), "warn"))
    if node.parent_id is None:
        # Nobody is above the root: a second person of the same office reads its report.
        own = ReportVersion.objects.filter(slot__node=node, state=VersionState.SUBMITTED)
        own = own.exclude(author_id=scope.user_id).select_related("slot__node", "slot__phase")
        items += [_item(one, _("To read"), "reports:review") for one in own]
    adds_up = node_scope(scope, node.campaign).has_role_in(node, *ADDS_UP)
    return items + (_changes_below(node) if adds_up else [])


def _changes_below(node: CampaignNode) -> list[CaseTask]:
    notices = ChangeNotice.objects.filter(parent_slot__node=node, state=NoticeState.OPEN)
    return [
        CaseTask(
            _("A report from below changed: %(unit)s")
            % {"unit": one.new_version.slot.node.name_at_freeze},
            _("Decide"),
            reverse("reports:notice", args=[one.pk]),
            "warn",
        )
        for one in notices.select_related("new_version__slot__node")[:MOST]
    ]


def for_signer(scope: Scope) -> list[CaseTask]:
    """Return the accepted reports of the person's units that wait for a signature."""
    waiting = _own(scope, Role.SIGNER).filter(state=VersionState.ACCEPTED)
    return [_item(one, _("To sign"), "reports:sign") for one in waiting[:MOST]]


def for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the signed reports of the person's units that were not sent up and have no document.

    Those that have one: `documents_for_clerk`.
    """
    made = ReportDocument.objects.filter(version=OuterRef("pk"), state=DocumentState.MADE)
    waiting = _own(scope, Role.CLERK).filter(~Exists(made), state=VersionState.SIGNED)
    return [_item(one, _("To be issued"), "report_documents:page") for one in waiting[:MOST]]


def documents_for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the documents of signed reports that wait for a number, or to be released."""
    rows = ReportDocument.objects.filter(
        version__in=_own(scope, Role.CLERK).filter(state__in=_SIGNED),
        state=DocumentState.MADE,
    )
    newest = {row.version_id: row for row in rows.order_by("version_id", "seq")}
    versions = ReportVersion.objects.select_related("slot__node", "slot__phase").in_bulk(newest)
    return [
        CaseTask(
            _("Document of the report of %(unit)s, phase %(no)s")
            % {
                "unit": versions[key].slot.node.name_at_freeze,
                "no": versions[key].slot.phase.no,
            },
            _("To be given a number") if row.number is None else _("To be released"),
            reverse("report_documents:page", args=[key]),
            "warn",
        )
        for key, row in newest.items()
        if row.released_at is None
    ][:MOST]


def certificates_to_confirm(scope: Scope) -> list[CaseTask]:
    """Return the certificates that wait for the person's word. Cost: one query."""
    waiting = [one for one in near_desks(scope) if one.confirmed_at is None]
    return [
        CaseTask(
            _("Certificate for signing: %(who)s, %(unit)s")
            % {"who": one.user, "unit": one.unit.name},
            _("Compare and confirm"),
            reverse("certificates:confirm", args=[one.pk]),
            "warn",
        )
        for one in waiting[:MOST]
    ]


def for_writer(scope: Scope) -> list[CaseTask]:
    """Return the reports of the person's units that were returned and not mended yet."""
    return [
        CaseTask(
            _("Returned report: %(unit)s, phase %(no)s")
            % {"unit": one.node.name_at_freeze, "no": one.phase.no},
            _("See the remarks"),
            reverse("reports:slot", args=[one.pk]),
            "bad",
        )
        for one in _RETURNED(units=scope.own_units(Role.FOCAL_POINT, Role.COMPILER))
    ]


_RETURNED = CompiledQuery(
    lambda units: (
        ExpectedReport.objects.filter(
            node__unit_id__in=units,
            node__campaign__state__in=RUNNING,
            state=ExpectedReportState.RETURNED,
        )
        .select_related("node", "phase")
        .order_by("due_at", "pk")[:MOST]
    )
)


def _own(scope: Scope, role: Role) -> QuerySet[ReportVersion]:
    return (
        ReportVersion.objects.filter(
            slot__node__unit_id__in=scope.own_units(role),
            slot__node__campaign__state__in=RUNNING,
        )
        .select_related("slot__node", "slot__phase")
        .order_by("created_at", "pk")
    )


def _item(version: ReportVersion, hint: str, page: str) -> CaseTask:
    title = _("Report of %(unit)s, phase %(no)s") % {
        "unit": version.slot.node.name_at_freeze,
        "no": version.slot.phase.no,
    }
    return CaseTask(title, hint, reverse(page, args=[version.pk]), "warn")
