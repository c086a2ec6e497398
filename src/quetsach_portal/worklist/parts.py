"""The lists of the first page: what each role that the person holds has to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quetsach_portal.alerts import queries as alerts
from quetsach_portal.campaigns.models.campaign import Campaign, CampaignNode
from quetsach_portal.campaigns.scope import NodeScope
from quetsach_portal.cases.worklist import CaseTask, today_for_focal_point, today_for_technician
from quetsach_portal.intake import second_withdrawal
from quetsach_portal.operations import trail
from quetsach_portal.people.models.roles import Role
from quetsach_portal.people.roles.scope import Scope
from quetsach_portal.reports.worklist import (
    certificates_to_confirm,
    changed_after_signing,
    documents_for_clerk,
    for_clerk,
    for_signer,
    for_writer,
)
from quetsach_portal.sensors import queries as sensors
from quetsach_portal.worklist.desks import WRITERS, letters_for_clerk, letters_for_writer
from quetsach_portal.worklist.office import DECIDES, failed_jobs, office_tasks
from quetsach_portal.worklist.to_sign import letters_for_signer

NAMES_SIGNERS = (Role.LEAD_OWNER, Role.COMPILER, Role.FOCAL_POINT)


@dataclass(frozen=True)
class WorklistPart:
    """A list of the page; `empty` is said where nothing is to be done."""

    title: str
    items: Sequence[CaseTask]
    empty: str


def parts_of(
    scope: Scope,
    seats: NodeScope,
    campaign: Campaign | None,
    node: CampaignNode | None,
    *,
    has_room: bool,
) -> list[WorklistPart]:
    """Return the lists of all roles that the person holds, in the order in which they press.

    A chief's room has what waits for a signature itself.
    """
    parts = []
    if scope.has_role(*DECIDES):
        waiting = office_tasks(scope, seats, campaign, node)
        parts.append(
            WorklistPart(_("Waiting for you"), waiting, _("Nothing waits for your decision."))
        )
    if scope.has_role(Role.FOCAL_POINT):
        cases = alerts.today_for_unit(scope) + today_for_focal_point(scope)
        cases += sensors.today_for_unit(scope) + second_withdrawal.to_confirm(scope)
        parts.append(
            WorklistPart(_("Devices of your unit"), cases, _("No device needs action today."))
        )
    if scope.has_role(Role.TECHNICIAN):
        devices = _devices(scope)
        parts.append(
            WorklistPart(_("Devices to handle"), devices, _("No device waits to be handled."))
        )
    if to_mend := _returned(scope):
        parts.append(WorklistPart(_("Reports to correct"), to_mend, ""))
    if scope.has_role(*NAMES_SIGNERS) and (certificates := certificates_to_confirm(scope)):
        parts.append(WorklistPart(_("Certificates to confirm"), certificates, ""))
    if reports := _reports(scope, with_signing=not has_room):
        parts.append(WorklistPart(_("Reports to sign and send"), reports, ""))
    if scope.has_role(Role.CLERK):
        letters = letters_for_clerk(scope)
        empty = _("No letter waits for a number or its release.")
        parts.append(WorklistPart(_("Letters to number and release"), letters, empty))
    if scope.has_role(Role.SIGNER) and not has_room:
        letters = letters_for_signer(scope)
        parts.append(
            WorklistPart(_("Letters to sign"), letters, _("No letter waits for a signature."))
        )
    if scope.has_role(*WRITERS) and (returned := letters_for_writer(scope)):
        parts.append(WorklistPart(_("Returned by the clerk"), returned, ""))
    if scope.has_role(Role.OPERATOR):
        jobs = failed_jobs(scope)
        parts.append(WorklistPart(_("System"), jobs, _("All background jobs succeeded.")))
    if scope.has_role(Role.AUDITOR):
        parts.append(WorklistPart(_("Audit trail"), _trail(scope), ""))
    return parts


def _devices(scope: Scope) -> list[CaseTask]:
    """Return the technician's devices; of logs a focal point has been told already."""
    logs = []
    if not scope.has_role(Role.FOCAL_POINT):
        logs = sensors.today_for_unit(scope) + second_withdrawal.to_confirm(scope)
    return today_for_technician(scope, scope.user_id) + logs


def _returned(scope: Scope) -> list[CaseTask]:
    return for_writer(scope) if scope.has_role(Role.FOCAL_POINT, Role.COMPILER) else []


def _reports(scope: Scope, *, with_signing: bool) -> list[CaseTask]:
    writes = (Role.SIGNER, Role.CLERK, Role.FOCAL_POINT, Role.COMPILER)
    changed = changed_after_signing(scope) if scope.has_role(*writes) else []
    is_asked = with_signing and scope.has_role(Role.SIGNER)
    to_sign = changed + (for_signer(scope) if is_asked else [])
    if not scope.has_role(Role.CLERK):
        return to_sign
    return to_sign + for_clerk(scope) + documents_for_clerk(scope)


def _trail(scope: Scope) -> list[CaseTask]:
    last = trail.events_of(scope).order_by("-seq").values_list("seq", flat=True).first()
    hint = _("%(rows)s rows so far") % {"rows": last or 0}
    return [CaseTask(_("Read the audit trail"), hint, reverse("oversight:trail"), "calm")]
