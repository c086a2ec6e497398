"""What the pages of a unit's own people read: lists of cases by filter, and one case whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from quetsach_portal.cases import overview
from quetsach_portal.cases.access import WORKERS, own_cases
from quetsach_portal.cases.forms import CaseFilterForm
from quetsach_portal.cases.history import technicians_of
from quetsach_portal.cases.markings import met_marked, with_marking
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseEvent,
    CaseFile,
    CaseOutcome,
    CaseState,
    Device,
    FalseAlarm,
    Finding,
    Handling,
    Sighting,
)
from quetsach_portal.cases.models.coverage import CoveredDay
from quetsach_portal.people.models.account import User
from quetsach_portal.people.roles.scope import Scope

TONES = {
    CaseState.INFECTED: "bad",
    CaseState.RECURRED: "bad",
    CaseState.HANDLED: "info",
    CaseState.QUIET: "warn",
    CaseState.CANNOT_TELL: "warn",
    CaseState.VERIFIED: "good",
}


@dataclass(frozen=True)
class CaseFilter:
    """What a person asks the list for; "" and None ask for everything."""

    ended: str = "open"
    state: str = ""
    older_than: int | None = None
    technician: str = ""
    indicator: str = ""
    node: int | None = None
    tlp: str = ""


def listed(cases: QuerySet[Case], case_filter: CaseFilter, user_id: int) -> QuerySet[Case]:
    """Return `cases` as asked for, what is due first on top.

    Cost: one query; the indicator is looked for in the findings of the devices.
    """
    rows = cases.exclude(outcome=CaseOutcome.MERGED)
    if case_filter.ended == "open":
        rows = rows.filter(closed_at__isnull=True)
    elif case_filter.ended == "overdue":
        rows = rows.filter(closed_at__isnull=True, due_at__lte=timezone.now())
    elif case_filter.ended:
        rows = rows.filter(outcome=case_filter.ended)
    if case_filter.state:
        rows = rows.filter(state=case_filter.state)
    if case_filter.older_than is not None:
        rows = rows.filter(opened_at__lt=timezone.now() - timedelta(days=case_filter.older_than))
    if case_filter.technician == "me":
        rows = rows.filter(technician_id=user_id)
    elif case_filter.technician == "none":
        rows = rows.filter(technician__isnull=True)
    elif case_filter.technician:
        rows = rows.filter(technician_id=int(case_filter.technician))
    if case_filter.node is not None:
        rows = rows.filter(node_id=case_filter.node)
    if case_filter.indicator:
        met = Finding.objects.filter(
            Q(key__icontains=case_filter.indicator) | Q(shown__icontains=case_filter.indicator)
        )
        direct = Q(device__in=met.values("device"))
        joined = Q(device__in=met.values("device__merged_into"))
        rows = rows.filter(direct | joined)
    if case_filter.tlp:
        rows = met_marked(rows, case_filter.tlp)
    return with_marking(rows).order_by(F("due_at").asc(nulls_last=True), "pk")


@dataclass(frozen=True)
class CasePage:
    """All that the page of a case shows."""

    case: Case
    members: Sequence[Device]
    findings: Sequence[Finding]
    handlings: Sequence[Handling]
    files: Sequence[CaseFile]
    events: Sequence[CaseEvent]
    alarms: Sequence[FalseAlarm]
    twins: Sequence[Case]


def case_page(case: Case) -> CasePage:
    """Return the data of the page of `case`. Cost: seven queries; the latest 200 events."""
    members = list(Device.objects.filter(merged_into=case.device).order_by("pk"))
    of_all = Q(case=case) | Q(case__device__in=members)
    events = CaseEvent.objects.filter(case=case).select_related("by").order_by("-pk")[:200]
    return CasePage(
        case=case,
        members=members,
        findings=list(
            Finding.objects.filter(device__in=[case.device, *members])
            .select_related("device", "set_aside")
            .order_by("set_aside_id", "-last_seen", "pk")[:200]
        ),
        handlings=list(
            Handling.objects.filter(of_all).select_related("by").order_by("-at", "-pk")[:200]
        ),
        files=_files(of_all),
        events=list(events),
        alarms=list(FalseAlarm.objects.filter(of_all).order_by("-pk")[:100]),
        twins=_twins(case),
    )


def _files(of_all: Q) -> list[CaseFile]:
    """Return the files of the case and of those joined with it, each stored file once."""
    rows = CaseFile.objects.filter(of_all).select_related("stored__uploaded_by").order_by("pk")
    return list({file.stored_id: file for file in rows[:200]}.values())


def next_cases(scope: Scope, user_id: int, case: Case) -> Sequence[Case]:
    """Return the open cases that this person turns to next: own and unassigned, due first."""
    rows = own_cases(scope).filter(closed_at__isnull=True).exclude(pk=case.pk)
    mine = rows.filter(Q(technician_id=user_id) | Q(technician__isnull=True))
    return list(mine.order_by(F("due_at").asc(nulls_last=True), "pk")[:3])


def _twins(case: Case) -> Sequence[Case]:
    """Return other cases of the unit whose device has the same hardware address."""
    mac = case.device.mac
    if not mac or case.outcome == CaseOutcome.MERGED:
        return []
    same = Q(device__mac=mac) | Q(device__key__contains=mac)
    rows = Case.objects.filter(same, node_id=case.node_id).exclude(pk=case.pk)
    return list(rows.exclude(outcome=CaseOutcome.MERGED).select_related("device")[:5])


def samples_of(finding: Finding) -> Sequence[Sighting]:
    """Return the sightings that are kept of a finding, the strongest and latest first."""
    return list(Sighting.objects.filter(finding=finding).order_by("-at", "pk"))


def findings_of(case: Case) -> QuerySet[Finding]:
    """Return the findings that count for the case, its joined devices included."""
    mine = Q(device=case.device) | Q(device__merged_into=case.device)
    return Finding.objects.filter(mine, set_aside__isnull=True, withdrawn=False).order_by("key")


def cases_to_join(case: Case) -> QuerySet[Case]:
    """Return the other cases of the unit that may be of the same machine."""
    rows = Case.objects.filter(node_id=case.node_id).exclude(pk=case.pk)
    return rows.exclude(outcome=CaseOutcome.MERGED).select_related("device").order_by("-pk")


def findings_to_split(case: Case) -> QuerySet[Finding]:
    """Return the findings of the device itself, of which some may be another machine's."""
    return Finding.objects.filter(device=case.device).order_by("shown", "pk")


def listed_for(cases: QuerySet[Case], form: CaseFilterForm, user_id: int) -> QuerySet[Case]:
    """Return `cases` as `form` asks for them; what makes no sense in it asks for nothing."""
    if not form.is_bound or not form.is_valid():
        return listed(cases, CaseFilter(), user_id)
    fields = form.cleaned_data
    if fields["counted"]:
        # What a figure of a report counts is shown whole, whatever else was chosen.
        cases = overview.counted(cases, fields["counted"])
        return listed(cases, CaseFilter(ended="", node=fields["node"]), user_id)
    ended = fields["ended"] or "open"
    case_filter = CaseFilter(
        ended="" if ended == "all" else ended,
        state=fields["state"],
        older_than=fields["older_than"],
        technician=fields["technician"],
        indicator=fields["indicator"].strip(),
        node=fields["node"],
        tlp=fields["tlp"],
    )
    return listed(cases, case_filter, user_id)


def figure_of(form: CaseFilterForm) -> str:
    """Return in words which figure of a report the list shows, "" where it shows none."""
    if not form.is_bound or not form.is_valid() or not form.cleaned_data["counted"]:
        return ""
    return str(overview.FIGURES[form.cleaned_data["counted"]])


def people_of(scope: Scope) -> QuerySet[User]:
    """Return those who work cases in one of the person's units."""
    return technicians_of(*sorted(scope.own_units(*WORKERS)))


def handled_addresses(cases: QuerySet[Case]) -> list[tuple[str, datetime]]:
    """Return the addresses of machines of `cases` that are quiet or clean, each until when.

    The evidence that saw the machine says so until the end of its last covered day, and never for
    today: a later contact is news. Of several kinds the one that ends first counts; a machine of
    which one has no covered day is left out, as is an address that an infected machine has as well.
    Cost: three queries.
    """
    shown = cases.filter(outcome__in=(CaseOutcome.OPEN, CaseOutcome.VERIFIED))
    quiet = (CaseState.QUIET, CaseState.VERIFIED)
    last_days = _last_covered_days(set(shown.values_list("node_id", flat=True)))
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    handled: dict[str, datetime] = {}
    open_addresses: set[str] = set()
    for case in shown:
        if case.state not in quiet:
            open_addresses.update(case.device.addresses)
        elif last_day := last_days.get(case.device_id):
            begin = timezone.make_aware(datetime.fromisoformat(last_day))
            for address in case.device.addresses:
                handled[address] = min(begin + timedelta(days=1), today)
    return sorted(pair for pair in handled.items() if pair[0] not in open_addresses)


def _last_covered_days(nodes: Collection[int]) -> dict[int, str]:
    """Return by device until which day all evidence that saw it is here; not where some is not."""
    rows = CoveredDay.objects.filter(node__in=nodes, lines__gt=0)
    last_days = {
        tuple(of): day
        for *of, day in rows.values("node_id", "unit", "kind")
        .annotate(last=Max("day"))
        .values_list("node_id", "unit", "kind", "last")
    }
    contacts = CaseContact.objects.filter(
        finding__device__node__in=nodes,
        finding__set_aside__isnull=True,
        finding__withdrawn=False,
    ).values_list(
        "finding__device_id",
        "finding__device__merged_into_id",
        "finding__device__node_id",
        "unit",
        "kind",
    )
    of_devices: dict[int, str] = {}
    for device, merged_into, *of in contacts.distinct():
        root, last_day = merged_into or device, last_days.get(tuple(of), "")
        of_devices[root] = min(of_devices.get(root, last_day), last_day)
    return of_devices
