"""Reports on the worklist of the first page: to correct, to read, to sign, to forward."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q, QuerySet
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
from quetsach_portal.reports import after_signing
from quetsach_portal.reports.access import ADDS_UP
from quetsach_portal.reports.certificates.actions import near_desks
from quetsach_portal.reports.deciding import may_sign_own
from quetsach_portal.reports.models.document import (
    DocumentSignature,
    DocumentState,
    ReportDocument,
)
from quetsach_portal.reports.models.looked import GapReason, ReportLook
from quetsach_portal.reports.models.report import (
    COUNTS,
    STANDS,
    ChangeNotice,
    NoticeState,
    ReportReturn,
    ReportVersion,
    VersionState,
)
from quetsach_portal.web.compiled_queries import CompiledQuery

MOST = 10
_SIGNED = (VersionState.SIGNED, VersionState.FORWARDED)
RUNNING = (CampaignState.LIVE, CampaignState.CLOSING, CampaignState.CLOSED)


def for_office(node: CampaignNode, scope: Scope) -> list[CaseTask]:
    """Return what waits for the office of `node` and may be done by the person of `scope`.

    Cost: five queries.
    """
    submitted = ReportVersion.objects.filter(state=VersionState.SUBMITTED)
    waiting = submitted.filter(slot__node__parent=node).select_related("slot__phase")
    waiting = waiting.exclude(slot__state=ExpectedReportState.EXCUSED)
    tasks = []
    by_phase = Counter(version.slot.phase_id for version in waiting)
    slots = ExpectedReport.objects.filter(node=node, phase__in=list(by_phase))
    for slot in slots.select_related("phase"):
        title = _("Reports from below to read, phase %(no)s") % {"no": slot.phase.no}
        count, url = str(by_phase[slot.phase_id]), reverse("reports:below", args=[slot.pk])
        tasks.append(CaseTask(title, count, url, "warn"))
    if node.parent_id is None:
        # The root has no office above: a second person of the same office reads its report.
        own = submitted.filter(slot__node=node).exclude(author_id=scope.user_id)
        own = own.select_related("slot__node", "slot__phase")
        tasks += [_version_task(version, _("To be read"), "reports:review") for version in own]
    tasks += _help_asked(node)
    adds_up = node_scope(scope, node.campaign).has_role_in(node, *ADDS_UP)
    return tasks + (_changes_below(node) if adds_up else [])


def _help_asked(node: CampaignNode) -> list[CaseTask]:
    """Return the units directly below whose reports say that nobody can look at machines."""
    standing = ReportLook.objects.filter(
        version__slot__node__parent=node,
        version__state__in=STANDS,
        reason_code=GapReason.NOBODY,
    )
    return [
        CaseTask(
            _("Asks for help to check its machines: %(unit)s")
            % {"unit": look.version.slot.node.name_at_freeze},
            _("Help"),
            reverse("reports:version", args=[look.version_id]),
            "warn",
        )
        for look in standing.select_related("version__slot__node").order_by("version_id")[:MOST]
    ]


def _changes_below(node: CampaignNode) -> list[CaseTask]:
    notices = ChangeNotice.objects.filter(parent_slot__node=node, state=NoticeState.OPEN)
    tasks = []
    for notice in notices.select_related("new_version__slot__node")[:MOST]:
        unit = notice.new_version.slot.node.name_at_freeze
        title = _("A report from below changed: %(unit)s") % {"unit": unit}
        url = reverse("reports:notice", args=[notice.pk])
        tasks.append(CaseTask(title, _("Decide"), url, "warn"))
    return tasks


def for_signer(scope: Scope) -> list[CaseTask]:
    """Return the reports of the person's units that wait for their signature, and that they may
    sign: the accepted ones, and the numbered documents without a signed copy."""
    waiting = _own(scope, Role.SIGNER).filter(state=VersionState.ACCEPTED)
    tasks = [
        _version_task(version, _("Read and sign"), "reports:sign")
        for version in waiting[:MOST]
        if _may_sign(version, scope)
    ]
    return tasks + _documents_to_sign(scope)


def _documents_to_sign(scope: Scope) -> list[CaseTask]:
    """Return the numbered documents whose paper or PDF nobody signed yet. Cost: two queries."""
    signed = _own(scope, Role.SIGNER).filter(state__in=_SIGNED)
    copies = DocumentSignature.objects.filter(document__version=OuterRef("version"))
    later = ReportDocument.objects.filter(version=OuterRef("version"), seq__gt=OuterRef("seq"))
    rows = ReportDocument.objects.filter(
        ~Exists(copies),
        ~Exists(later),
        version__in=signed,
        state=DocumentState.MADE,
        number__isnull=False,
        released_at__isnull=True,
    )
    versions = ("version__slot__node", "version__slot__phase")
    sentence, tasks = _("Document of the report of %(unit)s, phase %(no)s"), []
    for document in rows.select_related(*versions).order_by("pk")[:MOST]:
        slot = document.version.slot
        if _may_sign(document.version, scope):
            title = sentence % {"unit": slot.node.name_at_freeze, "no": slot.phase.no}
            url = reverse("report_documents:sign", args=[document.pk])
            hint = _("Number %(number)s, to be signed") % {"number": document.full_number}
            tasks.append(CaseTask(title, hint, url, "warn"))
    return tasks


def _may_sign(version: ReportVersion, scope: Scope) -> bool:
    """Return whether the person may sign it: not who wrote it, unless the unit has nobody else."""
    return version.author_id != scope.user_id or may_sign_own(version.slot.node)


def for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the signed reports of the person's units that were not sent up and have no document.

    Those that have one: `documents_for_clerk`.
    """
    made = ReportDocument.objects.filter(version=OuterRef("pk"), state=DocumentState.MADE)
    waiting = _own(scope, Role.CLERK).filter(~Exists(made), state=VersionState.SIGNED)
    page = "report_documents:page"
    return [_version_task(version, _("To be issued"), page) for version in waiting[:MOST]]


def documents_for_clerk(scope: Scope) -> list[CaseTask]:
    """Return the documents of signed reports that wait for a number, or to be released."""
    signed = _own(scope, Role.CLERK).filter(state__in=_SIGNED)
    rows = ReportDocument.objects.filter(version__in=signed, state=DocumentState.MADE)
    newest = {row.version_id: row for row in rows.order_by("version_id", "seq")}
    versions = ReportVersion.objects.select_related("slot__node", "slot__phase").in_bulk(newest)
    sentence = _("Document of the report of %(unit)s, phase %(no)s")
    tasks = []
    for key, document in newest.items():
        if document.released_at is None:
            slot, has_number = versions[key].slot, document.number is not None
            title = sentence % {"unit": slot.node.name_at_freeze, "no": slot.phase.no}
            hint = _("To be released") if has_number else _("To be given a number")
            url = reverse("report_documents:page", args=[key])
            tasks.append(CaseTask(title, hint, url, "warn"))
    return tasks[:MOST]


def certificates_to_confirm(scope: Scope) -> list[CaseTask]:
    """Return the certificates that wait for the person's confirmation. Cost: one query."""
    waiting = [row for row in near_desks(scope) if row.confirmed_at is None]
    sentence, hint = _("Certificate for signing: %(who)s, %(unit)s"), _("Compare and confirm")
    tasks = []
    for certificate in waiting[:MOST]:
        title = sentence % {"who": certificate.user, "unit": certificate.unit.name}
        url = reverse("certificates:confirm", args=[certificate.pk])
        tasks.append(CaseTask(title, hint, url, "warn"))
    return tasks


def for_writer(scope: Scope) -> list[CaseTask]:
    """Return the reports of the person's units that were returned and not corrected yet, and those
    of which the office above asks for a correction."""
    returned, hint = _("Returned report: %(unit)s, phase %(no)s"), _("See the remarks")
    to_correct = _("A correction is asked for: report of %(unit)s, phase %(no)s")
    tasks = []
    for slot in _RETURNED(units=scope.own_units(Role.FOCAL_POINT, Role.COMPILER)):
        sentence = returned if slot.state == ExpectedReportState.RETURNED else to_correct
        title = sentence % {"unit": slot.node.name_at_freeze, "no": slot.phase.no}
        tasks.append(CaseTask(title, hint, reverse("reports:slot", args=[slot.pk]), "bad"))
    return tasks


def changed_after_signing(scope: Scope) -> list[CaseTask]:
    """Return the reports that the person signed or sent whose figures changed. Cost: one query."""
    tasks = {}
    for change in after_signing.waiting_for(scope)[:MOST]:
        hint = _("Figures changed after it was signed or sent")
        tasks[change.version_id] = _version_task(change.version, hint, "reports:version")
    return list(tasks.values())


_RETURNED = CompiledQuery(
    lambda units: (
        ExpectedReport.objects.filter(
            node__unit_id__in=units,
            node__campaign__state__in=RUNNING,
        )
        .filter(
            Q(state=ExpectedReportState.RETURNED)
            | Exists(
                ReportReturn.objects.filter(
                    version__slot=OuterRef("pk"),
                    version__state__in=COUNTS,
                    resolved_by__isnull=True,
                )
            )
        )
        .select_related("node", "phase")
        .order_by("due_at", "pk")[:MOST]
    )
)


def _own(scope: Scope, role: Role) -> QuerySet[ReportVersion]:
    units, rows = scope.own_units(role), ReportVersion.objects.order_by("created_at", "pk")
    rows = rows.filter(slot__node__unit_id__in=units, slot__node__campaign__state__in=RUNNING)
    return rows.select_related("slot__node", "slot__phase")


def _version_task(version: ReportVersion, hint: str, page: str) -> CaseTask:
    facts = {"unit": version.slot.node.name_at_freeze, "no": version.slot.phase.no}
    title = _("Report of %(unit)s, phase %(no)s") % facts
    return CaseTask(title, hint, reverse(page, args=[version.pk]), "warn")
