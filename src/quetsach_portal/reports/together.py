"""Accept several reports at once: those without a finding whose unit looked at everything."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from quetsach.api.reports import GradedCount, QuetsachError
from quetsach_portal.campaigns.models.campaign import ExpectedReport, NodeCounter
from quetsach_portal.cases.overview import FIGURES
from quetsach_portal.people.models.account import User
from quetsach_portal.reports import deciding
from quetsach_portal.reports.models.looked import ReportLook
from quetsach_portal.reports.models.report import CampaignForm, ReportVersion
from quetsach_portal.reports.phase_forms.changing import form_of
from quetsach_portal.reports.queries import figures_of, incoming
from quetsach_portal.web.acts import Refused

MOST = 500


@dataclass(frozen=True)
class WaitingReport:
    """A report that waits to be read, and why it is read alone; "" where it need not be."""

    version: ReportVersion
    looked: str
    why_alone: str


@dataclass(frozen=True)
class AcceptedTogether:
    """How many reports were accepted, and why others were not, each with its unit."""

    accepted: int
    refused: Sequence[str]


def waiting_reports(slot: ExpectedReport) -> list[WaitingReport]:
    """Return the reports below `slot` that wait, those for one act first. Cost: five queries."""
    children = [child for child in incoming(slot) if child.waits][:MOST]
    versions = [child.version for child in children if child.version is not None]
    slots = {child.slot.pk: child.slot for child in children}
    looks = ReportLook.objects.in_bulk([version.pk for version in versions])
    nodes = [child.slot.node_id for child in children]
    counters = {row.node_id: row for row in NodeCounter.objects.filter(node__in=nodes)}
    forms = CampaignForm.objects.in_bulk({version.form_id for version in versions})
    rows = []
    for version in versions:
        version.slot = slots[version.slot_id]
        look = looks.get(version.pk)
        why = _why_alone(look, counters.get(version.slot.node_id))
        why = why or _why_by_figures(version, forms[version.form_id])
        rows.append(WaitingReport(version, "" if look is None else look.words, why))
    return sorted(rows, key=lambda row: bool(row.why_alone))


def accept_together(
    slot: ExpectedReport, chosen: Collection[int], *, actor: User
) -> AcceptedTogether:
    """Accept the chosen reports below `slot`, each as an act of its own.

    What has changed since the page was shown, or is to be read alone, is left and named.
    Errors: Refused when none is chosen.
    """
    if not chosen:
        raise Refused(_("Tick at least one report."))
    accepted, refused = 0, []
    for report in waiting_reports(slot):
        if report.version.pk not in chosen:
            continue
        unit = report.version.slot.node.name_at_freeze
        try:
            if report.why_alone:
                raise Refused(report.why_alone)
            deciding.accept(report.version, actor=actor)
        except Refused as problem:
            refused.append(f"{unit}: {problem.told}")
        else:
            accepted += 1
    return AcceptedTogether(accepted, refused)


def _why_alone(look: ReportLook | None, counter: NodeCounter | None) -> str:
    if counter is not None and counter.cases_open + counter.cases_verified + counter.cases_recurred:
        return _("machines were found")
    if look is None or not look.machines:
        return _("it is not known how many machines there are")
    if look.reason_code or look.seen < look.machines:
        return _("not all machines were checked")
    if look.of_days and (look.days or 0) < look.of_days:
        return _("not all days have network logs")
    if look.missing or look.received < look.expected:
        return _("reports from below are missing")
    return ""


_NO_FINDING = "devices_scanned"
"""A machine that was scanned need not be one that was found."""


def _why_by_figures(version: ReportVersion, form: CampaignForm) -> str:
    """Return why a report is read alone by its own figures of machines, "" for no reason."""
    try:
        figures = figures_of(version)
        fields = [field for field in form_of(form).entries() if field.derived in FIGURES]
    except QuetsachError as error:
        return str(error)
    shown = [(field.derived, figures[field.id]) for field in fields if field.id in figures]
    for derived, figure in shown:
        values = (figure.total, None if figure.own is None else figure.own.value)
        numbers = [value.number for value in values if isinstance(value, GradedCount)]
        if derived != _NO_FINDING and max(numbers, default=0) > 0:
            return _("it reports machines")
    if any(figure.own is not None and figure.own.differs for _derived, figure in shown):
        return _("figures were typed over the records")
    return ""
