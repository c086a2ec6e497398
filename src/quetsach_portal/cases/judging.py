"""The state of cases, computed by the engine from evidence and work, never chosen by anybody."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from quetsach.api import findings, lists, problems
from quetsach.api import verdicts as api_verdicts
from quetsach_portal.campaigns.models.campaign import CampaignNode
from quetsach_portal.cases import history
from quetsach_portal.cases.models.case import (
    Case,
    CaseContact,
    CaseOutcome,
    CaseRule,
    CaseState,
    Device,
    DeviceScanResult,
    Finding,
    Handling,
    HandlingKind,
)
from quetsach_portal.cases.models.coverage import CoveredDay, FolderRead
from quetsach_portal.people.models.account import User

HANDS = (HandlingKind.CLEANED, HandlingKind.REINSTALLED, HandlingKind.REPLACED)
"""What counts as a handling: a device that was only cut off is silent, and not yet clean."""

IT = "it"
"""The one name of a device in its own judgement, whatever names the logs have for it."""

MOST_IDS = 30_000
"""With more devices all rows of a node are read: PostgreSQL takes 65,535 values a statement."""


@dataclass(frozen=True)
class JudgementBasis:
    """All of one node that its judgements need.

    Shapes: `members` are the devices that are one machine, by the one that stands for them; the
    rest is by device id. `aside` counts contacts that a false alarm took out, `withdrawn` those of
    indicators that the list took back.
    """

    zone: ZoneInfo
    members: dict[int, list[Device]]
    contacts: dict[int, list[api_verdicts.VerdictContact]]
    aside: dict[int, int]
    withdrawn: dict[int, int]
    handlings: dict[int, list[api_verdicts.HandlingRecord]]
    words: dict[int, list[api_verdicts.SideSignal]]
    coverage: list[tuple[CoveredDay, frozenset[str]]]


def basis_of(node_id: int, roots: Collection[int] | None = None) -> JudgementBasis:
    """Return what the judgements of a node need, or those of the devices `roots` alone.

    Cost: six queries, whatever the number of devices.
    """
    devices = Device.objects.filter(node_id=node_id).order_by("pk")
    members: dict[int, list[Device]] = defaultdict(list)
    for device in devices:
        root = device.merged_into_id or device.pk
        if roots is None or root in roots:
            members[root].append(device)
    ids: list[int] | None = [device.pk for machine in members.values() for device in machine]
    if roots is None or len(devices) > MOST_IDS:
        ids = None
    zone = zone_of_node(node_id)
    contacts, aside, withdrawn = _contacts(node_id, ids)
    # A finding without a contact rested on evidence that was taken back.
    baseless = Finding.objects.filter(device__node_id=node_id, withdrawn=True, contacts=None)
    for device_id in baseless.values_list("device_id", flat=True):
        withdrawn[device_id] += 1
    handlings, words = _work(node_id, ids, zone)
    days = CoveredDay.objects.filter(node_id=node_id)
    coverage = [(day, frozenset(day.alive)) for day in days]
    return JudgementBasis(
        *(zone, dict(members), contacts, aside, withdrawn), handlings, words, coverage
    )


def zone_of_node(node_id: int) -> ZoneInfo:
    """Return the zone in which the newest findings of a node count days."""
    newest = FolderRead.objects.filter(node_id=node_id).order_by("-pk").first()
    return ZoneInfo(lists.HERE if newest is None else newest.zone)


def coverage_for(
    basis: JudgementBasis, root: int, kinds: Collection[tuple[str, str]]
) -> list[api_verdicts.DayCoverage]:
    """Return the days of these (unit, kind) as the engine takes them, the device named IT."""
    keys = {device.engine_key for device in basis.members.get(root, ())}
    return [
        api_verdicts.DayCoverage(
            day=day.day,
            kind=day.kind,
            unit=day.unit,
            lines=day.lines,
            hours=frozenset(day.hours),
            usual=frozenset(day.usual),
            thin_hours=frozenset(day.thin),
            alive=frozenset({IT}) if keys & alive else frozenset(),
            unseen=frozenset({IT}) if keys.intersection(day.unseen) else frozenset(),
        )
        for day, alive in basis.coverage
        if (day.unit, day.kind) in kinds
    ]


def _contacts(
    node_id: int, ids: Collection[int] | None
) -> tuple[dict[int, list[api_verdicts.VerdictContact]], dict[int, int], dict[int, int]]:
    rows = CaseContact.objects.filter(finding__device__node_id=node_id)
    if ids is not None:
        rows = rows.filter(finding__device_id__in=ids)
    contacts: dict[int, list[api_verdicts.VerdictContact]] = defaultdict(list)
    aside: dict[int, int] = defaultdict(int)
    withdrawn: dict[int, int] = defaultdict(int)
    names = ("when_us", "day", "kind", "number", "unit", "sure")
    more = {
        "device": F("finding__device_id"),
        "indicator": F("finding__shown"),
        "set_aside": F("finding__set_aside_id"),
        "was_withdrawn": F("finding__withdrawn"),
    }
    for columns in rows.values(*names, **more):
        device, set_aside = columns.pop("device"), columns.pop("set_aside")
        if columns.pop("was_withdrawn"):
            withdrawn[device] += 1
        elif set_aside is None:
            contacts[device].append(api_verdicts.VerdictContact(**columns))
        else:
            aside[device] += 1
    return contacts, aside, withdrawn


def _work(
    node_id: int, ids: Collection[int] | None, zone: ZoneInfo
) -> tuple[dict[int, list[api_verdicts.HandlingRecord]], dict[int, list[api_verdicts.SideSignal]]]:
    rows = Handling.objects.filter(case__node_id=node_id, withdrawn_at__isnull=True)
    if ids is not None:
        rows = rows.filter(case__device_id__in=ids)
    handlings: dict[int, list[api_verdicts.HandlingRecord]] = defaultdict(list)
    words: dict[int, list[api_verdicts.SideSignal]] = defaultdict(list)
    for handling in rows.select_related("case"):
        device, when_us = handling.case.device_id, microseconds(handling.at)
        day = findings.day_in(zone, when_us)
        if did_remove(handling):
            handlings[device].append(api_verdicts.HandlingRecord(when_us, day, handling.kind))
        if handling.kind == HandlingKind.SCANNED:
            clean, scan = handling.result == DeviceScanResult.CLEAN, api_verdicts.Signal.SCAN
            words[device].append(api_verdicts.SideSignal(when_us, day, scan, clean, handling.tool))
    return handlings, words


def did_remove(handling: Handling) -> bool:
    """True when a handling removes what was there: from then on the days of silence count."""
    removed = handling.kind == HandlingKind.SCANNED and handling.result == DeviceScanResult.REMOVED
    return removed or handling.kind in HANDS


def microseconds(at: datetime) -> int:
    """Return `at` in us since 1970, UTC, to the microsecond."""
    passed = at - datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


LANGUAGES: tuple[Literal["vi", "en"], ...] = ("vi", "en")

Row = TypeVar("Row")


@dataclass(frozen=True)
class JudgedDevice:
    """The verdict on one machine in each language, and what there was to judge."""

    verdict: api_verdicts.DeviceVerdict
    said: dict[str, dict[str, object]]
    contacts: int
    aside: int
    withdrawn: int = 0


def judge_cases(
    cases: Sequence[Case],
    *,
    actor: User | None = None,
    as_of: date | None = None,
    reopens: str = "sighting",
) -> list[Case]:
    """Judge `cases` of one node again; return those whose state or outcome changed.

    `reopens` says what happened, for the history of a case that opens again by it.
    The caller holds the transaction and the locks of the cases, and has written what it did.
    Cost: six queries for the node, and three writes for each case that changed.
    """
    if not cases:
        return []
    node = cases[0].node
    day = timezone.localdate() if as_of is None else as_of
    basis = basis_of(node.pk, {case.device_id for case in cases})
    rule = history.rule_of(node.campaign_id)
    changed = []
    for case in cases:
        if case.outcome != CaseOutcome.MERGED:
            judged = _judged(basis, case.device_id, rule, day)
            if _settle(case, judged, actor=actor, day=day, reopens=reopens):
                changed.append(case)
    return changed


def locked_cases(node_id: int, roots: Collection[int] | None = None) -> list[Case]:
    """Return the newest case of each device of a node, locked in the one order that all use."""
    rows = Case.objects.filter(node_id=node_id).select_for_update(of=("self",))
    if roots is not None and len(roots) <= MOST_IDS:
        rows = rows.filter(device_id__in=roots)
    newest = {case.device_id: case for case in rows.select_related("node__unit").order_by("pk")}
    return [case for device, case in newest.items() if roots is None or device in roots]


def root_of(device: Device) -> int:
    """Return the id of the device into which `device` was merged, or its own."""
    return device.merged_into_id or device.pk


def _judged(basis: JudgementBasis, root: int, rule: CaseRule, day: date) -> JudgedDevice:
    contacts = _of(basis, root, basis.contacts)
    needs = {(contact.unit, contact.kind) for contact in contacts}
    coverage = coverage_for(basis, root, needs)
    limits = api_verdicts.Thresholds(covered_days=rule.covered_days, alive_days=rule.alive_days)
    handlings, words = _of(basis, root, basis.handlings), _of(basis, root, basis.words)
    verdicts = {}
    for language in LANGUAGES:
        with problems.in_language(language):
            verdicts[language] = api_verdicts.judge(
                IT, contacts, handlings, words, coverage, limits, day.isoformat()
            )
    return JudgedDevice(
        verdict=verdicts["vi"],
        said={
            language: {
                "because": verdict.because,
                "missing": list(verdict.missing)[:20],
                "signals": list(verdict.signals)[:20],
                "to_hand_in": _to_hand_in(verdict, limits, language),
            }
            for language, verdict in verdicts.items()
        },
        contacts=len(contacts),
        aside=_sum_of(basis, root, basis.aside),
        withdrawn=_sum_of(basis, root, basis.withdrawn),
    )


def _sum_of(basis: JudgementBasis, root: int, by_device: dict[int, int]) -> int:
    return sum(by_device.get(device.pk, 0) for device in basis.members.get(root, ()))


def _to_hand_in(
    verdict: api_verdicts.DeviceVerdict,
    limits: api_verdicts.Thresholds,
    language: Literal["vi", "en"],
) -> str:
    """Return the days of which logs would bring the case on, in words; "" where none would."""
    if verdict.state not in (
        api_verdicts.DeviceState.HANDLED,
        api_verdicts.DeviceState.QUIET_NOT_PROVEN,
        api_verdicts.DeviceState.CANNOT_TELL,
    ):
        return ""
    if len(verdict.covered) >= limits.covered_days:
        return ""
    with problems.in_language(language):
        return api_verdicts.days_text(verdict.gaps)


def _of(basis: JudgementBasis, root: int, by_device: dict[int, list[Row]]) -> list[Row]:
    members: Iterable[Device] = basis.members.get(root, ())
    return [row for device in members for row in by_device.get(device.pk, ())]


_NOTHING = (CaseOutcome.FALSE_ALARM, CaseOutcome.WITHDRAWN)
"""How a case ends of which no contact is left."""


def _settle(
    case: Case, judged: JudgedDevice, *, actor: User | None, day: date, reopens: str
) -> bool:
    before = history.counted(case)
    was = (case.state, case.outcome, case.recurrences)
    verdict = judged.verdict
    case.state = CaseState(verdict.state.value)
    case.said = judged.said
    case.since_day, case.judged_on = verdict.since_day, day
    case.covered_days, case.alive_days = len(verdict.covered), len(verdict.alive)
    case.recurrences, case.recheck = verdict.recurrences, list(verdict.recheck)
    _end_or_reopen(case, judged, day=day, reopens=reopens)
    if case.recurrences > was[2]:
        history.note(case, "recurred", by=None, detail={"number": case.recurrences})
    changed = (case.state, case.outcome, case.recurrences) != was
    if case.state != was[0]:
        case.version += 1
        history.note(case, "judged", by=None, detail={"from": was[0], "to": case.state})
    case.save()
    if changed:
        change = {"state": [was[0], case.state], "outcome": [was[1], case.outcome]}
        history.audit("case.judged", case, actor, change)
        history.move_counters(case, before)
    return changed


def _end_or_reopen(case: Case, judged: JudgedDevice, *, day: date, reopens: str) -> None:
    only_false = judged.aside + judged.withdrawn > 0 and judged.contacts == 0
    if case.closed_at is None:
        if only_false:
            ends = CaseOutcome.WITHDRAWN if judged.withdrawn else CaseOutcome.FALSE_ALARM
            history.close(case, ends, by=None)
        elif case.state == CaseState.VERIFIED and not case.held:
            history.close(case, CaseOutcome.VERIFIED, by=None)
    elif case.outcome == CaseOutcome.VERIFIED and case.state != CaseState.VERIFIED:
        again = case.state in (CaseState.RECURRED, CaseState.INFECTED)
        history.reopen(case, reopens if again else "proof", by=None)
    elif case.outcome in _NOTHING and not only_false and judged.contacts:
        history.reopen(case, reopens, by=None)
    elif case.outcome == CaseOutcome.ACCEPTED_RISK and case.review_on and case.review_on <= day:
        history.reopen(case, "review", by=None)


@dataclass(frozen=True)
class ListEffect:
    """What a change of the list did: findings that changed, cases that ended, and by which keys."""

    findings: int = 0
    ended: Sequence[Case] = ()
    keys: Sequence[str] = ()


def apply_list(node: CampaignNode, *, gone: Collection[str], back: Collection[str]) -> ListEffect:
    """Flag the findings of `node` whose key is `gone`, unflag those `back`, and judge its cases.

    Doing it again changes nothing.
    Cost: one pass over the findings of the node, however long the list is.
    """
    with transaction.atomic():
        cases = locked_cases(node.pk)
        rows = Finding.objects.filter(origin__node=node).values_list("pk", "key", "withdrawn")
        lost = {pk: key for pk, key, withdrawn in rows if not withdrawn and key in gone}
        # What rested on evidence that was taken back stays set aside, whatever the list says.
        based = rows.filter(withdrawn=True, contacts__isnull=False)
        again = {pk: key for pk, key, _withdrawn in based if key in back}
        if not lost and not again:
            return ListEffect()
        for ids, withdrawn in ((list(lost), True), (list(again), False)):
            for start in range(0, len(ids), 1000):
                part = Finding.objects.filter(pk__in=ids[start : start + 1000])
                part.update(withdrawn=withdrawn)
        changed = judge_cases(cases, reopens="list")
    ended = [case for case in changed if case.outcome == CaseOutcome.WITHDRAWN]
    keys = sorted({*lost.values(), *again.values()})
    return ListEffect(len(lost) + len(again), ended, keys)
